"""Calls with known, open and contradictory numbers of copies, and the activities that follow."""

from __future__ import annotations

import numpy as np
import pytest

from estrogenome import call_diplotypes, infer_activities, read_genotypes
from estrogenome.activities import population_activities
from estrogenome.genotypes import state_copies

GENE, SITE, ABSENT = "SULT1A1", "rs9282861", "GSTM1"


@pytest.fixture
def called(catalog, make_vcf):
    """A function from a genotype and a stated number of copies to the call and the gene's activities."""

    def call(gt="0|0", gene=GENE, draws=2000, **stated):
        genotypes = read_genotypes(make_vcf(genotypes={"rs1801030": "1|1", SITE: gt}), catalog)
        diplotypes = call_diplotypes(state_copies(genotypes, stated, catalog), catalog)
        activities = infer_activities(diplotypes, catalog, draws=draws, seed=3)
        values = [activities.values[0, :, i] for i, t in enumerate(activities.terms) if t.gene == gene]
        means = [t.mean[0] for t in activities.terms if t.gene == gene]
        return next(r for r in diplotypes.results if r.gene == gene), values, means

    return call


def reference_mean(gene):
    return sum(e.copies * e.share.value for e in gene.copies.shares)


def test_open_numbers_keep_the_shares_of_the_population(catalog, called):
    call, _, means = called()
    assert call.copies_known == "not_assayed"
    assert {w.copies: w.weight for w in call.copies} == pytest.approx({e.copies: e.share.value for e in catalog.genes[GENE].copies.shares})
    single, _, one_mean = called(**{GENE: 2})
    assert single.status == call.status == "called"
    assert single.by_name() == call.by_name()
    assert means[0] == pytest.approx(one_mean[0] * reference_mean(catalog.genes[GENE]) / 2)


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_activity_is_proportional_to_the_number(called, count):
    _, two, _ = called(**{GENE: 2})
    _, values, _ = called(**{GENE: count})
    np.testing.assert_allclose(values, np.array(two) * count / 2)


def test_open_numbers_are_the_mixture(called):
    _, two, _ = called(**{GENE: 2})
    _, values, _ = called()
    ratio = np.array(values[0]) / np.array(two[0]) * 2
    assert set(np.unique(ratio.round(6))) == {1, 2, 3, 4, 5}
    assert np.mean(ratio.round() == 2) == pytest.approx(0.5, abs=0.04)


def test_names(called):
    assert called("1|1", **{GENE: 1})[0].by_name() == (("*2/*DEL", 1.0),)
    assert called("1|1", **{GENE: 2})[0].by_name()[0][0] == "*2/*2"
    assert called("0|1", **{GENE: 3})[0].by_name()[0][0] == "*1/*2 (3 copies)"
    assert called("0|1", **{GENE: 0})[0].by_name() != (("*DEL/*DEL", 1.0),), "two alleles were seen"
    assert called("0|0", **{GENE: 0})[0].by_name() == (("*DEL/*DEL", 1.0),)


def test_two_different_alleles_need_two_copies(called):
    call, values, _ = called("0|1", **{GENE: 1})
    assert call.copies_known == "not_assayed"
    assert "two different alleles" in call.copies_origin
    assert min(w.copies for w in call.copies) == 2
    assert min(values[0]) > 0


def test_a_gene_without_sites_is_called_by_its_copies(called):
    assert called(gene=ABSENT)[0].status == "not_assayed"
    call = called(gene=ABSENT, **{ABSENT: 0})[0]
    assert (call.status, call.by_name()[0][0]) == ("inferred", "*0/*0")
    call = called(gene=ABSENT, **{ABSENT: 1})[0]
    assert (call.status, call.by_name()[0][0]) == ("inferred", "*A/*0")


def test_without_the_gene_there_is_no_activity(called):
    _, values, means = called(gene="UGT2B17", UGT2B17=0)
    assert set(np.unique(values)) == {0}
    assert set(means) == {0}


def test_the_population_has_a_mean_of_one(catalog):
    got = population_activities(catalog, people=4000, seed=1, label="a")
    other = population_activities(catalog, people=4000, seed=1, label="b")
    column = next(i for i, t in enumerate(got.terms) if t.gene == "UGT2B17")
    assert np.mean(got.values[0, :, column]) == pytest.approx(1, abs=0.06)
    assert not np.array_equal(got.values[0, :, column], other.values[0, :, column]), "the number of copies is genotype"


def test_stated_frequencies_serve_where_there_is_no_panel(catalog):
    table = catalog.haplotypes["CYP2C19"]
    assert set(table.counts) == {"AFR", "AMR", "EAS", "EUR", "SAS"}
    assert table.counts["EUR"][0] == 10_000 - 1830 - 5 - 2240
    assert "ESR1" not in catalog.haplotypes
