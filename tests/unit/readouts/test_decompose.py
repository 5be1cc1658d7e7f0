"""Where uncertainty comes from: origins drawn anew one by one, and what an own value would take away."""

from __future__ import annotations

import numpy as np
import pytest

from estrogenome.activities import population_activities
from estrogenome.catalog.covariates import covariates
from estrogenome.core.records import Person
from estrogenome.core.uncertainty import Origin, again
from estrogenome.parameters import personalize
from estrogenome.readouts import measure, origins
from estrogenome.readouts.decompose import narrowing
from estrogenome.trajectories import simulate

DRAWS = 400
WOMAN = Person(sex="female", age=65, state="postmenopausal")


@pytest.fixture(scope="module")
def activities(catalog):
    return [population_activities(catalog, people=DRAWS, seed=s, label="d") for s in (2, again(2))]


@pytest.fixture(scope="module")
def sets(catalog, activities):
    found = {o: personalize(activities[o is Origin.ENZYMES], WOMAN, catalog, draws=DRAWS, seed=2, redrawn=o) for o in Origin}
    return personalize(activities[0], WOMAN, catalog, draws=DRAWS, seed=2), found


def differing(one, other):
    return {n for i, n in enumerate(one.names) if not np.array_equal(one.values[..., i], other.values[..., i])}


def test_one_origin_drawn_anew_leaves_the_others_as_they_were(catalog, sets):
    own, redrawn = sets
    joint = covariates(catalog, WOMAN.state)
    factors = {n for n in own.names if n.startswith("factor_")}
    assert differing(own, redrawn[Origin.ENZYMES]) <= factors
    constants = differing(own, redrawn[Origin.CONSTANTS])
    assert constants
    assert not constants & (factors | set(joint.names))
    person = differing(own, redrawn[Origin.PERSON])
    assert set(joint.names) <= person
    assert not person & factors
    assert "K_SHBG_T" in constants - person


def test_every_readout_says_where_its_variance_comes_from(catalog, sets):
    own, redrawn = sets
    runs = {origin: simulate(s, catalog) for origin, s in redrawn.items()}
    trajectories = simulate(own, catalog)
    shares = origins(trajectories, runs, catalog).shares[0]
    for readout in measure(trajectories, catalog, whose=WOMAN).readouts[0]:
        assert set(shares[readout.id]) == set(Origin)
        assert all(0 <= share <= 1 for share in shares[readout.id].values())
        assert sum(shares[readout.id].values()) > 0.85, readout.id
        assert readout.narrowing
        assert all(0 <= share <= 1 for share in readout.narrowing.values())


def test_levels_come_from_the_person_and_the_methylation_ratio_from_enzymes(catalog, sets):
    own, redrawn = sets
    runs = {origin: simulate(s, catalog) for origin, s in redrawn.items()}
    found = origins(simulate(own, catalog), runs, catalog).shares[0]
    assert max(found["e1"], key=found["e1"].get) == Origin.PERSON
    assert max(found["ratio_methylation"], key=found["ratio_methylation"].get) == Origin.ENZYMES


def test_a_given_value_narrows_no_more_and_an_own_sample_less_than_the_truth(catalog, sets):
    trajectories = simulate(sets[0], catalog)
    joint = covariates(catalog, WOMAN.state, WOMAN.age)
    name = joint.names[0]
    values = trajectories.constants[0, :, trajectories.quantities.index(name)]
    found = narrowing(values, trajectories, 0, WOMAN, catalog)
    reliability = joint.covariance[0, 0] / (joint.covariance[0, 0] + joint.error[0, 0])
    assert reliability < 1
    assert found[name] == pytest.approx(reliability, rel=1e-6)
    assert name not in narrowing(values, trajectories, 0, WOMAN.model_copy(update={"measured": {name: 1.0}}), catalog)


def test_an_own_value_takes_away_what_was_said(catalog, activities):
    """The share said of one covariate against the fall of the variance when its median is given."""
    free = simulate(personalize(activities[0], WOMAN, catalog, draws=DRAWS, seed=2), catalog)
    joint = covariates(catalog, WOMAN.state, WOMAN.age)
    name = "baseline_A4"
    given = WOMAN.model_copy(update={"measured": {name: float(np.exp(joint.log_median[joint.names.index(name)]))}})
    known = simulate(personalize(activities[0], given, catalog, draws=DRAWS, seed=2), catalog)
    level = free.species.index("E1")
    one, two = (np.log(t.concentrations[0, :, 0, level]) for t in (free, known))
    said = narrowing(np.exp(one), free, 0, WOMAN, catalog)[name]
    assert 1 - two.var() / one.var() == pytest.approx(said, abs=0.08)
