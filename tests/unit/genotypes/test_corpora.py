"""Other people's good and bad files: read, refused with one line, or read with what is wrong in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from estrogenome.core.errors import InputError
from estrogenome.genotypes import read_genotypes

CORPORA = Path(__file__).resolve().parents[2] / "data" / "corpora"
FILES = sorted(p for p in CORPORA.rglob("*") if p.is_file() and not p.name.startswith("LICENSE"))
PASSED = sorted((CORPORA / "vcf" / "passed").glob("*.vcf"))
BODIES = sorted((CORPORA / "vcf" / "failed").glob("failed_body_*.vcf"))
METAS = sorted((CORPORA / "vcf" / "failed").glob("failed_meta_*.vcf"))
ANCHORS = ("7\t99768693\t.\tG\tA\t.\tPASS\t.\tGT", "15\t74719300\t.\tA\tG\t.\tPASS\t.\tGT")
# what is wrong there is the chromosome or position, which moving mends; or a key that later versions allow
MENDED = {"chrom_000", "chrom_001", "chrom_002", "pos_000", "pos_002", "duplicated_003", "format_003", "contiguous_000", "contiguous_001"}
NOBODY = "no person"
PLACES = {"234668570": "2", "19950235": "22", "99270539": "7", "75041917": "15"}


def moved(path: Path, folder: Path) -> Path:
    """The file with its records at one of our positions, among two others that settle the build."""
    lines = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        fields = line.split("\t")
        if line.startswith("#") or len(fields) <= 8:
            lines.append(line)
        else:
            junk = "".join(c for c in fields[1] if not c.isdigit()) if fields[1][:1].isdigit() else ""
            lines.append("\t".join(["22", "19963748" + junk, *fields[2:]]))
        if line.startswith("#CHROM") and len(fields) > 9:
            lines += [anchor + "\t0/0" * (len(fields) - 9) for anchor in ANCHORS]
    new = folder / path.name
    new.write_text("\n".join(lines), encoding="utf-8")
    return new


def one_line(error: InputError) -> str:
    assert len(str(error).splitlines()) == 1
    return str(error)


def read(path: Path, catalog) -> tuple[str, list[str]]:
    """Return the refusal, or else the warnings about the specification."""
    try:
        genotypes = read_genotypes(path, catalog)
    except InputError as error:
        return one_line(error), []
    return "", [w for w in genotypes.warnings if "specification" in w]


def test_there_are_files():
    assert len(FILES) > 150


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}-{p.name}")
def test_every_file_is_read_or_refused_in_one_line(path, catalog):
    read(path, catalog)


@pytest.mark.parametrize("path", PASSED, ids=lambda p: p.stem)
def test_valid_records_at_our_site_are_accepted(path, tmp_path, catalog):
    refusal, complaints = read(moved(path, tmp_path), catalog)
    assert not refusal or NOBODY in refusal
    # moving puts several records at one place, and keeps lists of likelihoods that fit no ALT
    assert all("more than once" in text or "in order" in text for text in complaints), complaints


@pytest.mark.parametrize("path", BODIES, ids=lambda p: p.stem)
def test_bad_records_at_our_site_are_refused_or_reported(path, tmp_path, catalog):
    refusal, complaints = read(moved(path, tmp_path), catalog)
    assert refusal or complaints or path.stem.removeprefix("failed_body_") in MENDED


@pytest.mark.parametrize("path", METAS, ids=lambda p: p.stem)
def test_bad_headers_alone_are_warned_of(path, tmp_path, catalog):
    text = path.read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if line.startswith("##") or not line.startswith("#")]
    kept = [line for line in kept if "\t" not in line]
    columns = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tp"
    new = tmp_path / "x.vcf"
    lines = [line if line.startswith("#") else f"#{line}" for line in kept]
    new.write_text("\n".join([*lines, columns, *(a + "\t0/0" for a in ANCHORS)]) + "\n", encoding="utf-8")
    refusal, complaints = read(new, catalog)
    assert not refusal
    assert any("header" in text for text in complaints)


@pytest.mark.parametrize("path", [p for p in FILES if p.parent.name == "consumer" and p.suffix != ".vcf"], ids=lambda p: p.name)
def test_a_refusal_of_a_consumer_fixture_names_the_mend(path, catalog):
    """None of the fixtures shows a site of ours; that is said, or what the layout lacks."""
    refusal, _ = read(path, catalog)
    assert any(word in refusal for word in ("give the whole file", "name its columns", "is empty"))


@pytest.mark.parametrize("name", [p.name for p in FILES if p.parent.name == "consumer" and p.suffix != ".vcf"])
def test_a_fixture_with_a_site_of_ours_is_read(name, tmp_path, catalog):
    """The places of a fixture's first rows are exchanged for ours."""
    text = (CORPORA / "consumer" / name).read_bytes().decode()
    if "102" not in text or name in {
        "codigo46.txt",
        "generic.fa",
        "ancestry_mt.txt",
    }:  # no rows at the usual places, or no columns for them
        return
    for old, new in (("101", "234668570"), ("102", "19950235"), ("107", "99270539"), ("108", "75041917")):
        for mark in ("\t{}\t", ",{},", '"{}"'):
            text = text.replace(mark.format(old), mark.format(new))
    text = re.sub(r"(\W)(chr)?1(\W+)(234668570|19950235|99270539|75041917)", lambda m: f"{m[1]}{PLACES[m[4]]}{m[3]}{m[4]}", text)
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    refusal, _ = read(path, catalog)
    assert not refusal
