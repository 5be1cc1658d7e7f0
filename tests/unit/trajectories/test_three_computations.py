"""One steady state, computed three times: the batch kernel, libRoadRunner (our Newton on its rates, and its own), and COPASI.

The three read the same SBML, each with its own reader; they share no code.
"""

from __future__ import annotations

import locale

import numpy as np
import pytest

from estrogenome.activities import population_activities
from estrogenome.core.records import Person
from estrogenome.network import compose
from estrogenome.network.sbml import annotate, read
from estrogenome.parameters import personalize
from estrogenome.trajectories import simulate
from estrogenome.trajectories.engine import RoadRunnerEngine

DRAWS = 12
PEOPLE = [("man", "male", 45.0), ("follicular", "female", 30.0), ("postmenopausal", "female", 65.0)]
AGREE = 1e-6


@pytest.fixture(scope="module", params=PEOPLE, ids=[p[0] for p in PEOPLE])
def runs(request, catalog):
    state, sex, age = request.param
    activities = population_activities(catalog, people=DRAWS, seed=3, label="agree")
    parameters = personalize(activities, Person(sex=sex, age=age, state=state), catalog, draws=DRAWS, seed=3)
    return parameters, simulate(parameters, catalog)


def drawn(parameters, draw):
    return dict(zip(parameters.names, parameters.values[0, draw].tolist(), strict=True))


def test_every_draw_is_solved(runs):
    assert runs[1].failed.sum() == 0
    assert np.all(runs[1].concentrations > 0)


def test_newton_on_roadrunners_rates_agrees(runs, catalog):
    parameters, ours = runs
    theirs = simulate(parameters, catalog, engine=RoadRunnerEngine(compose(catalog)))
    assert theirs.failed.sum() == 0
    assert (theirs.species, theirs.reactions, theirs.quantities) == (ours.species, ours.reactions, ours.quantities)
    for field in ("concentrations", "fluxes", "constants"):
        np.testing.assert_allclose(getattr(ours, field), getattr(theirs, field), rtol=AGREE, err_msg=field)


@pytest.fixture
def basico():
    """COPASI; its import sets the locale of the whole process, so that later tests would read text as ASCII."""
    before = locale.setlocale(locale.LC_ALL)
    import basico

    locale.setlocale(locale.LC_ALL, before)
    return basico


@pytest.mark.parametrize("draw", [0, 1])
def test_copasi_agrees(runs, draw, catalog, basico):
    parameters, trajectories = runs
    structure = compose(catalog).structure
    values = {c: v for c, v in drawn(parameters, draw).items() if c in structure.constants}
    model = read(compose(catalog).sbml).getModel()
    sizes = {c.getId(): c.getSize() for c in model.getListOfCompartments()}
    copasi = basico.load_model_from_string(annotate(compose(catalog).sbml, values | sizes, catalog.annotations))
    try:
        assert basico.run_steadystate(model=copasi) == 1
        table = basico.get_species(model=copasi).reset_index()
        theirs = dict(zip(table["sbml_id"], table["concentration"], strict=True))
    finally:
        basico.remove_datamodel(copasi)
    for i, name in enumerate(trajectories.species):
        assert trajectories.concentrations[0, draw, 0, i] == pytest.approx(theirs[name], rel=AGREE), name


def test_roadrunners_own_steady_state_agrees(runs, catalog):
    import roadrunner

    parameters, trajectories = runs
    runner = roadrunner.RoadRunner(compose(catalog).sbml)
    constants = set(compose(catalog).structure.constants)
    for name, value in drawn(parameters, 0).items():
        if name in constants:
            runner[name] = value
    runner.steadyState()
    for i, name in enumerate(trajectories.species):
        assert trajectories.concentrations[0, 0, 0, i] == pytest.approx(runner[f"[{name}]"], rel=AGREE), name


def test_what_comes_in_goes_out(runs):
    _, trajectories = runs
    flux = {r: trajectories.fluxes[0, :, 0, i] for i, r in enumerate(trajectories.reactions)}
    into = sum(v for r, v in flux.items() if r.startswith(("aromatise_", "secrete_", "source_")))
    out = sum(v for r, v in flux.items() if r.startswith(("clear_", "dispose_", "glucuronidate_")))
    np.testing.assert_allclose(into, out, rtol=1e-9)


def test_each_species_is_balanced(runs, catalog):
    """Mass balance of every species from the SBML's stoichiometry and the reported fluxes."""
    _, trajectories = runs
    model = read(compose(catalog).sbml).getModel()
    flux = {r: trajectories.fluxes[0, :, 0, i] for i, r in enumerate(trajectories.reactions)}
    for species in trajectories.species:
        change, turnover = np.zeros(DRAWS), np.zeros(DRAWS)
        for reaction in model.getListOfReactions():
            for references, sign in ((reaction.getListOfProducts(), 1), (reaction.getListOfReactants(), -1)):
                for reference in references:
                    if reference.getSpecies() == species:
                        change += sign * flux[reaction.getId()]
                        turnover += abs(flux[reaction.getId()])
        assert np.all(np.abs(change) <= 1e-9 * turnover), species
