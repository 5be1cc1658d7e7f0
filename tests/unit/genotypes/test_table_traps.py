"""Each trap of a consumer file, alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from estrogenome.core.errors import BuildError, GenotypeFileError
from estrogenome.diplotypes import call_diplotypes
from estrogenome.genotypes import read_genotypes
from tests.unit.genotypes.tables import plain, rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from estrogenome.catalog.load import Catalog
    from estrogenome.core.genotype_records import Genotypes, SiteObservation


@pytest.fixture
def read(tmp_path: Path, catalog: Catalog) -> Callable[..., Genotypes]:
    def run(text: str, **options: object) -> Genotypes:
        path = tmp_path / "x.txt"
        path.write_text(text, encoding="utf-8")
        return read_genotypes(path, catalog, **options)

    return run


def seen(genotypes: Genotypes, site: str) -> SiteObservation:
    return genotypes.of(genotypes.samples[0])[genotypes.sites.index(site)]


def said(genotypes: Genotypes, word: str) -> bool:
    return any(word in warning for warning in genotypes.warnings)


# ---------------------------------------------------------------- what is not there


def test_absent_is_not_assayed(read):
    assert seen(read(plain(rows(leave_out=("rs4680",)))), "rs4680").state == "not_assayed"


def test_absent_is_never_reference_in_a_table(read):
    with pytest.raises(GenotypeFileError, match="leave out the statement"):
        read(plain(rows()), absent_is_reference=True)


@pytest.mark.parametrize("symbol", ["--", "00", "NC", "", "."])
def test_no_calls(read, symbol):
    found = seen(read(plain(rows(rs4680=symbol))), "rs4680")
    assert found.state == "not_assayed"
    assert "no-call" in found.flags


def test_half_call_leaves_the_other_allele_open(read):
    genotypes = read(plain(rows(rs4680="A-")))
    assert seen(genotypes, "rs4680").compatible == (("A", "A"), ("A", "G"))
    assert "half-call" in seen(genotypes, "rs4680").flags
    assert said(genotypes, "one of two alleles read")


def test_one_letter_leaves_the_other_copy_open(read):
    genotypes = read(plain(rows(rs4680="A")))
    assert seen(genotypes, "rs4680").compatible == (("A",),)
    assert said(genotypes, "one allele only")


# ---------------------------------------------------------------- build


@pytest.mark.parametrize("build", ["GRCh37", "GRCh38"])
def test_positions_decide_the_build(read, build):
    assert read(plain(rows(build))).build == build


def test_positions_of_neither_build_are_refused(read):
    moved = [(n, c, str(int(p) - 54321), g) for n, c, p, g in rows()]
    with pytest.raises(BuildError, match="neither GRCh37 nor GRCh38"):
        read(plain(moved))


@pytest.mark.parametrize("words", ["# human assembly build 36", "# NCBI36", "# hg18", "# CHM13 (T2T)"])
def test_a_header_of_another_build_is_refused(read, words):
    with pytest.raises(BuildError, match="lift it over"):
        read(plain(rows(), comment=words))


def test_a_header_against_its_positions_is_refused(read):
    with pytest.raises(BuildError, match="say GRCh38"):
        read(plain(rows(), comment="# build 38"))


def test_the_position_decides_not_the_name(read):
    """A name of ours elsewhere is passed over and said; another name at our position is ours."""
    content = [*rows(leave_out=("rs4680", "rs762551")), ("rs4680", "22", "12345", "AA"), ("i6009406", "15", "75041917", "AA")]
    genotypes = read(plain(content))
    assert seen(genotypes, "rs4680").state == "not_assayed"
    assert said(genotypes, "passed over")
    assert seen(genotypes, "rs762551").compatible == (("A", "A"),)


def test_an_unplaced_row_of_ours_says_nothing(read):
    genotypes = read(plain([*rows(leave_out=("rs4680",)), ("rs4680", "0", "0", "AA")]))
    assert seen(genotypes, "rs4680").state == "not_assayed"
    assert not said(genotypes, "passed over")


def test_few_sites_are_said(read):
    assert said(read(plain(rows()[:1])), "only 1 of our sites")


@pytest.mark.parametrize("prefix", ["chr", "Chr", "0"])
def test_chromosome_spellings(read, prefix):
    genotypes = read(
        plain([(n, (prefix + c)[-2 if prefix == "0" else None :] if prefix == "0" else prefix + c, p, g) for n, c, p, g in rows()])
    )
    assert seen(genotypes, "rs4680").compatible == (("A", "G"),)


# ---------------------------------------------------------------- strand


def test_flipping_every_site_changes_nothing(read, catalog):
    one, other = read(plain(rows())), read(plain(rows(flip=True)))
    assert [o.compatible for o in one.observations] == [o.compatible for o in other.observations]
    assert said(other, "minus strand")
    assert call_diplotypes(one, catalog).results == call_diplotypes(other, catalog).results


def test_a_site_of_the_other_strand_is_complemented(read):
    genotypes = read(plain(rows(rs4680="TC")))
    assert seen(genotypes, "rs4680").compatible == (("A", "G"),)
    assert "complemented" in seen(genotypes, "rs4680").flags


def test_a_palindrome_in_a_file_of_mixed_strands_is_left_open_and_linkage_settles_it(read, catalog):
    """rs1056837 settles rs1056836; without it both readings keep their weight."""
    mixed = read(plain(rows(rs4680="TC")))
    assert seen(mixed, "rs1056836").compatible == (("C", "C"), ("G", "G"))
    assert "strand-unknown" in seen(mixed, "rs1056836").flags
    assert said(mixed, "strand cannot be told")

    def leucine(genotypes: Genotypes) -> float:
        (gene,) = (r for r in call_diplotypes(genotypes, catalog).results if r.gene == "CYP1B1")
        column = gene.sites.index("rs1056836")
        return sum(o.weight for o in gene.options if all(h.alleles[column] == "G" for h in o.haplotypes))

    assert leucine(mixed) > 0.99
    assert leucine(read(plain(rows(rs4680="TC", rs1056837="AA")))) < 0.01
    assert 0.05 < leucine(read(plain(rows(rs4680="TC", leave_out=("rs1056837",))))) < 0.95


def test_a_heterozygous_palindrome_reads_the_same_on_both_strands(read):
    assert seen(read(plain(rows(rs4680="TC", rs1056836="CG"))), "rs1056836").compatible == (("C", "G"),)


def test_palindromes_alone_settle_nothing(read):
    genotypes = read(plain([r for r in rows() if r[0] in {"rs1056836", "rs4818"}]))
    assert seen(genotypes, "rs1056836").compatible == (("C", "C"), ("G", "G"))


def test_a_strand_column_is_honoured(read):
    lines = ["Name,Variation,Chromosome,Position,Strand,YourCode"]
    for i, (n, c, p, g) in enumerate(rows()):
        turned = g.translate(str.maketrans("ACGT", "TGCA"))
        lines.append(",".join((n, "x", c, p, "-+"[i % 2], (turned, g)[i % 2])))
    genotypes = read("\n".join(lines) + "\n")
    for name, _, _, genotype in rows():
        assert seen(genotypes, name).compatible == (tuple(genotype),)


# ---------------------------------------------------------------- duplicates, codes, impossible alleles


def test_rows_that_disagree_are_no_call(read):
    for second in ("rs762551", "i6009406"):
        genotypes = read(plain([*rows(rs762551="AC"), (second, "15", "75041917", "AA")]))
        assert seen(genotypes, "rs762551").state == "not_assayed"
        assert "records-disagree" in seen(genotypes, "rs762551").flags
        assert said(genotypes, "contradict each other")


def test_rows_that_agree_or_were_not_read_do_no_harm(read):
    for second in ("AC", "CA", "--", "A-"):
        found = seen(read(plain([*rows(rs762551="AC"), ("i6009406", "15", "75041917", second)])), "rs762551")
        assert found.compatible == (("A", "C"),), second


@pytest.mark.parametrize(("code", "copies"), [("II", ("insA", "insA")), ("DI", ("T", "insA")), ("ID", ("T", "insA")), ("DD", ("T", "T"))])
def test_codes_of_an_insertion(read, code, copies):
    for position in ("99250393", "99250394"):
        found = seen(read(plain([*rows(), ("rs41303343", "7", position, code)])), "rs41303343")
        assert found.compatible == (copies,)


def test_codes_do_not_tell_four_lengths_apart(read):
    genotypes = read(plain([*rows(), ("rs8175347", "2", "234668880", "DI")]))
    assert seen(genotypes, "rs3064744").state == "not_assayed"
    assert "indel-code" in seen(genotypes, "rs3064744").flags
    assert said(genotypes, "insertion or deletion")


def test_names_of_lengths(read):
    genotypes = read(plain([*rows(), ("rs3064744", "2", "234668879", "TA6/TA7")]))
    assert seen(genotypes, "rs3064744").compatible == (("TA6", "TA7"),)


@pytest.mark.parametrize("genotype", ["AT", "TT", "AC", "DI"])
def test_alleles_impossible_at_the_site_are_not_called(read, genotype):
    found = seen(read(plain(rows(rs4680=genotype.replace("TT", "CG")))), "rs4680")
    assert found.state == "not_assayed"
    assert "allele-not-in-catalog" in found.flags


def test_more_than_two_alleles_and_nonsense(read):
    assert "ploidy" in seen(read(plain(rows(rs4680="A/A/G"))), "rs4680").flags
    assert "unreadable" in seen(read(plain(rows(rs4680="<b>"))), "rs4680").flags


# ---------------------------------------------------------------- people, messages


def test_two_people_in_one_table_are_refused(read):
    head = "[Header]\n[Data]\nSample Name\tSNP Name\tChr\tPosition\tAllele1 - Plus\tAllele2 - Plus\n"
    lines = ["\t".join(("ab"[i % 2], n, c, p, g[0], g[1])) for i, (n, c, p, g) in enumerate(rows())]
    with pytest.raises(GenotypeFileError, match="2 people"):
        read(head + "\n".join(lines) + "\n")


def test_the_person_has_a_neutral_name_unless_the_file_names_one(read):
    assert read(plain(rows())).samples == ("sample",)
    named = "# made by Mapmygenome\n#  Sample.ID: XXX1\nrsid\tchromosome\tposition\tgenotype\n"
    assert read(named + "".join("\t".join(r) + "\n" for r in rows())).samples == ("XXX1",)


def test_no_warning_tells_a_genotype(read):
    genotypes = read(plain([*rows(rs4680="TC", rs762551="AC"), ("i6009406", "15", "75041917", "AA"), ("rs4646", "15", "51502844", "<b>")]))
    assert len(genotypes.warnings) > 3
    for warning in genotypes.warnings:
        assert not any(word in warning for word in ("rs4680", "rs762551", "TC", "AC", "AA", "<b>"))
