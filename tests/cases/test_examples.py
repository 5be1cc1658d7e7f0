"""The bundled people: what they show, on both builds, and what taking a site away does."""

from __future__ import annotations

import csv
import gzip
import math
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from estrogenome.catalog.load import KNOWLEDGE, load_catalog
from estrogenome.catalog.person import make_person
from estrogenome.core.genotype_records import SiteObservation
from estrogenome.diplotypes import call_diplotypes
from estrogenome.genotypes import read_genotypes
from estrogenome.pipeline import follow

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
PANELS = ROOT / "derive" / "data"
with (EXAMPLES / "people.tsv").open(encoding="utf-8") as stream:
    PEOPLE = {row["sample"]: row for row in csv.DictReader(stream, delimiter="\t")}

EXPECTED = {
    "HG01507": {"UGT1A1": "*28/*28", "CYP3A7": "*1/*1C", "COMT": "LPS/APS", "SULT1A1": "*1/*3", "CYP1B1": "*2/*2"},
    "HG00123": {"UGT1A1": "*1/*28", "CYP3A7": "*1C/*1C", "COMT": "APS/APS", "CYP1B1": "*2/*3"},
    "HG00121": {"UGT1A1": "*1/*1", "CYP3A4": "*1/*22", "COMT": "APS/APS", "CYP1B1": "*3/*3", "SULT1A1": "*1/*2"},
    "HG00141": {"UGT1A1": "*1/*28", "COMT": "LPS/APS", "CYP1A1": "*1/*2B", "CYP1B1": "*3/*4"},
    "NA20910": {"UGT1A1": "*28/*28", "COMT": "APS/HPS", "CYP1B1": "*3/*3", "SULT1A1": "*1/*2"},
    "HG00409": {"UGT1A1": "*1/*6", "COMT": "HPS/HPS", "CYP1B1": "*1/*1", "CYP1A1": "*1/*2B"},
    "HG01492": {"CYP1A1": "*2B/*2B", "CYP1B1": "*3/*3", "COMT": "LPS/HPS"},
    "HG03294": {"UGT1A1": "*36/*36", "COMT": "APS/G-C-C-G"},
    "HG02971": {"UGT1A1": "*28/*36", "SULT1A1": "*1/*3", "CYP1B1": "*3/*6"},
    "NA19026": {"UGT1A1": "*1/*37", "CYP3A7": "*1/*1C", "SULT1A1": "*1/*3"},
    "NA19031": {"UGT1A1": "*37/*37", "CYP3A4": "*1B/*1B"},
    "HG02805": {"SULT1A1": "*3/*3", "UGT1A1": "*1/*36", "CYP1B1": "*6/*6"},
}


PANELLED = {path.stem for path in (KNOWLEDGE / "derived" / "haplotypes").glob("*.tsv")}
"""Genes that the bundled panel covers; the others are called from files that hold them."""


@lru_cache
def read(build: str, sample: str):
    return read_genotypes(EXAMPLES / build / f"{sample}.vcf.gz", load_catalog())


@lru_cache
def called(build: str, sample: str):
    return {result.gene: result for result in call_diplotypes(read(build, sample), load_catalog()).of(sample)}


def observations(genotypes) -> dict[str, SiteObservation]:
    return dict(zip(genotypes.sites, genotypes.of(genotypes.samples[0]), strict=True))


def entropy(result) -> float:
    return -sum(o.weight * math.log2(o.weight) for o in result.options)


def test_there_is_an_expectation_for_everybody():
    assert set(EXPECTED) == set(PEOPLE)
    assert {p["super_population"] for p in PEOPLE.values()} == {"AFR", "AMR", "EAS", "EUR", "SAS"}
    assert {p["sex"] for p in PEOPLE.values()} == {"female", "male"}


@pytest.mark.parametrize("sample", EXPECTED)
def test_calls(sample):
    results = called("GRCh38", sample)
    for gene, name in EXPECTED[sample].items():
        assert results[gene].by_name()[0][0] == name
    assert {r.status for gene, r in results.items() if gene in PANELLED} == {"called"}
    assert {r.status for gene, r in results.items() if gene not in PANELLED} == {"not_assayed"}


@pytest.mark.parametrize("sample", EXPECTED)
def test_both_builds_agree_where_the_panels_hold_equal_genotypes(sample):
    one, other = observations(read("GRCh37", sample)), observations(read("GRCh38", sample))
    compared = 0
    for gene in load_catalog().genes.values():
        pairs = [(one[s.id], other[s.id]) for s in gene.sites]
        if all(
            a.state == b.state and {tuple(sorted(p)) for p in a.compatible} == {tuple(sorted(p)) for p in b.compatible} for a, b in pairs
        ):
            assert called("GRCh37", sample)[gene.id].by_name() == called("GRCh38", sample)[gene.id].by_name()
            compared += 1
        elif gene.id not in {"UGT1A1", "SULT1A1"}:
            assert called("GRCh37", sample)[gene.id].by_name()[0][0] == called("GRCh38", sample)[gene.id].by_name()[0][0]
    assert compared >= 7


@pytest.mark.parametrize("sample", EXPECTED)
def test_what_grch37_cannot_see_is_said(sample):
    results = called("GRCh37", sample)
    assert results["SULT1A1"].status == "not_assayed"
    name, probability = results["UGT1A1"].by_name()[0]
    truth = called("GRCh38", sample)["UGT1A1"].by_name()[0][0]
    if "*36" in truth or "*37" in truth:
        assert results["UGT1A1"].status == "partial"
        assert probability < 0.95
        assert len(results["UGT1A1"].by_name()) > 1
    else:
        assert name == truth


def without(genotypes, site: str):
    gone = SiteObservation(site=site, state="not_assayed")
    index = genotypes.index.copy()
    index[0, genotypes.sites.index(site)] = len(genotypes.observations)
    return genotypes.model_copy(update={"observations": (*genotypes.observations, gone), "index": index})


@pytest.mark.parametrize("sample", EXPECTED)
def test_deleting_a_line_is_deleting_the_site(sample, tmp_path):
    catalog = load_catalog()
    text = gzip.decompress((EXAMPLES / "GRCh38" / f"{sample}.vcf.gz").read_bytes()).decode().splitlines(keepends=True)
    for gene in ("COMT", "UGT1A1", "CYP1B1"):
        for site in catalog.genes[gene].sites:
            position = str(site.placements["GRCh38"].position)
            path = tmp_path / f"{sample}.vcf"
            path.write_text("".join(line for line in text if line.startswith("#") or line.split("\t")[1] != position))
            found = read_genotypes(path, catalog)
            kept = {s: o for s, o in observations(read("GRCh38", sample)).items() if s != site.id}
            now = observations(found)
            assert now.pop(site.id).state == "not_assayed"
            assert now == kept


@pytest.mark.parametrize("sample", EXPECTED)
def test_deleting_a_site_spreads_the_weights(sample):
    catalog = load_catalog()
    whole = read("GRCh38", sample)
    for position, gene in enumerate(catalog.genes.values()):
        before = called("GRCh38", sample)[gene.id]
        for site in gene.sites:
            after = call_diplotypes(without(whole, site.id), catalog).of(sample)[position]
            assert entropy(after) >= entropy(before) - 1e-12
            assert site.id in after.not_assayed
            assert sum(o.weight for o in after.options) == pytest.approx(1)
            if site.defining:
                assert after.status in {"inferred", "partial", "not_assayed"}
                assert before.by_name()[0][0] in dict(after.by_name()), "what the whole data say stays possible"
            alleles = {o.haplotypes[i].alleles[gene.sites.index(site)] for o in after.options for i in (0, 1)}
            assert len(alleles) > 1, "nothing becomes reference by absence"


@pytest.mark.parametrize("build", ["GRCh37", "GRCh38"])
def test_everybody_of_the_panel(build):
    """2,504 people in one file: the one-person path and the cohort path are one."""
    genotypes = read_genotypes(PANELS / f"panel_{build}.vcf.gz", load_catalog())
    assert genotypes.build == build
    diplotypes = call_diplotypes(genotypes, load_catalog())
    assert len(diplotypes.samples) == 2504
    for sample in EXPECTED:
        single = called(build, sample)
        for result in diplotypes.of(sample):
            assert result == single[result.gene]


def test_panels_of_both_builds_agree():
    """Where the names differ, the panels' own genotypes differ: counts of people, pinned."""
    catalog = load_catalog()
    both = [call_diplotypes(read_genotypes(PANELS / f"panel_{b}.vcf.gz", catalog), catalog) for b in ("GRCh37", "GRCh38")]
    assert both[0].samples == both[1].samples
    differing = {}
    for column, gene in enumerate(catalog.genes):
        pairs = [tuple(d.results[int(d.index[row, column])].by_name()[0][0] for d in both) for row in range(len(both[0].samples))]
        differing[gene] = sum(a != b for a, b in pairs)
    seen = {gene: n for gene, n in differing.items() if gene not in {"SULT1A1", "UGT1A1"}}
    assert {gene: n for gene, n in seen.items() if n} == {
        "COMT": 4,
        "CYP19A1": 16,
        "CYP1A1": 2,
        "CYP1A2": 2,
        "CYP1B1": 10,
        "CYP3A4": 23,
        "CYP3A5": 1,
        "CYP3A7": 1,
        "GSTP1": 2,
        "MTHFR": 2,
        "UGT2B15": 55,
        "UGT2B7": 1,
    }


@pytest.mark.parametrize("sample", EXPECTED)
def test_both_builds_give_the_same_readouts_for_the_genes_that_both_panels_hold(sample):
    """Genes that a panel lacks, or holds with other genotypes, are taken from one build in both runs; nothing else may differ."""
    catalog = load_catalog()
    entry = PEOPLE[sample]
    person = make_person(catalog, sex=entry["sex"], age=float(entry["age"]), state=entry["state"])
    one, other = (call_diplotypes(read(build, sample), catalog) for build in ("GRCh37", "GRCh38"))
    results = list(other.of(sample))
    held = [i for i, (a, b) in enumerate(zip(one.of(sample), results, strict=True)) if a.options == b.options]
    assert len(held) >= 7
    for i, result in enumerate(one.of(sample)):
        if i not in held:
            results[i] = result
    mixed = other.model_copy(update={"results": tuple(results), "index": np.arange(len(results))[None, :]})
    there, here = (follow(d, person, catalog=catalog, draws=40, population=40, seed=7) for d in (one, mixed))
    np.testing.assert_array_equal(there.parameters.values, here.parameters.values)
    assert there.readouts.readouts == here.readouts.readouts
    assert there.readouts.fluxes == here.readouts.fluxes


def test_the_demonstration_is_the_first_of_them() -> None:
    first = next(iter(PEOPLE))
    assert (KNOWLEDGE / "demo" / "genome.vcf.gz").read_bytes() == (EXAMPLES / "GRCh38" / f"{first}.vcf.gz").read_bytes()
