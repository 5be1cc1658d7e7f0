"""The self-test of every gene (of the largest, a part), and what its verdicts mean. `make selftest` compares the whole page."""

from __future__ import annotations

from pathlib import Path

import pytest

from estrogenome.core.genotype_records import CallStatus, DiplotypeOption, GeneDiplotypes, Haplotype
from estrogenome.validate import page, selftest
from estrogenome.validate.calls import judge
from estrogenome.validate.made import haplotypes, pairs, vcf

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "selftest.md"
MOST = 4
MANY = 200
"""Diplotypes from which on a gene is called in part."""
EVERY = 13


@pytest.fixture(scope="module")
def whole(catalog):
    return [name for name, gene in catalog.genes.items() if len(pairs(haplotypes(gene, catalog, MOST))) < MANY]


@pytest.fixture(scope="module")
def cases(catalog, whole):
    return selftest(catalog, whole, most=MOST)


@pytest.fixture(scope="module")
def part(catalog, whole):
    left = [name for name in catalog.genes if name not in whole]
    assert len(left) <= 1, "this would take long in CI"
    return selftest(catalog, left, most=MOST, every=EVERY)


def test_nothing_fails_and_the_published_table_is_what_comes_out(cases, whole):
    assert not [c for c in cases if c.verdicts["failed"]]
    published = PAGE.read_text(encoding="utf-8").splitlines()
    genes = tuple(f"| {gene} |" for gene in whole)
    rows = [line for line in page(cases, MOST).splitlines() if line.startswith(genes)]
    assert rows == [line for line in published if line.startswith(genes)]


def test_a_part_of_the_largest_gene_fails_nowhere_and_lists_what_is_published(part):
    assert not [c for c in part if c.verdicts["failed"]]
    published = set(PAGE.read_text(encoding="utf-8").splitlines())
    listed = [" | ".join(failure) for case in part for failure in case.listed]
    assert [line for line in listed if not any(line in row for row in published)] == []


def test_a_whole_phased_file_is_always_called_right(cases, part, catalog):
    sites = {gene.id: len(gene.sites) for gene in catalog.genes.values()}
    for case in [*cases, *part]:
        if case.phased and not case.without and not case.flipped:
            everything = {"right"} if sites[case.gene] else {"refused"}
            assert set(case.verdicts) == everything, (case.gene, case.build)


def test_a_flipped_file_is_never_called_with_confidence(cases, part, catalog):
    flipped = [c for c in [*cases, *part] if c.flipped]
    assert len(flipped) == 4 * len(catalog.genes)
    for case in flipped:
        assert set(case.verdicts) <= {"open", "refused"}, (case.gene, case.build)


def test_every_name_is_made(catalog):
    for gene in catalog.genes.values():
        copies = haplotypes(gene, catalog, MOST)
        assert len(set(copies)) == len(copies) >= len(gene.alleles)
        assert len(pairs(copies)) == len(copies) * (len(copies) + 1) // 2


def test_the_file_says_what_the_person_has(catalog):
    gene = catalog.genes["UGT1A1"]
    default = tuple(gene.default_alleles[s.id] for s in gene.sites)
    seven = tuple("TA7" if s.id == "rs3064744" else gene.default_alleles[s.id] for s in gene.sites)
    text = vcf(gene, [(default, seven), (seven, seven)], "GRCh38", phased=True)
    repeat = [line.split("\t")[3:] for line in text.splitlines() if line.split("\t")[1:2] == ["233760233"]]
    assert [(r[0], r[1], *r[-2:]) for r in repeat] == [
        ("CAT", "C", "0|0", "0|0"),
        ("C", "CAT", "0|1", "1|1"),
        ("C", "CATAT", "0|0", "0|0"),
    ]
    assert "233760233" not in vcf(gene, [(default, seven)], "GRCh38", phased=True, without="rs3064744")
    assert "0/1" in vcf(gene, [(seven, default)], "GRCh38", phased=False)


def result(status, *names):
    options = [DiplotypeOption(haplotypes=tuple(Haplotype(name=n, alleles=()) for n in name.split("/")), weight=w) for name, w in names]
    return GeneDiplotypes(gene="G", status=status, options=tuple(options), sites=())


@pytest.mark.parametrize(
    ("status", "names", "complete", "verdict"),
    [
        (CallStatus.CALLED, [("*1/*2", 1.0)], True, "right"),
        (CallStatus.CALLED, [("*1/*3", 1.0)], True, "failed"),
        (CallStatus.AMBIGUOUS, [("*1/*2", 0.6), ("*1/*3", 0.4)], True, "failed"),
        (CallStatus.PARTIAL, [("*1/*3", 0.6), ("*1/*2", 0.4)], False, "open"),
        (CallStatus.CALLED, [("*1/*3", 0.99), ("*1/*2", 0.01)], False, "outweighed"),
        (CallStatus.INFERRED, [("*1/*3", 1.0)], False, "below floor"),
        (CallStatus.NOT_ASSAYED, [("*1/*3", 1.0)], False, "open"),
    ],
)
def test_verdicts(status, names, complete, verdict):
    assert judge("*1/*2", result(status, *names), complete=complete) == verdict
