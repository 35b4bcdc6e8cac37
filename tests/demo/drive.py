"""Sits in the moderator's place: finds controls of the real window by their accessible ids and uses them.

    drive.py [--items N] [--pid DEMO] FOLDER SHOTS

FOLDER is that of `scrim demo --keep`; screenshots go to SHOTS. Every wait is for something to be
said by the window, with a deadline; the exit code is 1 if it is not.
"""

import argparse
import glob
import os
import pathlib
import subprocess
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

START_S = 180  # items are made and a server is filled before the window opens
STEP_S = 60
WINDOW_S = 100
SYNC_S = 90
REST_S = 1
POLL_MS = 40
DEPTH_MAX = 40
PROGRAM = "scrim-window"


class NotAsExpected(Exception):
    """The window did not do what a moderator may expect."""


def wait_for(what, look, seconds):
    """Returns what `look` finds; lets the accessibility bus speak in between."""
    context = GLib.MainContext.default()
    deadline = time.monotonic() + seconds
    while True:
        fault = ""
        try:
            found = look()
        except (GLib.Error, subprocess.CalledProcessError) as failed:
            # A node, or its window, went away while it was looked at.
            found, fault = None, f": {failed}"
        if found:
            return found
        if time.monotonic() > deadline:
            raise NotAsExpected(f"waited {seconds} s for {what}{fault}")
        timer = GLib.timeout_add(POLL_MS, lambda: GLib.SOURCE_REMOVE)
        context.iteration(True)
        source = context.find_source_by_id(timer)
        if source is not None:
            source.destroy()


def whole_look(look):
    """What `look` finds at this moment; looked again if a node went away in the middle of it."""
    return wait_for("a whole look at the window", lambda: (look(),), STEP_S)[0]


def window_of(agent):
    """The review window's process: the child of that name of the agent's process; None if there is none."""
    # Twice: a look can miss a child while another one ends.
    for _ in range(2):
        for children in glob.glob(f"/proc/{agent}/task/*/children"):
            for pid in said_by_kernel(children).split():
                # Not its executable: of a process that cannot be dumped, only root is told that.
                if said_by_kernel(f"/proc/{pid}/comm").strip() == PROGRAM:
                    return int(pid)
    return None


def said_by_kernel(path):
    """What a file of a process says; nothing if the process or its thread has ended."""
    try:
        return pathlib.Path(path).read_text()
    except OSError:
        return ""


def x_window_of(pid):
    """The X window of a process, as its number in words; None if it has none, or has ended, or there is no process."""
    if pid is None:
        return None
    command = ["xdotool", "search", "--all", "--pid", str(pid), "--name", "."]
    found = subprocess.run(command, capture_output=True, text=True)
    return next(iter(found.stdout.split()), None)


class Window:
    """Scrim's window as a screen reader sees it."""

    def __init__(self, shots, demo_pid):
        self.shots = shots
        self.demo_pid = demo_pid
        self.frame = None
        self.count = 0

    def open(self):
        self.frame = wait_for("Scrim's window", self._find_frame, START_S)

    def _find_frame(self):
        if self.demo_pid and not pathlib.Path(f"/proc/{self.demo_pid}").exists():
            raise NotAsExpected("the demo ended before its window opened")
        desktop = Atspi.get_desktop(0)
        for at in range(desktop.get_child_count()):
            app = desktop.get_child_at_index(at)
            if app is not None and app.get_name() == PROGRAM and app.get_child_count() > 0:
                return app.get_child_at_index(0)
        return None

    def open_again(self, agent, not_this):
        """Waits for a window of the agent's process that is not process `not_this`; its process id."""

        def look():
            pid = window_of(agent)
            if pid is None or pid == not_this:
                return None
            desktop = Atspi.get_desktop(0)
            # The tree still lists a dead window for a while.
            desktop.clear_cache()
            for at in range(desktop.get_child_count()):
                try:
                    app = desktop.get_child_at_index(at)
                    if app is not None and app.get_process_id() == pid and app.get_child_count() > 0:
                        return pid, app.get_child_at_index(0)
                except GLib.Error:
                    continue
            return None

        pid, self.frame = wait_for("a window of the agent", look, WINDOW_S)
        return pid

    def nodes(self):
        """Every node, depth first."""
        # What is kept from an earlier look would hide changes.
        self.frame.clear_cache()
        stack = [(self.frame, 0)]
        while stack:
            node, depth = stack.pop()
            if node is None or depth > DEPTH_MAX:
                continue
            yield node
            children = [node.get_child_at_index(n) for n in range(node.get_child_count())]
            stack.extend((child, depth + 1) for child in reversed(children))

    def find(self, wanted):
        return next((node for node in self.nodes() if node.get_accessible_id() == wanted), None)

    def text(self, wanted):
        """The words of a node; None if it is not there."""
        node = self.find(wanted)
        return None if node is None else node.get_name()

    def texts(self):
        """id → words, of everything that has an id."""
        found = {}
        for node in self.nodes():
            if node.get_accessible_id():
                found.setdefault(node.get_accessible_id(), node.get_name())
        return found

    def says(self):
        """All of that, a line each, for whoever reads of a fault."""
        try:
            return "\n".join(f"  {key}: {words}" for key, words in self.texts().items())
        except (AttributeError, GLib.Error):
            return "  (no window)"

    def item(self):
        """What tells the open item from others: all its words but those that change by themselves."""
        region = self.find("region.item")
        if region is None or self.find("item.label") is None:
            return None
        changing = {"item.cover", "wellbeing.claim"}
        words, stack = [], [region]
        while stack:
            node = stack.pop()
            is_label = node.get_role() in (Atspi.Role.LABEL, Atspi.Role.STATIC)
            of = node.get_accessible_id() or ""
            if is_label and of not in changing and not of.startswith("notice."):
                words.append(node.get_name())
            children = [node.get_child_at_index(n) for n in range(node.get_child_count())]
            stack.extend(child for child in children if child is not None)
        return tuple(words)

    def usable(self, wanted):
        node = self.find(wanted)
        if node is None or not node.get_state_set().contains(Atspi.StateType.ENABLED):
            return None
        return node

    def do(self, wanted):
        """Activates a control, as soon as it can be."""
        node = wait_for(f"the control {wanted}", lambda: self.usable(wanted), STEP_S)
        if not node.do_action(0):
            raise NotAsExpected(f"the control {wanted} cannot be activated")

    def shoot(self, name):
        """A screenshot of a window at rest: what is on the screen has been the same for REST_S.

        What is said can be ahead of what is drawn, so a picture taken at once could be an old one.
        """
        last, since = screen(), time.monotonic()

        def still():
            nonlocal last, since
            now = screen()
            if now != last:
                last, since = now, time.monotonic()
            return now if time.monotonic() - since >= REST_S else None

        picture = wait_for(f"the window to rest for {name}", still, STEP_S)
        self.count += 1
        path = self.shots / f"{self.count:02}-{name}.png"
        subprocess.run(["convert", "ppm:-", f"png:{path}"], input=picture, check=True)
        print(f"  {path}")

    def is_covered(self):
        """Whether nothing of the item is open; None while there is no item."""
        texts = self.texts()
        if "item.label" not in texts:
            return None
        cover = texts.get("item.cover") or ""
        media = [words for key, words in texts.items() if key.startswith("medium.") and key[7:].isdigit()]
        covered = ("covered image", "no image")
        return not is_open(cover) and all((words or "").startswith(covered) for words in media)


def is_open(words):
    return words.startswith("you are looking") or words.startswith("the words are uncovered")


def screen():
    shot = subprocess.run(["import", "-window", "root", "-depth", "8", "ppm:-"], check=True, capture_output=True)
    return shot.stdout


def look_and_cover(window):
    """Opens the lens, takes a picture of it, and covers again."""
    window.do("reveal.hold")
    wait_for("the look to open", lambda: is_open(window.text("item.cover") or ""), STEP_S)
    clear = "image being looked at"
    wait_for("the picture in the lens", lambda: (window.text("medium.0") or "").startswith(clear), STEP_S)
    window.shoot("revealed")
    window.do("reveal.hold")
    wait_for("the item to be covered again", window.is_covered, STEP_S)


def rest(window):
    window.do("break.take")
    wait_for("the break", lambda: (window.text("screen.title") or "").startswith("On a break"), STEP_S)
    window.shoot("break")
    window.do("break.end")
    wait_for("the item after the break", window.is_covered, STEP_S)


def decide(window, n):
    """Decides the open item, the n-th, and says how."""
    if n % 10 == 5:
        window.do("decide.escalate")
        wait_for("the question", lambda: window.find("confirm.line"), STEP_S)
        window.shoot("confirm")
        window.do("confirm.accept")
        return "passed on"
    if n % 3 == 2 and whole_look(lambda: window.usable("decide.remove")):
        window.do("policy.4")
        wait_for("the policy", lambda: window.text("policy.chosen"), STEP_S)
        window.do("decide.remove")
        return "removed"
    window.do("decide.allow")
    return "fine"


def kind_of(item):
    return next((w for w in item if w and " · severity " in w), "").lower()


def drive(window, items):
    window.open()
    shown, tally = set(), {}
    for n in range(1, items + 1):
        item = wait_for(f"item {n}", window.item, START_S if n == 1 else STEP_S)
        wait_for(f"item {n} to be covered", window.is_covered, STEP_S)
        if n == 1:
            window.shoot("first-item-covered")
        has_picture = whole_look(lambda: window.usable("reveal.hold") and window.find("medium.0"))
        if "revealed" not in shown and has_picture:
            wait_for("its picture", lambda: window.usable("reveal.hold"), STEP_S)
            look_and_cover(window)
            shown.add("revealed")
        if "conversation" not in shown and "· conversation ·" in kind_of(item):
            window.shoot("conversation")
            shown.add("conversation")
        how = decide(window, n)
        tally[how] = tally.get(how, 0) + 1
        before = item
        wait_for(
            f"the item after item {n}",
            lambda: (now := window.item()) is not None and now != before,
            STEP_S,
        )
        print(f"  item {n}: {how}")
        if n == 2:
            window.shoot("undo-offered")
        if n == 6:
            rest(window)
    wait_for(
        "everything to be synced",
        lambda: window.text("status.held") is None and window.text("status.sync") == "all synced",
        SYNC_S,
    )
    window.shoot("all-synced")
    missing = {"revealed", "conversation"} - shown
    if missing and items >= 10:
        raise NotAsExpected(f"among {items} items there was nothing for: {', '.join(sorted(missing))}")
    print("  " + ", ".join(f"{count} {how}" for how, count in sorted(tally.items())))


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--items", type=int, default=10)
    options.add_argument("--pid", type=int, default=0)
    options.add_argument("folder", type=pathlib.Path)
    options.add_argument("shots", type=pathlib.Path)
    given = options.parse_args()
    Atspi.init()
    window = Window(given.shots, given.pid)
    print(f"Driving the window through {given.items} items …", flush=True)
    try:
        drive(window, given.items)
    except (NotAsExpected, GLib.Error) as fault:
        print(f"Not as expected: {fault}\n{window.says()}", file=sys.stderr)
        path = given.shots / "99-not-as-expected.png"
        subprocess.run(["convert", "ppm:-", f"png:{path}"], input=screen(), check=False)
        return 1
    return 0


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    os.environ.setdefault("NO_AT_BRIDGE", "1")
    sys.exit(main())
