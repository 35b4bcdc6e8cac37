#!/usr/bin/env python3
"""Writes golden/exposure_rows.json: worked values of the exposure formula, in exact fractions.

    python3 exposure_reference.py > golden/exposure_rows.json

E = sum of (duration_s / 60) * w_severity * (w_view + w_sound + w_colour)
"""
import json
from fractions import Fraction as F

SEVERITY = {0: F(0), 1: F(1, 4), 2: F(1, 2), 3: F(1), 4: F(2)}
VIEW = {"hidden": F(0), "covered": F(1, 2), "partial": F(3, 4), "clear": F(1)}


def weighted_minutes(intervals):
    total = F(0)
    for one in intervals:
        sound = F(1, 2) if one["sound"] else F(0)
        colour = F(1, 4) if one["colour"] else F(0)
        minutes = F(one["ms"], 1000) / 60
        total += minutes * SEVERITY[one["severity"]] * (VIEW[one["view"]] + sound + colour)
    return float(total)


def interval(ms, severity, view, sound=False, colour=False):
    return {"ms": ms, "severity": severity, "view": view, "sound": sound, "colour": colour}


def rows():
    # The worked value of the design, then one of each weight, then mixed days.
    yield [interval(60_000, 3, "covered"), interval(10_000, 3, "clear")]
    for severity in range(5):
        yield [interval(60_000, severity, "clear")]
    for view in VIEW:
        yield [interval(90_000, 3, view, sound=True, colour=(view != "hidden"))]
    state = 20_260_301
    for length in range(1, 11):
        mixed = []
        for _ in range(length * 3):
            state = (state * 1_103_515_245 + 12_345) % 2**31
            view = list(VIEW)[state >> 9 & 3]
            mixed.append(
                interval(state % 977_003, (state >> 12) % 5, view, bool(state >> 17 & 1), bool(state >> 18 & 1))
            )
        yield mixed


def main():
    out = [
        {
            "intervals": intervals,
            "weighted_minutes": weighted_minutes(intervals),
            "severe_clear_ms": sum(i["ms"] for i in intervals if i["severity"] >= 3 and i["view"] == "clear"),
        }
        for intervals in rows()
    ]
    lines = []
    for row in out:
        inner = ",\n    ".join(json.dumps(i) for i in row["intervals"])
        lines.append(
            f'  {{"weighted_minutes": {row["weighted_minutes"]!r}, "severe_clear_ms": {row["severe_clear_ms"]},\n'
            f'   "intervals": [\n    {inner}]}}'
        )
    print("[\n" + ",\n".join(lines) + "\n]")


main()
