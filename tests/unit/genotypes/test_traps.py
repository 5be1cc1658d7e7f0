"""Each trap of a VCF, alone: what one record may say, and what it must never be taken for."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from estrogenome.genotypes import read_genotypes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from estrogenome.catalog.load import Catalog
    from estrogenome.core.genotype_records import Genotypes, SiteObservation

HEAD = """##fileformat=VCFv4.2
##FILTER=<ID=LowQ,Description="low">
##INFO=<ID=END,Number=1,Type=Integer,Description="end">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">
"""
LENGTH = {"GRCh37": "##contig=<ID=22,length=51304566>\n", "GRCh38": "##contig=<ID=22,length=50818468>\n"}
# Two records elsewhere settle the build; rs numbers below are on GRCh38.
ANCHORS = {
    "GRCh38": ("7 99768693 . G A . PASS . GT 0/0", "15 74719300 . A G . PASS . GT 0/0"),
    "GRCh37": ("7 99366316 . G A . PASS . GT 0/0", "15 75011641 . A G . PASS . GT 0/0"),
}


@pytest.fixture
def read(tmp_path: Path, catalog: Catalog) -> Callable[..., Genotypes]:
    def run(*records: str, build: str = "GRCh38", prefix: str = "", samples: str = "p", **options: object) -> Genotypes:
        rows = [prefix + line for line in (*ANCHORS[build], *records)]
        many = samples.count(" ")
        rows = [row if i >= 2 else row + " 0/0" * many for i, row in enumerate(rows)]
        lines = ["#CHROM POS ID REF ALT QUAL FILTER INFO FORMAT " + samples, *rows]
        path = tmp_path / "x.vcf"
        path.write_text(HEAD + LENGTH[build] + "\n".join(line.replace(" ", "\t") for line in lines) + "\n")
        return read_genotypes(path, catalog, **options)

    return run


def seen(genotypes: Genotypes, site: str, sample: str = "p") -> SiteObservation:
    return genotypes.of(sample)[genotypes.sites.index(site)]


def test_absent_is_not_assayed(read):
    assert seen(read(), "rs4680").state == "not_assayed"
    assert seen(read(), "rs4680").compatible == ()


@pytest.mark.parametrize("prefix", ["", "chr", "Chr"])
def test_prefix(read, prefix):
    genotypes = read("22 19963748 . G A . PASS . GT 0/1", prefix=prefix)
    assert genotypes.build == "GRCh38"
    assert seen(genotypes, "rs4680").compatible == (("A", "G"),)


def test_refseq_contig_names(tmp_path, catalog):
    path = tmp_path / "x.vcf"
    row = "NC_000022.11\t19963748\t.\tG\tA\t.\t.\t.\tGT\t1/1\n"
    path.write_text("##fileformat=VCFv4.2\n" + LENGTH["GRCh38"] + "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tp\n" + row)
    assert seen(read_genotypes(path, catalog), "rs4680").compatible == (("A", "A"),)


def test_no_call_and_half_call(read):
    assert seen(read("22 19963748 . G A . . . GT ./."), "rs4680").state == "not_assayed"
    assert seen(read("22 19963748 . G A . . . GT ."), "rs4680").state == "not_assayed"
    half = seen(read("22 19963748 . G A . . . GT 0/."), "rs4680")
    assert half.compatible == (("A", "G"), ("G", "G"))
    assert "half-call" in half.flags


def test_phased_half_call_keeps_the_order(read):
    half = seen(read("22 19963748 . G A . . . GT .|1"), "rs4680")
    assert half.compatible == (("A", "A"), ("G", "A"))
    assert half.phase_set == "file"


def test_haploid_leaves_the_other_copy_open(read):
    one = seen(read("22 19963748 . G A . . . GT 1"), "rs4680")
    assert one.compatible == (("A",),)
    assert "haploid" in one.flags


def test_three_copies_are_not_called(read):
    assert seen(read("22 19963748 . G A . . . GT 0/0/1"), "rs4680").state == "not_assayed"


def test_third_allele_is_never_reference(read):
    for record in ("22 19963748 . G T . . . GT 0/1", "22 19963748 . G T . . . GT 1/1", "22 19963748 . G A,T . . . GT 1/2"):
        found = seen(read(record), "rs4680")
        assert found.state == "not_assayed"
        assert "allele-not-in-catalog" in found.flags
    assert seen(read("22 19963748 . G T,A . . . GT 0/2"), "rs4680").compatible == (("A", "G"),)


def test_zero_beside_a_foreign_allele_is_reference(read):
    assert seen(read("22 19963748 . G T . . . GT 0/0"), "rs4680").compatible == (("G", "G"),)


def test_split_records_at_one_base(read):
    both = ("22 19963748 . G A . . . GT 0/1", "22 19963748 . G T . . . GT 0/0")
    assert seen(read(*both), "rs4680").compatible == (("A", "G"),)
    clash = ("22 19963748 . G A . . . GT 0/0", "22 19963748 . G A . . . GT 1/1")
    assert "records-disagree" in seen(read(*clash), "rs4680").flags


def test_multi_base_records(read):
    assert seen(read("22 19963747 . CG CA . . . GT 0/1"), "rs4680").compatible == (("A", "G"),)
    gone = seen(read("22 19963747 . CG C . . . GT 0/1"), "rs4680")
    assert gone.state == "not_assayed"
    assert "spanning-deletion" in gone.flags
    assert seen(read("22 19963747 . CG C . . . GT 0/0"), "rs4680").state == "not_assayed"
    assert seen(read("22 19963748 . G GA . . . GT 0/1"), "rs4680").state == "not_assayed"
    assert seen(read("22 19963748 . G A,* . . . GT 0/2"), "rs4680").state == "not_assayed"


def test_deletion_over_a_called_base_does_not_make_it_reference(read):
    records = ("22 19963747 . CG C . . . GT 0/0", "22 19963748 . G A . . . GT 1/1")
    assert seen(read(*records), "rs4680").compatible == (("A", "A"),)


def test_wrong_reference_base_is_refused(read):
    found = seen(read("22 19963748 . C A . . . GT 0/1"), "rs4680")
    assert found.state == "not_assayed"
    assert "reference-mismatch" in found.flags


def test_filter_is_kept_as_a_flag(read):
    found = seen(read("22 19963748 . G A . LowQ . GT 0/1"), "rs4680")
    assert found.state == "observed"
    assert found.flags == ("filter:LowQ",)


def test_reference_that_flips_between_builds(read):
    assert seen(read("2 38071060 . G C . . . GT 0/0"), "rs1056836").compatible == (("G", "G"),)
    assert seen(read("2 38298203 . C G . . . GT 0/0", build="GRCh37"), "rs1056836").compatible == (("C", "C"),)
    assert (
        seen(read("7 99672916 . T C . . . GT 0/1"), "rs776746").compatible
        == seen(read("7 99270539 . C T . . . GT 0/1", build="GRCh37"), "rs776746").compatible
    )


def test_lower_case_bases(read):
    assert seen(read("22 19963748 . g a . . . GT 0/1"), "rs4680").compatible == (("A", "G"),)


# ---------------------------------------------------------------- the repeat

REPEAT = "2 233760233 ."


@pytest.mark.parametrize(
    ("ref", "alt", "name"),
    [
        ("C", "CAT", "TA7"),
        ("CAT", "CATAT", "TA7"),
        ("CATAT", "CATATAT", "TA7"),
        ("C", "CATAT", "TA8"),
        ("CAT", "CATATAT", "TA8"),
        ("CAT", "C", "TA5"),
        ("CATAT", "CAT", "TA5"),
    ],
)
def test_spellings_of_the_repeat(read, ref, alt, name):
    assert seen(read(f"{REPEAT} {ref} {alt} . . . GT 1/1"), "rs3064744").compatible == ((name, name),)


@pytest.mark.parametrize(
    ("position", "ref", "alt", "name"),
    [
        (233760234, "A", "ATA", "TA7"),
        (233760235, "T", "TAT", "TA7"),
        (233760247, "T", "TAT", "TA7"),
        (233760245, "TAT", "T", "TA5"),
        (233760246, "A", "ATATA", "TA8"),
        (233760236, "ATA", "A", "TA5"),
        (233760248, "AA", "ATAA", "TA7"),
    ],
)
def test_the_repeat_shifted_to_the_right(read, position, ref, alt, name):
    """A record anywhere in the repeat is known by what it leaves of it."""
    assert seen(read(f"2 {position} . {ref} {alt} . . . GT 1/1"), "rs3064744").compatible == ((name, name),)
    none = seen(read(f"2 {position} . {ref} {alt} . . . GT 0/0"), "rs3064744")
    assert name not in {allele for pair in none.compatible for allele in pair}


def test_a_record_in_the_repeat_that_does_not_fit_it(read):
    assert "reference-mismatch" in seen(read("2 233760236 . G GTA . . . GT 0/1"), "rs3064744").flags
    assert seen(read("2 233760236 . A C . . . GT 0/1"), "rs3064744").state == "not_assayed"
    assert "allele-not-in-catalog" in seen(read("2 233760236 . A AG . . . GT 1/1"), "rs3064744").flags


def test_padded_spelling(read):
    assert seen(read("2 233760232 . CC CCAT . . . GT 1/1"), "rs3064744").compatible == (("TA7", "TA7"),)


def test_zero_at_a_biallelic_repeat_record_is_not_the_reference_length(read):
    none = seen(read(f"{REPEAT} C CAT . . . GT 0/0"), "rs3064744")
    assert {allele for pair in none.compatible for allele in pair} == {"TA5", "TA6", "TA8"}
    one = seen(read(f"{REPEAT} C CAT . . . GT 0/1"), "rs3064744")
    assert one.compatible == (("TA5", "TA7"), ("TA6", "TA7"), ("TA7", "TA8"))


def test_three_records_together_settle_the_length(read):
    alts = (("C", "CAT"), ("CAT", "C"), ("C", "CATAT"))

    def call(*genotypes: str):
        return seen(read(*(f"{REPEAT} {r} {a} . . . GT {g}" for (r, a), g in zip(alts, genotypes, strict=True))), "rs3064744").compatible

    assert call("0|0", "0|0", "0|0") == (("TA6", "TA6"),)
    assert call("0/1", "0/1", "0/0") == (("TA5", "TA7"),)
    assert call("1|0", "0|1", "0|0") == (("TA7", "TA5"),)
    assert call("0/0", "0/0", "0/1") == (("TA6", "TA8"),)
    assert call("1/1", "0/1", "0/0") == ()


def test_multiallelic_repeat_record(read):
    assert seen(read(f"{REPEAT} CAT C,CATAT,CATATAT . . . GT 0/2"), "rs3064744").compatible == (("TA6", "TA7"),)
    assert seen(read(f"{REPEAT} CAT C,CATAT,CATATAT . . . GT 1/3"), "rs3064744").compatible == (("TA5", "TA8"),)
    assert seen(read(f"{REPEAT} CAT CATAT,* . . . GT 1/2"), "rs3064744").compatible == (("TA5", "TA7"), ("TA7", "TA8"))


def test_unknown_length_and_base_exchange_at_the_repeat(read):
    assert seen(read(f"{REPEAT} C CATATATAT . . . GT 0/1"), "rs3064744").state == "not_assayed"
    assert seen(read(f"{REPEAT} C T . . . GT 0/1"), "rs3064744").state == "not_assayed"


def test_insertion_with_two_alleles_is_settled_by_zero(read):
    assert seen(read("7 99652770 . T TA . . . GT 0/0"), "rs41303343").compatible == (("T", "T"),)
    assert seen(read("7 99652770 . T TA . . . GT 0/1"), "rs41303343").compatible == (("T", "insA"),)


# ---------------------------------------------------------------- reference blocks


def test_blocks(read):
    block = "22 19963700 . A <NON_REF> . . END=19963800 GT:DP 0/0:{}"
    assert seen(read(block.format(20)), "rs4680").compatible == (("G", "G"),)
    assert seen(read(block.format(0)), "rs4680").state == "not_assayed"
    assert seen(read(block.format(".")), "rs4680").state == "not_assayed"
    assert "block-without-depth" in seen(read(block.format(0)), "rs4680").flags


@pytest.mark.parametrize(
    ("entries", "state", "flag"),
    [
        ("GT:DP:GQ 0/0:20:60", "observed", None),
        ("GT:DP:GQ 0/0:20:5", "not_assayed", "block-of-low-quality"),
        ("GT:DP:GQ 0/0:2:60", "not_assayed", "block-of-low-quality"),
        ("GT:DP:MIN_DP:GQ 0/0:20:0:60", "not_assayed", "block-without-depth"),
        ("GT:DP:MIN_DP 0/0:20:9", "observed", None),
        ("GT:GQX 0/0:30", "observed", None),
        ("GT:GQX 0/0:3", "not_assayed", "block-of-low-quality"),
        ("GT:DP 0/0:0", "not_assayed", "block-without-depth"),
        ("GT 0/0", "not_assayed", "block-without-depth"),
    ],
)
def test_depth_and_quality_of_blocks(read, entries, state, flag):
    for alt in ("<NON_REF>", "<*>"):
        found = seen(read(f"22 19963700 . A {alt} . . END=19963800 {entries}"), "rs4680")
        assert found.state == state
        assert found.flags == ((flag,) if flag else ())


def test_the_end_of_a_block_is_honoured(read):
    block = "22 19963700 . A <NON_REF> . . END={} GT:DP 0/0:20"
    assert seen(read(block.format(19963748)), "rs4680").state == "observed"
    assert seen(read(block.format(19963747)), "rs4680").state == "not_assayed"


def test_a_block_over_part_of_the_repeat_says_nothing(read):
    part = "2 233760200 . A <NON_REF> . . END=233760240 GT:DP 0/0:{}"
    rest = "2 233760241 . T <NON_REF> . . END=233760300 GT:DP 0/0:{}"
    assert seen(read(part.format(20)), "rs3064744").state == "not_assayed"
    assert seen(read(part.format(20), rest.format(20)), "rs3064744").compatible == (("TA6", "TA6"),)
    assert seen(read(part.format(20), rest.format(0)), "rs3064744").state == "not_assayed"


def test_a_reference_call_without_reads_is_no_call(read):
    found = seen(read("22 19963748 . G A . PASS . GT:DP 0/0:0"), "rs4680")
    assert found.state == "not_assayed"
    assert "call-without-reads" in found.flags
    assert seen(read("22 19963748 . G A . PASS . GT:DP 0/1:0"), "rs4680").state == "observed"


def test_low_quality_is_kept_as_a_flag(read):
    found = seen(read("22 19963748 . G A . PASS . GT:GQ 0/1:4"), "rs4680")
    assert found.state == "observed"
    assert found.flags == ("low-quality",)


@pytest.mark.parametrize(
    ("info", "state", "flag"),
    [
        ("IMP;DR2=0.95", "inferred", "imputed"),
        ("IMPUTED;R2=0.99;AF=0.1", "inferred", "imputed"),
        ("IMP", "inferred", "imputed"),
        ("DR2=0.3;IMP", "not_assayed", "imputed-poorly"),
        ("DR2=0.9,0.2;IMP", "not_assayed", "imputed-poorly"),
        ("DR2=0.3", "observed", None),
    ],
)
def test_what_was_imputed_is_inferred(read, info, state, flag):
    genotypes = read(f"22 19963748 . G A . PASS {info} GT 0/1")
    found = seen(genotypes, "rs4680")
    assert found.state == state
    assert found.flags == ((flag,) if flag else ())
    assert not flag or any("imput" in warning for warning in genotypes.warnings)


@pytest.mark.parametrize("version", ["4.1", "4.2", "4.3", "4.4"])
def test_versions(read, tmp_path, catalog, version):
    read("22 19963748 . G A . PASS . GT 0/1")
    text = (tmp_path / "x.vcf").read_text().replace("VCFv4.2", f"VCFv{version}")
    (tmp_path / "x.vcf").write_text(text)
    genotypes = read_genotypes(tmp_path / "x.vcf", catalog)
    assert seen(genotypes, "rs4680").compatible == (("A", "G"),)
    assert genotypes.warnings == ()


def test_variant_with_non_ref_and_reference_length_in_a_block(read):
    assert seen(read("22 19963748 . G A,<NON_REF> . . . GT 0/1"), "rs4680").compatible == (("A", "G"),)
    assert seen(read("22 19963748 . G A,<NON_REF> . . . GT 0/2"), "rs4680").state == "not_assayed"
    assert seen(read(f"{REPEAT} C CAT,<NON_REF> . . . GT 0/0"), "rs3064744").compatible == (("TA6", "TA6"),)
    assert seen(read(f"{REPEAT} C <*> . . END=233760300 GT:DP 0/0:9"), "rs3064744").compatible == (("TA6", "TA6"),)


def test_reference_record_without_alt(read):
    assert seen(read("22 19963748 . G . . . . GT 0/0"), "rs4680").compatible == (("G", "G"),)


# ---------------------------------------------------------------- statements of the user


def test_absent_is_reference_is_inferred_and_said(read):
    genotypes = read("22 19963748 . G A . . . GT ./.", absent_is_reference=True)
    assert seen(genotypes, "rs6269").state == "inferred"
    assert seen(genotypes, "rs6269").compatible == (("A", "A"),)
    assert "stated by the user" in seen(genotypes, "rs6269").origin
    assert seen(genotypes, "rs3064744").compatible == (("TA6", "TA6"),)
    assert seen(genotypes, "rs4680").state == "not_assayed", "a no-call is not an absence"
    assert genotypes.statements


def test_callable_regions(read, tmp_path):
    bed = tmp_path / "c.bed"
    bed.write_text("track name=x\nchr22\t19962428\t19962712\n2\t233760232\t233760234\n")
    genotypes = read(callable_bed=bed)
    assert seen(genotypes, "rs6269").state == "inferred"
    assert seen(genotypes, "rs4633").state == "inferred"
    assert seen(genotypes, "rs4818").state == "not_assayed"
    assert seen(genotypes, "rs3064744").state == "not_assayed", "the region ends inside the repeat"
    assert "callable" in genotypes.statements[0]


# ---------------------------------------------------------------- several people


def test_several_people_share_observations(read):
    genotypes = read("22 19963748 . G A . . . GT 0/1 1/1 1|0", samples="a b c")
    assert [seen(genotypes, "rs4680", s).compatible for s in "abc"] == [(("A", "G"),), (("A", "A"),), (("A", "G"),)]
    assert seen(genotypes, "rs4680", "c").phase_set == "file"
    assert genotypes.index.shape == (3, len(genotypes.sites))


def test_phase_sets_without_a_header_line(read):
    genotypes = read("22 19963684 . C G . . . GT:PS 0|1:7", "22 19963748 . G A . . . GT:PS 0|1:9")
    assert seen(genotypes, "rs4818").phase_set == "7"
    assert seen(genotypes, "rs4680").phase_set == "9"


def test_a_file_of_differences_alone_is_named_and_nothing_becomes_reference(tmp_path, catalog):
    with gzip.open(catalog.root / "demo" / "genome.vcf.gz", "rt") as stream:
        lines = stream.readlines()
    differs = [line for line in lines if line.startswith("#") or line.split("\t")[9][:3] not in {"0|0", "0/0"}]
    path = tmp_path / "x.vcf"
    for kept, told in ((lines, False), (differs, True)):
        path.write_text("".join(kept))
        genotypes = read_genotypes(path, catalog)
        assert any("only what differs" in w for w in genotypes.warnings) is told
    assert all(o.state != "inferred" for o in genotypes.observations)
    assert not read_genotypes(path, catalog, absent_is_reference=True).warnings
