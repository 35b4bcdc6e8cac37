"""The hands of the tests with real processes, and what the outer ring of journeys measures besides.

Speaks as hands.py does.
"""

import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "processes"))
from hands import SEEN_S, WAIT_S, Hands, main  # noqa: E402
from drive import NotAsExpected, wait_for  # noqa: E402
from first_paint import CLEAR_ENERGY_MIN, Place, rect_of, run  # noqa: E402
from frames import Medium, Screen, Watch, energy_above  # noqa: E402
from gi.repository import Atspi  # noqa: E402

import numpy as np  # noqa: E402

LENS_SHARE = 0.2  # of the long side: the largest square that lies in the lens, whose radius is 0.15 of it
PRESS_AGAIN_S = 3
REST_S = 0.3  # what is on the screen has been the same for so long: it is drawn


class Ring(Hands):
    def __init__(self):
        super().__init__()
        self.medium = self.place = self.frames = None

    def open(self, agent, not_this):
        pid = super().open(agent, not_this)
        # Without a window manager nobody else gives it the keys.
        run("xdotool", "windowfocus", "--sync", self.shown_id())
        return pid

    # Keys

    def key_down(self, name):
        run("xdotool", "keydown", name)

    def key_up(self, name):
        run("xdotool", "keyup", name)

    def write(self, field, words):
        """Types into a text field, once that has the focus."""

        def look():
            node = self.window.find(field)
            return node is not None and node.get_state_set().contains(Atspi.StateType.FOCUSED)

        wait_for(f"the focus in {field}", look, WAIT_S)
        run("xdotool", "type", "--clearmodifiers", words)

    # What the window says

    def holds(self, wanted, words):
        """Waits until a text field holds exactly these words."""

        def look():
            node = self.window.find(wanted)
            if node is None or "Text" not in node.get_interfaces():
                return None
            return Atspi.Text.get_text(node, 0, Atspi.Text.get_character_count(node)).strip() == words

        wait_for(f"“{words}” in {wanted}", look, WAIT_S)

    def go_on(self):
        """Goes on after everything was covered. A press that comes before the agent has covered as well changes
        nothing, which is the safe side: then there is another one."""
        pressed = time.monotonic() - PRESS_AGAIN_S

        def look():
            nonlocal pressed
            if self.window.find("item.label") is not None:
                return True
            node = self.window.usable("cover.all")
            if node is not None and time.monotonic() - pressed >= PRESS_AGAIN_S:
                node.do_action(0)
                pressed = time.monotonic()
            return None

        wait_for("the item to come back", look, WAIT_S)

    # What the screen shows

    def know(self, path):
        """The picture that is measured from now on."""
        self.medium = Medium(pathlib.Path(path))
        self.screen = self.screen or Screen()

    def watch(self):
        """Keeps every frame from now on, until they are judged."""
        self.frames = Watch().__enter__()

    def covered(self):
        """Waits for the known picture's cover; its figures."""

        def look():
            if not self.window.usable("reveal.hold"):
                return None
            node = self.window.find("medium.0")
            rect = node and rect_of(node, self.window_id(), self.screen)
            place = rect and Place(self.medium, rect)
            return place if place and place.is_covered(self.luma()) else None

        self.place = wait_for("the picture's cover on the screen", look, WAIT_S)
        return self.figures()

    def figures(self):
        """Of the picture's place: likeness to its cover; energy above the cover's band, as a share of the clear
        picture's; and how far its pixels are from grey, the farthest and the mean."""
        taken = self.screen.shoot()
        like, energy = self.place.figures(self.screen.luma(taken))
        left, top, width, height = self.place.rect
        pixels = np.frombuffer(taken, np.uint8).reshape(self.screen.height, self.screen.width, 4)
        part = pixels[top:top + height, left:left + width, :3].astype(np.int16)
        spread = part.max(axis=2) - part.min(axis=2)
        return {"like": like, "energy": energy, "colour_max": int(spread.max()), "colour": float(spread.mean())}

    def judged(self):
        """How many different frames there were since `watch`, and how many of them showed anything of the picture
        but its cover."""
        frames, self.frames = self.frames, None
        frames.__exit__()
        bad = 0
        for taken in frames.frames:
            luma = self.screen.luma(taken)
            hides = (self.place.is_covered, self.place.is_empty, self.place.is_other)
            bad += not any(hides_it(luma) for hides_it in hides)
        return {"frames": len(frames.frames), "bad": bad}

    def clear(self):
        """Waits for the whole clear picture; its figures."""
        look = lambda: (now := self.figures())["energy"] >= CLEAR_ENERGY_MIN and now  # noqa: E731
        return wait_for("the clear picture on the screen", look, WAIT_S)

    def coloured(self, least):
        """Waits for the picture in colour, at least so far from grey in the mean; its figures."""
        look = lambda: (now := self.figures())["colour"] >= least and now  # noqa: E731
        return wait_for("the picture in colour", look, WAIT_S)

    def lens(self):
        """Waits for sharp pixels in the middle of the picture; their energy above the cover's band, as a share of
        the clear picture's there."""
        left, top, width, height = self.place.rect
        side = int(LENS_SHARE * max(width, height))
        middle = np.s_[(height - side) // 2:(height + side) // 2, (width - side) // 2:(width + side) // 2]
        edge = self.medium.edge_at(self.place.rect, 0)
        whole = energy_above(self.medium.clear_at(self.place.rect, 0)[middle], edge)

        def look():
            seen = self.luma()[top:top + height, left:left + width]
            share = energy_above(seen[middle], edge) / whole
            return share if share >= 0.5 else None

        return wait_for("the lens on the screen", look, WAIT_S)

    def covers_again(self):
        """Milliseconds until the picture's cover is on the screen again, for good."""
        start = time.monotonic()
        frames = [(0.0, self.screen.shoot())]
        # Looked at afterwards: that takes longer than a frame.
        while (since := time.monotonic() - start) < SEEN_S:
            taken = self.screen.shoot()
            if taken != frames[-1][1]:
                frames.append((since, taken))
        covered = [self.place.is_covered(self.screen.luma(taken)) for _, taken in frames]
        last_open = max((n for n, is_covered in enumerate(covered) if not is_covered), default=-1)
        if last_open + 1 == len(covered):
            raise NotAsExpected(f"not covered within {SEEN_S} s")
        return round(frames[last_open + 1][0] * 1000)

    def hides(self):
        """Waits until nothing of the picture is on the screen: neither clear nor under its cover."""

        def look():
            luma = self.luma()
            return self.place.is_empty(luma) or (self.place.is_other(luma) and not self.place.is_covered(luma))

        wait_for("a screen without the picture", look, WAIT_S)

    def picture(self, path):
        """Writes the window's pixels to a file once they rest, red green blue; width and height."""
        screen = self.screen = self.screen or Screen()
        last, since = screen.shoot(), time.monotonic()

        def still():
            nonlocal last, since
            now = screen.shoot()
            if now != last:
                last, since = now, time.monotonic()
            return time.monotonic() - since >= REST_S

        wait_for("the window to rest", still, WAIT_S)
        left, top, width, height = self.frame()
        pixels = np.frombuffer(last, np.uint8).reshape(screen.height, screen.width, 4)
        seen = pixels[top:top + height, left:left + width, 2::-1]
        pathlib.Path(path).write_bytes(seen.tobytes())
        return [seen.shape[1], seen.shape[0]]

    def frame(self):
        """Where on the screen the window is."""
        said = run("xwininfo", "-id", self.shown_id())
        facts = dict(line.split(":", 1) for line in said.splitlines() if ":" in line)
        facts = {name.strip(): value.strip() for name, value in facts.items()}
        names = ("Absolute upper-left X", "Absolute upper-left Y", "Width", "Height")
        return [max(0, int(facts[name])) for name in names]


if __name__ == "__main__":
    main(Ring)
