#!/usr/bin/env python3
"""Writes golden/pdq.txt: hashes and qualities of drawn pictures by the reference, PyPI's pdqhash.

    python3 -m venv VENV && VENV/bin/pip install pdqhash==0.2.8 numpy
    VENV/bin/python pdq_reference.py > golden/pdq.txt

The pictures are drawn in 32-bit integers that wrap; tests/golden.rs draws the same ones.
"""
import warnings

import numpy as np
import pdqhash

KINDS = ["flat", "across", "slope", "noise", "grey-noise", "blocks", "rings", "waves", "checks", "mixed"]
# As many as there are ways for a window to begin and end, and then some.
SIDES = [
    (1, 1), (2, 3), (4, 100), (100, 4), (5, 5), (5, 64), (64, 5), (7, 300), (63, 65), (64, 64), (65, 63), (127, 128),
    (128, 129), (129, 127), (200, 200), (255, 257), (301, 199), (512, 384), (640, 13), (9, 2000), (1023, 769),
    (31, 33), (130, 5), (769, 1281), (2049, 700),
]
LARGE = [
    ("noise", 4000, 3000), ("mixed", 4000, 3000), ("rings", 3000, 4000), ("waves", 4032, 3024), ("flat", 4001, 2999),
    ("blocks", 12001, 999), ("slope", 997, 12007), ("across", 65535, 6), ("mixed", 6, 65535), ("mixed", 1920, 1080),
]


def u32(value):
    return np.asarray(value).astype(np.uint32)


def stirred(value):
    """A 32-bit number that looks like no neighbour's."""
    value = u32(value)
    value = (value ^ (value >> 16)) * np.uint32(0x7FEB352D)
    value = (value ^ (value >> 15)) * np.uint32(0x846CA68B)
    return value ^ (value >> 16)


def spot(x, y, salt):
    return stirred(stirred(stirred(x) + u32(y)) + u32(salt))


def wave(at, period):
    """Up and down again, 0 to 255."""
    phase = at % period * np.uint32(510) // period
    return np.where(phase > 255, np.uint32(510) - phase, phase)


def channel(kind, c, x, y, width, height, seed):
    """One channel of a picture, as numbers whose lowest eight bits count."""
    own = seed * 3 + c
    size = 3 + seed % 29
    if kind == "flat":
        return spot(0 * x, 0 * y, own)
    if kind == "across":
        return x * np.uint32(255) // width + 0 * y
    if kind == "slope":
        return (x * np.uint32(c + 1) + y * np.uint32(3 - c)) * np.uint32(64) // (width + height)
    if kind == "noise":
        return spot(x, y, own)
    if kind == "grey-noise":
        return spot(x, y, seed)
    if kind == "blocks":
        return spot(x // size, y // size, own)
    if kind == "rings":
        dx, dy = x - width // 3, y - height // 2
        return (dx * dx + dy * dy) // (width * (c + 1)) * np.uint32(size)
    if kind == "waves":
        return (wave(x + y * (c + 1), u32(size * 7)) + wave(y * 2 + x // 3, u32(size * 11))) // np.uint32(2)
    if kind == "checks":
        return (x // size + y // size) % np.uint32(2) * (np.uint32(60) + spot(0 * x, 0 * y, own) % np.uint32(196))
    base = wave(x * (c + 1), width) // np.uint32(2) + wave(y, u32(size * 13)) // np.uint32(4)
    return base + spot(x, y, own) % np.uint32(32) + spot(x // (size * 5), y // (size * 5), seed) % np.uint32(32)


def drawn(kind, width, height, seed):
    x = np.arange(width, dtype=np.uint32)[np.newaxis, :]
    y = np.arange(height, dtype=np.uint32)[:, np.newaxis]
    sides = (np.uint32(width), np.uint32(height))
    planes = [channel(kind, np.uint32(c), x, y, *sides, np.uint32(seed)) for c in range(3)]
    return np.ascontiguousarray(np.stack([plane.astype(np.uint8) for plane in planes], axis=2))


def main():
    print("# kind width height seed hash quality; written by pdq_reference.py")
    rows = [(kind, *side) for side in SIDES for kind in KINDS] + LARGE
    for seed, (kind, width, height) in enumerate(rows):
        bits, quality = pdqhash.compute(drawn(kind, width, height, seed))
        digits = f"{int(''.join(str(bit) for bit in bits), 2):064x}"
        print(kind, width, height, seed, digits, quality)


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # numbers wrap on purpose
    main()
