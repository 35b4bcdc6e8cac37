"""Hands and eyes of a test at the real window and on its desktop.

Reads one command a line, a JSON list of a name and its arguments, and answers each with one line:
{"is": …}, or {"fault": "…"} with what the window said at that moment. The commands are the methods
of Hands. Every wait is for something to be said or shown, with a deadline.
"""

import json
import os
import pathlib
import select
import signal
import subprocess
import sys
import time

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS / "demo"), str(TESTS / "first_paint"), str(pathlib.Path(__file__).parent)]
from drive import NotAsExpected, Window, is_open, whole_look, wait_for, window_of, x_window_of  # noqa: E402
from gi.repository import Atspi  # noqa: E402

from desktop import Desktop  # noqa: E402
from first_paint import CLEAR_ENERGY_MIN, Place, rect_of  # noqa: E402
from frames import Medium, Screen  # noqa: E402

WAIT_S = 100
SEEN_PIXELS = 48
SEEN_S = 1.5  # how long the screen is looked at after something that must cover it


class Hands:
    def __init__(self):
        self.window = Window(None, 0)
        self.pid = None
        self.screen = None
        self.desktop = Desktop()

    # Processes

    def open(self, agent, not_this):
        """Waits for a window of the agent that is not process `not_this`; its process id."""
        self.pid = self.window.open_again(agent, not_this)
        # Out of the way: a pointer over a picture would look into it.
        subprocess.run(["xdotool", "mousemove", "10000", "10000"], check=True)
        return self.pid

    def find(self, agent):
        """Waits for a window of the agent on the display, whoever can read it; its process id."""

        def look():
            self.pid = window_of(agent)
            return self.pid and self.window_id() and self.pid

        return wait_for("a window on the display", look, WAIT_S)

    def key(self, name):
        subprocess.run(["xdotool", "key", "--clearmodifiers", name], check=True)

    def type_in(self, words):
        """Types into what has the focus, and Enter."""
        subprocess.run(["xdotool", "type", "--clearmodifiers", words], check=True)
        self.key("Return")

    def ended(self, pid):
        """Waits for the end of a process."""
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            return
        try:
            if not select.select([handle], [], [], WAIT_S)[0]:
                raise NotAsExpected(f"process {pid} goes on")
        finally:
            os.close(handle)

    def close(self):
        """Asks the window to close, as its frame's button does."""
        self.screen = self.screen or Screen()
        self.screen.close_window(int(self.shown_id()))

    # The window

    def do(self, wanted):
        self.window.do(wanted)

    def until(self, wanted, words):
        """Waits until the node's text has the words; the whole text."""

        def look():
            text = self.window.text(wanted)
            return text if text is not None and words in text else None

        return wait_for(f"“{words}” in {wanted}", look, WAIT_S)

    def gone(self, wanted):
        wait_for(f"the end of {wanted}", lambda: self.window.find(wanted) is None, WAIT_S)

    def item(self):
        """Waits for an item with everything covered; what tells it from others."""
        wait_for("a covered item", self.window.is_covered, WAIT_S)
        return wait_for("an item", self.window.item, WAIT_S)

    def next_item(self, before):
        """Waits for an item other than `before`."""
        before = tuple(before)
        look = lambda: (now := self.window.item()) is not None and now != before and now  # noqa: E731
        return wait_for("the next item", look, WAIT_S)

    def says(self):
        """Everything that the window says, by id."""
        return whole_look(self.window.texts)

    # The screen

    def window_id(self):
        return x_window_of(self.pid)

    def shown_id(self):
        """Waits for the window's X window; its number in words."""
        return wait_for("its X window", self.window_id, WAIT_S)

    def luma(self):
        self.screen = self.screen or Screen()
        return self.screen.luma(self.screen.shoot())

    def uncover(self, samples):
        """Opens the whole first picture of the open item, whose file is found by its looks."""
        samples = pathlib.Path(samples)
        lines = [json.loads(line) for line in (samples / "items.jsonl").read_text().splitlines()]
        media = [Medium(samples / line["files"][0]) for line in lines if line["files"]]

        def covered():
            if not self.window.usable("reveal.full"):
                return None
            node = self.window.find("medium.0")
            self.screen = self.screen or Screen()
            rect = node and rect_of(node, self.window_id(), self.screen)
            places = [Place(medium, rect) for medium in media] if rect else []
            luma = self.luma()
            return next((place for place in places if place.is_covered(luma)), None)

        self.place = wait_for("the picture's cover", covered, WAIT_S)
        self.window.do("reveal.full")
        wait_for("the clear picture", lambda: self.is_clear(self.luma()), WAIT_S)
        wait_for("the look", lambda: is_open(self.window.text("item.cover") or ""), WAIT_S)

    def seen(self):
        """A run of pixels in the middle of the open picture, as the display has them, in hex."""
        left, top, width, height = self.place.rect
        start = (top + height // 2) * self.screen.width + left + width // 2
        return self.screen.shoot()[4 * start:4 * (start + SEEN_PIXELS)].hex()

    def is_clear(self, luma):
        return self.place.figures(luma)[1] >= CLEAR_ENERGY_MIN

    def covered_after(self, act, *arguments):
        """Does `act` while the picture is open; milliseconds until the screen shows its cover, for good,
        or, with a lock, the lock's own screen."""
        if not self.is_clear(self.luma()):
            raise NotAsExpected("the picture is not open")
        {"stop": self.stop, "emit": self.desktop.emit}[act](*arguments)
        start = time.monotonic()
        frames = [(0.0, self.screen.shoot())]
        while (since := time.monotonic() - start) < SEEN_S:
            taken = self.screen.shoot()
            if taken != frames[-1][1]:
                frames.append((since, taken))
        hides = self.is_hidden if act == "emit" else self.place.is_covered
        covered = [(at, hides(self.screen.luma(taken))) for at, taken in frames]
        last_open = max((n for n, (_, is_covered) in enumerate(covered) if not is_covered), default=-1)
        if last_open + 1 == len(covered):
            raise NotAsExpected(f"not covered within {SEEN_S} s")
        return round(covered[last_open + 1][0] * 1000)

    def is_hidden(self, luma):
        """Under its cover, or behind a screen that is nothing like the picture: the lock's."""
        return self.place.is_covered(luma) or self.place.is_other(luma)

    def is_covered(self):
        return bool(self.place.is_covered(self.luma()))

    def stop(self, pid):
        os.kill(pid, signal.SIGSTOP)

    # The desktop

    def emit(self, *signal_):
        self.desktop.emit(*signal_)

    def own(self, bus, name):
        self.desktop.own(bus, name)

    def watch_trays(self):
        self.desktop.watch_trays()

    def watch_notifications(self):
        self.desktop.watch_notifications()

    def notified(self):
        """Waits for a notification; title and body of all so far."""
        return wait_for("a notification", lambda: self.desktop.notified, WAIT_S)

    def menu(self, words):
        """Waits for a tray with an entry that has the words; all labels of its menu."""
        return wait_for(f"“{words}” in the tray", lambda: self.desktop.menu(words), WAIT_S)

    def choose(self, label):
        entry = wait_for(f"“{label}” in the tray", lambda: self.desktop.entry(label), WAIT_S)
        self.desktop.choose(*entry)

    def hear(self, bus, interface):
        """Waits for somebody to listen for signals of an interface."""
        wait_for(f"a listener for {interface}", lambda: self.desktop.is_heard(bus, interface), WAIT_S)


def main(of=Hands):
    Atspi.init()
    hands = of()
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        try:
            answer = {"is": getattr(hands, name)(*arguments)}
        except Exception as fault:  # whatever it is, the test is told the cause
            answer = {"fault": f"{type(fault).__name__}: {fault}\n{hands.window.says()}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
