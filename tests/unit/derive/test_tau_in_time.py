"""Variance between studies of people in time: what made-up errors of a known one give, and how the two groups of cohorts follow each other."""

from __future__ import annotations

import numpy as np
import pytest

from derive.inputs import read
from derive.split import rows as cohorts
from derive.tau_in_time import CENTRE, FREEDOMS, WIDE, largest, tails, told

NAMES = ("known", "met since")
NORMAL = float("inf")


def errors(tau: float, cohorts: int, seed: int, prefix: str = "a", each: int = 1) -> list[tuple[str, float, float]]:
    """Cohort, error, variance without tau: errors of log-sd ``tau`` beside a variance of 0.02."""
    rng = np.random.default_rng(seed)
    return [(f"{prefix}{i}", float(rng.normal(0, np.hypot(tau, np.sqrt(0.02)))), 0.02) for i in range(cohorts) for _ in range(each)]


@pytest.mark.parametrize("tau", [0.15, 0.4, 0.8])
def test_many_cohorts_give_the_tau_they_were_made_with(tau: float) -> None:
    assert largest(errors(tau, 2000, 1), CENTRE, NORMAL) == pytest.approx(tau, rel=0.06)


def test_no_row_leaves_the_centre_and_few_stay_near_it() -> None:
    assert largest([], 0.5, 4) == pytest.approx(0.5, rel=1e-3)
    few = errors(0.8, 3, 2)
    assert largest(few, 0.2, 4) < largest(few, 0.4, 4) < largest(few, 0.8, 4)


def test_the_optimum_is_that_of_a_grid() -> None:
    rows = [("a", 0.5, 0.02), ("a", -0.1, 0.05), ("b", 0.7, 0.01)]
    tau = np.exp(np.linspace(np.log(0.05), np.log(1.5), 20001))
    weight = {"a": 0.5, "b": 1.0}
    cost = sum(weight[c] * (np.log(v + tau**2) + e**2 / (v + tau**2)) for c, e, v in rows) + (np.log(tau / CENTRE) / WIDE) ** 2
    assert largest(rows, CENTRE, NORMAL) == pytest.approx(tau[np.argmin(cost)], rel=1e-3)


def test_a_cohort_counts_once_however_many_rows_it_has() -> None:
    once = [("a", 0.6, 0.02), ("b", 0.1, 0.02)]
    assert largest([*once, *[once[0]] * 9], CENTRE, 4) == pytest.approx(largest(once, CENTRE, 4), rel=1e-4)


def test_tails_are_found_in_errors_that_were_made_with_them() -> None:
    rng = np.random.default_rng(7)
    few = [(f"a{i}", 0.3 * float(e), 1e-4) for i, e in enumerate(rng.standard_t(3, 600))]
    assert max(found := tails({"level": few}), key=lambda f: found[f]) in FREEDOMS[:2]
    assert largest(few, CENTRE, 3) == pytest.approx(0.3, rel=0.1)
    normal = tails({"level": errors(0.3, 600, 8)})
    assert max(normal, key=lambda f: normal[f]) in FREEDOMS[-2:]


def test_what_the_known_say_is_the_centre_for_those_met_since() -> None:
    old, new = errors(0.15, 30, 3, "old"), errors(0.6, 8, 4, "new")
    found = told([*new, *old], {c for c, _, _ in old}, 4)
    first = largest(old, CENTRE, 4)
    assert tuple(name for name in found if name != "tau") == NAMES
    assert found["known"]["tau"] == pytest.approx(first, abs=1e-4)
    assert found["met since"]["tau"] == found["tau"] == pytest.approx(largest(new, first, 4), abs=1e-4)
    assert first < found["tau"] < largest(new, 0.6, 4)
    assert (found["known"]["cohorts"], found["met since"]["cohorts"], found["met since"]["rows"]) == (30, 8, 8)
    assert found["known"]["fold_error"] == pytest.approx(np.exp(np.mean([abs(e) for _, e, _ in old])), abs=1e-3)


@pytest.mark.parametrize(("here", "missing"), [NAMES, NAMES[::-1]])
def test_one_group_alone_begins_at_the_stated_centre(here: str, missing: str) -> None:
    rows = errors(0.5, 6, 5)
    found = told(rows, {c for c, _, _ in rows} if here == "known" else set(), 4)
    assert missing not in found
    assert found["tau"] == found[here]["tau"] == pytest.approx(largest(rows, CENTRE, 4), abs=1e-4)


def test_the_cohorts_known_before_are_of_the_calibration_side() -> None:
    sides = {name: side for name, side, _ in cohorts()}
    names = [row["cohort"] for row in read("known.tsv")]
    assert len(set(names)) == len(names)
    assert {sides.get(name) for name in names} == {"calibration"}
