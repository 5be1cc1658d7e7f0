"""The bench: read facts, closed mass balance, two solvers, the figures of the first sketch, and rankings that can be trusted."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from estrogenome.catalog.bench import central
from estrogenome.catalog.lint import RULES, Severity
from estrogenome.network.sbml import complaints
from estrogenome.trajectories import area
from estrogenome.validate.bench import Tube, check, page, rank

PER_DAY, MINUTES = 1440.0, 1440.0
# first sketch of this model, E2 10 umol/L for 30 min: COMT in umol/L -> area of 4-OHE2 in umol min/L; what Met, CYP1B1 x 3 and CYP1A1 x 5.7 make of it
SKETCH = {0.1: (15.68, 1.08, 2.74, 0.86), 1.0: (6.46, 1.70, 2.73, 0.84), 10.0: (0.81, 2.42, 2.66, 0.82)}


@pytest.fixture(scope="module")
def tube(catalog):
    return Tube(catalog.benches["tissue"], catalog)


@pytest.fixture(scope="module")
def conditions(tube):
    return {c.id: c for c in tube.bench.conditions}


@pytest.fixture(scope="module")
def facts(tube):
    return check(tube)


def test_every_fact_holds(tube, facts):
    assert len(facts) == 9 * len(tube.bench.conditions)
    assert not [f for f in facts if not f.holds]


def test_every_fact_holds_under_the_other_rate_law(tube):
    assert all(f.holds for f in check(Tube(tube.bench.model_copy(update={"law": "first_order"}), tube.catalog)))


def test_first_order_is_michaelis_menten_far_below_km(tube, conditions):
    first = Tube(tube.bench.model_copy(update={"law": "first_order"}), tube.catalog)
    for level, same in ((1e-3, True), (1e5, False)):
        _, a = tube.run(conditions["assay"], {}, [{"E2": level}])
        _, b = first.run(conditions["assay"], {}, [{"E2": level}])
        assert np.allclose(a, b, rtol=1e-5, atol=1e-10) is same


def test_eleven_states_closed_to_one_in_a_billion(tube, conditions):
    species, course = tube.run(conditions["assay"], {})
    assert len(species) == 11
    assert np.abs(course[0].sum(axis=1) / 1e4 - 1).max() < 1e-9


def test_a_fact_that_fails_is_said(tube):
    fact = tube.bench.facts.directions[0]
    wrong = tube.bench.facts.model_copy(update={"directions": (fact.model_copy(update={"outcome": "falls"}),)})
    found = check(Tube(tube.bench.model_copy(update={"facts": wrong}), tube.catalog))
    assert [f.holds for f in found if "hydroxylate4" in f.says] == [False] * len(tube.bench.conditions)


def test_units_and_structure_are_without_complaint(tube):
    assert complaints(tube.sbml) == []


@pytest.mark.parametrize("condition", ["assay", "assay_low", "breast_induced"])
def test_copasi_agrees(tube, conditions, condition):
    import basico

    chosen = conditions[condition]
    species, ours = tube.run(chosen, {})
    model = basico.load_model_from_string(tube.sbml)
    try:
        for name, value in central(tube.bench, chosen).items():
            basico.set_parameters(name, exact=True, initial_value=value, model=model)
        for name in species:
            label = basico.get_species(sbml_id=name, model=model).index[0]
            basico.set_species(label, exact=True, initial_concentration=tube.start(chosen).get(name, 0.0), model=model)
        times = tube.times(chosen)
        theirs = basico.run_time_course(
            values=times.tolist(),
            use_sbml_id=True,
            model=model,
            settings={"method": {"Relative Tolerance": 1e-10, "Absolute Tolerance": 1e-13}},
        )
    finally:
        basico.remove_datamodel(model)
    for i, name in enumerate(species):
        np.testing.assert_allclose(ours[0, :, i], theirs[name].to_numpy(), rtol=1e-6, atol=1e-8, err_msg=name)


@pytest.mark.parametrize("comt", SKETCH)
def test_the_figures_of_the_first_sketch(tube, conditions, comt):
    """The sketch named E2, time, the constants of CYP1B1 and COMT and the multiples; the rest was found from its twelve figures.

    CYP1B1 0.049 umol/L; CYP1A1 first order, 0.0037 and 0.00013 /min to 2- and 4-OHE2; 4-OHE2 to the quinone 0.0021 /min; Met x 0.4.
    """
    fixed = {
        "amount_CYP1B1": 48.8,
        "amount_CYP1A1": 1.0,
        "amount_COMT": comt * 1e3,
        # Km far above the substrate: first order
        "Km_hydroxylate2_CYP1A1": 1e9,
        "kcat_hydroxylate2_CYP1A1": 0.0037 * 1e9 * PER_DAY,
        "Km_hydroxylate4_CYP1A1": 1e9,
        "kcat_hydroxylate4_CYP1A1": 0.00013 * 1e9 * PER_DAY,
        "Km_oxidise4_CYP1A1": 1e9,
        "kcat_oxidise4_CYP1A1": 0.0021 * 1e9 * PER_DAY,
        "kcat_oxidise4_CYP1B1": 0.0,
    }

    def outcome(**times: float) -> float:
        base = central(tube.bench, conditions["assay"]) | fixed
        return float(tube.outcome(conditions["assay"], {n: np.array([base[n] * times.get(n, 1.0)]) for n in {*fixed, *times}})[0])

    base = outcome()
    found = (
        base * MINUTES / 1e3,
        outcome(kcat_methylate4_COMT=0.4) / base,
        outcome(kcat_hydroxylate4_CYP1B1=3.0) / base,
        outcome(kcat_hydroxylate2_CYP1A1=5.7) / base,
    )
    assert found == pytest.approx(SKETCH[comt], rel=0.02)


def test_at_nanomolar_the_substrate_runs_out(tube, conditions):
    """The sketch with constants of Hayes at 10 nmol/L: CYP1B1 x 3.4 gives x 1.37 only, for nothing of E2 is left either way."""
    low = conditions["assay_low"]
    base = central(tube.bench, low) | {"amount_COMT": 100.0}
    faster = {"kcat_hydroxylate4_CYP1B1": np.array([1.0, 3.4]) * base["kcat_hydroxylate4_CYP1B1"], "amount_COMT": np.array([100.0, 100.0])}
    slow, fast = tube.outcome(low, faster)
    assert fast / slow == pytest.approx(1.37, rel=0.05)
    species, course = tube.run(low, faster)
    assert np.all(course[:, -1, species.index("E2")] < 0.05 * 10)


def test_the_area_is_that_of_a_finer_course(tube, conditions):
    species, course = tube.run(conditions["assay"], {})
    times = tube.times(conditions["assay"])
    i = species.index("OH4E2")
    assert area(times[::2], course[0, ::2, i]) == pytest.approx(tube.outcome(conditions["assay"], {})[0], rel=1e-5)


def test_rankings_use_the_same_draws_and_say_their_probability(tube, conditions):
    one = rank(tube, conditions["assay"], draws=30, seed=3, everything=False)
    assert one == rank(tube, conditions["assay"], draws=30, seed=3, everything=False)
    assert one != rank(tube, conditions["assay"], draws=30, seed=4, everything=False)
    assert len(one.rows) == 8
    assert one.failed == 0
    assert sum(row.first for row in one.rows) == pytest.approx(1)
    assert [row.median for row in one.rows] == sorted((row.median for row in one.rows), reverse=True)
    reference = next(row for row in one.rows if not row.variants)
    assert (reference.low, reference.median, reference.high) == (1.0, 1.0, 1.0)
    assert one.rows[-1].above_next is None


def test_a_further_variant_changes_no_other_draw(tube, conditions):
    fewer = Tube(tube.bench.model_copy(update={"variants": tube.bench.variants[:2]}), tube.catalog)
    few = {r.variants: r for r in rank(fewer, conditions["assay"], draws=20, seed=1, everything=True).rows}
    many = {r.variants: r for r in rank(tube, conditions["assay"], draws=20, seed=1, everything=True).rows}
    for variants, row in few.items():
        assert dataclasses.replace(row, first=0, above_next=0) == dataclasses.replace(many[variants], first=0, above_next=0)


def test_the_ranking_depends_on_the_condition(tube, conditions):
    """In the tube a variant of CYP1B1 weighs more than COMT; with nothing left of the substrate, COMT weighs more."""
    at_once, low = (
        [row.variants for row in rank(tube, conditions[c], draws=30, seed=0, everything=False).rows] for c in ("assay", "assay_low")
    )
    assert at_once.index(("CYP1B1 432 variant",)) < at_once.index(("COMT 158Met",))
    assert low.index(("CYP1B1 432 variant",)) > low.index(("COMT 158Met",))


def test_the_page_tells_what_was_not_found(tube, conditions, facts):
    text = page(tube, facts, [rank(tube, conditions["assay"], draws=20, seed=0, everything=False)], seed=0)
    assert "Looked for and not found" in text
    assert text.count("not found |") > 5
    assert "36 of 36 hold" in text


def test_the_page_in_the_docs_has_the_numbers_of_today(tube):
    """The rankings are not made again here; what stands behind them is compared."""
    shown = (Path(__file__).parents[3] / "docs" / "reference" / "bench.md").read_text(encoding="utf-8")
    title = "## Numbers behind it"
    now = page(tube, [], [], seed=0)
    assert shown.partition(title)[2] == now.partition(title)[2], "run: estrogenome bench > docs/reference/bench.md"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"outcome": "Nothing"}, "species Nothing"),
        ({"id": "other"}, "no other.ant"),
        ({"variants": "reading"}, "has no reading catalog"),
        ({"variants": "effect"}, "has no effect nothing"),
        ({"conditions": "amount"}, "no amount of COMT"),
        ({"conditions": "kinetics"}, "kinetics nothing"),
    ],
)
def test_lint_names_what_does_not_fit(catalog, change, says):
    bench = catalog.benches["tissue"]
    first = bench.variants[0]
    made = {
        "reading": (first.model_copy(update={"readings": {"recombinant": first.readings["recombinant"]}}),),
        "effect": (
            first.model_copy(
                update={"readings": first.readings | {"catalog": first.readings["catalog"].model_copy(update={"effect": "nothing"})}}
            ),
        ),
        "amount": (
            bench.conditions[0].model_copy(update={"amounts": {k: v for k, v in bench.conditions[0].amounts.items() if k != "COMT"}}),
        ),
        "kinetics": (bench.conditions[0].model_copy(update={"kinetics": "nothing"}),),
    }
    broken = bench.model_copy(update={k: made.get(v, v) for k, v in change.items()})
    odd = dataclasses.replace(catalog, benches={"tissue": broken})
    issues = [m for severity, rule in RULES if "bench" in rule.__name__ and severity is Severity.ERROR for _, m in rule(odd)]
    assert any(says in message for message in issues), issues


def test_lint_finds_nothing_in_our_own(catalog):
    assert not [m for _, rule in RULES if "bench" in rule.__name__ for m in rule(catalog)]


def test_the_command_says_which_benches_there_are(estrogenome):
    ran = estrogenome("bench", "nothing")
    assert ran.status == 2
    assert ran.err.strip().endswith("give one of tissue")
