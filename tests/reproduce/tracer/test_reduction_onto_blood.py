"""The model's reduction onto plasma gives the tracer data: clearances and transfer constants within their errors.

The reduction is taken from libRoadRunner's Jacobian of the composed SBML at the fitted medians, not from the kernel that made the fit.
"""

from __future__ import annotations

import numpy as np
import pytest

from estrogenome.catalog.body import central_values
from estrogenome.network import compose
from estrogenome.trajectories import kernel_of
from estrogenome.validate.answer import answers

# a row holds within two of its own errors
WITHIN = 2.0
PLASMA = ("E2", "E1", "E1S")


@pytest.fixture(scope="module")
def responses(catalog):
    """Per state: concentration (nmol/L) of every species per unit infusion (nmol/d) of each plasma species."""
    import roadrunner

    network = compose(catalog)
    runner = roadrunner.RoadRunner(network.sbml)
    species = runner.model.getFloatingSpeciesIds()
    out = {}
    for state in catalog.states:
        values = central_values(catalog, state, network.structure.constants)
        for name in network.structure.constants:
            runner[name] = values[name]
        runner.steadyState()
        jacobian = np.array(runner.getFullJacobian())
        volume = runner["plasma"]
        infused = {s: -np.linalg.solve(jacobian, np.eye(len(species))[species.index(s)] / volume) for s in PLASMA}
        out[state] = (species, infused)
    return out


def reduced(responses, state, spec):
    species, infused = responses[state]
    clearance = {s: 1 / infused[s][species.index(s)] for s in PLASMA}
    return clearance[spec.label] if spec.of == "clearance" else infused[spec.label][species.index(spec.to)] * clearance[spec.to]


def test_tracer_numbers_are_those_of_the_jacobian(catalog, responses):
    """The scoreboard reads labels off the kernel; libRoadRunner's Jacobian gives the same."""
    network = compose(catalog)
    kernel = kernel_of(network)
    specs = [s for s in catalog.tracers.values() if s.of in {"clearance", "transfer"} and {s.label, s.to} - {""} <= set(PLASMA)]
    assert len(specs) == 9
    for state in catalog.states:
        values = {name: np.array([v]) for name, v in central_values(catalog, state, network.structure.constants).items()}
        ours = answers(values, kernel, frozenset(network.structure.constants))
        for spec in specs:
            assert float(ours.readout(spec)[0]) == pytest.approx(reduced(responses, state, spec), rel=1e-5), (state, spec.id)


def test_tracer_rows_hold_within_their_errors(catalog):
    rows = [r for r in catalog.posterior["rows"] if r["assay"] == "tracer" and not r["against"]]
    assert len(rows) >= 14
    assert np.mean([abs(r["z"]) <= WITHIN for r in rows]) >= 0.9


def test_the_reduction_has_no_wrong_sign(responses):
    """M = G⁻¹ from blood: positive diagonal, no positive exchange off it."""
    for species, infused in responses.values():
        green = np.array([[infused[source][species.index(target)] for source in PLASMA] for target in PLASMA])
        assert np.all(green >= 0)
        m = np.linalg.inv(green)
        assert np.all(np.diag(m) > 0)
        assert np.all(m - np.diag(np.diag(m)) <= 1e-9)
