"""The body against itself and against what tracers, doses, drugs and smoke say of it; tolerances are the sources' own errors."""

from __future__ import annotations

import libsbml
import numpy as np
import pytest

from derive.bodies import body, constants, of, solved
from derive.consistency import checks
from derive.probed import fold, off, results
from derive.probes import PAGE, scaled
from derive.published import HOLDS, MISS, number
from derive.reasons import REASONS
from estrogenome.network import compose
from estrogenome.network.compose import Network
from estrogenome.network.sbml import describe, read
from estrogenome.trajectories import CourseEngine

STATES = ("man", "follicular", "luteal", "postmenopausal")
EXACT = 1e-9
# where each source enters: a steady level is the sum of sources times what a label there gives
ENTRIES = {
    "aromatise_A4_periphery": "E1_periphery",
    "aromatise_T_periphery": "E2_periphery",
    "source_E1_adrenal": "E1_periphery",
    "secrete_E2_gonad": "E2",
    "secrete_E1_gonad": "E1",
}
ANDROGEN_ENTRIES = {"source_T": "T", "source_A4": "A4"}
STEROIDS = {**dict.fromkeys(("E2", "E1", "E1S"), ENTRIES), **dict.fromkeys(("T", "A4", "DHT"), ANDROGEN_ENTRIES), "P4": {"source_P4": "P4"}}
PROBES = {
    "cimetidine": ("man", (("cimetidine", None),)),
    "rifampicin": ("follicular", (("rifampicin", None),)),
    "anastrozole": ("postmenopausal", (("anastrozole", 1.0),)),
    "oral": ("postmenopausal", (("estradiol_oral", 2.0), ("smoking", None))),
    "patch": ("postmenopausal", (("estradiol_patch", 100.0),)),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("steroid", STEROIDS)
def test_production_is_clearance_times_level(state, steroid):
    """The production rate that a tracer finds is what all sources give through their transfer constants."""
    solution = body(state).solution
    label = solution.tracer(steroid)
    found = solution.of(steroid) / label.of(steroid)
    given = sum(solution.of(source) * solution.tracer(entry).of(steroid) / label.of(steroid) for source, entry in STEROIDS[steroid].items())
    np.testing.assert_allclose(found, given, rtol=EXACT)


@pytest.mark.parametrize("probe", PROBES)
def test_mass_is_balanced_at_the_steady_state(probe):
    """Of estrogens: what is made, swallowed or infused leaves by the reactions that end nowhere."""
    state, doses = PROBES[probe]
    solution = body(state, doses).solution
    maths = solution.kernel.maths
    outside = {"T", "A4", "DHT", "P4"}
    net = np.array([sum(change for s, change in changes if maths.species[s] not in outside) for changes in maths.stoichiometry])
    rates = np.array([solution.of(r) for r in maths.reactions])
    into, out = (net[:, None] * rates * (sign * net[:, None] > 0) for sign in (1, -1))
    np.testing.assert_allclose(into.sum(axis=0), -out.sum(axis=0), rtol=EXACT)


def counted(catalog):
    """The model with two more pools: what has come in and what has left."""
    document = read(compose(catalog).sbml)
    model = document.getModel()
    for name in ("came", "left"):
        species = model.getSpecies("E2").clone()
        species.setId(name)
        species.unsetMetaId()
        species.unsetAnnotation()
        species.setInitialConcentration(0.0)
        model.addSpecies(species)
    for reaction in model.getListOfReactions():
        sources, targets = reaction.getNumReactants(), reaction.getNumProducts()
        if not sources or not targets:
            product = reaction.createProduct()
            product.setSpecies("left" if sources else "came")
            product.setStoichiometry(1.0)
            product.setConstant(True)
    text = libsbml.writeSBMLToString(document)
    return Network(sbml=text, structure=describe(text), digest="")


def test_mass_is_balanced_over_a_course(catalog):
    """Ten days from an empty body, with a dose by mouth: pools + left - came is the dose at every time."""
    network = counted(catalog)
    courses = CourseEngine(network)
    known = {n: v for n, v in constants("follicular", middle=True).items() if n in network.structure.constants}
    dose = 7342.0
    times = np.linspace(0.0, 10.0, 101)
    sizes = solved(constants("follicular", middle=True)).solution
    place = {s: s.rpartition("_")[2] for s in courses.species}
    model = read(network.sbml).getModel()
    volume = {s: float(sizes.of(model.getSpecies(s).getCompartment())[0]) for s in place}
    found = courses.run(known, [{"E2_gut": dose / volume["E2_gut"]}], times)[0]
    sign = np.array([-1.0 if s == "came" else 1.0 for s in courses.species])
    amounts = found * np.array([volume[s] for s in courses.species])
    whole = dose + amounts[:, courses.species.index("came")]
    assert whole[-1] > 2 * dose
    np.testing.assert_allclose((amounts * sign).sum(axis=1) / dose, 1.0, rtol=0, atol=EXACT * whole.max() / dose)


def test_misses_are_those_that_the_page_explains():
    """Every row that misses has its reason on the page, and the page names no other."""
    page = PAGE.read_text(encoding="utf-8")
    misses = {name for name, verdict in off().items() if verdict == MISS}
    assert misses <= set(REASONS)
    assert {line.split("`")[1] for line in page.splitlines() if line.startswith("| `") and "**miss**" in line} == misses
    for name in misses:
        assert f"`{name}` (miss)" in page
        assert REASONS[name] in page
    assert "not explained" not in page


def test_every_reason_is_of_a_row():
    assert set(REASONS) <= {r.id for found in results().values() for r in found} | {c.id for c in checks()}


def test_a_tolerance_is_the_error_of_the_source():
    low, high = number(1280, 87, "").limits()
    assert (low, high) == pytest.approx((1280 / 1.1456, 1280 * 1.1456), rel=1e-3)
    # none printed: ten people, log-sd 0.25
    assert np.log(number(2.0, None, "").limits()[1] / 2) == pytest.approx(2 * 0.25 / 10**0.5)


def test_most_rows_that_set_a_parameter_are_met():
    inputs = [c for c in checks() if c.published.sets]
    assert np.mean([c.verdict == HOLDS for c in inputs]) > 0.5
    assert np.mean([c.verdict == MISS for c in inputs]) < 0.1


def test_the_body_is_linear_after_menopause():
    """E1, E2 and E1S fall as the tracer says that aromatisation does; what androgens gain by it is a few per cent, in the odd draw a tenth."""
    tracer = fold((("anastrozole", 1.0),), (), "postmenopausal", "rho_a4_e1")
    for hormone in ("e1", "e2", "e1s"):
        apart = fold((("anastrozole", 1.0),), (), "postmenopausal", hormone) / tracer
        np.testing.assert_allclose(np.median(apart), 1, rtol=0.05)
        np.testing.assert_allclose(np.quantile(apart, (0.01, 0.99)), 1, rtol=0.1)


def test_the_floors_of_an_immunoassay_come_from_its_blank():
    """Residuals of E1 and E2 by radioimmunoassay lie above those of the body, and their assay's blank lifts ours above it too."""
    rows = {r.id: r for r in results()["inhibitors"]}
    for row in ("H1-311", "H1-312", "H1-315", "H1-316"):
        residual = 1 + rows[row].planned.row.value / 100
        drug = tuple((e.id, e.dose) for e in rows[row].planned.arm.exposures)
        own = np.median(fold(drug, (), "postmenopausal", rows[row].planned.row.readout))
        assert residual > 3 * own
        assert 1 + rows[row].body[1] / 100 > 2 * own


def test_no_rate_of_hydroxylation_gives_the_published_rise_of_e2():
    level, share = scaled(0.0)
    assert share == 0
    assert 1.0 < level < 1.2


def test_directions_of_the_probes():
    smoke, oral, skin = (("smoking", None),), (("estradiol_oral", 2.0),), (("estradiol_patch", 50.0),)
    # an inhibitor whose size is drawn may come out above 1
    assert np.mean(fold((("cimetidine", None),), (), "man", "e2") > 1) > 0.95
    assert np.mean(fold((("cimetidine", None),), (), "man", "dose_2oh") < 1) > 0.95
    by_mouth, by_skin = (fold(route + smoke, route, "postmenopausal", "e2") for route in (oral, skin))
    assert np.all(by_mouth < by_skin)
    assert np.median(by_skin) > 0.95
    rifampicin = (("rifampicin", None),)
    assert np.median(fold(rifampicin, (), "follicular", "e2")) < 1
    assert np.median(fold(rifampicin, (), "follicular", "dose_2oh")) > 1


@pytest.mark.parametrize("readout", ["mcr_e2", "mcr_t"])
def test_clearance_falls_as_shbg_rises(readout):
    levels = [of(body("follicular", (), (("SHBG", s),), middle=True), readout)[0] for s in (20.0, 60.0, 120.0, 300.0)]
    assert np.all(np.diff(levels) < 0)
