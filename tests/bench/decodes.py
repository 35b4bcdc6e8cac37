"""Rows 1 to 2b: from the bytes of a picture to what is shown of it, against libvips through its Python package.

Compared is processor time, of all threads of a process. On the clock, other work on the machine takes from one contender
more than from the other: from Scrim, which computes without a pause, more than from libvips, whose threads wait for each other.
"""

import pathlib
import shutil
import statistics

from hashes import Contender
from records import Failed, ratio

PEER = pathlib.Path(__file__).with_name("vips_peer.py")
# Row, file, job, must, aim.
ROWS = (
    ("1 12 MP JPEG to a grey cover", "baseline.jpg", "cover", 0.55, 0.35),
    ("1b the same, progressive", "progressive.jpg", "cover", 0.8, 0.4),
    ("2 12 MP JPEG to RGBA in 1920×1080", "baseline.jpg", "fit", 0.8, 0.65),
    ("2b 2 MP PNG to RGBA", "picture.png", "fit", 0.7, 0.5),
    ("2b 2 MP WebP to RGBA", "picture.webp", "fit", 1.3, 0.6),
)


def program(target):
    """The Python for which `./dev bench` installed pyvips; None without it."""
    python = target / "bench" / "pyvips" / "bin" / "python"
    return python if python.exists() else None


def asked(contender, name, job):
    """Milliseconds of processor time, milliseconds on the clock, and the size of what was made."""
    contender.process.stdin.write(f"{name} {job}\n")
    contender.process.stdin.flush()
    figure = contender.line()
    return figure["took"], figure["wall"], tuple(figure["size"])


def decodes(given, rounds, not_measured):
    """Both work on one thread, without the start of a worker."""
    folder = given.scratch / "rows-1-2"
    folder.mkdir()
    ours, theirs = Contender([given.bin / "bench-decode", "--folder", folder]), None
    try:
        ours.line()
        python = program(given.out.parent.parent)
        if python is None:
            for name, file, job, *_ in ROWS[:4]:
                asked(ours, file, job)
                took = statistics.median(asked(ours, file, job)[0] for _ in range(rounds))
                yield not_measured(name, f"pyvips is not installed; Scrim takes {took:.3g} ms")
            yield not_measured(ROWS[4][0], "pyvips, which would write the file, is not installed")
            return
        theirs = Contender([python, PEER, folder])
        version = theirs.line()
        for name, file, job, must, aim in ROWS:
            figures, walls = {"scrim": [], "base": []}, {"scrim": [], "base": []}
            asked(ours, file, job), asked(theirs, file, job)  # the first touches of memory
            for _ in range(rounds):
                base, base_wall, expected = asked(theirs, file, job)
                took, wall, made = asked(ours, file, job)
                if made != expected:
                    raise Failed(f"{name}: {made} is not {expected}")
                figures["base"].append(base)
                figures["scrim"].append(took)
                walls["base"].append(base_wall)
                walls["scrim"].append(wall)
            clock = " to ".join(f"{statistics.median(walls[who]):.3g} ms" for who in ("scrim", "base"))
            state = f"processor time, one thread each; on the clock {clock}"
            yield ratio(name, figures, f"libvips {version}", must, aim, state)
    finally:
        ours.close()
        if theirs is not None:
            theirs.close()
        shutil.rmtree(folder)
