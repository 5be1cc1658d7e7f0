"""The survey's statistics on made-up people of whom everything is known."""

from __future__ import annotations

import numpy as np
import pytest

from derive.survey import Individuals, jackknife, mixture, weighted_correlation, weighted_quantile

MEAN, SLOPE = np.array([0.0, 1.0, -1.0]), np.array([0.01, 0.0, -0.02])
COVARIANCE = np.array([[0.25, 0.15, 0.05], [0.15, 0.3, 0.1], [0.05, 0.1, 0.5]])


def people(n: int = 4000, apart: float = 0.0, limit: float | None = None) -> Individuals:
    generator = np.random.default_rng(3)
    age = generator.uniform(20, 80, n)
    logs = MEAN + (age[:, None] - 50) * SLOPE + generator.multivariate_normal(np.zeros(3), COVARIANCE, n)
    others = generator.random(n) < apart
    logs[others] = MEAN - 1 + 1.5 * generator.standard_normal((others.sum(), 3))
    below = np.zeros(logs.shape, dtype=bool)
    if limit is not None:
        below[:, 2] = logs[:, 2] < limit
        logs[:, 2] = np.maximum(logs[:, 2], limit)
    stratum, unit = generator.integers(0, 10, n), generator.integers(0, 2, n)
    return Individuals(("a", "b", "c"), logs, below, age, generator.uniform(0.5, 2, n), stratum, unit)


@pytest.mark.parametrize(("apart", "limit"), [(0.0, None), (0.08, None), (0.0, -1.7), (0.08, -1.7)])
def test_the_group_proper_is_found_behind_limits_and_people_apart(apart, limit):
    found = mixture(people(apart=apart, limit=limit), 0.05)
    at_50 = found.mean + (50 - found.centre) * found.slope
    np.testing.assert_allclose(at_50, MEAN, atol=0.05)
    np.testing.assert_allclose(found.slope, SLOPE, atol=0.003)
    np.testing.assert_allclose(found.covariance, COVARIANCE, atol=0.04)
    assert found.share == pytest.approx(apart, abs=0.03)


def test_without_the_limit_as_such_the_spread_would_be_too_small():
    cut = people(limit=-1.2)
    naive = np.cov(cut.logs.T, aweights=cut.weight)[2, 2]
    assert naive < 0.75 * COVARIANCE[2, 2]
    assert mixture(cut, 0.02).covariance[2, 2] == pytest.approx(COVARIANCE[2, 2], rel=0.15)


def test_the_jackknife_of_a_mean_is_its_standard_error():
    seen = people()
    error = jackknife(seen, lambda p: np.array([np.average(p.logs[:, 0], weights=p.weight)]))
    weights = seen.weight / seen.weight.sum()
    simple = np.sqrt(np.sum(weights**2) * seen.logs[:, 0].var())
    assert 0.4 * simple < error[0] < 2.0 * simple


def test_quantiles_and_correlations_follow_the_weights():
    x = np.array([1.0, 2.0, 3.0, 4.0])
    assert weighted_quantile(x, np.array([1.0, 1, 1, 1]), (0.5,))[0] == pytest.approx(2.5)
    assert weighted_quantile(x, np.array([1.0, 1, 1, 9]), (0.5,))[0] > 3
    table = np.column_stack([x, x**2, -x])
    assert weighted_correlation(table, np.ones(4))[0, 2] == pytest.approx(-1)
