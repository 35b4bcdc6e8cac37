"""Keeps the records' writer waiting: holds the lock that SQLite takes before it writes to its log.

    hold_records.py DATABASE

Says "held" when it has the lock, and lets go when standard input ends. The lock is a byte of the
shared index (WAL_WRITE_LOCK), so that no key is needed and nothing is read or written.
"""

import fcntl
import sys

WAL_WRITE_LOCK = 120

with open(sys.argv[1] + "-shm", "r+b") as index:
    fcntl.lockf(index, fcntl.LOCK_EX, 1, WAL_WRITE_LOCK)
    print("held", flush=True)
    sys.stdin.read()
