"""Posterior weights and status, on observations made by hand."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from estrogenome.core.errors import InputError
from estrogenome.core.genotype_records import Genotypes, SiteObservation
from estrogenome.core.records import Provenance
from estrogenome.diplotypes import call_diplotypes

NOWHERE = Provenance(version="", knowledge_version="", knowledge_hash="", input_digest="")


def called(catalog, gene, states=None, phase=None, inferred=(), ancestry=None):
    """Call one person; ``states``: site → allele pairs (one or more, as 'A/G' or ['A/G', 'G/G']); the rest is not assayed."""
    observations, sites = [], []
    for entry in catalog.genes.values():
        for site in entry.sites:
            sites.append(site.id)
            pairs = (states or {}).get(site.id) if entry.id == gene else None
            if not pairs:
                observations.append(SiteObservation(site=site.id, state="not_assayed"))
                continue
            pairs = [pairs] if isinstance(pairs, str) else pairs
            compatible = tuple(tuple(p.split("/")) for p in pairs)
            state = "inferred" if site.id in inferred else "observed"
            phase_set = (phase or {}).get(site.id)
            observations.append(SiteObservation(site=site.id, state=state, compatible=compatible, phase_set=phase_set))
    genotypes = Genotypes(
        samples=("p",),
        build="GRCh38",
        sites=tuple(sites),
        observations=tuple(observations),
        index=np.arange(len(sites))[None],
        provenance=NOWHERE,
    )
    return call_diplotypes(genotypes, catalog, ancestry=ancestry).of("p")[list(catalog.genes).index(gene)]


def weight_sum(result):
    return sum(option.weight for option in result.options)


COMT = {"rs6269": "A/G", "rs4633": "C/T", "rs4818": "C/G", "rs4680": "A/G"}


def test_nothing_known_is_the_panel(catalog):
    result = called(catalog, "COMT")
    assert result.status == "not_assayed"
    assert weight_sum(result) == pytest.approx(1)
    table = catalog.haplotypes["COMT"]
    frequency = {h: np.mean([table.counts[p][i] / sum(table.counts[p]) for p in table.counts]) for i, h in enumerate(table.haplotypes)}
    share = sum(o.weight * [h.alleles for h in o.haplotypes].count(table.haplotypes[0]) / 2 for o in result.options)
    assert share == pytest.approx(frequency[table.haplotypes[0]], abs=1e-3)


def test_unphased_goes_by_linkage(catalog):
    result = called(catalog, "COMT", COMT)
    assert result.by_name()[0][0] == "LPS/APS"
    assert result.status == "called"
    assert len(result.options) > 1
    assert weight_sum(result) == pytest.approx(1)


def test_phase_is_honoured_even_against_linkage(catalog):
    order = {"rs6269": "A/G", "rs4633": "C/T", "rs4818": "G/C", "rs4680": "A/G"}
    result = called(catalog, "COMT", order, dict.fromkeys(order, "1"))
    assert [h.alleles for h in result.options[0].haplotypes] == [("A", "C", "G", "A"), ("G", "T", "C", "G")]
    assert len(result.options) == 1


def test_phase_sets_turn_against_each_other(catalog):
    order = {"rs6269": "A/G", "rs4633": "T/C", "rs4818": "G/C", "rs4680": "G/A"}
    result = called(catalog, "COMT", order, {"rs6269": "1", "rs4633": "1", "rs4818": "2", "rs4680": "2"})
    assert result.by_name()[0][0] == "LPS/APS"
    assert len(result.options) == 2


def test_homozygotes_are_certain(catalog):
    result = called(catalog, "COMT", {"rs6269": "A/A", "rs4633": "T/T", "rs4818": "C/C", "rs4680": "A/A"})
    assert result.by_name() == (("APS/APS", 1.0),)
    assert result.status == "called"


def test_haplotypes_the_panel_lacks_are_possible(catalog):
    result = called(catalog, "COMT", {"rs6269": "G/G", "rs4633": "T/T", "rs4818": "G/G", "rs4680": "A/A"})
    assert result.by_name() == (("G-T-G-A/G-T-G-A", 1.0),)


def test_tag_infers_the_repeat(catalog):
    result = called(catalog, "UGT1A1", {"rs887829": "T/T"})
    assert result.by_name()[0][0] == "*28/*28"
    assert result.status in {"inferred", "partial"}
    assert any("*37" in name for name, _ in result.by_name())
    none = called(catalog, "UGT1A1", {"rs887829": "C/C"})
    assert "*28" not in none.by_name()[0][0]


def test_repeat_and_tag_in_contradiction_keep_both_readings(catalog):
    seen = {"rs887829": "T/T", "rs3064744": ["TA5/TA7", "TA6/TA7", "TA7/TA8"], "rs4148323": "G/G", "rs35350960": "C/C", "rs4124874": "G/G"}
    names = dict(called(catalog, "UGT1A1", seen).by_name())
    assert names["*28/*28"] > 0.05
    assert names["*28/*37"] > 0.05
    assert max(names.values()) < 0.95


def test_open_repeat_is_never_a_confident_default(catalog):
    seen = {"rs3064744": ["TA5/TA5", "TA5/TA6", "TA5/TA8", "TA6/TA6", "TA6/TA8", "TA8/TA8"], "rs4148323": "G/G", "rs35350960": "C/C"}
    result = called(catalog, "UGT1A1", seen)
    assert result.status == "partial"
    assert {"*1/*1", "*1/*36", "*1/*37"} <= {name for name, _ in result.by_name()}


def test_haploid_and_half_calls(catalog):
    one = called(catalog, "CYP3A7", {"rs45446698": "G"})
    assert {name for name, _ in one.by_name()} == {"*1/*1C", "*1C/*1C"}
    assert one.status == "partial"
    half = called(catalog, "CYP3A7", {"rs45446698": ["T/G", "G/G"]})
    assert half.by_name() == one.by_name()


def test_status(catalog):
    full = {"rs2069514": "G/G", "rs762551": "A/C"}
    assert called(catalog, "CYP1A2", full).status == "called"
    assert called(catalog, "CYP1A2", full, inferred=("rs2069514",)).status == "inferred"
    assert called(catalog, "CYP1A2", {"rs762551": "A/C"}).status == "partial"
    assert called(catalog, "SULT1A1", {"rs1801030": "C/T", "rs9282861": "C/T"}).status == "ambiguous"


def test_gene_without_a_panel(catalog):
    bare = dataclasses.replace(catalog, haplotypes={})
    certain = called(bare, "CYP1A2", {"rs2069514": "G/G", "rs762551": "A/C"})
    assert certain.by_name() == (("*1A/*1F", 1.0),)
    unsure = called(bare, "CYP1A2", {"rs2069514": "A/G", "rs762551": "A/C"})
    assert unsure.status == "ambiguous"
    assert [w for _, w in unsure.by_name()] == pytest.approx([0.5, 0.5])
    assert called(bare, "CYP1A2", {"rs762551": "A/C"}).status == "partial"
    assert weight_sum(called(bare, "CYP3A4")) == pytest.approx(1)
    assert weight_sum(called(bare, "CYP3A4", {"rs2740574": "C/T"})) == pytest.approx(1)


def test_all_heterozygous_stays_bounded(catalog):
    every = {s.id: "/".join(s.alleles[:2]) for s in catalog.genes["CYP3A4"].sites}
    result = called(catalog, "CYP3A4", every)
    assert weight_sum(result) == pytest.approx(1)


def test_alleles_within_a_diplotype_stand_in_the_usual_order(catalog):
    result = called(catalog, "CYP3A4", {"rs35599367": "A/G", "rs4986908": "G/C"})
    for option in result.options:
        names = [h.name for h in option.haplotypes]
        assert names == sorted(names, key=lambda n: (n != "*1", int(n.split("+")[0].strip("*B"))))


def test_weights_are_finite_and_ordered(catalog):
    result = called(catalog, "CYP1B1", {"rs10012": "C/G", "rs1056827": "A/C", "rs1056836": "C/G"})
    weights = [option.weight for option in result.options]
    assert weights == sorted(weights, reverse=True)
    assert all(math.isfinite(w) and w > 0 for w in weights)


def test_an_inferred_answer_has_a_higher_bar(catalog):
    """A missing site that may hide a variant in a few percent leaves the answer partial; a rare one leaves it inferred."""
    full = {s.id: "/".join([catalog.genes["CYP3A4"].default_alleles[s.id]] * 2) for s in catalog.genes["CYP3A4"].sites}
    assert called(catalog, "CYP3A4", full).status == "called"
    without_22 = called(catalog, "CYP3A4", {k: v for k, v in full.items() if k != "rs35599367"})
    assert without_22.by_name()[0][0] == "*1/*1"
    assert 0.95 < without_22.by_name()[0][1] < 0.995
    assert without_22.status == "partial"
    assert called(catalog, "CYP3A4", {k: v for k, v in full.items() if k != "rs4986913"}).status == "inferred"


def test_open_sites_are_inferred_with_their_probability_and_known_ones_are_not(catalog):
    result = called(catalog, "UGT1A1", {"rs887829": "C/T", "rs4148323": "G/G"})
    by_site = {}
    for entry in result.inferred_sites:
        by_site.setdefault(entry.site, []).append((entry.alleles, entry.probability))
    assert set(by_site) == {"rs4124874", "rs3064744", "rs35350960", "rs34993780"}
    repeat = by_site["rs3064744"]
    assert repeat[0][0] == ("TA6", "TA7")
    assert ("TA6", "TA8") in [pair for pair, _ in repeat]
    assert [p for _, p in repeat] == sorted((p for _, p in repeat), reverse=True)
    assert all(0 < p <= 1 for _, p in repeat)
    assert sum(p for _, p in repeat) == pytest.approx(1, abs=0.03)
    assert called(catalog, "COMT", COMT).inferred_sites == ()
    assert called(catalog, "COMT").inferred_sites == ()


def test_ancestry_changes_the_weights_only_when_named(catalog):
    averaged = called(catalog, "UGT1A1", {"rs887829": "T/T"})
    african, european = (called(catalog, "UGT1A1", {"rs887829": "T/T"}, ancestry=name) for name in ("AFR", "EUR"))

    def eight(result):
        return sum(w for name, w in result.by_name() if "*37" in name)

    assert eight(european) < eight(averaged) < eight(african)
    with pytest.raises(InputError, match="give one of AFR, AMR, EAS, EUR, SAS"):
        called(catalog, "UGT1A1", {"rs887829": "T/T"}, ancestry="XYZ")


def test_an_allele_shown_against_its_tag_may_not_be_there(catalog):
    seen = {"rs887829": "C/C", "rs3064744": ["TA5/TA7", "TA6/TA7", "TA7/TA8"], "rs4148323": "G/G", "rs35350960": "C/C", "rs34993780": "T/T"}
    result = called(catalog, "UGT1A1", seen)
    names = dict(result.by_name())
    assert names["*1/*1"] > 0.05
    assert names["*1/*28"] > 0.05
    assert result.status == "partial"
    clear = called(catalog, "UGT1A1", seen | {"rs3064744": "TA6/TA7"})
    assert clear.by_name() == (("*1/*28", 1.0),)
