"""A user's mistake is exactly one line on stderr that names the mend, exit status 2, and nothing is written."""

from __future__ import annotations

import gzip
import os
from typing import TYPE_CHECKING

import pytest

from estrogenome.cli.main import _internal, main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WOMAN = ("--sex", "female", "--age", "30", "--state", "premenopausal")


def tree(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def assert_one_line(ran: object, *words: str) -> None:
    assert ran.status == 2, (ran.out, ran.err)
    assert ran.err.count("\n") == 1, ran.err
    assert ran.err.startswith("estrogenome: ")
    assert "Traceback" not in ran.err
    assert not ran.out
    for word in words:
        assert word in ran.err, ran.err


@pytest.fixture
def refused(estrogenome: Callable[..., object], tmp_path: Path) -> Callable[..., None]:
    """A function that runs ``analyze`` with a mistake and checks what comes of it."""

    def check(file: Path, *words: str, options: tuple[str, ...] = WOMAN, out: Path | None = None) -> None:
        before = tree(tmp_path)
        ran = estrogenome("analyze", file, *options, "--out", out or tmp_path / "out", cwd=tmp_path)
        assert_one_line(ran, *words)
        assert tree(tmp_path) == before

    return check


def test_empty_file(tmp_path: Path, refused: Callable[..., None]) -> None:
    path = tmp_path / "empty.vcf"
    path.touch()
    refused(path, "empty.vcf")


def test_missing_file(tmp_path: Path, refused: Callable[..., None]) -> None:
    refused(tmp_path / "nowhere.vcf", "nowhere.vcf", "no such file")


def test_folder_for_a_file(tmp_path: Path, refused: Callable[..., None]) -> None:
    refused(tmp_path, "is a folder")


def test_truncated_gzip(tmp_path: Path, vcf: Path, refused: Callable[..., None]) -> None:
    path = tmp_path / "cut.vcf.gz"
    whole = gzip.compress(vcf.read_bytes())
    path.write_bytes(whole[: len(whole) // 2])
    refused(path, "cut.vcf.gz")


@pytest.mark.parametrize("content", [b"dear diary\n", b"\x00\x01\x02\xff" * 99, b"##fileformat=VCFv4.2\n", b"%PDF-1.7\n"])
def test_text_that_is_no_vcf(content: bytes, tmp_path: Path, refused: Callable[..., None]) -> None:
    path = tmp_path / "diary.vcf"
    path.write_bytes(content)
    refused(path, "diary.vcf")


def test_vcf_without_our_regions(tmp_path: Path, refused: Callable[..., None]) -> None:
    path = tmp_path / "other.vcf"
    path.write_text(
        "##fileformat=VCFv4.2\n##contig=<ID=1,length=248956422>\n"
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n'
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tsomebody\n1\t1000\t.\tA\tG\t.\tPASS\t.\tGT\t0/1\n",
        encoding="utf-8",
    )
    refused(path, "other.vcf")


@pytest.mark.parametrize(("build", "header"), [("GRCh38", "GRCh37"), ("GRCh37", "GRCh38")])
def test_wrong_build_header(build: str, header: str, make_vcf: Callable[..., Path], refused: Callable[..., None]) -> None:
    refused(make_vcf("build.vcf", build=build, header_build=header), "GRCh37", "GRCh38")


def test_unknown_sample(vcf: Path, refused: Callable[..., None]) -> None:
    refused(vcf, "nobody", "somebody", options=(*WOMAN, "--sample", "nobody"))


def test_several_samples_and_none_chosen(make_vcf: Callable[..., Path], refused: Callable[..., None]) -> None:
    refused(make_vcf(samples=("anna", "ben", "carl", "dora")), "4 samples", "--sample", "anna")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--sex", "robot", "--age", "30"), ("--sex", "female", "male")),
        (("--sex", "female", "--age", "-3", "--state", "premenopausal"), ("--age",)),
        (("--sex", "female", "--age", "300", "--state", "premenopausal"), ("--age",)),
        (("--sex", "female", "--age", "nan", "--state", "premenopausal"), ("--age",)),
        (("--sex", "female", "--age", "old", "--state", "premenopausal"), ("--age",)),
        (("--sex", "female", "--age", "30"), ("--state", "premenopausal", "postmenopausal")),
        (("--sex", "female", "--age", "30", "--state", "tired"), ("tired", "--state", "premenopausal")),
        (("--sex", "male", "--age", "30", "--state", "postmenopausal"), ("postmenopausal", "male")),
        (("--sex", "female", "--age", "30", "--state", "man"), ("man", "female")),
        (
            (
                "--age",
                "30",
            ),
            ("--sex",),
        ),
        ((*WOMAN, "--draws", "0"), ("--draws",)),
        ((*WOMAN, "--seed", "x"), ("--seed",)),
        ((*WOMAN, "--measured", "nonsense=1"), ("nonsense",)),
        ((*WOMAN, "--measured", "nonsense"), ("NAME=VALUE",)),
        ((*WOMAN, "--measured", "shbg=many"), ("shbg", "nmol/L")),
        ((*WOMAN, "--measured", "shbg=5 mg"), ("mg", "nmol/L")),
        ((*WOMAN, "--measured", "testosterone=2"), ("testosterone=2", "has no unit", "nmol/L")),
        ((*WOMAN, "--measured", "testosterone=0,9 nmol/L"), ("decimal point", "nmol/L")),
        ((*WOMAN, "--measured", "estradiol=90 pg/mL"), ("estradiol is what the model computes", "shbg")),
        ((*WOMAN, "--weight", "700kg"), ("700kg", "30 to 300 kg")),
        ((*WOMAN, "--weight", "290kg", "--height", "125cm"), ("body mass index", "cannot be")),
        ((*WOMAN, "--weight", "70kg", "--measured", "weight=71kg"), ("weight", "twice")),
        ((*WOMAN, "--measured", "albumin=4300 g/L"), ("albumin", "15.2 to 62.1 g/L")),
        (("--sex", "female", "--age", "30", "--state", "pregnancy"), ("pregnancy", "because", "analyze")),
        ((*WOMAN, "--measured", "testosterone=2500 ng/dL"), ("2500 ng/dL", "out of range", "nmol/L")),
        ((*WOMAN, "--callable", "nowhere.bed"), ("nowhere.bed",)),
        ((*WOMAN, "--frobnicate"), ("--frobnicate",)),
    ],
)
def test_person_and_options(options: tuple[str, ...], words: tuple[str, ...], vcf: Path, refused: Callable[..., None]) -> None:
    refused(vcf, *words, options=options)


def test_out_is_a_file(tmp_path: Path, vcf: Path, refused: Callable[..., None]) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine", encoding="utf-8")
    refused(vcf, "taken", "is a file", out=taken)
    assert taken.read_text(encoding="utf-8") == "mine"


def test_out_lies_below_a_file(tmp_path: Path, vcf: Path, refused: Callable[..., None]) -> None:
    (tmp_path / "taken").touch()
    refused(vcf, "nothing can be written there", out=tmp_path / "taken" / "below")


@pytest.mark.skipif("sys.platform == 'win32'", reason="folder modes")
def test_out_cannot_be_written(tmp_path: Path, vcf: Path, refused: Callable[..., None]) -> None:
    if os.geteuid() == 0:
        refused(vcf, "nothing can be written there", out="/proc/estrogenome")
        return
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    refused(vcf, "nothing can be written there", out=locked / "out")


def test_call_refuses_the_same_way(estrogenome: Callable[..., object], tmp_path: Path) -> None:
    path = tmp_path / "empty.vcf"
    path.touch()
    assert_one_line(estrogenome("call", path, "-o", tmp_path / "d.json"), "empty.vcf")
    assert tree(tmp_path) == {"empty.vcf"}


@pytest.mark.parametrize("content", ["", "{}", "[]", "{", '{"record": "Readouts"}', '{"record": "Diplotypes", "samples": 3}', "[" * 5000])
def test_simulate_refuses_what_is_no_record(content: str, estrogenome: Callable[..., object], tmp_path: Path) -> None:
    path = tmp_path / "d.json"
    path.write_text(content, encoding="utf-8")
    assert_one_line(estrogenome("simulate", path, *WOMAN, "-o", tmp_path / "out"), "d.json")
    assert tree(tmp_path) == {"d.json"}


def test_explain_suggests_what_is_near(estrogenome: Callable[..., object], catalog: object) -> None:
    gene = next(iter(catalog.genes))
    assert_one_line(estrogenome("explain", gene + "x"), gene.lower())
    assert_one_line(estrogenome("explain", "qqqqqqqq"))


def test_no_knowledge_folder(estrogenome: Callable[..., object], tmp_path: Path) -> None:
    assert_one_line(estrogenome("lint", tmp_path), "VERSION")
    assert_one_line(estrogenome("--knowledge", tmp_path, "cite"), "VERSION")


def test_an_internal_error_prints_no_genotype(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], vcf: Path) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("rs0000000 A/G of somebody")

    monkeypatch.setattr("estrogenome.pipeline.genotypes_of", broken)
    with pytest.raises(SystemExit) as stopped:
        main(["call", str(vcf)])
    said = capsys.readouterr()
    assert stopped.value.code == 1
    assert said.err.count("\n") == 1
    assert "ValueError" in said.err
    assert "report" in said.err
    assert "rs0000000" not in said.err + said.out
    assert "somebody" not in said.err + said.out


def test_an_internal_error_names_the_place() -> None:
    assert "start" in _internal(ValueError("secret"))
    assert "secret" not in _internal(ValueError("secret"))


def test_parameters_of_another_person(vcf: Path, tmp_path: Path, estrogenome: Callable[..., object]) -> None:
    out = tmp_path / "made"
    made = estrogenome("analyze", str(vcf), *WOMAN, "--draws", "20", "--out", str(out))
    assert made.status == 0, made.err
    ran = estrogenome("simulate", str(out / "parameters.json"), "--sex", "male", "--age", "40", "-o", str(tmp_path / "other"))
    assert ran.status == 2
    assert ran.err.count("\n") == 1
    assert "give that person" in ran.err
    assert not (tmp_path / "other").exists()
