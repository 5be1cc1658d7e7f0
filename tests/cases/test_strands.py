"""A sample of the panels' people as tables from the other strand; everybody is in `docs/reference/strand.md`."""

from __future__ import annotations

import pytest

from derive.inputs import DATA
from derive.strands import CUTS, HEADS, few, judge, rows, sweep
from estrogenome.genotypes import read_genotypes
from estrogenome.genotypes.targets import BUILDS

EVERY = 400


@pytest.mark.parametrize("build", BUILDS)
def test_a_table_from_the_other_strand_says_the_same(build, catalog):
    cases = list(sweep(catalog, DATA / f"panel_{build}.vcf.gz", EVERY))
    assert len(cases) == len(HEADS) * len(CUTS)
    for case in cases:
        assert set(case.outcomes) <= {"unchanged", "refused"}, case
    assert all(case.settled == case.sites for case in cases if case.cut == CUTS[0] or case.head == "says plus")
    assert all(case.settled < case.sites for case in cases if case.cut == CUTS[1] and case.head == "says nothing"), "palindromes are open"


def test_a_changed_genotype_is_noticed(catalog, tmp_path, monkeypatch):
    genotypes = read_genotypes(DATA / "panel_GRCh38.vcf.gz", catalog)
    own = few(catalog, rows(catalog, genotypes, 0))
    monkeypatch.setattr("derive.strands.FLIP", str.maketrans("ACGT", "AAAA"))
    verdict, detail, _ = judge(catalog, tmp_path / "t.txt", HEADS["says plus"].format(number="38"), own)
    assert verdict == "changed"
    assert detail
