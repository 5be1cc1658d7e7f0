"""The comparison with Sier 2017: what of its model can be rebuilt, and how rows are chosen and scored."""

from __future__ import annotations

import math

import pytest

from benchmarks.sier import BLOOD_FLOW, clearance, compare, error_of_sier, fold, group_of, intrinsic, readings


def row(**fields):
    return {
        "study": "s",
        "arm": "a",
        "against": None,
        "scored": True,
        "use": "score",
        "readout": "mcr_e2",
        "cohort": "c",
        "published": 1000.0,
        "unit": "L/d",
        "log_error": math.log(1.2),
    } | fields


def test_one_step_carries_all_of_its_elimination():
    """What it labels SULT2A1 has a Km of 14 nmol/L, typical of another enzyme."""
    parts = intrinsic()
    assert parts["SULT2A1"] / sum(parts.values()) == pytest.approx(0.998, abs=5e-4)


@pytest.mark.parametrize("cells", [0.5, 1.5, 3.0])
def test_its_clearance_is_the_flow_whatever_the_volume_of_cells(cells):
    assert 0.96 * BLOOD_FLOW < clearance(BLOOD_FLOW, cells) < BLOOD_FLOW


def test_the_better_reading_counts():
    low, high = sorted(readings().values())
    assert error_of_sier(row(published=low)) == pytest.approx(0)
    assert error_of_sier(row(published=high)) == pytest.approx(0)
    assert error_of_sier(row(published=1.0, unit="nmol/L")) is None


def test_rows_that_it_can_answer():
    treated = {("s", "oral"): True}
    assert group_of(row(), treated) == "clearance"
    assert group_of(row(against="b"), treated) is None
    assert group_of(row(readout="e2"), treated) is None
    assert group_of(row(readout="e2", arm="oral"), treated) == "level"
    assert group_of(row(readout="e1", arm="oral"), treated) is None
    assert group_of(row(scored=False, use="null"), treated) is None


def test_folds_are_averaged_within_cohorts_first():
    assert fold([("a", math.log(2)), ("a", 0.0), ("b", math.log(2))]) == pytest.approx(2**0.75)


def test_the_table_says_what_was_not_run():
    lines = compare({"rows": [row(), row(readout="e2", arm="oral")]}, {("s", "oral"): True})
    assert [line.split()[0] for line in lines[1:4]] == ["level", "clearance", "volume"]
    assert "not run" in lines[1]
    assert "1.20" in lines[2]
    assert "1.94" in lines[-1]
