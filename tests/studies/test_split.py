"""The split is what its rule makes of the cohorts, and every forced cohort says why."""

from __future__ import annotations

import csv

from derive import split


def test_split_is_what_the_rule_makes() -> None:
    """``split.csv`` is derived, never edited."""
    assert split.SPLIT.read_text(encoding="utf-8") == split.text()


def test_parity_is_the_last_bit_of_sha1() -> None:
    """SHA-1 of "abc" ends in d: odd, so the check side, unless a reason forces it."""
    assert split.side("abc") == ("check", "sha1 odd")
    assert split.side("abc", "fitted before") == ("calibration", "fitted before")


def test_no_cohort_stands_twice() -> None:
    """A cohort has one side."""
    with split.SPLIT.open(encoding="utf-8", newline="") as lines:
        names = [row["cohort"] for row in csv.DictReader(lines)]
    assert len(names) == len(set(names))
