"""libvips in Scrim's place, on one thread; run by the Python that pyvips is installed for.

    vips_peer.py FOLDER

Writes `picture.webp` of `picture.png`, then says its version. Each line on standard input names a file of the folder and a job.
"""

import json
import os
import pathlib
import sys
import time

os.environ["VIPS_CONCURRENCY"] = "1"

import pyvips  # noqa: E402 - reads the environment


def cover(data):
    """512 pixels on the long side, grey, blurred by 2.5 % of it."""
    picture = pyvips.Image.thumbnail_buffer(data, 512)
    return picture.colourspace("b-w").gaussblur(0.025 * 512)


def fit(data):
    """In the box, never enlarged, with a fourth channel."""
    picture = pyvips.Image.thumbnail_buffer(data, 1920, height=1080, size="down")
    return picture.bandjoin(255)


def main():
    folder = pathlib.Path(sys.argv[1])
    pyvips.cache_set_max(0)
    source = pyvips.Image.new_from_file(str(folder / "picture.png"))
    source.webpsave(str(folder / "picture.webp"), Q=80)
    print(json.dumps(".".join(str(pyvips.version(part)) for part in range(3))), flush=True)
    jobs = {"cover": cover, "fit": fit}
    for line in sys.stdin:
        name, job = line.split()
        data = (folder / name).read_bytes()
        began, before = time.perf_counter(), time.process_time()
        made = jobs[job](data)
        pixels = made.write_to_memory()
        took, wall = time.process_time() - before, time.perf_counter() - began
        assert len(pixels) == made.width * made.height * made.bands
        print(json.dumps({"took": took * 1000, "wall": wall * 1000, "size": [made.width, made.height]}), flush=True)


main()
