"""A normal deviation plus Student's: against scipy where one part is missing, against drawn numbers where both are there."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm, t

from estrogenome.validate.tails import mixture, widened


@pytest.mark.parametrize("x", [0.0, 0.3, -1.2, 4.0])
def test_without_tails_it_is_normal(x: float) -> None:
    both = mixture(0.04, 0.3, math.inf)
    sd = math.sqrt(0.04 + 0.09)
    assert both.log_density(x) == pytest.approx(norm.logpdf(x, scale=sd))
    assert both.log_below(x) == pytest.approx(norm.logcdf(x, scale=sd))
    assert both.half_width(0.9) == pytest.approx(norm.ppf(0.95) * sd)
    assert widened(0.3, math.inf) == pytest.approx(0.09)


@pytest.mark.parametrize("freedom", [3, 4, 6, 10, 30])
@pytest.mark.parametrize("x", [0.0, 0.3, -1.2, 2.0])
def test_with_little_beside_it_it_is_students(x: float, freedom: float) -> None:
    both = mixture(1e-5, 0.3, freedom)
    wide = t(freedom, scale=0.3)
    assert both.log_density(x) == pytest.approx(wide.logpdf(x), abs=0.02)
    assert both.log_below(x) == pytest.approx(wide.logcdf(x), abs=0.02)
    assert both.half_width(0.9) == pytest.approx(wide.ppf(0.95), rel=0.01)
    assert widened(0.3, freedom) == pytest.approx(wide.var())


def test_both_together_are_what_drawn_numbers_do() -> None:
    rng = np.random.default_rng(1)
    drawn = rng.normal(0, 0.4, 400_000) + 0.3 * rng.standard_t(4, 400_000)
    both = mixture(0.16, 0.3, 4)
    assert both.half_width(0.9) == pytest.approx(np.quantile(np.abs(drawn), 0.9), rel=0.01)
    assert math.exp(both.log_below(-0.7)) == pytest.approx(np.mean(drawn < -0.7), rel=0.02)
    near = np.mean(np.abs(drawn - 0.5) < 0.02) / 0.04
    assert math.exp(both.log_density(0.5)) == pytest.approx(near, rel=0.03)


def test_two_degrees_of_freedom_have_no_variance() -> None:
    assert widened(0.3, 2) == math.inf
