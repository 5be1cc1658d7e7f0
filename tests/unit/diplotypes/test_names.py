"""Names of copies and the usual order."""

from __future__ import annotations

import pytest

from estrogenome.diplotypes.names import haplotype_name, order_key


def name(catalog, gene: str, **alleles: str) -> str:
    entry = catalog.genes[gene]
    return haplotype_name(entry, tuple(alleles.get(s.id, entry.default_alleles[s.id]) for s in entry.sites))


@pytest.mark.parametrize(
    ("gene", "alleles", "expected"),
    [
        ("CYP1A1", {}, "*1"),
        ("CYP1A1", {"rs4646903": "G"}, "*2A"),
        ("CYP1A1", {"rs1048943": "C"}, "*2C"),
        ("CYP1A1", {"rs4646903": "G", "rs1048943": "C"}, "*2B"),
        ("CYP1A1", {"rs4646903": "G", "rs1799814": "T"}, "*2A+*4"),
        ("CYP1A2", {"rs762551": "A"}, "*1F"),
        ("CYP1A2", {"rs762551": "A", "rs2069514": "A"}, "*1L"),
        ("CYP1B1", {"rs1056836": "C"}, "*3"),
        ("CYP1B1", {"rs10012": "C", "rs1056827": "A"}, "*2"),
        ("CYP1B1", {"rs10012": "C", "rs1056827": "A", "rs1056836": "C"}, "*6"),
        ("CYP1B1", {"rs10012": "C", "rs1056827": "A", "rs1056836": "C", "rs4986888": "C"}, "*7"),
        ("CYP1B1", {"rs1056827": "A"}, "*1+rs1056827A"),
        ("CYP1B1", {"rs1056837": "A"}, "*1"),
        ("CYP3A4", {"rs4986910": "G", "rs35599367": "A"}, "*37"),
        ("CYP3A4", {"rs2740574": "C"}, "*1B"),
        ("CYP3A4", {"rs2740574": "C", "rs4986907": "T"}, "*15"),
        ("CYP3A4", {"rs2740574": "C", "rs4986910": "G", "rs35599367": "A"}, "*37"),
        ("CYP3A5", {"rs776746": "C"}, "*3"),
        ("CYP3A5", {"rs41303343": "insA"}, "*7"),
        ("CYP3A7", {"rs45446698": "G"}, "*1C"),
        ("SULT1A1", {"rs9282861": "T"}, "*2"),
        ("SULT1A1", {"rs1801030": "C"}, "*3"),
        ("UGT1A1", {"rs3064744": "TA7", "rs887829": "T"}, "*28"),
        ("UGT1A1", {"rs34993780": "G"}, "*7"),
        ("UGT1A1", {"rs3064744": "TA5"}, "*36"),
        ("UGT1A1", {"rs3064744": "TA8"}, "*37"),
        ("UGT1A1", {"rs3064744": "TA7", "rs35350960": "A"}, "*27+*28"),
        ("COMT", {}, "LPS"),
        ("COMT", {"rs6269": "A", "rs4633": "T", "rs4818": "C", "rs4680": "A"}, "APS"),
        ("COMT", {"rs6269": "A", "rs4818": "C"}, "HPS"),
        ("COMT", {"rs6269": "A"}, "A-C-G-G"),
        ("CYP19A1", {"rs700519": "A"}, "H1+R264C"),
        ("CYP19A1", {"rs4646": "A", "rs700519": "A", "rs749292": "A"}, "G-A-A-A+R264C"),
    ],
)
def test_name(catalog, gene, alleles, expected):
    assert name(catalog, gene, **alleles) == expected


@pytest.mark.parametrize(
    ("gene", "names"),
    [
        ("CYP3A4", ["*1", "*1B", "*2", "*10", "*15", "*22"]),
        ("COMT", ["LPS", "A-C-G-G", "APS", "HPS"]),
        ("CYP1A2", ["*1A", "*1C", "*1F"]),
    ],
)
def test_order(catalog, gene, names):
    assert sorted(set(names), key=lambda n: order_key(catalog.genes[gene], n)) == names
