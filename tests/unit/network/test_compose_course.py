"""The body with every axis and every therapy: units, names, and that nothing changes where nothing acts."""

from __future__ import annotations

import numpy as np
import pytest

from estrogenome.catalog.body import central_values
from estrogenome.catalog.load import load_catalog
from estrogenome.core.errors import KnowledgeError, ModelError
from estrogenome.network import compose, compose_course
from estrogenome.network.sbml import complaints
from estrogenome.trajectories import kernel_of

AXES = (None, *sorted(load_catalog().axes))
THERAPIES = sorted(load_catalog().therapies)


@pytest.mark.parametrize("axis", AXES)
def test_libsbml_has_no_word_on_units_with_all_therapies(catalog, axis):
    network = compose_course(catalog, axis, THERAPIES)
    assert complaints(network.sbml) == []
    assert complaints(compose_course(catalog, axis, THERAPIES, keep=["E2"]).sbml) == []


@pytest.mark.parametrize("therapy", THERAPIES)
def test_a_therapy_that_is_not_given_changes_nothing(catalog, therapy):
    body, course = compose(catalog), compose_course(catalog, None, [therapy])
    state = str(catalog.annotations["reference_state"])
    values = {n: v for n, v in central_values(catalog, state, body.structure.constants).items() if n in body.structure.constants}
    before = kernel_of(body).solve(values)
    after = kernel_of(course).solve({course.resting.get(n, n): v for n, v in values.items()})
    for name in body.structure.species:
        assert after.of(name)[0] == pytest.approx(before.of(name)[0], rel=1e-9), name
    assert {*course.depots, *course.worn} == {therapy}
    assert all(species in course.structure.species for species in course.depots.get(therapy, ()))
    assert all(constant in course.structure.constants for constant in course.worn.values())


def test_values_of_a_replaced_name_are_set_at_rest(catalog):
    course = compose_course(catalog, None, THERAPIES)
    assert course.resting
    assert all(own in course.structure.constants and name in course.structure.assigned for name, own in course.resting.items())


def test_the_order_of_therapies_does_not_matter_and_a_model_is_made_once(catalog):
    assert compose_course(catalog, None, THERAPIES) is compose_course(catalog, None, THERAPIES[::-1])


def test_the_tubes_take_therapies_too(catalog):
    network = compose_course(catalog, None, THERAPIES, liver="tubes")
    assert complaints(network.sbml) == []


def test_what_is_not_there_is_said(catalog):
    with pytest.raises(KnowledgeError, match="axis luck is not known; there is"):
        compose_course(catalog, "luck")
    with pytest.raises(ModelError, match="therapy luck is not known; there is"):
        compose_course(catalog, None, ["luck"])
    with pytest.raises(ModelError, match="has no luck"):
        compose_course(catalog, None, keep=["luck"])


def test_pruned_and_whole_rest_alike(catalog):
    whole, part = (compose_course(catalog, None, THERAPIES, keep=keep) for keep in (None, ["E2", "T"]))
    assert len(whole.structure.species) - len(part.structure.species) > 20
    found, less = (kernel_of(network).solve({}) for network in (whole, part))
    for name in part.structure.species:
        np.testing.assert_allclose(less.of(name), found.of(name), rtol=1e-9, err_msg=name)
