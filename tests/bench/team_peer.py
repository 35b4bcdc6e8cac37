"""DuckDB over SQLite's file in the place of the groups; run by the Python it is installed for.

    team_peer.py FILE

Each line on standard input asks for the groups once.
"""

import json
import sys
import time

import duckdb
from duckdb_extensions import import_extension

GROUPS = """
    SELECT count(*), sum(n)::BIGINT, sum(median) FROM (
        SELECT day, queue, policy, action, count(*) AS n, quantile_cont(handle_ms, 0.5) AS median
        FROM sqlite_scan(?, 'decisions') WHERE counts = 1 GROUP BY ALL)
"""


def main():
    import_extension("sqlite_scanner")
    database = duckdb.connect()
    database.execute("LOAD sqlite_scanner")
    for _ in sys.stdin:
        began = time.perf_counter()
        found, count, medians = database.execute(GROUPS, [sys.argv[1]]).fetchone()
        took = (time.perf_counter() - began) * 1000
        print(json.dumps({"took": took, "found": found, "count": count, "medians": medians}), flush=True)


main()
