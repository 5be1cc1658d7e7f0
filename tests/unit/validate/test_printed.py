"""Printed numbers: what a spread says of people and of sampling, checked against simulated samples."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from estrogenome.catalog.studies import Row
from estrogenome.validate.printed import Defaults, printed, shift, standard_error

DEFAULTS = Defaults(n=10, people=0.5, change=0.3)
BASE: dict[str, Any] = {
    "id": "x",
    "area": "b",
    "readout": "r",
    "assay": "a",
    "arm": "one",
    "value": 10.0,
    "unit": "1",
    "locator": "t",
    "evidence": "read",
}


def row(**fields: Any) -> Row:
    return Row.model_validate(BASE | {"statistic": "mean"} | fields)


def says(n: int | None = 25, others: int | None = None, paired: bool = True, **fields: Any) -> Any:
    return printed(row(**fields), n, others, paired, DEFAULTS)


@pytest.mark.parametrize(
    ("statistic", "of"),
    [
        ("mean", lambda x: x.mean(axis=1)),
        ("median", lambda x: np.median(x, axis=1)),
        ("geomean", lambda x: np.exp(np.log(x).mean(axis=1))),
        ("p90", lambda x: np.quantile(x, 0.9, axis=1)),
    ],
)
def test_shift_and_standard_error_are_those_of_samples(statistic: str, of: Any) -> None:
    rng = np.random.default_rng(1)
    samples = np.exp(0.4 * rng.standard_normal((4000, 401)))
    logs = np.log(of(samples))
    assert logs.mean() == pytest.approx(shift(statistic, 0.4), abs=0.01)
    assert logs.std() == pytest.approx(standard_error(statistic, 0.4, 401), rel=0.06)


@pytest.mark.parametrize(
    ("spread", "log_sd"),
    [
        ({"type": "SD", "value": 5.0}, math.sqrt(math.log(1.25))),
        ({"type": "SE", "value": 1.0}, math.sqrt(math.log(1.25))),
        ({"type": "CV", "value": 50.0}, math.sqrt(math.log(1.25))),
        ({"type": "SDln", "value": 0.4}, 0.4),
        ({"type": "SEln", "value": 0.08}, 0.4),
        ({"type": "IQR", "value": [10 * math.exp(-0.4 * 0.67449), 10 * math.exp(0.4 * 0.67449)]}, 0.4),
        ({"type": "P10-P90", "value": [10 * math.exp(-0.4 * 1.28155), 10 * math.exp(0.4 * 1.28155)]}, 0.4),
        ({"type": "range", "value": [10 * math.exp(-0.4 * 1.965), 10 * math.exp(0.4 * 1.965)]}, 0.4),
    ],
)
def test_spreads_say_the_log_sd_of_people(spread: dict[str, Any], log_sd: float) -> None:
    found = says(spread=spread, statistic="geomean")
    assert found.sampling == pytest.approx(log_sd / 5, rel=0.01)
    assert not found.marks
    assert says(spread=spread).shift == pytest.approx(log_sd**2 / 2, rel=0.02)


def test_an_interval_of_the_statistic_is_its_sampling() -> None:
    found = says(spread={"type": "CI95", "value": [8.0, 12.5]})
    assert found.sampling == pytest.approx(math.log(12.5 / 8) / 2 / 1.959964)


def test_defaults_are_marked() -> None:
    found = says(n=None)
    assert found.marks == ("n: default", "spread: default")
    assert found.sampling == pytest.approx(standard_error("mean", 0.5, 10))


def test_a_change_in_percent_is_scored_as_one_plus_change() -> None:
    found = says(statistic="percent_change", value=-80.0, unit="%", against="two", spread={"type": "CI95", "value": [-85, -74]})
    assert found.log_value == pytest.approx(math.log(0.2))
    assert found.shift == 0
    assert found.sampling == pytest.approx(math.log(26 / 15) / 2 / 1.959964)
    by_se = says(statistic="percent_change", value=-80.0, unit="%", against="two", spread={"type": "SE", "value": 4.0})
    assert by_se.sampling == pytest.approx(0.2)


def test_two_groups_of_people_vary_more_than_one_group_twice() -> None:
    same = says(statistic="ratio", value=1.2, against="two")
    other = says(statistic="ratio", value=1.2, against="two", paired=False, n=25)
    assert same.sampling == pytest.approx(0.3 / 5, rel=0.05)
    assert other.sampling == pytest.approx(0.5 * math.sqrt(2 / 25))


@pytest.mark.parametrize("value", [[-1.0, 5.0], [0.0, 3.0]])
def test_an_interval_that_no_log_normal_has_is_a_default(value: list[float]) -> None:
    assert "spread: default" in says(spread={"type": "IQR", "value": value}).marks
