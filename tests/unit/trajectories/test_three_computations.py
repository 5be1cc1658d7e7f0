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
from estrogenome.trajectories import kernel_of, simulate
from estrogenome.trajectories.engine import RoadRunnerEngine

DRAWS = 12
PEOPLE = [("man", "male", 45.0), ("follicular", "female", 30.0), ("postmenopausal", "female", 65.0)]
AGREE = 1e-6
SINKS = ("urine_", "unmeasured_", "faeces_", "other_oxidation_", "glutathione_", "decay_", "adduct34_")


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


def test_every_mole_of_estrogen_ends_in_a_named_sink(runs, catalog):
    _, trajectories = runs
    flux = {r: trajectories.fluxes[0, :, 0, i] for i, r in enumerate(trajectories.reactions)}
    out = [r for r in flux if r.startswith(SINKS)]
    into = [r for r in flux if r.startswith(("aromatise_", "secrete_", "source_E1_", "infuse_E"))]
    model = read(compose(catalog).sbml).getModel()
    ends = {r.getId() for r in model.getListOfReactions() if r.getNumProducts() == 0}
    assert ends == {*out, "clear_T", "clear_A4", "clear_DHT", "clear_P4"}
    np.testing.assert_allclose(sum(flux[r] for r in into), sum(flux[r] for r in out), rtol=1e-9)
    assert all(np.all(flux[r] > 0) for r in out)


def test_androgens_leave_by_clearance_or_become_estrogens(runs):
    _, trajectories = runs
    flux = {r: trajectories.fluxes[0, :, 0, i] for i, r in enumerate(trajectories.reactions)}
    out = sum(flux[r] for r in ("clear_T", "clear_A4", "clear_DHT", "aromatise_T_periphery", "aromatise_A4_periphery"))
    np.testing.assert_allclose(flux["source_T"] + flux["source_A4"], out, rtol=1e-9)


def test_levels_given_as_baselines_are_the_steady_state(runs):
    """Production is assigned so that nothing but an input moves them, whatever the genotype."""
    parameters, trajectories = runs
    level = {s: trajectories.concentrations[0, :, 0, i] for i, s in enumerate(trajectories.species)}
    for name in ("T", "A4", "P4"):
        np.testing.assert_allclose(level[name], parameters.values[0, :, parameters.names.index("baseline_" + name)], rtol=1e-9)


def test_a_dose_by_mouth_is_found_again(runs, catalog):
    """What is swallowed leaves by the same sinks, and part of it passes into plasma."""
    parameters, _ = runs
    kernel = kernel_of(compose(catalog))
    constants = {c: v for c, v in drawn(parameters, 0).items() if c in kernel.constants}
    without, given = (kernel.solve(constants | {"input_E2_gut": dose}) for dose in (0.0, 5000.0))
    out = sum(given.of(r) - without.of(r) for r in kernel.reactions if r.startswith(SINKS))
    np.testing.assert_allclose(out, 5000.0, rtol=1e-9)
    assert given.of("E2") > without.of("E2")
    assert given.of("E1") - without.of("E1") > given.of("E2") - without.of("E2")


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
