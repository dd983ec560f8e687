"""Checks that two folders hold the same tables: every field of trials.csv that both programs know, and every count and rate of cells.csv.

`same.py REFERENCE OTHER`; says what differs first and exits with 1.
"""

import csv
import math
import sys
from datetime import datetime


def equal(a, b):
    """Whether two fields say the same: numbers to a millionth, times to the millisecond, words exactly."""
    if a == b:
        return True
    try:
        return math.isclose(float(a), float(b), rel_tol=0, abs_tol=1.01e-6)
    except ValueError:
        pass
    try:
        return abs((datetime.fromisoformat(a) - datetime.fromisoformat(b)).total_seconds()) < 0.0011
    except ValueError:
        return False


def compare(a, b, key, skip=()):
    """Compares two CSV files line by line after sorting by `key`."""
    sides = [sorted(csv.DictReader(open(path, newline="")), key=key) for path in (a, b)]
    if len(sides[0]) != len(sides[1]):
        sys.exit(f"{b}: {len(sides[1])} lines, not {len(sides[0])}")
    for one, other in zip(*sides):
        for name in other.keys() - set(skip):
            if not equal(one[name], other[name]):
                sys.exit(f"{b}: {name} is `{other[name]}`, not `{one[name]}` (line of {key(one)})")


def number(text):
    return float(text) if text else -1.0


reference, other = sys.argv[1:]
compare(f"{reference}/trials.csv", f"{other}/trials.csv", lambda row: int(row["seq"]))
compare(
    f"{reference}/cells.csv",
    f"{other}/cells.csv",
    lambda row: (row["dut_serial"], row["adapter"], row["stimulus"], row["release"], number(row["hold_s"]), row["level"]),
)
