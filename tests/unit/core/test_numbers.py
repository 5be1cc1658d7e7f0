"""Numbers for a person."""

from __future__ import annotations

import pytest

from estrogenome.core import numbers as n


@pytest.mark.parametrize(
    ("value", "digits", "wanted"),
    [(0.0312, 2, "0.031"), (12345, 2, "12\u202f000"), (1234, 2, "1200"), (-0.5, 2, "−0.50"), (0, 2, "0"), (float("nan"), 2, "–")],
)
def test_numbers_keep_significant_digits(value: float, digits: int, wanted: str) -> None:
    assert n.number(value, digits) == wanted


def test_tiny_numbers_become_powers_of_ten() -> None:
    assert n.number(3.24e-5) == "3.2\u00a0×\u00a010⁻⁵"


def test_interval_carries_unit_that_does_not_break() -> None:
    assert n.interval(23.456, (12.3, 44.9), "pg/mL") == "23 (90\u00a0%: 12–45)\u00a0pg/mL"


@pytest.mark.parametrize(
    ("numbers", "wanted"),
    [
        ((1.0, 0.923, 1.0891), ("1.00", "0.92", "1.09")),
        ((100.11, 100.02, 100.21), ("100.11", "100.02", "100.21")),
        ((2812, 2701, 2903), ("2800", "2700", "2900")),
        ((1.0, 1 - 2e-16, 1 + 4e-16), ("1.0", "1.0", "1.0")),
        ((5, 0.3, 60), ("5.0", "0.30", "60")),
    ],
)
def test_intervals_round_by_their_width(numbers: tuple[float, float, float], wanted: tuple[str, str, str]) -> None:
    assert n.rounded(*numbers) == wanted


def test_unit_words() -> None:
    assert n.unit("ug/d") == "µg/day"
    assert n.unit("1") == ""


@pytest.mark.parametrize(
    ("percentile", "wanted"),
    [(1.4, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (63, "63rd"), (0.2, "below the 1st"), (99.6, "above the 99th")],
)
def test_ordinals(percentile: float, wanted: str) -> None:
    assert n.ordinal(percentile).startswith(wanted)


def test_percent_never_claims_certainty() -> None:
    assert n.percent(0.999) == ">\u00a099\u00a0%"
    assert n.percent(0.001) == "<\u00a01\u00a0%"
    assert n.percent(1.0) == "100\u00a0%"
