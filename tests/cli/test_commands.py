"""Each command does what it says, and every stage can be left and entered with a file."""

from __future__ import annotations

import csv
import io
import json
import re
import stat
from typing import TYPE_CHECKING

import pytest

from estrogenome.core.files import load
from estrogenome.core.genotype_records import Diplotypes, Genotypes
from estrogenome.core.readout_records import Readouts
from estrogenome.core.records import Activities, ParameterSets, Person, Trajectories

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WOMAN = ("--sex", "female", "--age", "30", "--state", "premenopausal")
QUICK = ("--draws", "40", "--population", "60")
RECORDS = {
    "person": Person,
    "genotypes": Genotypes,
    "diplotypes": Diplotypes,
    "activities": Activities,
    "parameters": ParameterSets,
    "trajectories": Trajectories,
    "readouts": Readouts,
}
READOUTS = ["e2", "e1", "e1s", "free_e2", "2ohe1", "4ohe1", "2meoe1", "16aohe1", "ratio_2oh_4oh", "ratio_2oh_16oh", "ratio_methylation"]


@pytest.fixture(scope="module")
def analyzed(estrogenome: Callable[..., object], invented: Callable[..., object], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that ``analyze`` wrote."""
    folder = tmp_path_factory.mktemp("analyzed")
    ran = estrogenome("analyze", invented().write(folder / "somebody.vcf"), *WOMAN, *QUICK, "-o", folder / "out")
    assert ran.status == 0, ran.err
    assert ran.out.strip() == str(folder / "out" / "report.html")
    assert not ran.err
    return folder / "out"


def test_analyze_writes_every_record(analyzed: Path) -> None:
    for name, kind in RECORDS.items():
        assert load(kind, analyzed / f"{name}.json")
    assert (analyzed / "report.html").read_text(encoding="utf-8").lower().startswith("<!doctype html>")


def test_stated_exposures_stand_in_person_and_report(
    estrogenome: Callable[..., object], invented: Callable[..., object], tmp_path: Path
) -> None:
    stated = ("--exposure", "smoking", "--exposure", "anastrozole:1mg/d")
    ran = estrogenome("analyze", invented().write(tmp_path / "s.vcf"), *WOMAN, *QUICK, *stated, "-o", tmp_path / "out")
    assert ran.status == 0, ran.err
    assert [e.id for e in load(Person, tmp_path / "out" / "person.json").exposures] == ["smoking", "anastrozole"]
    given = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))["given"]
    assert given == ["daily cigarette smoking", "anastrozole 1.00\u00a0mg/day"]


def test_nobody_else_can_read_the_results(analyzed: Path) -> None:
    assert stat.S_IMODE(analyzed.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in analyzed.iterdir()} == {0o600}


def test_report_json_lists_the_readouts(analyzed: Path) -> None:
    readouts = json.loads((analyzed / "report.json").read_text(encoding="utf-8"))["readouts"]
    assert set(READOUTS) <= {readout["id"] for readout in readouts}
    for readout in readouts:
        assert {"id", "matrix", "unit", "median", "interval50", "interval90", "percentile"} <= readout.keys()
        low, high = readout["interval90"]
        assert 0 < low <= readout["interval50"][0] <= readout["median"] <= readout["interval50"][1] <= high
        assert 0 <= readout["percentile"] <= 100


def test_writing_again_gives_the_same_bytes_and_keeps_what_is_not_ours(
    analyzed: Path, estrogenome: Callable[..., object], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    for _ in range(2):
        ran = estrogenome("analyze", analyzed.parent / "somebody.vcf", *WOMAN, *QUICK, "-o", out)
        assert ran.status == 0, ran.err
    assert {p.name for p in out.iterdir()} == {p.name for p in analyzed.iterdir()} | {"notes.txt"}
    for path in analyzed.iterdir():
        assert path.read_bytes() == (out / path.name).read_bytes(), path.name


@pytest.mark.parametrize("entry", ["diplotypes", "activities", "parameters"])
def test_the_flow_can_be_entered_with_a_file(entry: str, analyzed: Path, estrogenome: Callable[..., object], tmp_path: Path) -> None:
    ran = estrogenome("simulate", analyzed / f"{entry}.json", *WOMAN, *QUICK, "-o", tmp_path / "out")
    assert ran.status == 0, ran.err
    assert (tmp_path / "out" / "readouts.json").read_bytes() == (analyzed / "readouts.json").read_bytes()


def test_simulate_alone_prints_names_units_and_intervals(analyzed: Path, estrogenome: Callable[..., object], tmp_path: Path) -> None:
    """Written and printed numbers are the same, and nothing is left behind without --out."""
    given = ("simulate", analyzed / "parameters.json", *WOMAN, *QUICK)
    table = estrogenome(*given, cwd=tmp_path)
    readouts = load(Readouts, analyzed / "readouts.json").readouts[0]
    lines = table.out.splitlines()
    assert (table.status, table.err, len(lines)) == (0, "", len(readouts) + 2)
    for line, readout in zip(lines[1:], readouts, strict=False):
        assert line.startswith(readout.name)
        assert str(readout).partition(" (")[0].removeprefix(f"{readout.name}: ") in line
        assert readout.unit in line or readout.unit == "1"
    assert not list(tmp_path.iterdir())
    tsv = estrogenome(*given, "--format", "tsv")
    rows = list(csv.DictReader(io.StringIO(tsv.out), delimiter="\t"))
    assert [float(row["median"]) for row in rows] == pytest.approx([r.median for r in readouts], rel=1e-5)
    assert {row["unit"] for row in rows} == {r.unit for r in readouts}
    printed = estrogenome(*given, "--format", "json")
    (tmp_path / "r.json").write_text(printed.out, encoding="utf-8")
    assert load(Readouts, tmp_path / "r.json").readouts[0] == readouts
    written = estrogenome(*given, "-o", tmp_path / "out")
    assert written.out.strip() == str(tmp_path / "out" / "readouts.json")
    assert (tmp_path / "out" / "readouts.tsv").read_text(encoding="utf-8") == tsv.out


def test_genotypes_can_be_entered_with(analyzed: Path, estrogenome: Callable[..., object], tmp_path: Path) -> None:
    ran = estrogenome("call", analyzed / "genotypes.json", "-o", tmp_path / "d.json")
    assert ran.status == 0, ran.err
    assert not ran.out
    assert (tmp_path / "d.json").read_bytes() == (analyzed / "diplotypes.json").read_bytes()


def test_call_printed_as_json_can_be_entered_with(analyzed: Path, estrogenome: Callable[..., object], tmp_path: Path) -> None:
    ran = estrogenome("call", analyzed.parent / "somebody.vcf", "--format", "json")
    assert ran.status == 0, ran.err
    (tmp_path / "d.json").write_text(ran.out, encoding="utf-8")
    assert load(Diplotypes, tmp_path / "d.json").results == load(Diplotypes, analyzed / "diplotypes.json").results


def test_report_is_the_same_from_the_records(analyzed: Path, estrogenome: Callable[..., object], tmp_path: Path) -> None:
    ran = estrogenome("report", analyzed, "-o", tmp_path / "again")
    assert ran.status == 0, ran.err
    for name in ("report.html", "report.json"):
        assert (tmp_path / "again" / name).read_bytes() == (analyzed / name).read_bytes()


def test_call_prints_every_sample_and_gene_in_order(
    make_vcf: Callable[..., Path], estrogenome: Callable[..., object], catalog: object
) -> None:
    ran = estrogenome("call", make_vcf(samples=("zoe", "adam")), "--format", "tsv")
    assert ran.status == 0, ran.err
    header, *lines = ran.out.splitlines()
    assert header == "sample\tgene\tdiplotype\tprobability\tstatus"
    cells = [line.split("\t") for line in lines]
    assert [(c[0], c[1]) for c in cells] == [(s, g) for s in ("zoe", "adam") for g in catalog.genes]
    for _, _, diplotype, probability, status in cells:
        assert status in {"called", "ambiguous", "inferred", "partial", "not_assayed"}
        assert (diplotype == ".") == (status == "not_assayed")
        assert 0 <= float(probability) <= 1


def test_call_prints_what_was_not_assayed(make_vcf: Callable[..., Path], estrogenome: Callable[..., object], catalog: object) -> None:
    gene = list(catalog.genes.values())[-1]
    ran = estrogenome("call", make_vcf(left_out=frozenset(site.id for site in gene.sites)))
    assert f"somebody\t{gene.id}\t.\t0\tnot_assayed" in ran.out.splitlines()


def test_genotypes_out(make_vcf: Callable[..., Path], estrogenome: Callable[..., object], tmp_path: Path) -> None:
    ran = estrogenome("call", make_vcf(), "-o", tmp_path / "d.json", "--genotypes-out", tmp_path / "g.json")
    assert ran.status == 0, ran.err
    assert load(Genotypes, tmp_path / "g.json").samples == load(Diplotypes, tmp_path / "d.json").samples


def test_explain_every_entry(catalog: object, capsys: pytest.CaptureFixture[str]) -> None:
    from estrogenome.cli.main import main

    for kind in ("genes", "readouts", "states", "terms", "assays"):
        for name in getattr(catalog, kind):
            with pytest.raises(SystemExit) as stopped:
                main(["explain", name])
            said = capsys.readouterr()
            assert stopped.value.code == 0, said.err
            assert len(said.out) > len(name)


def test_explain_says_reactions_and_names_in_words(catalog: object, estrogenome: Callable[..., object]) -> None:
    gene = next(g for g in catalog.genes.values() if any(c.reaction[-1].isdigit() for c in g.catalyses))
    assert re.search(r"^  \d-[a-z]+, ", estrogenome("explain", gene.id).out, re.MULTILINE)
    readout = next(r for r in catalog.readouts.values() if r.kind == "ratio" and "/" in r.formula)
    said = estrogenome("explain", readout.id).out
    for name in re.findall(r"[A-Za-z]\w+", readout.formula):
        assert re.search(rf"^  {name}: \w+", said, re.MULTILINE), name


def test_cite(analyzed: Path, estrogenome: Callable[..., object], catalog: object) -> None:
    everything = estrogenome("cite").out.splitlines()
    assert len(everything) == len(catalog.sources)
    used = estrogenome("cite", analyzed / "report.json").out.splitlines()
    assert used
    assert set(used) <= set(everything)


def test_lint_passes_and_lists_what_is_lacking(estrogenome: Callable[..., object]) -> None:
    ran = estrogenome("lint")
    assert ran.status == 0, ran.out
    assert ran.out.splitlines()[-1].startswith("0 errors")


def test_demo(estrogenome: Callable[..., object], tmp_path: Path) -> None:
    ran = estrogenome("demo", cwd=tmp_path)
    assert ran.status == 0, ran.err
    assert str(tmp_path / "demo-report" / "report.html") in ran.out or "demo-report/report.html" in ran.out
    assert (tmp_path / "demo-report" / "report.html").is_file()


def test_version(estrogenome: Callable[..., object]) -> None:
    assert estrogenome("--version").out.startswith("estrogenome ")


def test_report_names_the_record_that_a_folder_lacks(tmp_path: Path, estrogenome: Callable[..., object]) -> None:
    for folder, words in ((tmp_path, "holds no person.json"), (tmp_path / "nowhere", "no such folder")):
        ran = estrogenome("report", folder)
        assert ran.status == 2
        assert words in ran.err
        assert len(ran.err.splitlines()) == 1


def test_selftest_prints_its_table(estrogenome: Callable[..., object]) -> None:
    ran = estrogenome("selftest", "--calls", "--gene", "CYP3A7", "--gene", "SULT1A1")
    assert ran.status == 0, ran.err
    assert "| CYP3A7 | phased, whole | 6 | 6 |" in ran.out
    assert "0 failed" in ran.out
    assert estrogenome("selftest").status == 2
    wrong = estrogenome("selftest", "--calls", "--gene", "ZZZ9")
    assert wrong.status == 2
    assert "not in the catalog" in wrong.err


def test_ancestry_is_named_in_the_record_and_refused_where_unknown(
    estrogenome: Callable[..., object], invented: Callable[..., object], tmp_path: Path
) -> None:
    file = invented().write(tmp_path / "somebody.vcf")
    assert estrogenome("call", file, "--ancestry", "EUR", "-o", tmp_path / "d.json").status == 0
    assert load(Diplotypes, tmp_path / "d.json").ancestry == "EUR"
    wrong = estrogenome("call", file, "--ancestry", "XYZ")
    assert wrong.status == 2
    assert "give one of AFR, AMR, EAS, EUR, SAS" in wrong.err
