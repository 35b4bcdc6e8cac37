"""Watches the real window's pixels: whatever it paints first is covered.

    first_paint.py --agent PROGRAM --scratch FOLDER --shots FOLDER

FOLDER holds `samples` (scrim-samples --checkered) and `profile`, signed in to a server that has
them. Every different frame of each change of the screen is measured, not only the last one. A
frame is fine if it shows the picture's cover (correlation with a reference made here from the
sample's file, and energy above the cover's band compared with the clear picture's), or nothing of
the picture: an empty place, or, where no picture was before, other parts of the window.
Exit code 1 if a frame is anything else; such frames go to the folder of --shots.
"""

import argparse
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "demo"))
from drive import NotAsExpected, Window, whole_look, wait_for, window_of, x_window_of  # noqa: E402
from gi.repository import Atspi, GLib  # noqa: E402

from frames import Medium, Screen, Watch, correlation  # noqa: E402

CORRELATION_MIN = 0.9
ENERGY_MAX = 0.02
EMPTY_MIN = 0.9  # share of one grey level in a place where nothing is
UNLIKE_MAX = 0.2  # correlation with the clear picture of what is not the picture
WORDS_UNLIKE_MAX = 0.5  # the same for uncovered words, over the pixels that uncovering changes
CLEAR_ENERGY_MIN = 0.5  # an uncovered picture must show as one, or the measure is blind
AFTER_S = 0.4  # how long frames are still taken after the last change
WAIT_S = 60
KINDS = ("image", "post", "link", "account", "text", "conversation")


class Place:
    """A medium of an item, where on the screen it is, and how far it is zoomed into."""

    def __init__(self, medium, rect, zoom=0):
        self.medium, self.rect, self.zoom = medium, rect, zoom

    def figures(self, luma):
        return self.medium.measure(luma, self.rect, self.zoom)

    def is_covered(self, luma):
        like, energy = self.figures(luma)
        return like >= CORRELATION_MIN and energy <= ENERGY_MAX

    def seen(self, luma):
        left, top, width, height = self.rect
        return luma[top:top + height, left:left + width]

    def is_empty(self, luma):
        levels = np.bincount(self.seen(luma).astype(np.uint8).ravel(), minlength=256)
        return levels.max() / levels.sum() >= EMPTY_MIN

    def is_other(self, luma):
        return abs(correlation(self.seen(luma), self.medium.clear_at(self.rect, self.zoom))) <= UNLIKE_MAX


class Check:
    """The agent, its window and what was found so far."""

    def __init__(self, agent, scratch, shots):
        samples = scratch / "samples"
        lines = [json.loads(line) for line in (samples / "items.jsonl").read_text().splitlines()]
        self.items = {line["item"]["kind"]: line["item"] for line in lines}
        self.media = {
            line["item"]["kind"]: [Medium(samples / name) for name in line["files"]] for line in lines
        }
        self.profile, self.program, self.scratch = scratch / "profile", agent, scratch
        self.shots = shots
        self.window = Window(scratch, 0)
        self.screen = Screen()
        self.agent = None
        self.failed = 0

    def start(self):
        log = open(self.scratch / "agent.log", "wb")
        command = [self.program, "--profile", self.profile]
        self.agent = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def stop(self):
        if self.agent is not None and self.agent.poll() is None:
            self.agent.terminate()
            try:
                self.agent.wait(20)
            except subprocess.TimeoutExpired:
                self.agent.kill()
                self.agent.wait()

    def window_id(self):
        return x_window_of(window_of(self.agent.pid))

    def rect(self, wanted):
        """Left, top, width and height on the screen of a control or picture."""
        node = self.window.find(wanted)
        return None if node is None else self.extents(node)

    def extents(self, node):
        return rect_of(node, self.window_id(), self.screen)

    def luma(self):
        return self.screen.luma(self.screen.shoot())

    def kind(self):
        """Kind of the open item."""
        label = self.window.text("item.label")
        return next((kind for kind in KINDS if label and label.endswith(f"· {kind}")), None)

    def place(self, kind, n=0, zoom=0):
        """Where medium `n` of the open item is, once its cover is on the screen."""
        def look():
            if self.kind() != kind or not self.window.usable("reveal.hold"):
                return None
            rect = self.rect(f"medium.{n}")
            place = rect and Place(self.media[kind][n], rect, zoom)
            return place if place and place.is_covered(self.luma()) else None

        try:
            return wait_for(f"the cover of picture {n} of the {kind}", look, WAIT_S)
        except NotAsExpected:
            try:
                self.describe(kind, n, zoom)
            except (OSError, GLib.Error, subprocess.CalledProcessError) as fault:
                print(f"  nothing can be said of its place: {fault}", file=sys.stderr)
            raise

    def describe(self, kind, n, zoom):
        """Where the medium is and how it looks, for whoever reads of a fault."""
        rect = self.rect(f"medium.{n}")
        if rect:
            figures = Place(self.media[kind][n], rect, zoom).figures(self.luma())
            print(f"  at {rect}: correlation {figures[0]:.3f}, energy {figures[1]:.4f}", file=sys.stderr)

    def watched(self, what, act, kind, n=0, zoom=0, before=None, may_be_other=False):
        """Does `act`, waits for the cover, and judges every frame in between. The new place."""
        with Watch() as watch:
            act()
            after = self.place(kind, n, zoom)
            linger()
        self.judge(what, watch, [place for place in (before, after) if place], may_be_other or before is None)
        return after

    def judge(self, what, watch, places, may_be_other):
        after = places[-1]
        covered, none, bad = [], 0, []
        for taken in watch.frames:
            luma = self.screen.luma(taken)
            figures = [place.figures(luma) for place in places]
            # The place where it is most like its cover is the one that it shows.
            best = max((pair for pair in figures if pair[1] <= ENERGY_MAX), default=max(figures))
            if best[0] >= CORRELATION_MIN and best[1] <= ENERGY_MAX:
                covered.append(best)
            elif all(place.is_empty(luma) for place in places):
                none += 1
            elif may_be_other and all(place.is_other(luma) for place in places):
                none += 1
            else:
                bad.append(best)
                self.keep(what, len(bad), taken)
        is_end_covered = after.is_covered(self.screen.luma(watch.frames[-1]))
        measured = covered + bad
        like = min((pair[0] for pair in measured), default=0)
        energy = max((pair[1] for pair in measured), default=1)
        good = not bad and is_end_covered
        self.tell(what, watch, f"{len(covered):7} {none:5} {len(bad):4} {like:8.3f} {energy:8.2%}", good)

    def keep(self, what, n, taken):
        """A frame that was not covered, for whoever looks into it; samples are harmless."""
        self.shots.mkdir(parents=True, exist_ok=True)
        path = self.shots / f"{re.sub('[^a-z0-9]+', '-', what)}-{n}.png"
        size = f"{self.screen.width}x{self.screen.height}"
        command = ["convert", "-size", size, "-depth", "8", "bgra:-", "-alpha", "off", f"png:{path}"]
        subprocess.run(command, input=taken, check=True)

    def tell(self, what, watch, figures, good):
        self.failed += not good
        verdict = "ok" if good else "NOT COVERED"
        print(f"{what:34} {watch.looks:6} {len(watch.frames):6} {figures}  {verdict}")


def rect_of(node, window, screen):
    """Left, top, width and height on the screen of a node of the X window; None if it does not fit, or if there
    is no such window yet."""
    if window is None:
        return None
    at = node.get_extents(Atspi.CoordType.WINDOW)
    geometry = run("xwininfo", "-id", window)
    origin = [int(n) for n in re.findall(r"Absolute upper-left [XY]: +(-?\d+)", geometry)]
    # A pixel less on every side: the edge may lie between two.
    left, top = at.x + origin[0] + 1, at.y + origin[1] + 1
    width, height = at.width - 2, at.height - 2
    fits = left >= 0 and top >= 0 and left + width <= screen.width and top + height <= screen.height
    return (left, top, width, height) if fits and width > 8 and height > 8 else None


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def key(name):
    return lambda: run("xdotool", "key", "--clearmodifiers", name)


def linger():
    """Lets the window and the accessibility bus go on for a moment; frames are taken meanwhile."""
    end = time.monotonic() + AFTER_S
    wait_for("a moment to pass", lambda: time.monotonic() > end, WAIT_S)


def spoken(node):
    """Everything that a screen reader may say of a node."""
    words = [node.get_name() or "", node.get_description() or ""]
    if "Text" in node.get_interfaces():
        words.append(Atspi.Text.get_text(node, 0, Atspi.Text.get_character_count(node)))
    return " ".join(words)


def flagged_words(item):
    """The words that must be masked, but those that also stand somewhere unflagged."""
    flagged, rest = set(), ""
    for text in item["texts"]:
        body = text["body"].encode()
        at = 0
        for start, end in sorted(text["flagged"]):
            flagged.add(body[start:end].decode())
            rest += body[at:start].decode() + " "
            at = end
        rest += body[at:].decode() + " "
    return {word for word in flagged if not says(rest, word)}


def says(text, word):
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def nodes_that_say(check, words):
    return whole_look(lambda: [node for node in check.window.nodes() if any(says(spoken(node), word) for word in words)])


def words_of(check, kind, watch):
    """A text or conversation that is open, and the frames of its opening."""
    words = flagged_words(check.items[kind])
    if not words:
        raise NotAsExpected(f"the {kind} has nothing flagged")
    heard = len(nodes_that_say(check, words))
    covered = check.luma()
    check.window.do("reveal.hold")
    nodes = wait_for("the words to be uncovered", lambda: nodes_that_say(check, words), WAIT_S)
    linger()
    open_words = check.luma()
    rects = whole_look(lambda: [rect for rect in map(check.extents, nodes) if rect])
    changed = np.zeros(covered.shape, bool)
    for left, top, width, height in rects:
        part = np.s_[top:top + height, left:left + width]
        changed[part] = np.abs(covered[part] - open_words[part]) > 16
    check.window.do("reveal.hold")
    wait_for("the words to be covered", lambda: not nodes_that_say(check, words), WAIT_S)
    like = [correlation(check.screen.luma(taken)[changed], open_words[changed]) for taken in watch.frames]
    good = heard == 0 and changed.sum() > 100 and max(like) <= WORDS_UNLIKE_MAX
    figures = f"{len(words)} words, {changed.sum()} pixels, {heard} heard, likeness {max(like):.3f}"
    check.tell(f"{kind} opens: words", watch, figures, good)


def heard_before_look(check, kind):
    """No kind of item gives its flagged words to a screen reader."""
    words = flagged_words(check.items[kind])
    if words and nodes_that_say(check, words):
        check.failed += 1
        print(f"{kind}: a flagged word can be read from the accessible tree  NOT COVERED")


def uncover(check, place):
    """Opens the whole picture: what covers keep back must show, or all other figures are worth nothing."""
    check.window.do("reveal.full")
    least = CLEAR_ENERGY_MIN
    wait_for("the clear picture", lambda: place.figures(check.luma())[1] >= least, WAIT_S)
    print(f"{'  (uncovered, to see that it shows)':34} {'':37} {place.figures(check.luma())[1]:8.2%}")


def restored(check, kind, place):
    """Minimised and killed windows, with the picture covered and with the picture open."""
    for opened in (False, True):
        state = "open" if opened else "covered"
        if opened:
            uncover(check, place)
        window = wait_for("its X window", check.window_id, WAIT_S)
        run("xdotool", "windowminimize", "--sync", window)
        wait_for("the window to go away", lambda: not shows(check, place), WAIT_S)
        act = lambda: run("xdotool", "windowactivate", window)  # noqa: E731
        place = check.watched(f"{kind} {state}, minimised, restored", act, kind, may_be_other=True)
    for opened in (False, True):
        state = "open" if opened else "covered"
        if opened:
            uncover(check, place)
        killed = wait_for("its process", lambda: window_of(check.agent.pid), WAIT_S)
        os.kill(killed, signal.SIGKILL)
        wait_for("the window to go away", lambda: not shows(check, place), WAIT_S)
        act = lambda: check.window.open_again(check.agent.pid, killed)  # noqa: E731
        place = check.watched(f"{kind} {state}, killed, restarted", act, kind)
    return place


def shows(check, place):
    luma = check.luma()
    like, energy = place.figures(luma)
    return like >= CORRELATION_MIN or energy >= CLEAR_ENERGY_MIN


def post(check, place):
    """Next and back among the parts, and zoom."""
    for what, name, n in (("next", "period", 1), ("next", "period", 2), ("back", "comma", 1), ("back", "comma", 0)):
        place = check.watched(f"post, {what} to picture {n + 1}", key(name), "post", n, before=place)
    for what, name, zoom in (("in", "Prior", 1), ("in", "Prior", 2), ("out", "Next", 1), ("out", "Next", 0)):
        place = check.watched(f"post, zoom {what} to {zoom + 1}×", key(name), "post", 0, zoom, before=place)


def opened(check, act, before, seen):
    """Whatever item comes next. Its kind and, if it has a picture, where that is."""
    with Watch() as watch:
        act()
        kind = wait_for("the next item", lambda: (now := check.kind()) and now not in seen and now, WAIT_S)
        place = check.place(kind) if check.media[kind] else None
        linger()
    heard_before_look(check, kind)
    if place is None:
        words_of(check, kind, watch)
    else:
        check.judge(f"{kind} opens", watch, [p for p in (before, place) if p], before is None)
    return kind, place


def journey(check):
    print(f"{'':34} {'looks':>6} {'frames':>6} {'covered':>7} {'none':>5} {'bad':>4} {'correl.':>8} {'energy':>8}")

    def start():
        check.start()
        check.window.open()

    seen, place, act = [], None, start
    while len(seen) < len(KINDS):
        kind, place = opened(check, act, place, seen)
        seen.append(kind)
        if kind == "image":
            place = restored(check, kind, place)
        if kind == "post":
            post(check, place)
            place = check.place(kind)
        act = lambda: check.window.do("decide.allow")  # noqa: E731


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--agent", type=pathlib.Path, required=True)
    options.add_argument("--scratch", type=pathlib.Path, required=True)
    options.add_argument("--shots", type=pathlib.Path, required=True)
    given = options.parse_args()
    Atspi.init()
    check = Check(given.agent, given.scratch, given.shots)
    # Out of the way: a pointer over the picture would move what is zoomed to.
    run("xdotool", "mousemove", str(check.screen.width - 1), str(check.screen.height - 1))
    try:
        journey(check)
    except (NotAsExpected, OSError, GLib.Error, subprocess.CalledProcessError) as fault:
        print(f"Not as expected: {fault}\n{check.window.says()}", file=sys.stderr)
        return 1
    finally:
        check.stop()
    if check.failed:
        print(f"{check.failed} of these were not covered.", file=sys.stderr)
        return 1
    print(f"Every frame was covered: correlation ≥ {CORRELATION_MIN}, energy ≤ {ENERGY_MAX:.0%}.")
    return 0


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    os.environ.setdefault("NO_AT_BRIDGE", "1")
    sys.exit(main())
