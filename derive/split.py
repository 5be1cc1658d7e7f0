"""Which side a cohort of published people is on: ``derive/data/cohorts.tsv`` → ``knowledge/studies/split.csv``.

Forced cohorts (a reason stands in ``cohorts.tsv``) are calibration. Every other cohort goes by the last bit of the
SHA-1 of its name (UTF-8): even is calibration, odd is check, as even sequence numbers of NHANES are fitted and odd
ones held back. A cohort met later is named by one rule, so that nobody chooses its side with its name: family name
of the first author of the report that was read first, in ASCII letters, and the last two digits of its year
(``Fuhrman12``); ``b``, ``c`` … follow where that name is taken. People of a cohort that is here already stay in it.

    python -m derive.split              write split.csv
    python -m derive.split --check      compare without writing
    python -m derive.split --side NAME  say on which side a new name falls
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import sys
from pathlib import Path

COHORTS = Path(__file__).parent / "data" / "cohorts.tsv"
SPLIT = Path(__file__).parents[1] / "src" / "estrogenome" / "knowledge" / "studies" / "split.csv"


def parity(cohort: str) -> int:
    """Return the last bit of the SHA-1 of a name."""
    return int(hashlib.sha1(cohort.encode(), usedforsecurity=False).hexdigest(), 16) & 1


def side(cohort: str, forced: str = "") -> tuple[str, str]:
    """Return (side, reason) of a cohort; ``forced`` is why it has to be calibration, or empty."""
    if forced:
        return "calibration", forced
    return ("check", "sha1 odd") if parity(cohort) else ("calibration", "sha1 even")


def rows() -> list[tuple[str, str, str]]:
    """Return (cohort, side, reason) of every cohort of ``cohorts.tsv``, in its order."""
    with COHORTS.open(encoding="utf-8", newline="") as lines:
        return [(row["cohort"], *side(row["cohort"], row["forced"])) for row in csv.DictReader(lines, delimiter="\t")]


def text() -> str:
    """Return ``split.csv`` as it has to be."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(("cohort", "side", "reason"))
    table.writerows(rows())
    return out.getvalue()


def main() -> int:
    """Write or check ``split.csv``, or print the sides of the names given."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--check", action="store_true")
    arguments.add_argument("--side", nargs="+", default=[], metavar="NAME")
    given = arguments.parse_args()
    if given.side:
        for name in given.side:
            print(name, *side(name), sep="\t")
        return 0
    if given.check:
        same = SPLIT.read_text(encoding="utf-8") == text()
        print(f"split.csv {'is' if same else 'is NOT'} what derive/data/cohorts.tsv makes of it")
        return 0 if same else 1
    SPLIT.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
