from __future__ import annotations

import pytest

from estrogenome.reports import text as t


@pytest.mark.parametrize(
    ("value", "digits", "wanted"),
    [(0.0312, 2, "0.031"), (12345, 2, "12\u202f000"), (1234, 2, "1200"), (-0.5, 2, "−0.50"), (0, 2, "0"), (float("nan"), 2, "–")],
)
def test_numbers_keep_significant_digits(value: float, digits: int, wanted: str) -> None:
    assert t.number(value, digits) == wanted


def test_tiny_numbers_become_powers_of_ten() -> None:
    assert t.number(3.24e-5) == "3.2\u00a0×\u00a010⁻⁵"


def test_interval_carries_unit_that_does_not_break() -> None:
    assert t.interval(23.456, (12.3, 44.9), "pg/mL") == "23 (90\u00a0%: 12–45)\u00a0pg/mL"


@pytest.mark.parametrize(
    ("numbers", "wanted"),
    [
        ((1.0, 0.923, 1.0891), ("1.00", "0.92", "1.09")),
        ((100.11, 100.02, 100.21), ("100.11", "100.02", "100.21")),
        ((2812, 2701, 2903), ("2800", "2700", "2900")),
        ((5, 0.3, 60), ("5.0", "0.30", "60")),
    ],
)
def test_intervals_round_by_their_width(numbers: tuple[float, float, float], wanted: tuple[str, str, str]) -> None:
    assert t.rounded(*numbers) == wanted


def test_unit_words() -> None:
    assert t.unit("ug/d") == "µg/day"
    assert t.unit("1") == ""


@pytest.mark.parametrize(
    ("percentile", "wanted"),
    [(1.4, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (63, "63rd"), (0.2, "below the 1st"), (99.6, "above the 99th")],
)
def test_ordinals(percentile: float, wanted: str) -> None:
    assert t.ordinal(percentile).startswith(wanted)


def test_percent_never_claims_certainty() -> None:
    assert t.percent(0.999) == ">\u00a099\u00a0%"
    assert t.percent(0.001) == "<\u00a01\u00a0%"
    assert t.percent(1.0) == "100\u00a0%"


@pytest.mark.parametrize("hostile", ["a\x00b", "a\x1bb", "a\u202eb", "a\u200bb", "a\udc80b", "a\u2066b"])
def test_hidden_characters_go(hostile: str) -> None:
    assert t.clean(hostile) == "ab"


def test_long_text_is_cut_without_reading_it_all() -> None:
    assert len(t.clean("x" * 200_000)) == 80
    assert t.clean("a\n b\tc") == "a b c"


def test_identifiers_as_words() -> None:
    assert t.phrase("shift_2") == "2\u2011shift"
    assert t.phrase("shift_16a") == "16α\u2011shift"
    assert t.phrase("shift_ring") == "ring shift"
    assert t.phrase("ring") == "ring"


def test_sentences_are_set_as_on_paper() -> None:
    assert t.sentence("odds 0.86 (0.82-0.91), 40 % of 16a-hydroxy") == "Odds 0.86 (0.82–0.91), 40\u00a0% of 16α-hydroxy."
    assert t.sentence("rs12-34, 2010-2012, IVS4-1.5") == "Rs12-34, 2010-2012, IVS4-1.5."
