"""Rows 6 and 6b: figures and a table of millions of a team's decisions, against DuckDB and sqlite3 over the same rows."""

import pathlib
import shutil
import subprocess
import time

import hashes
from records import Failed, ratio

GROUPS = "6 counts and medians of a team"
READY = "6 the same, days made ready"
TABLE = "6b a team's decisions as CSV"
PEER = pathlib.Path(__file__).with_name("team_peer.py")
DECISIONS = 5_000_000
QUICK = 200_000
CSV = """
    SELECT d.id AS decision_id, d.item AS item_id, date(d.day * 86400, 'unixepoch') AS day, q.text AS queue,
        p.text AS policy, a.text AS action, d.severity, iif(d.unsure, 'true', 'false') AS unsure, r.text AS review,
        s.text AS standing
    FROM decisions d JOIN names q ON q.id = d.queue JOIN names p ON p.id = d.policy JOIN names a ON a.id = d.action
        JOIN names r ON r.id = d.review JOIN names s ON s.id = d.standing ORDER BY d.n
"""


def near(one, other):
    return abs(one - other) <= 1e-9 * max(abs(one), abs(other), 1)


def same(ours, theirs):
    if ours["found"] != theirs["found"] or ours["count"] != theirs["count"] or not near(ours["medians"], theirs["medians"]):
        raise Failed(f"{ours} is not what DuckDB finds: {theirs}")


def sqlite(folder):
    """Milliseconds that sqlite3 takes for the same table."""
    began = time.perf_counter()
    with open(folder / "theirs.csv", "wb") as out:
        words = ["sqlite3", "-readonly", "-csv", "-header", folder / "plain.db", CSV]
        subprocess.run(words, stdout=out, check=True, timeout=600)
    return (time.perf_counter() - began) * 1000


def lines(file):
    with open(file, "rb") as content:
        yield from (line.rstrip(b"\r\n") for line in content)


def same_table(folder):
    for number, (one, other) in enumerate(zip(lines(folder / "ours.csv"), lines(folder / "theirs.csv"), strict=True)):
        if one != other:
            raise Failed(f"line {number} is {one[:80]} and not {other[:80]}")


def teams(given, rounds, not_measured):
    """Both rows. What differs is a fault, whatever it took; the peers read a copy that is not encrypted."""
    folder = given.out.parent / "row-6"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    count = QUICK if given.quick else DECISIONS
    ours = hashes.Contender([given.bin / "bench-team", "--folder", folder, "--decisions", str(count)])
    theirs = None

    def ask(what):
        ours.process.stdin.write(f"{what}\n")
        ours.process.stdin.flush()
        return ours.line()

    try:
        ours.line()
        python = hashes.program(given.out.parent.parent, "duckdb")
        state = f"{count:,} decisions; ours decrypts"
        if python is None:
            yield not_measured(GROUPS, f"DuckDB is not installed; Scrim takes {ask('groups')['took']:.3g} ms")
        else:
            theirs = hashes.Contender([python, PEER, folder / "plain.db"])
            figures = {"scrim": [], "base": []}
            same(ask("groups"), theirs.figure())
            for _ in range(rounds):
                figures["base"].append(theirs.figure()["took"])
                figures["scrim"].append(ask("groups")["took"])
            yield ratio(GROUPS, figures, "DuckDB", 1.4, 0.85, f"{state}, no day made ready, two readers")
            ready = {"scrim": [], "base": figures["base"]}
            ask("ready")
            for _ in range(rounds):
                ready["scrim"].append(ask("groups")["took"])
            yield ratio(READY, ready, "DuckDB", 1.4, 0.85, f"{state}; the base is row 6's")
        if shutil.which("sqlite3") is None:
            yield not_measured(TABLE, "sqlite3 is not installed")
            return
        figures = {"scrim": [], "base": []}
        ask("table"), sqlite(folder)
        same_table(folder)
        for _ in range(rounds):
            figures["base"].append(sqlite(folder))
            figures["scrim"].append(ask("table")["took"])
        yield ratio(TABLE, figures, "sqlite3 -csv", 0.8, 0.5, f"{state}, byte for byte the same but for ends of lines")
    finally:
        ours.close()
        if theirs is not None:
            theirs.close()
        shutil.rmtree(folder, ignore_errors=True)
