"""The model's reduction onto plasma gives the tracer data: clearances and transfer constants within their errors.

The reduction is taken from libRoadRunner's Jacobian of the composed SBML at the fitted medians, not from the kernel that made the fit.
"""

from __future__ import annotations

import numpy as np
import pytest

from estrogenome.catalog.body import central_values
from estrogenome.network import compose

# a row holds within two of its own standard errors
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


def reduced(responses, state, quantity):
    species, infused = responses[state]
    kind, *names = quantity.split("_")
    clearance = {s: 1 / infused[s][species.index(s)] for s in PLASMA}
    return clearance[names[0]] if kind == "MCR" else infused[names[0]][species.index(names[1])] * clearance[names[1]]


def tracer_rows(catalog):
    return [
        r
        for r in catalog.posterior["rows"]
        if r["quantity"].startswith("MCR_") or (r["quantity"].startswith("rho_") and r["quantity"].split("_")[1] in PLASMA)
    ]


def test_clearances_and_transfer_constants_within_their_errors(catalog, responses):
    rows = tracer_rows(catalog)
    assert len(rows) >= 14
    misses = []
    for row in rows:
        ours = reduced(responses, row["state"], row["quantity"])
        if row["body_surface"]:  # clearances are proportional to it
            ours *= float(row["body_surface"]) / central_values(catalog, row["state"], ())["body_surface"]
        assert ours == pytest.approx(row["fitted"], rel=2e-3), row["id"]
        z = np.log(ours / row["value"]) / row["log_sd"]
        if abs(z) > WITHIN:
            misses.append((row["id"], row["value"], ours, z))
    assert misses == []


def test_the_reduction_has_no_wrong_sign(responses):
    """M = G⁻¹ from blood: positive diagonal, no positive exchange off it."""
    for species, infused in responses.values():
        green = np.array([[infused[source][species.index(target)] for source in PLASMA] for target in PLASMA])
        assert np.all(green >= 0)
        m = np.linalg.inv(green)
        assert np.all(np.diag(m) > 0)
        assert np.all(m - np.diag(np.diag(m)) <= 1e-9)
