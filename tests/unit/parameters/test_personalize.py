"""A person's numbers: streams of their own, covariates conditional on what was measured, genotype through factors alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from estrogenome.activities import population_activities
from estrogenome.catalog.body import factor_name
from estrogenome.catalog.covariates import covariates
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


def with_sample_error(catalog, state, error):
    states = catalog.between["states"]
    return replace(catalog, between=catalog.between | {"states": states | {state: states[state] | {"sample_error": error}}})


def test_shape_names_and_positive(catalog, activities):
    sets = personalize(activities, WOMAN, catalog, draws=DRAWS, seed=5)
    assert sets.values.shape == (1, DRAWS, len(sets.names))
    assert len(sets.names) == len(sets.units) == len(sets.states) == len(set(sets.names))
    # a slope or curvature of logarithms has either sign; everything else is an amount, a clearance, a share
    signed = [name.startswith(("elasticity_", "curvature_")) for name in sets.names]
    assert np.all(sets.values[..., ~np.array(signed)] >= 0)


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
    exact = with_sample_error(catalog, "postmenopausal", None)
    given = own_covariates(exact, "postmenopausal", 65, {first: high}, DRAWS, 1)
    free = own_covariates(exact, "postmenopausal", 65, {}, DRAWS, 1)
    np.testing.assert_allclose(given[first], high)
    assert joint.covariance[1, 0] > 0
    assert np.median(given[joint.names[1]]) > np.median(free[joint.names[1]])


def test_covariates_reproduce_their_distribution(catalog):
    joint = covariates(catalog, "man", 50)
    drawn = own_covariates(catalog, "man", 50, {}, 20000, 1)
    logs = np.log([drawn[n] for n in joint.names])
    np.testing.assert_allclose(logs.mean(axis=1), joint.log_median, atol=0.02)
    np.testing.assert_allclose(np.cov(logs), joint.covariance, atol=0.02)


def test_what_follows_from_others_is_worked_out_draw_by_draw(catalog):
    drawn = own_covariates(catalog, "man", 50, {}, DRAWS, 1)
    np.testing.assert_allclose(drawn["body_mass_index"], drawn["body_weight"] / (drawn["body_height"] / 100) ** 2)
    np.testing.assert_allclose(drawn["body_surface"], np.sqrt(drawn["body_weight"] * drawn["body_height"] / 3600), rtol=1e-6)


def test_a_value_that_follows_from_others_is_met_and_moves_them(catalog):
    given = own_covariates(catalog, "follicular", 30, {"body_mass_index": 40.0}, DRAWS, 1)
    free = own_covariates(catalog, "follicular", 30, {}, DRAWS, 1)
    np.testing.assert_allclose(given["body_mass_index"], 40.0)
    assert np.median(given["body_weight"]) > 1.3 * np.median(free["body_weight"])
    assert np.median(given["SHBG"]) < 0.8 * np.median(free["SHBG"])
    assert given["body_height"].std() > 0


def test_weight_and_height_leave_no_doubt_of_body_surface(catalog):
    given = own_covariates(catalog, "postmenopausal", 65, {"body_weight": 70.0, "body_height": 170.0}, DRAWS, 1)
    np.testing.assert_allclose(given["body_surface"], 1.818, rtol=1e-3)


def test_one_sample_with_an_error_leaves_doubt_of_the_long_term_value(catalog):
    exact = with_sample_error(catalog, "man", None)
    joint = covariates(exact, "man", 45)
    first = joint.names[0]
    quarter = joint.covariance[0, 0] / 4
    noisy = with_sample_error(catalog, "man", {"names": [first], "covariance": [[quarter]]})
    high = float(np.exp(joint.log_median[0] + 1.0))
    drawn = np.log(own_covariates(noisy, "man", 45, {first: high}, 20000, 1)[first]) - joint.log_median[0]
    assert drawn.mean() == pytest.approx(0.75, abs=0.01)
    assert drawn.var() == pytest.approx(0.75 * quarter, rel=0.05)


def test_age_is_held_within_that_of_the_people_behind_a_state(catalog):
    low = catalog.population["states"]["postmenopausal"]["ages"][0]
    np.testing.assert_array_equal(
        covariates(catalog, "oophorectomised", 30).log_median, covariates(catalog, "postmenopausal", low).log_median
    )


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
