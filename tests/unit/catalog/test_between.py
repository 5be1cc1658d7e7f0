"""How people differ: what age and covariates explain, what nothing explains, and its correlation."""

from __future__ import annotations

import numpy as np
import pytest

from estrogenome.catalog.between import between
from estrogenome.catalog.covariates import covariates
from estrogenome.parameters.draw import differences, own_covariates

STATES = ("man", "follicular", "luteal", "postmenopausal", "oophorectomised")


@pytest.mark.parametrize("state", STATES)
def test_effects_move_what_the_state_has_and_are_correlated_as_correlations_are(catalog, state):
    how = between(catalog, state)
    assert how.effects
    assert np.linalg.eigvalsh(how.correlation)[0] > 0
    np.testing.assert_allclose(np.diag(how.correlation), 1)
    known = {entry["id"].partition("@")[0] for entry in catalog.posterior["parameters"]}
    assert {name for effect in how.effects for name in effect.parameters} <= known
    assert {name for effect in how.effects for name in effect.slopes} <= set(how.log_medians)


@pytest.mark.parametrize("state", STATES)
def test_what_a_sample_has_on_top_leaves_a_covariance(catalog, state):
    joint = covariates(catalog, state)
    assert np.linalg.eigvalsh(joint.covariance)[0] > 0
    assert np.linalg.eigvalsh(joint.error)[0] > -1e-12


def test_the_typical_person_is_as_the_fit_says(catalog):
    how = between(catalog, "man")
    typical = {name: np.exp(log) for name, log in how.log_medians.items()}
    assert how.explained(how.age_centre, typical) == pytest.approx({effect.id: 0.0 for effect in how.effects})
    assert how.explained(None, {}) == pytest.approx({effect.id: 0.0 for effect in how.effects})


def test_age_and_covariates_explain_by_their_slopes(catalog):
    how = between(catalog, "man")
    effect = next(e for e in how.effects if e.slopes and e.slope_age)
    name, slope = next(iter(effect.slopes.items()))
    found = how.explained(how.age_centre + 10, {name: 2 * np.exp(how.log_medians[name])})
    assert found[effect.id] == pytest.approx(10 * effect.slope_age + slope * np.log(2))
    oldest = how.explained(how.ages[1], {})[effect.id]
    assert how.explained(how.ages[1] + 15, {})[effect.id] == pytest.approx(oldest)


def test_draws_have_the_spread_and_the_correlation_of_the_file(catalog):
    n = 20000
    how = between(catalog, "postmenopausal")
    typical = {name: np.full(n, np.exp(log)) for name, log in how.log_medians.items()}
    drawn = differences(catalog, "postmenopausal", None, typical, n, 1)
    alone = [e for e in how.effects if sum(set(e.parameters) & set(o.parameters) != set() for o in how.effects) == 1]
    logs = np.log([drawn[e.parameters[0]] for e in alone])
    np.testing.assert_allclose(logs.std(axis=1), [e.log_sd for e in alone], rtol=0.03)
    where = [how.effects.index(e) for e in alone]
    np.testing.assert_allclose(np.corrcoef(logs), how.correlation[np.ix_(where, where)], atol=0.03)


def test_a_heavier_body_aromatises_more(catalog):
    given = {index: own_covariates(catalog, "postmenopausal", 65, {"body_mass_index": index}, 500, 1) for index in (22.0, 38.0)}
    drawn = {index: differences(catalog, "postmenopausal", 65, own, 500, 1) for index, own in given.items()}
    name = next(e.parameters[0] for e in between(catalog, "postmenopausal").effects if "body_mass_index" in e.slopes)
    assert np.median(drawn[38.0][name]) > 1.2 * np.median(drawn[22.0][name])
