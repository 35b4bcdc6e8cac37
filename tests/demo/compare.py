"""Compares the decisions of the desk's journal with those at the queue server and with its outcomes.

    compare.py [--expect N] [--scrim PROGRAM] FOLDER

FOLDER is that of `scrim demo --keep`, while the demo runs. Exit code 0: three equal sets of N ids
and no id twice anywhere; 1: not so.
"""

import argparse
import datetime
import json
import pathlib
import subprocess
import sys
import urllib.request

PAGES_MAX = 1000


def of_journal(scrim, folder):
    today = datetime.datetime.now(datetime.timezone.utc).date()
    day = datetime.timedelta(days=1)
    said = subprocess.run(
        [scrim, "--profile", folder / "profile", "export", "decisions", "--format", "jsonl"]
        + ["--from", str(today - day), "--to", str(today + day)],
        check=True,
        capture_output=True,
        text=True,
    )
    return [json.loads(line) for line in said.stdout.splitlines()]


def of_server(origin, token, path, rows):
    """All rows of a paged call."""
    found, since = [], 0
    for _ in range(PAGES_MAX):
        request = urllib.request.Request(
            f"{origin}{path}?since={since}", headers={"authorization": f"Bearer {token}"}
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            page = json.load(answer)
        if not page[rows]:
            return found
        found += page[rows]
        since = page["next"]
    raise SystemExit(f"{path} does not end")


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--expect", type=int, default=10)
    options.add_argument("--scrim", default="scrim")
    options.add_argument("folder", type=pathlib.Path)
    given = options.parse_args()
    access = json.loads((given.folder / "server.json").read_text())
    journal = of_journal(given.scrim, given.folder)
    held = of_server(access["origin"], access["moderator_token"], "/v1/decisions", "decisions")
    outcomes = of_server(access["origin"], access["effect_token"], "/v1/outcomes", "outcomes")

    places = {
        "journal": [row["decision_id"] for row in journal],
        "server": [row["decision_id"] for row in held],
        "outcomes": [row["decision_id"] for row in outcomes if row["what"] == "decision"],
    }
    good = True
    for place, ids in places.items():
        repeats = len(ids) - len(set(ids))
        print(f"  {place:9} {len(ids)} decisions, {repeats} repeats")
        good &= repeats == 0 and len(ids) == given.expect
    if len({frozenset(ids) for ids in places.values()}) != 1:
        good = False
        every = set().union(*places.values())
        for one in sorted(every):
            where = [place for place, ids in places.items() if one in ids]
            if len(where) != len(places):
                print(f"  {one} is only in: {', '.join(where)}")
    states = {}
    for row in journal:
        states[row["state"]] = states.get(row["state"], 0) + 1
    print("  journal states: " + ", ".join(f"{n} {state}" for state, n in sorted(states.items())))
    good &= set(states) == {"accepted"}
    print("Equal sets, no repeats." if good else "NOT equal.")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
