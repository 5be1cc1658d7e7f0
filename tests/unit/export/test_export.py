"""What leaves loads elsewhere, unchanged and without a complaint, and gives the numbers it gave here."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
import zipfile

import numpy as np
import pytest

from estrogenome.activities import population_activities
from estrogenome.catalog.formula import evaluate
from estrogenome.core.errors import InputError, PersonError
from estrogenome.core.records import Person
from estrogenome.export import model_archive, model_files, of_person, of_record, of_state
from estrogenome.export.dress import sbml_of
from estrogenome.export.petab import problem
from estrogenome.network import compose
from estrogenome.network.sbml import complaints
from estrogenome.parameters import personalize
from estrogenome.trajectories import simulate

AGREE = 1e-6
ELSEWHERE = 2.0
"""Other programs start here, so that they have something to find."""


@pytest.fixture(scope="module")
def files(catalog):
    return model_files(catalog)


@pytest.fixture(scope="module")
def folder(files, tmp_path_factory):
    place = tmp_path_factory.mktemp("export")
    for name, content in files.items():
        (place / name).write_bytes(content)
    return place


@pytest.fixture(scope="module")
def table(files):
    return lambda name: list(csv.DictReader(io.StringIO(files[f"petab_{name}.tsv"].decode()), delimiter="\t"))


def settle(runner):
    """Newton's method on libRoadRunner's rates: its own solver takes minutes on the labelled model."""
    model = runner.model
    everything = list(range(model.getNumFloatingSpecies()))

    def rates(point):
        model.setFloatingSpeciesConcentrations(everything, point)
        return np.array(model.getFloatingSpeciesConcentrationRates())

    point = np.zeros(len(everything))
    for _ in range(30):
        here = rates(point)
        steps = 1e-3 * np.maximum(np.abs(point), 1e-6)
        jacobian = np.column_stack([(rates(point + steps[i] * np.eye(len(point))[i]) - here) / steps[i] for i in everything])
        change = np.linalg.solve(jacobian, here)
        point = point - change
        if np.all(np.abs(change) <= 1e-12 + 1e-10 * np.abs(point)):
            rates(point)
            return
    raise AssertionError("no steady state")


# ---------------------------------------------------------------- SBML


@pytest.mark.parametrize("name", ["model.xml", "petab_model.xml"])
def test_libsbml_has_no_complaint_of_any_severity(files, name):
    assert complaints(files[name].decode()) == []


def test_libroadrunner_finds_the_same_steady_state(catalog, files):
    import roadrunner

    runner = roadrunner.RoadRunner(files["model.xml"].decode())
    for name in compose(catalog).structure.species:
        runner[f"[{name}]"] = ELSEWHERE
    runner.steadyState()
    for name, value in of_state(catalog).steady.items():
        assert runner[f"[{name}]"] == pytest.approx(value, rel=AGREE), name


def test_the_start_is_the_steady_state(files):
    import roadrunner

    runner = roadrunner.RoadRunner(files["model.xml"].decode())
    start = np.array(runner.model.getFloatingSpeciesConcentrations())
    assert np.all(start > 0)
    np.testing.assert_allclose(runner.simulate(0, 30, 2)[-1, 1:], start, rtol=1e-5)


def test_copasi_finds_the_same_steady_state(catalog, files):
    import basico

    copasi = basico.load_model_from_string(files["model.xml"].decode())
    try:
        for name in basico.get_species(model=copasi).index:
            basico.set_species(name, exact=True, initial_concentration=ELSEWHERE, model=copasi)
        assert basico.run_steadystate(model=copasi) == 1
        found = basico.get_species(model=copasi).set_index("sbml_id")["concentration"]
    finally:
        basico.remove_datamodel(copasi)
    for name, value in of_state(catalog).steady.items():
        assert found[name] == pytest.approx(value, rel=AGREE), name


def test_antimony_reads_it_and_writes_the_same_model(catalog, files):
    import antimony
    import roadrunner

    antimony.clearPreviousLoads()
    assert antimony.loadSBMLString(files["model.xml"].decode()) >= 0
    text = antimony.getAntimonyString(antimony.getMainModuleName())
    antimony.clearPreviousLoads()
    assert antimony.loadAntimonyString(text) >= 0
    runner = roadrunner.RoadRunner(antimony.getSBMLString(antimony.getMainModuleName()))
    runner.steadyState()
    for name, value in of_state(catalog).steady.items():
        assert runner[f"[{name}]"] == pytest.approx(value, rel=AGREE), name


def test_every_constant_has_a_name_and_activities_have_proteins(catalog, files):
    import libsbml

    model = libsbml.readSBMLFromString(files["model.xml"].decode()).getModel()
    structure = compose(catalog).structure
    assert [c for c in structure.constants if not model.getParameter(c).getName()] == []
    assert any(model.getParameter(c).getNumCVTerms() for c in structure.constants)
    assert catalog.digest[:16] in model.getNotesString()


# ---------------------------------------------------------------- whose numbers


def test_a_draw_gives_the_steady_state_of_that_draw(catalog):
    import roadrunner

    activities = population_activities(catalog, people=3, seed=5, label="export")
    parameters = personalize(activities, Person(sex="male", age=50, state="man"), catalog, draws=3, seed=5)
    course = simulate(parameters, catalog)
    runner = roadrunner.RoadRunner(sbml_of(catalog, of_record(catalog, parameters, draw=2)))
    runner.steadyState()
    for i, name in enumerate(course.species):
        assert runner[f"[{name}]"] == pytest.approx(course.concentrations[0, 2, 0, i], rel=AGREE), name
    with pytest.raises(InputError, match="draws 0 to 2"):
        of_record(catalog, parameters, draw=3)


def test_a_persons_own_values_are_in_the_model(catalog):
    own = of_person(catalog, Person(sex="female", age=60, state="postmenopausal", measured={"SHBG": 33.0}), draws=50)
    assert own.constants["SHBG"] == pytest.approx(33.0)
    assert "60 years" in own.whose


def test_states_differ_and_answer_to_their_aliases(catalog):
    assert of_state(catalog, "premenopausal").constants == of_state(catalog).constants
    assert of_state(catalog, "man").constants != of_state(catalog).constants
    with pytest.raises(PersonError, match="is not known"):
        of_state(catalog, "somebody")


# ---------------------------------------------------------------- PEtab


def test_petab_has_no_complaint(folder):
    """The library's own lint, which reads the SBML too."""
    code = "import sys, petab.v1 as p; sys.exit(p.lint_problem(p.Problem.from_yaml(sys.argv[1])))"
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code, folder / "petab.yaml"], capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr


def test_every_row_is_in_the_problem_or_said_why_not(catalog, table):
    rows = catalog.posterior["rows"]
    left_out = dict(problem(catalog).left_out)
    assert [r["datasetId"] for r in table("measurements")] == [r["id"] for r in rows if r["id"] not in left_out]
    assert set(left_out) == {r["id"] for r in rows if "inexpressible" in r}
    assert all(left_out.values())
    assert len(left_out) < len(rows) / 2
    for p in table("parameters"):
        assert float(p["lowerBound"]) < float(p["nominalValue"]) < float(p["upperBound"])


def test_what_a_state_borrows_is_the_parameter_of_its_lender(catalog, table):
    state = {c: r["state"] for r in catalog.posterior["rows"] for c in [f"{r['study']}_{r['arm']}"]}
    lent = {tuple(e["id"].split("@")): e["lent"].replace("@", "_at_") for e in catalog.posterior["parameters"] if "lent" in e}
    # what rows in time fitted is a plain number of the body's problem
    inside = {p["parameterId"] for p in table("parameters")}
    lent = {borrowed: lender for borrowed, lender in lent.items() if lender in inside}
    seen = [
        (lent[bare, state[condition["conditionId"]]], value)
        for condition in table("conditions")
        for name, value in condition.items()
        for bare in [name.removeprefix("own_")]
        if (bare, state[condition["conditionId"]]) in lent
    ]
    assert seen
    assert all(wanted == value for wanted, value in seen)


def test_the_problem_predicts_what_the_fit_predicted(catalog, files, table):
    """Each condition simulated to its steady state by libRoadRunner, observables computed: ``modelled`` of the posterior's rows."""
    import roadrunner

    nominal = {p["parameterId"]: float(p["nominalValue"]) for p in table("parameters")}
    formulas = {o["observableId"]: o["observableFormula"] for o in table("observables")}
    runner = roadrunner.RoadRunner(files["petab_model.xml"].decode())
    inside = set(runner.model.getGlobalParameterIds())
    wanted = {}
    for row in table("measurements"):
        wanted.setdefault(row["simulationConditionId"], []).append(row)
    modelled = {r["id"]: r.get("modelled") for r in catalog.posterior["rows"]}
    for condition in table("conditions"):
        runner.resetAll()
        for name, value in nominal.items():
            if name in inside:
                runner[name] = value
        for name, value in condition.items():
            if not name.startswith("condition"):
                runner[name] = nominal[value] if value in nominal else float(value)
        settle(runner)
        values = nominal | {name: runner[name] for name in inside if name.startswith("quantity_")}
        for row in wanted[condition["conditionId"]]:
            found = evaluate(formulas[row["observableId"]], {n: np.array(v) for n, v in values.items()})
            assert float(found) == pytest.approx(modelled[row["datasetId"]], rel=6e-4), row


def test_priors_are_those_of_the_fit(catalog, table):
    entries = {re.sub(r"\W", "_", e["id"].replace("@", "_at_")): e for e in catalog.posterior["parameters"]}
    entries |= {f"{name}_fitted": e for name, e in entries.items()}
    for p in table("parameters"):
        mean, sd = map(float, p["objectivePriorParameters"].split(";"))
        assert (np.exp(mean), sd) == pytest.approx((entries[p["parameterId"]]["prior_median"], entries[p["parameterId"]]["prior_log_sd"]))


# ---------------------------------------------------------------- SED-ML and the archive


def test_libsedml_has_no_complaint(folder):
    code = """
import sys, libsedml
document = libsedml.readSedMLFromFile(sys.argv[1])
print([document.getError(i).getMessage() for i in range(document.getNumErrors())], document.getLevel(), document.getVersion(),
    document.getNumDataGenerators(), document.getSimulation(0).getElementName())
"""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code, folder / "simulation.sedml"], capture_output=True, encoding="utf-8")
    assert done.stdout.split()[:3] == ["[]", "1", "4"], done.stdout + done.stderr
    assert done.stdout.split()[-1] == "steadyState"


def test_libcombine_reads_the_archive(catalog, files, tmp_path):
    path = tmp_path / "model.omex"
    path.write_bytes(model_archive(catalog))
    code = """
import sys, libcombine
archive = libcombine.CombineArchive()
assert archive.initializeFromArchive(sys.argv[1])
print(archive.getMasterFile().getLocation(), *sorted(archive.getEntry(i).getLocation() for i in range(archive.getNumEntries())))
print(archive.getMetadataForLocation(".").getDescription())
"""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code, path], capture_output=True, encoding="utf-8")
    places, words = done.stdout.splitlines()
    assert places.split()[0] == "./simulation.sedml", done.stderr
    assert {f"./{name}" for name in files} <= set(places.split())
    assert catalog.digest[:16] in words


def test_copasi_opens_the_archive_without_a_warning_and_runs_its_model(catalog, tmp_path):
    import COPASI

    path = tmp_path / "model.omex"
    path.write_bytes(model_archive(catalog))
    data = COPASI.CRootContainer.addDatamodel()
    try:
        COPASI.CCopasiMessage.clearDeque()
        assert data.openCombineArchive(str(path))
        assert COPASI.CCopasiMessage.getAllMessageText() == ""
        task = data.getTask("Steady-State")
        assert task.process(True)
        found = {m.getSBMLId(): m.getConcentration() for m in data.getModel().getMetabolites()}
    finally:
        COPASI.CRootContainer.removeDatamodel(data)
    for name, value in of_state(catalog).steady.items():
        assert found[name] == pytest.approx(value, rel=AGREE), name


def test_the_same_knowledge_gives_the_same_bytes(catalog, files):
    assert model_archive(catalog) == model_archive(catalog)
    with zipfile.ZipFile(io.BytesIO(model_archive(catalog))) as archive:
        assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[0] == "manifest.xml"
        for name, content in files.items():
            assert archive.read(name) == content
