"""Row 3: the perceptual hash of pixels that are decoded already, against the reference's package."""

import json
import pathlib
import shutil
import statistics
import subprocess

from records import Failed, ratio
from stage import end

NAME = "3 PDQ of 12 MP of pixels"
PEER = pathlib.Path(__file__).with_name("pdq_peer.py")


def program(target):
    """The Python for which `./dev bench` installed pdqhash; None without it."""
    python = target / "bench" / "pdqhash" / "bin" / "python"
    return python if python.exists() else None


def version(python):
    """What is measured against."""
    words = [python, "-c", "import importlib.metadata as m; print(m.version('pdqhash'))"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    return done.stdout.strip() or None


class Contender:
    """A program that makes one hash for each line."""

    def __init__(self, words):
        self.process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def line(self):
        said = self.process.stdout.readline()
        if not said:
            raise Failed(f"{self.process.args[0].name} ended")
        return json.loads(said)

    def hash(self):
        """Milliseconds, and what was found."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        figure = self.line()
        return figure["took"], (figure["hash"], figure["quality"])

    def close(self):
        end(self.process)


def hashes(given, rounds, not_measured):
    """Row 3. Hashes that differ in a bit are a fault, whatever they took."""
    folder = given.scratch / "row-3"
    folder.mkdir()
    pixels = folder / "pixels"
    ours, theirs = Contender([given.bin / "bench-pdq", "--pixels", pixels]), None
    try:
        width, height = ours.line()
        python = program(given.out.parent.parent)
        if python is None:
            ours.hash()
            took = statistics.median(ours.hash()[0] for _ in range(rounds))
            yield not_measured(NAME, f"pdqhash is not installed; Scrim takes {took:.3g} ms")
            return
        theirs = Contender([python, PEER, pixels, str(width), str(height)])
        figures = {"scrim": [], "base": []}
        ours.hash(), theirs.hash()  # the first touches of memory
        for _ in range(rounds):
            base, expected = theirs.hash()
            took, found = ours.hash()
            if found != expected:
                raise Failed(f"{found} is not the reference's {expected}")
            figures["base"].append(base)
            figures["scrim"].append(took)
        yield ratio(NAME, figures, "PyPI pdqhash", 0.3, 0.12, "one thread each, the same bits")
    finally:
        ours.close()
        if theirs is not None:
            theirs.close()
        shutil.rmtree(folder)
