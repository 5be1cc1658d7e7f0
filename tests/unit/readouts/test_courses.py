"""Numbers of made-up courses whose answers are known on paper."""

from __future__ import annotations

import numpy as np
import pytest

from estrogenome.readouts.courses import at, cycle_length, days_to_steady, mean, peak, share_beyond, spread, trough

DAYS = np.linspace(0.0, 10.0, 1001)
SAW = (DAYS % 2.0)[None]


def test_a_line_has_its_mean_peak_and_trough() -> None:
    line = np.array([DAYS, 2 * DAYS])
    assert mean(DAYS, line, 2.0, 6.0) == pytest.approx([4.0, 8.0])
    assert peak(DAYS, line, 2.0, 6.0) == pytest.approx([6.0, 12.0])
    assert trough(DAYS, line, 2.0, 6.0) == pytest.approx([2.0, 4.0])


def test_ends_of_a_window_may_lie_between_times() -> None:
    days, line = np.array([0.0, 1.0, 4.0]), np.array([[0.0, 1.0, 4.0]])
    assert mean(days, line, 0.5, 3.0) == pytest.approx([1.75])
    assert at(days, line, np.array([0.25, 2.5])) == pytest.approx(np.array([[0.25, 2.5]]))


def test_a_jump_between_equal_days_takes_the_later_value() -> None:
    days, values = np.array([0.0, 1.0, 1.0, 2.0]), np.array([[0.0, 0.0, 5.0, 5.0]])
    assert mean(days, values, 0.0, 2.0) == pytest.approx([2.5])
    assert at(days, values, np.array([1.0])) == pytest.approx(np.array([[5.0]]))


@pytest.mark.parametrize(
    ("level", "side", "share"), [(5.0, "above", 0.5), (5.0, "below", 0.5), (2.0, "below", 0.2), (20.0, "above", 0.0), (-1.0, "above", 1.0)]
)
def test_share_of_time_beyond_a_level(level: float, side: str, share: float) -> None:
    assert share_beyond(np.array([0.0, 10.0]), np.array([[0.0, 10.0]]), 0.0, 10.0, level, side) == pytest.approx([share])


def test_shares_below_and_above_add_up() -> None:
    noise = np.random.default_rng(1).normal(size=(20, len(DAYS)))
    both = sum(share_beyond(DAYS, noise, 1.0, 9.0, 0.3, side) for side in ("below", "above"))
    assert both == pytest.approx(np.ones(20))


def test_an_exponential_settles_when_its_running_mean_is_within_a_tenth() -> None:
    days = np.linspace(0.0, 60.0, 6001)
    rise = (1 - np.exp(-days / 5.0))[None]
    # mean over a day ending at t is 1 - 5 (e^(1/5) - 1) e^(-t/5); within a tenth of 1
    expected = 5 * np.log(10 * 5 * (np.exp(0.2) - 1)) - 1
    assert days_to_steady(days, rise, 1.0) == pytest.approx([expected], abs=0.02)


def test_what_still_rises_is_not_settled() -> None:
    assert np.isnan(days_to_steady(DAYS, np.exp(DAYS)[None], 0.01)).all()


def test_a_saw_is_settled_from_the_start_and_failed_draws_stay_nan() -> None:
    found = days_to_steady(DAYS, np.concatenate([SAW, np.full_like(SAW, np.nan)]), 2.0)
    assert found[0] < 0.05
    assert np.isnan(found[1])
    assert np.isnan(mean(DAYS, np.full_like(SAW, np.nan), 0.0, 2.0)).all()


def test_spread_leaves_failed_draws_out_and_needs_enough() -> None:
    values = np.arange(101.0)
    found = spread(np.concatenate([values, [np.nan]]))
    assert (found.median, found.interval50, found.interval90) == (50.0, (25.0, 75.0), (5.0, 95.0))
    assert spread(np.concatenate([values[:3], np.full(50, np.nan)])) is None


def test_length_of_a_cycle_and_its_loss() -> None:
    days = np.linspace(0.0, 100.0, 401)
    surge = np.exp(-(((days[None] % 28.0) - 14.0) ** 2)) * 50 + 3
    found = cycle_length(days, np.concatenate([surge, np.full_like(surge, 4.0), np.full_like(surge, np.nan)]), 0.0)
    assert found[0] == pytest.approx(28.0, abs=0.3)
    assert np.isnan(found[1:]).all()
