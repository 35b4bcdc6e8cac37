"""Row 3: the perceptual hash of pixels that are decoded already, against the reference's package. Row 4: all hashes of a
list of one million that are near to one, against FAISS."""

import json
import pathlib
import shutil
import statistics
import subprocess

from records import Failed, ratio
from stage import end

NAME = "3 PDQ of 12 MP of pixels"
PEER = pathlib.Path(__file__).with_name("pdq_peer.py")
NEAR = "4 near hashes among 1,000,000"
NEAR_PEER = pathlib.Path(__file__).with_name("near_peer.py")


def program(target, package="pdqhash"):
    """The Python for which `./dev bench` installed a package; None without it."""
    python = target / "bench" / package / "bin" / "python"
    return python if python.exists() else None


def version(python, package="pdqhash"):
    """What is measured against."""
    words = [python, "-c", f"import importlib.metadata as m; print(m.version('{package}'))"]
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

    def figure(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self.line()

    def hash(self):
        """Milliseconds, and what was found."""
        figure = self.figure()
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


def near(given, rounds, not_measured):
    """Row 4. A round is a few queries; distances that differ are a fault, whatever they took."""
    folder = given.scratch / "row-4"
    folder.mkdir()
    ours, theirs = Contender([given.bin / "bench-near", "--folder", folder]), None
    try:
        _, queries = ours.line()
        python = program(given.out.parent.parent, "faiss")
        if python is None:
            took = statistics.median(ours.figure()["took"] for _ in range(queries))
            yield not_measured(NEAR, f"faiss is not installed; Scrim takes {took:.3g} ms")
            return
        theirs = Contender([python, NEAR_PEER, folder])
        figures = {"scrim": [], "base": []}
        for contender in (ours, theirs):  # the first touches of memory
            for _ in range(queries):
                contender.figure()
        for _ in range(rounds):
            base = took = 0.0
            for _ in range(queries // 8):
                expected, found = theirs.figure(), ours.figure()
                if found["found"] != expected["found"]:
                    raise Failed(f"{found['found']} is not FAISS' {expected['found']}")
                base += expected["took"]
                took += found["took"]
            figures["base"].append(base)
            figures["scrim"].append(took)
        yield ratio(NEAR, figures, "FAISS IndexBinaryFlat", 1.0, 0.15, "one thread each, the same distances")
    finally:
        ours.close()
        if theirs is not None:
            theirs.close()
        shutil.rmtree(folder)
