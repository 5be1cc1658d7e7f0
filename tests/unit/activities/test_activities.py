"""Activities: multiplication within a copy, mean over copies, normalisation to the panel, mixtures, streams."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from estrogenome.activities import infer_activities, population_activities
from estrogenome.catalog.haplotypes import equal_population_frequencies
from estrogenome.catalog.load import Catalog, HaplotypeTable, load_catalog
from estrogenome.core.errors import KnowledgeError
from estrogenome.core.genotype_records import CallStatus
from estrogenome.core.records import Activities
from estrogenome.core.uncertainty import State

sys.path.insert(0, str(Path(__file__).parent))
from activity_cases import TABLE, catalog, diplotypes, gene

DRAWS = 4000
# weights of the haplotypes of the table: mean over its two populations that counted anybody
FREQUENCIES = np.array([0.425, 0.275, 0.165, 0.135])


def term(activities: Activities, reaction: str, tissue: str) -> int:
    return [(t.reaction, t.tissue) for t in activities.terms].index((reaction, tissue))


def panel_mean(*, tissue: str) -> float:
    """Mean of the copies at median effects: A-A, s1 C, s2 C, both."""
    second = 3.0 if tissue == "t2" else 1.0
    return float(FREQUENCIES @ [1.0, 0.4, second, 0.4 * second])


def test_populations_weigh_the_same() -> None:
    assert equal_population_frequencies(TABLE) == pytest.approx(FREQUENCIES)


def test_a_table_that_counts_nobody_is_refused() -> None:
    with pytest.raises(KnowledgeError):
        equal_population_frequencies(HaplotypeTable(sites=("s1",), haplotypes=(("A",),), counts={"X": (0,)}))


@pytest.mark.parametrize("tissue", ["t1", "t2"])
def test_effects_multiply_within_a_copy_and_average_over_copies(tissue: str) -> None:
    got = infer_activities(diplotypes([(1.0, ("AA", "CC"))]), catalog(gene()), draws=10, seed=1)
    both = 0.4 * (3.0 if tissue == "t2" else 1.0)
    assert got.terms[term(got, "r1", tissue)].mean[0] == pytest.approx((1.0 + both) / 2 / panel_mean(tissue=tissue))


def test_effects_act_where_they_say() -> None:
    got = infer_activities(diplotypes([(1.0, ("AC", "AC"))]), catalog(gene()), draws=10, seed=1)
    assert got.terms[term(got, "r1", "t1")].mean[0] == pytest.approx(1.0 / panel_mean(tissue="t1"))
    assert got.terms[term(got, "r1", "t2")].mean[0] == pytest.approx(3.0 / panel_mean(tissue="t2"))


def test_an_unknown_site_makes_exactly_the_mixture() -> None:
    one, other = ("AA", "AA"), ("AC", "CC")
    alone = [infer_activities(diplotypes([(1.0, option)]), catalog(gene()), draws=DRAWS, seed=3) for option in (one, other)]
    mixed = infer_activities(diplotypes([(0.7, one), (0.3, other)]), catalog(gene()), draws=DRAWS, seed=3)
    for i, t in enumerate(mixed.terms):
        assert t.mean[0] == pytest.approx(0.7 * alone[0].terms[i].mean[0] + 0.3 * alone[1].terms[i].mean[0], rel=1e-12)
        from_first = np.isclose(mixed.values[0, :, i], alone[0].values[0, :, i])
        from_second = np.isclose(mixed.values[0, :, i], alone[1].values[0, :, i])
        assert (from_first | from_second).all()
        assert from_first.mean() == pytest.approx(0.7, abs=0.03)


def test_the_panel_as_mixture_is_one_on_average() -> None:
    names = ["AA", "CA", "AC", "CC"]
    options = [(float(FREQUENCIES[i] * FREQUENCIES[j]), (a, b)) for i, a in enumerate(names) for j, b in enumerate(names)]
    got = infer_activities(diplotypes(options), catalog(gene()), draws=10, seed=1)
    assert [t.mean[0] for t in got.terms] == pytest.approx([1.0, 1.0, 1.0])


def test_nothing_known_is_the_panel_and_not_the_default() -> None:
    nothing = diplotypes([])
    nothing = nothing.model_copy(update={"results": (nothing.results[0].model_copy(update={"status": CallStatus.NOT_ASSAYED}),)})
    absent = diplotypes([(1.0, ("AA", "AA"))]).model_copy(update={"genes": ("OTHER",)})
    for case in (nothing, absent):
        got = infer_activities(case, catalog(gene()), draws=DRAWS, seed=5)
        assert [t.mean[0] for t in got.terms] == pytest.approx([1.0, 1.0, 1.0])
        assert got.values[0].mean(axis=0) == pytest.approx(np.ones(3), rel=0.05)
        assert (got.values[0].std(axis=0) > 0.1).all()


def test_without_a_table_the_default_copy_is_one() -> None:
    got = infer_activities(diplotypes([(1.0, ("AA", "AA"))]), catalog(gene(), table=False), draws=10, seed=1)
    assert got.values == pytest.approx(np.ones((1, 10, 3)))


def test_the_same_person_alone_and_in_a_cohort() -> None:
    first, second = [(0.5, ("AA", "CC")), (0.5, ("AC", "CA"))], [(1.0, ("CC", "CC"))]
    cohort = infer_activities(diplotypes(second, first), catalog(gene(unseen=True)), draws=50, seed=9)
    alone = infer_activities(diplotypes(first), catalog(gene(unseen=True)), draws=50, seed=9)
    assert cohort.values.shape == (2, 50, 3)
    assert np.array_equal(cohort.values[1], alone.values[0])


def test_both_copies_share_one_effect_size() -> None:
    got = infer_activities(diplotypes([(1.0, ("CA", "CA"))], [(1.0, ("AA", "CA"))]), catalog(gene(), table=False), draws=200, seed=2)
    homozygous, heterozygous = got.values[0, :, 0], got.values[1, :, 0]
    assert heterozygous == pytest.approx((1.0 + homozygous) / 2)
    assert np.exp(np.log(homozygous).mean()) == pytest.approx(0.4, rel=0.1)


def test_a_new_effect_changes_no_other_draw() -> None:
    one = gene()
    fewer = one.model_copy(update={"effects": one.effects[:1]})
    person = diplotypes([(1.0, ("CA", "CA"))])
    got = infer_activities(person, catalog(one, table=False), draws=20, seed=4)
    less = infer_activities(person, catalog(fewer, table=False), draws=20, seed=4)
    assert np.array_equal(got.values, less.values)


def test_unseen_variation_has_median_one_and_is_not_in_the_mean() -> None:
    person = diplotypes([(1.0, ("AA", "AA"))])
    plain = infer_activities(person, catalog(gene(), table=False), draws=DRAWS, seed=6)
    wide = infer_activities(person, catalog(gene(unseen=True), table=False), draws=DRAWS, seed=6)
    assert plain.terms[0].mean == wide.terms[0].mean
    assert np.median(wide.values[0, :, 0]) == pytest.approx(1.0, abs=0.05)
    assert np.log(wide.values[0, :, 0]).std() == pytest.approx(0.5, rel=0.05)
    assert np.array_equal(wide.values[0, :, 0], wide.values[0, :, 2])


def test_states_and_sources_are_those_that_act() -> None:
    got = infer_activities(diplotypes([(1.0, ("AA", "AA"))]), catalog(gene()), draws=5, seed=1)
    liver, other = got.terms[term(got, "r1", "t1")], got.terms[term(got, "r1", "t2")]
    assert (liver.worst_state, liver.sources) == (State.MEASURED, ("a",))
    assert (other.worst_state, other.sources) == (State.ASSUMED, ("a", "b", "c"))


def test_population_has_mean_one_and_its_draws_are_people() -> None:
    got = population_activities(catalog(gene()), people=20000, seed=1, label="a")
    assert got.samples == ("population",)
    assert got.values.shape == (1, 20000, 3)
    assert got.values[0].mean(axis=0) == pytest.approx(np.ones(3), rel=0.02)


def test_two_populations_differ_in_genotype_alone() -> None:
    known = catalog(gene(unseen=True))
    a = population_activities(known, people=500, seed=1, label="a")
    b = population_activities(known, people=500, seed=1, label="b")
    again = population_activities(known, people=500, seed=1, label="a")
    assert np.array_equal(a.values, again.values)
    assert not np.array_equal(a.values, b.values)
    flat = catalog(gene(unseen=True), table=False)
    one = population_activities(flat, people=500, seed=1, label="a")
    two = population_activities(flat, people=500, seed=1, label="b")
    assert np.array_equal(one.values, two.values)


def test_population_and_person_share_effect_sizes() -> None:
    flat = catalog(gene(unseen=True), table=False)
    person = infer_activities(diplotypes([(1.0, ("AA", "AA"))]), flat, draws=300, seed=8)
    people = population_activities(flat, people=300, seed=8, label="a")
    assert np.array_equal(person.values, people.values)


def test_provenance_keeps_the_input_and_adds_seed_and_draws() -> None:
    got = infer_activities(diplotypes([(1.0, ("AA", "AA"))]), catalog(gene()), draws=7, seed=11)
    assert (got.provenance.seed, got.provenance.draws, got.provenance.input_digest) == (11, 7, "0")


def test_own_catalog(catalog: Catalog) -> None:
    got = population_activities(catalog, people=2000, seed=0, label="a")
    assert {t.gene for t in got.terms} == {name for name, entry in catalog.catalysts.items() if entry.catalyses}
    assert np.isfinite(got.values).all()
    without = [
        i
        for i, t in enumerate(got.terms)
        if (gene := catalog.genes.get(t.gene)) and (gene.copies or any(e.multiple.value == 0 for e in gene.effects))
    ]
    assert (np.delete(got.values, without, axis=2) > 0).all()
    assert (got.values >= 0).all()
    assert all(t.mean == (1.0,) for t in got.terms)


def test_what_nobody_read_an_effect_of_is_assumed_never_measured() -> None:
    found = population_activities(load_catalog(), people=20, seed=0, label="a")
    bare = [term for term in found.terms if not term.sources]
    assert bare
    assert {term.worst_state for term in bare} == {State.ASSUMED}
