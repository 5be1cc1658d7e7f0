"""Numbers of gene copies: which records count, what each says, and what the user states."""

from __future__ import annotations

import pytest

from estrogenome.core.errors import InputError
from estrogenome.genotypes import read_genotypes, state_copies

DUPLICATED, DELETED = "SULT1A1", "GSTM1"


@pytest.fixture
def seen(catalog, make_vcf):
    """A function that adds one copy-number record over a gene and gives the counts that are left open, None where nothing is said."""

    def look(gene, alt, form, *values, info=None, filters="PASS", build="GRCh38", share=1.0):
        span = catalog.genes[gene].copies.spans[build]
        last = span[0] + int((span[1] - span[0]) * share)
        path = make_vcf(build=build, samples=tuple(f"s{i}" for i in range(len(values))))
        chromosome = catalog.genes[gene].chromosome
        line = (chromosome, span[0] - 1, "sv", "N", alt, ".", filters, info or f"SVTYPE=X;END={last}", form, *values)
        head, *records = path.read_text().split("\n#CHROM")
        path.write_text(head + "\n#CHROM" + records[0] + "\t".join(map(str, line)) + "\n")
        genotypes = read_genotypes(path, catalog)
        return [next((o.counts for o in found if o.gene == gene), None) for found in genotypes.copies] or [None] * len(values)

    return look


@pytest.mark.parametrize(
    ("alt", "form", "value", "counts"),
    [
        ("<CNV>", "GT:CN", "./.:3", (3,)),
        ("<DUP>", "GT:CN", "0/1:4", (4,)),
        (".", "CN", "1", (1,)),
        ("<CNV>", "GT:CN", "0/1:2.0", (2,)),
        ("<CNV>", "GT:CN", "0/1:.", None),
        ("<DEL>", "GT", "0/1", (1, 2, 3, 4)),
        ("<DEL>", "GT", "0/0", (2, 3, 4, 5)),
        ("<DUP>", "GT", "0/0", (1, 2)),
        ("<DUP>", "GT", "1/1", (4, 5)),
        ("<DEL>", "GT", "./1", None),
        ("<CN0>,<CN2>", "GT", "0|2", (3,)),
        ("<CN2>", "GT", "1|1", (4,)),
        ("<CNV>", "GT:CN", "./.:7", (7,)),
    ],
)
def test_what_a_record_says(seen, alt, form, value, counts):
    assert seen(DUPLICATED, alt, form, value) == [counts]


@pytest.mark.parametrize(("value", "counts"), [("0/0", (2,)), ("0/1", (1,)), ("1|1", (0,))])
def test_where_only_deletions_occur_a_genotype_settles_the_number(seen, value, counts):
    assert seen(DELETED, "<DEL>", "GT", value) == [counts]


def test_everybody_has_their_own(seen):
    assert seen(DELETED, "<DEL>", "GT", "0/0", "1/1", "./.") == [(2,), (0,), None]


@pytest.mark.parametrize("build", ["GRCh37", "GRCh38"])
def test_both_builds(seen, build):
    assert seen(DELETED, "<DEL>", "GT", "1/1", build=build) == [(0,)]


def test_a_record_that_covers_little_of_the_gene_says_nothing(seen):
    assert seen(DELETED, "<DEL>", "GT", "1/1", share=0.8) == [None]
    assert seen(DELETED, "<DEL>", "GT", "1/1", share=0.95) == [(0,)]


def test_a_record_that_failed_a_filter_says_nothing(seen):
    assert seen(DELETED, "<DEL>", "GT", "1/1", filters="LowQual") == [None]


def test_the_length_serves_where_there_is_no_end(seen):
    assert seen(DELETED, "<DEL>", "GT", "1/1", info="SVTYPE=DEL;SVLEN=-9000") == [(0,)]
    assert seen(DELETED, "<DEL>", "GT", "1/1", info="SVTYPE=DEL;SVLEN=-90") == [None]


def test_no_record_is_no_number(catalog, vcf):
    assert read_genotypes(vcf, catalog).copies == ()


def test_the_users_word_is_kept_as_such(catalog, vcf):
    genotypes = state_copies(read_genotypes(vcf, catalog), {DUPLICATED: 3, DELETED: 0}, catalog)
    (own,) = genotypes.copies
    assert {o.gene: (o.state, o.counts) for o in own} == {DUPLICATED: ("inferred", (3,)), DELETED: ("inferred", (0,))}
    assert f"{DUPLICATED}: 3 copies, as stated by the user" in genotypes.statements
    again = state_copies(genotypes, {DELETED: 1}, catalog)
    assert {o.gene: o.counts for o in again.copies[0]} == {DUPLICATED: (3,), DELETED: (1,)}
    assert any("another number" in w for w in again.warnings)


@pytest.mark.parametrize("stated", [{"COMT": 3}, {"NOSUCH": 1}, {DELETED: 99}, {DELETED: -1}])
def test_what_cannot_be_is_refused(catalog, vcf, stated):
    with pytest.raises(InputError):
        state_copies(read_genotypes(vcf, catalog), stated, catalog)
