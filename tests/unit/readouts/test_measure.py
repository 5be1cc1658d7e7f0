"""Readouts: formula grammar, units, percentile, and the share of genotype against cases with known answers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from estrogenome.activities import population_activities
from estrogenome.catalog.formula import evaluate, names, parse
from estrogenome.core.errors import KnowledgeError
from estrogenome.core.records import Person
from estrogenome.core.units import convert
from estrogenome.parameters import personalize
from estrogenome.readouts import measure
from estrogenome.readouts.compare import fold_change, percentile
from estrogenome.readouts.decompose import total_effect
from estrogenome.trajectories import simulate


def test_formula_arithmetic():
    values = {"a": np.array([1.0, 2.0]), "b": np.array([4.0, 4.0])}
    np.testing.assert_allclose(evaluate("(a + b) / (2 * a) - 0.5", values), [2.0, 1.0])
    assert names("a * (b + c)") == {"a", "b", "c"}


@pytest.mark.parametrize(
    "bad", ["__import__('os')", "a.b", "a[0]", "a ** 9", "lambda: 1", "a if b else c", "'x'", "a(1)", "True", "a;b", ""]
)
def test_nothing_but_arithmetic_is_accepted(bad):
    with pytest.raises(KnowledgeError):
        parse(bad)


def test_an_unknown_name_is_named():
    with pytest.raises(KnowledgeError, match="nowhere"):
        evaluate("nowhere + 1", {})


def test_percentile_counts_people_below():
    assert percentile(3.0, np.array([1.0, 2.0, 3.0, 4.0, np.nan])) == 50.0


def test_total_effect_of_a_known_mixture():
    """log y = g + e with var(g) = 1 and var(e) = 3: the share is a quarter."""
    rng = np.random.default_rng(0)
    e = np.sqrt(3) * rng.standard_normal(200_000)
    one, two = (np.exp(rng.standard_normal(200_000) + e) for _ in range(2))
    assert total_effect(one, two) == pytest.approx(0.25, abs=0.005)


def test_total_effect_is_zero_or_one_at_the_ends():
    x = np.exp(np.random.default_rng(1).standard_normal(50_000))
    assert total_effect(x, x) == 0.0
    y = np.exp(np.random.default_rng(2).standard_normal(50_000))
    assert total_effect(x, y) == pytest.approx(1.0, abs=0.02)


def test_total_effect_is_none_where_nothing_varies():
    assert total_effect(np.ones(5), np.ones(5)) is None


def test_fold_change_is_paired():
    people = np.exp(np.random.default_rng(3).standard_normal(100))
    assert fold_change(people * 2, people) == pytest.approx((2.0, 2.0, 2.0))


@pytest.fixture(scope="module")
def measured(catalog):
    person = Person(sex="male", age=40, state="man")
    a, b = (population_activities(catalog, people=150, seed=2, label=x) for x in "ab")
    first, second = (simulate(personalize(x, person, catalog, draws=150, seed=2), catalog) for x in (a, b))
    return first, second, measure(first, catalog, first, second)


def test_every_readout_of_the_catalog_is_there_with_ordered_intervals(catalog, measured):
    readouts = measured[2].readouts[0]
    assert [r.id for r in readouts] == list(catalog.readouts)
    for r in readouts:
        assert r.interval90[0] <= r.interval50[0] <= r.median <= r.interval50[1] <= r.interval90[1]
        assert list(r.population_quantiles) == sorted(r.population_quantiles)
        assert 0 <= r.genotype_share <= 1
        assert r.percentile == pytest.approx(50, abs=1)


def test_levels_are_converted_to_the_unit_of_the_assay(catalog, measured):
    trajectories, _, readouts = measured
    for spec in catalog.readouts.values():
        if spec.formula in trajectories.species and spec.molar_mass:
            ours = next(r for r in readouts.readouts[0] if r.id == spec.id)
            median = np.median(trajectories.concentrations[0, :, 0, trajectories.species.index(spec.formula)])
            assert ours.median == pytest.approx(convert(median, "nmol/L", spec.unit, spec.molar_mass), rel=1e-9)


def test_failed_draws_are_counted_and_left_out(catalog, measured):
    trajectories = measured[0]
    failed = trajectories.failed.copy()
    failed[0, :10] = 1
    broken = trajectories.concentrations.copy()
    broken[0, :10] = np.nan
    readout = measure(trajectories.model_copy(update={"failed": failed, "concentrations": broken}), catalog).readouts[0][0]
    assert readout.failed_draws == 10
    assert np.isfinite(readout.median)
    assert readout.percentile is None


def test_an_arrow_is_the_sum_of_its_reactions_draw_by_draw(catalog, measured):
    trajectories, _, readouts = measured
    for edge in catalog.pathway.edges:
        where = [trajectories.reactions.index(r) for r in edge.reactions]
        total = trajectories.fluxes[0, :, 0, where].sum(axis=0)
        assert readouts.fluxes[0][edge.id] == pytest.approx(tuple(np.percentile(total, q) for q in (5, 50, 95)))


def test_an_arrow_of_a_reaction_that_the_model_lacks_is_refused(catalog, measured):
    edges = (catalog.pathway.edges[0].model_copy(update={"reactions": ("no_such_reaction",)}),)
    broken = replace(catalog, pathway=catalog.pathway.model_copy(update={"edges": edges}))
    with pytest.raises(KnowledgeError, match="no_such_reaction"):
        measure(measured[0], broken)


def test_own_measured_values_do_not_pass_for_an_effect_of_genotype(catalog):
    """The same genotypes with measured covariates: the effect of genotype is none, whatever was measured."""
    person = Person(sex="male", age=40, state="man")
    own = person.model_copy(update={"measured": {"baseline_T": 40.0, "SHBG": 80.0}})
    random = population_activities(catalog, people=60, seed=2, label="a")
    people, here = (simulate(personalize(random, p, catalog, draws=60, seed=2), catalog) for p in (person, own))
    apart = {r.id: r.genotype_effect for r in measure(here, catalog, people, bodies=here).readouts[0]}
    assert all(effect == pytest.approx((1.0, 1.0, 1.0)) for effect in apart.values())
    confused = {r.id: r.genotype_effect for r in measure(here, catalog, people).readouts[0]}
    assert confused["e2"][0] > 1.2
