"""How much a cohort counts whose deviation is small, as expected, or far off."""

from __future__ import annotations

import numpy as np
import pytest

from derive.tailed import FREEDOM, weights

TAU = 0.3


def of(error: float, rows: int = 1, freedom: float = FREEDOM, noise: float = 1e-3) -> float:
    """Weight of a group of rows that all err by the same."""
    found = weights(np.full(rows, error), np.full(rows, TAU), noise**2 * np.eye(rows), ["a"] * rows, freedom)
    assert np.ptp(found) == 0
    return float(found[0])


@pytest.mark.parametrize("error", [0.0, 0.3, -0.9, 3.0])
def test_what_is_seen_without_noise_has_the_expected_weight(error: float) -> None:
    assert of(error) == pytest.approx((FREEDOM + 1) / (FREEDOM + (error / TAU) ** 2), rel=1e-3)
    assert of(error, rows=3) == pytest.approx(of(error), rel=1e-3)


def test_far_off_counts_for_less_and_normal_deviations_count_alike() -> None:
    assert of(0.1) > 1 > of(0.6) > of(1.5) > of(3.0)
    assert of(3.0, freedom=1e9) == pytest.approx(1, abs=1e-3)


def test_what_noise_explains_is_no_deviation() -> None:
    assert of(1.5, noise=2.0) > of(1.5, noise=0.5) > of(1.5)


def test_groups_do_not_touch_each_other() -> None:
    error, rest = np.array([0.1, 2.0, 0.1]), 1e-4 * np.eye(3)
    both = weights(error, np.full(3, TAU), rest, [("a", "level"), ("b", "level"), ("a", "level")])
    assert both[0] == both[2] == pytest.approx(of(0.1, rows=2, noise=1e-2))
    assert both[1] == pytest.approx(of(2.0, noise=1e-2))
