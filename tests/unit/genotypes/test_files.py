"""Files that cannot be used: one clear line each, and never a crash."""

from __future__ import annotations

import gzip
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from estrogenome.core.errors import BuildError, GenotypeFileError, InputError
from estrogenome.genotypes import read_genotypes

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "examples" / "GRCh38" / "HG00123.vcf.gz"
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tp\n"


def text() -> str:
    return gzip.decompress(EXAMPLE.read_bytes()).decode()


def refused(path: Path, catalog, kind=GenotypeFileError) -> str:
    with pytest.raises(kind) as caught:
        read_genotypes(path, catalog)
    message = str(caught.value)
    assert "\n" not in message
    assert path.name in message
    return message


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"hello, I am no VCF\n", "no VCF"),
        (b"rsid\tchromosome\tposition\tgenotype\nrs1\t1\t1\tAA\n", "none of our sites"),
        (b"PK\x03\x04whatever", "damaged"),
        (b"\xef\xbb\xbf##fileformat=VCFv4.2\n", "#CHROM"),
        (b"##fileformat=VCFv4.2\n", "#CHROM"),
        (b"##fileformat=VCFv4.2\n22\t1\t.\tA\tC\n", "#CHROM"),
        (b"##fileformat=VCFv4.2\n" + COLUMNS.encode(), "regions"),
        (b"##fileformat=VCFv4.2\n" + COLUMNS.replace("\tFORMAT\tp", "").encode() + b"22\t19963748\t.\tG\tA\t.\t.\t.\n", "person"),
        (b"##fileformat=VCFv4.2\n" + COLUMNS.encode() + b"22\t-1\t.\tG\tA\t.\t.\t.\tGT\t0/1\n", "line 3"),
        (b"##fileformat=VCFv4.2\n" + COLUMNS.encode() + b"22\t99999999999999999999\t.\tG\tA\t.\t.\t.\tGT\t0/1\n", "line 3"),
        (b"##fileformat=VCFv4.2\n" + COLUMNS.encode() + b"22\t19963748\t.\tG\tA\t.\t.\t.\tGT\n", "line 3"),
        (b"##fileformat=VCFv4.2\n" + COLUMNS.encode() + b"22\t19963748\t.\t\tA\t.\t.\t.\tGT\t0/1\n", "line 3"),
        (b"##fileformat=VCFv4.2\n" + COLUMNS.encode() + b"22\t19963748\t.\tG\tA\t.\t.\t.\tGT\tx\n", "line 3"),
        (b"##fileformat=VCFv4.2\n" + COLUMNS.encode() + b"22\t19963748\t.\tG\tA\t.\t.\t.\tGT\t0/2\n", "line 3"),
        (b"##fileformat=VCFv4.2\n" + COLUMNS.encode() + b"22\t19963748\t.\tG\tA,,C\t.\t.\t.\tGT\t0/1\n", "line 3"),
        (b"##fileformat=VCFv4.2\n" + COLUMNS.replace("\tp", "\tp\tp").encode() + b"22\t1\t.\tG\tA\t.\t.\t.\tGT\t0/1\t0/1\n", "same name"),
        (b"\x1f\x8b\x08\x00" + b"\xff" * 40, "damaged"),
    ],
)
def test_bad_content(content, word, tmp_path, catalog):
    path = tmp_path / "bad.vcf"
    path.write_bytes(content)
    assert word in refused(path, catalog)


def test_missing_file_and_folder(tmp_path, catalog):
    refused(tmp_path / "none.vcf", catalog)
    assert "folder" in refused(tmp_path, catalog)


def test_truncated_bgzf_and_gzip(tmp_path, catalog):
    for name, content in {"b.vcf.gz": EXAMPLE.read_bytes(), "g.vcf.gz": gzip.compress(text().encode())}.items():
        for keep in (0.3, 0.9, 0.999):
            path = tmp_path / name
            path.write_bytes(content[: int(len(content) * keep)])
            assert "cut off" in refused(path, catalog)


def test_damaged_block(tmp_path, catalog):
    content = bytearray(EXAMPLE.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path = tmp_path / "d.vcf.gz"
    path.write_bytes(bytes(content))
    refused(path, catalog)


def test_plain_gzip_bgzip_and_plain_text_are_the_same(tmp_path, catalog):
    plain, packed = tmp_path / "a.vcf", tmp_path / "odd.name"
    plain.write_text(text())
    packed.write_bytes(gzip.compress(text().encode()))
    wanted = read_genotypes(EXAMPLE, catalog)
    for path in (plain, packed):
        found = read_genotypes(path, catalog)
        assert found.observations == wanted.observations
        assert (found.index == wanted.index).all()


def test_blank_lines_and_windows_line_ends(tmp_path, catalog):
    """A blank line at the end makes the sequence library crash the interpreter; here it is nothing."""
    path = tmp_path / "a.vcf"
    path.write_bytes(text().replace("\n", "\r\n").encode() + b"\r\n\n")
    assert read_genotypes(path, catalog).observations == read_genotypes(EXAMPLE, catalog).observations


def test_no_region(tmp_path, catalog):
    path = tmp_path / "a.vcf"
    path.write_text("##fileformat=VCFv4.2\n##contig=<ID=1,length=248956422>\n" + COLUMNS + "1\t12345\t.\tA\tG\t.\t.\t.\tGT\t0/1\n")
    assert "regions" in refused(path, catalog)


@pytest.mark.parametrize(("build", "wrong"), [("GRCh38", "GRCh37"), ("GRCh37", "GRCh38")])
def test_header_of_the_wrong_build(build, wrong, tmp_path, catalog):
    content = gzip.decompress((ROOT / "examples" / build / "HG00123.vcf.gz").read_bytes()).decode()
    head = gzip.decompress((ROOT / "examples" / wrong / "HG00123.vcf.gz").read_bytes()).decode()
    lines = [line for line in content.splitlines() if not line.startswith("##contig")]
    contigs = [line for line in head.splitlines() if line.startswith("##contig")]
    path = tmp_path / "a.vcf"
    path.write_text("\n".join([lines[0], *contigs, *lines[1:]]) + "\n")
    message = refused(path, catalog, BuildError)
    assert f"header says {wrong}" in message
    assert f"fit {build}" in message


@pytest.mark.parametrize("build", ["GRCh37", "GRCh38"])
def test_build_without_any_header(build, tmp_path, catalog):
    content = gzip.decompress((ROOT / "examples" / build / "HG00123.vcf.gz").read_bytes()).decode()
    path = tmp_path / "a.vcf"
    path.write_text("##fileformat=VCFv4.2\n" + "\n".join(line for line in content.splitlines() if not line.startswith("##")) + "\n")
    assert read_genotypes(path, catalog).build == build


def test_build_that_nothing_settles(tmp_path, catalog):
    path = tmp_path / "a.vcf"
    path.write_text("##fileformat=VCFv4.2\n" + COLUMNS + "22\t19950000\t.\tA\tG\t.\t.\t.\tGT\t0/1\n")
    assert "GRCh37 from GRCh38" in refused(path, catalog, BuildError)


def test_positions_of_neither_build(tmp_path, catalog):
    rows = [line.split("\t") for line in text().splitlines() if not line.startswith("#")]
    swap = str.maketrans("ACGT", "TGCA")
    flipped = ["\t".join([*r[:3], r[3].translate(swap), r[4].translate(swap), *r[5:]]) for r in rows]
    path = tmp_path / "a.vcf"
    path.write_text("##fileformat=VCFv4.2\n" + COLUMNS + "\n".join(flipped) + "\n")
    refused(path, catalog, BuildError)


def test_bad_callable_regions(tmp_path, catalog):
    bed = tmp_path / "c.bed"
    bed.write_text("22\tone\ttwo\n")
    with pytest.raises(InputError, match="line 1"):
        read_genotypes(EXAMPLE, catalog, callable_bed=bed)


def test_a_broken_index_hides_nothing(tmp_path, catalog):
    """It is passed over."""
    path = tmp_path / "a.vcf.gz"
    shutil.copy(EXAMPLE, path)
    (tmp_path / "a.vcf.gz.tbi").write_bytes(b"nonsense")
    assert read_genotypes(path, catalog).observations == read_genotypes(EXAMPLE, catalog).observations


def test_bcf_is_the_same_as_vcf(tmp_path, catalog):
    import cyvcf2

    path = tmp_path / "a.bcf"
    source = cyvcf2.VCF(str(EXAMPLE))
    target = cyvcf2.Writer(str(path), source, mode="wb")
    for variant in source:
        target.write_record(variant)
    target.close()
    source.close()
    found, wanted = read_genotypes(path, catalog), read_genotypes(EXAMPLE, catalog)
    assert found.observations == wanted.observations
    assert (found.index == wanted.index).all()
    whole = path.read_bytes()
    path.write_bytes(whole[:-40])
    refused(path, catalog)


def test_by_index(tmp_path, catalog):
    """2,504 people of one gene, by index and without."""
    data = ROOT / "tests" / "data" / "CYP1A1_GRCh37_phase3.vcf.gz"
    plain, indexed = tmp_path / "plain.vcf.gz", tmp_path / "indexed.vcf.gz"
    for path in (plain, indexed):
        path.write_bytes(data.read_bytes())
    (tmp_path / "indexed.vcf.gz.tbi").write_bytes(data.with_name(data.name + ".tbi").read_bytes())
    one, other = read_genotypes(plain, catalog), read_genotypes(indexed, catalog)
    assert one.observations == other.observations
    assert (one.index == other.index).all()
    assert len(one.samples) == 2504


def test_nothing_is_written_to_stderr(tmp_path, catalog, capfd):
    path = tmp_path / "a.vcf"
    path.write_text(
        "##fileformat=VCFv4.2\n"
        + COLUMNS
        + "chr22\t19963748\t.\tG\tA\t.\tq9\tX=1\tGT:ZZ\t0/1:1\nchr22\t19963684\t.\tC\tG\t.\t.\t.\tGT\tx\n"
    )
    with pytest.raises(InputError):
        read_genotypes(path, catalog)
    assert capfd.readouterr().err == ""


def test_a_header_that_names_both_builds_is_refused(tmp_path, make_vcf, catalog):
    path = make_vcf("split.vcf", build="GRCh38")
    text = path.read_text(encoding="utf-8").replace("##reference=GRCh38", "##reference=GRCh37")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BuildError, match="GRCh37 and GRCh38"):
        read_genotypes(path, catalog)


def test_by_index_a_file_of_our_regions_without_our_positions_is_read(tmp_path, catalog):
    """Nothing at our positions is not the same as nothing in our regions: everything is then not assayed."""
    data = Path(__file__).parents[2] / "data"
    source = next(data.glob("*.vcf.gz.tbi"))
    for suffix in ("", ".tbi"):
        shutil.copy(source.with_suffix("") if not suffix else source, tmp_path / f"x.vcf.gz{suffix}")
    everything = read_genotypes(tmp_path / "x.vcf.gz", catalog)
    nowhere = replace(catalog, genes={g.id: g.model_copy(update={"sites": (), "default_alleles": {}}) for g in catalog.genes.values()})
    with pytest.raises(InputError, match="too few of our positions"):
        read_genotypes(tmp_path / "x.vcf.gz", nowhere)
    assert everything.samples
