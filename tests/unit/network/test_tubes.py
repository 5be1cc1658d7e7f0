"""The liver as parallel tubes: one segment changes nothing, many approach the tube, and the names of the mixed form stay."""

from __future__ import annotations

import numpy as np
import pytest

from estrogenome.catalog.body import central_values
from estrogenome.core.errors import ModelError
from estrogenome.network import Network, compose
from estrogenome.network.compose import translate, union
from estrogenome.network.sbml import annotate, complaints, describe
from estrogenome.network.tubes import in_tubes
from estrogenome.trajectories import Kernel, kernel_of
from estrogenome.trajectories.engine import RoadRunnerEngine

SMALL = """model made()
  compartment plasma, organ;
  plasma has litre; organ has litre;
  species S in plasma, S_organ in organ;
  const Q, CL, made_per_day;
  Q has L_per_day; CL has L_per_day; made_per_day has nmol_per_day;

  source_S: -> S; made_per_day;
  flow_S_organ: S -> S_organ; Q*(S - S_organ);
  lose_S_organ: S_organ -> ; CL*S_organ;
end
"""


def tubes(catalog, **changes):
    return catalog.tubes.model_copy(update=changes)


def small(catalog, segments):
    """A tube with one flow and one loss, Q = 10 and CL = 30 L/d."""
    modules = {"units": catalog.models["units"], "made": SMALL}
    sbml = in_tubes(translate(union(modules)), tubes(catalog, compartment="organ", segments=segments, flows=("flow_S_organ",)))
    structure = describe(sbml)
    values = {"Q": 10.0, "CL": 30.0, "made_per_day": 1.0, "plasma": 3.0, "organ": 1.0}
    annotated = annotate(sbml, values, {"compartments": {}, "species": {}, "reactions": {}})
    assert complaints(annotated) == []
    return Kernel(Network(sbml=annotated, structure=structure, digest=str(segments))).solve(values)


@pytest.mark.parametrize("segments", [1, 2, 5, 40])
def test_extraction_is_that_of_segments_in_series(catalog, segments):
    found = small(catalog, segments)
    extraction = 1 - (1 + 30 / (10 * segments)) ** -segments
    assert 1 / found.of("S")[0] == pytest.approx(10 * extraction, rel=1e-9)
    assert found.of("lose_S_organ")[0] == pytest.approx(1.0)
    assert found.of("flow_S_organ")[0] == pytest.approx(1.0)
    if segments == 40:
        assert 1 / found.of("S")[0] == pytest.approx(10 * (1 - np.exp(-3)), rel=0.02)


@pytest.fixture(scope="module")
def constants(catalog):
    names = compose(catalog).structure.constants
    values = central_values(catalog, "follicular", names)
    return {n: values[n] for n in names}


def test_one_segment_is_the_mixed_liver(catalog, constants):
    mixed = compose(catalog)
    sbml = in_tubes(mixed.sbml, tubes(catalog, segments=1))
    one = Kernel(Network(sbml=sbml, structure=describe(sbml), digest="one")).solve(constants)
    base = kernel_of(mixed).solve(constants)
    for name in (*mixed.structure.species, *mixed.structure.reactions):
        np.testing.assert_allclose(one.of(name), base.of(name), rtol=1e-8, err_msg=name)
    np.testing.assert_allclose(one.tracer("E2").of("E1"), base.tracer("E2").of("E1"), rtol=1e-8)


def test_the_tubes_of_the_catalog(catalog, constants):
    """No complaint, a second computation agrees, what comes in goes out, and the liver takes more at the same constants."""
    network = compose(catalog, liver="tubes")
    assert network != compose(catalog)
    assert complaints(network.sbml) == []
    found = kernel_of(network).solve(constants)
    theirs = RoadRunnerEngine(network).solve(constants)
    np.testing.assert_allclose(found.concentrations, theirs.concentrations, rtol=1e-6)
    base = kernel_of(compose(catalog)).solve(constants)
    ends = [
        r
        for r in compose(catalog).structure.reactions
        if r.startswith(("urine_", "unmeasured_", "faeces_", "other_", "glut", "decay", "add"))
    ]
    np.testing.assert_allclose(sum(found.of(r) for r in ends), sum(base.of(r) for r in ends), rtol=1e-9)
    for steroid in ("E2", "E1"):
        assert found.of(steroid) < base.of(steroid)
        assert found.tracer(steroid).of(steroid) < base.tracer(steroid).of(steroid)


def test_a_flow_that_carries_nothing_into_the_organ_is_refused(catalog):
    with pytest.raises(ModelError, match="name a reaction that does"):
        in_tubes(compose(catalog).sbml, tubes(catalog, flows=("clear_T",)))
