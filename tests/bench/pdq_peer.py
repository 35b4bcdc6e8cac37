"""PyPI's pdqhash in Scrim's place; run by the Python it is installed for.

    pdq_peer.py PIXELS WIDTH HEIGHT

Each line on standard input asks for one hash of the same pixels.
"""

import json
import sys
import time

import numpy
import pdqhash


def main():
    width, height = int(sys.argv[2]), int(sys.argv[3])
    pixels = numpy.fromfile(sys.argv[1], dtype=numpy.uint8).reshape(height, width, 3)
    for _ in sys.stdin:
        began = time.perf_counter()
        bits, quality = pdqhash.compute(pixels)
        took = (time.perf_counter() - began) * 1000
        digits = int("".join(str(bit) for bit in bits), 2)
        print(json.dumps({"took": took, "hash": f"{digits:064x}", "quality": quality}), flush=True)


main()
