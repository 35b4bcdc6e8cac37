"""FAISS' flat binary index in Scrim's place; run by the Python it is installed for.

    near_peer.py FOLDER

Each line on standard input asks for the next query.
"""

import itertools
import json
import pathlib
import sys
import time

import faiss
import numpy

NEAR = 31


def main():
    folder = pathlib.Path(sys.argv[1])
    faiss.omp_set_num_threads(1)
    read = lambda name: numpy.fromfile(folder / name, dtype=numpy.uint8).reshape(-1, 32)
    index = faiss.IndexBinaryFlat(256)
    index.add(read("hashes"))
    for _, query in zip(sys.stdin, itertools.cycle(read("queries"))):
        began = time.perf_counter()
        # Its radius leaves the distance itself out.
        _, distances, _ = index.range_search(query.reshape(1, 32), NEAR + 1)
        took = (time.perf_counter() - began) * 1000
        print(json.dumps({"took": took, "found": sorted(int(d) for d in distances)}), flush=True)


main()
