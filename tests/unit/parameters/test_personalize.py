"""A person's numbers: streams of their own, covariates conditional on what was measured, genotype through factors alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from estrogenome.activities import population_activities
from estrogenome.catalog.body import covariates, factor_name
from estrogenome.catalog.schema import Parameter
from estrogenome.core.errors import ModelError
from estrogenome.core.records import Person
from estrogenome.core.uncertainty import Distribution
from estrogenome.parameters import personalize
from estrogenome.parameters.draw import own_covariates

DRAWS = 300
WOMAN = Person(sex="female", age=65, state="postmenopausal")


@pytest.fixture(scope="module")
def activities(catalog):
    return population_activities(catalog, people=DRAWS, seed=5, label="p")


def test_shape_names_and_positive(catalog, activities):
    sets = personalize(activities, WOMAN, catalog, draws=DRAWS, seed=5)
    assert sets.values.shape == (1, DRAWS, len(sets.names))
    assert len(sets.names) == len(sets.units) == len(sets.states) == len(set(sets.names))
    assert np.all(sets.values >= 0)


def test_a_new_parameter_changes_no_other_draw(catalog, activities):
    row = next(iter(catalog.parameters.values()))
    new = Parameter(
        id="anything_new", meaning="x", quantity=row.quantity.model_copy(update={"distribution": Distribution.LOGNORMAL, "spread": 1.0})
    )
    more = replace(catalog, parameters={"anything_new": new} | catalog.parameters)
    before = personalize(activities, WOMAN, catalog, draws=DRAWS, seed=5)
    after = personalize(activities, WOMAN, more, draws=DRAWS, seed=5)
    for i, name in enumerate(before.names):
        np.testing.assert_array_equal(before.values[..., i], after.values[..., after.names.index(name)], err_msg=name)


def test_a_measured_value_is_taken_exactly_and_moves_what_goes_with_it(catalog):
    joint = covariates(catalog, "postmenopausal", 65)
    first = joint.names[0]
    high = float(np.exp(joint.log_median[0] + 1.5))
    given = own_covariates(catalog, "postmenopausal", 65, {first: high}, DRAWS, 1)
    free = own_covariates(catalog, "postmenopausal", 65, {}, DRAWS, 1)
    np.testing.assert_allclose(given[first], high)
    correlation = (joint.cholesky @ joint.cholesky.T)[1, 0]
    assert correlation > 0
    assert np.median(given[joint.names[1]]) > np.median(free[joint.names[1]])


def test_covariates_reproduce_their_distribution(catalog):
    joint = covariates(catalog, "man", 50)
    drawn = own_covariates(catalog, "man", 50, {}, 20000, 1)
    logs = np.log([drawn[n] for n in joint.names])
    np.testing.assert_allclose(logs.mean(axis=1), joint.log_median, atol=0.02)
    np.testing.assert_allclose(np.cov(logs), joint.cholesky @ joint.cholesky.T, atol=0.02)


def test_genotype_changes_factors_alone(catalog, activities):
    other = population_activities(catalog, people=DRAWS, seed=5, label="q")
    a = personalize(activities, WOMAN, catalog, draws=DRAWS, seed=5)
    b = personalize(other, WOMAN, catalog, draws=DRAWS, seed=5)
    factors = {factor_name(t.reaction, t.tissue) for t in activities.terms}
    changed = {n for i, n in enumerate(a.names) if not np.array_equal(a.values[..., i], b.values[..., i])}
    assert changed
    assert changed <= factors


def test_a_factor_is_one_plus_share_times_change(catalog, activities):
    """With every activity doubled, a factor is 1 + the sum of its shares, at most 2."""
    doubled = activities.model_copy(update={"values": np.full(activities.values.shape, 2.0)})
    neutral = activities.model_copy(update={"values": np.ones(activities.values.shape)})
    sets, ones = (personalize(x, WOMAN, catalog, draws=DRAWS, seed=5) for x in (doubled, neutral))
    for name in {factor_name(t.reaction, t.tissue) for t in activities.terms}:
        column = sets.values[0, :, sets.names.index(name)]
        assert np.all((column > 1.0) & (column <= 2.0 + 1e-12)), name
        np.testing.assert_allclose(ones.values[0, :, ones.names.index(name)], 1.0)


def test_another_number_of_draws_is_refused(catalog, activities):
    with pytest.raises(ModelError, match="same number"):
        personalize(activities, WOMAN, catalog, draws=DRAWS + 1, seed=5)
