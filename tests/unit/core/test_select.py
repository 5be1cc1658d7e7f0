"""Cutting a record to one person leaves no trace of the others and changes nothing of theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from estrogenome import call_diplotypes, infer_activities, read_genotypes
from estrogenome.core.errors import SampleError
from estrogenome.core.select import one

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from estrogenome.catalog.load import Catalog
    from estrogenome.core.genotype_records import Diplotypes, Genotypes

NAMES = ("anna", "ben", "carl")


@pytest.fixture
def many(make_vcf: Callable[..., Path], catalog: Catalog) -> Genotypes:
    path = make_vcf(samples=NAMES)
    site = next(s.id for g in catalog.genes.values() for s in g.sites if not s.placements["GRCh38"].spellings)
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line if f"\t{site}\t" not in line else line.replace("0|0\t0|0\t0|0", "0|1\t1|1\t0|0") for line in lines]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return read_genotypes(path, catalog)


def test_genotypes(many: Genotypes) -> None:
    for name in NAMES:
        cut = one(many, name)
        assert cut.samples == (name,)
        assert cut.of(name) == many.of(name)
        assert len(cut.observations) <= len(many.observations)
        assert set(np.unique(cut.index)) == set(range(len(cut.observations)))


def test_the_later_records(many: Genotypes, catalog: Catalog) -> None:
    everybody: Diplotypes = call_diplotypes(many, catalog)
    active = infer_activities(everybody, catalog, draws=20, seed=1)
    for row, name in enumerate(NAMES):
        alone = one(everybody, name)
        assert alone.of(name) == everybody.of(name)
        again = infer_activities(alone, catalog, draws=20, seed=1)
        np.testing.assert_array_equal(again.values[0], active.values[row])
        cut = one(active, name)
        np.testing.assert_array_equal(cut.values, again.values)
        assert [t.mean for t in cut.terms] == [t.mean for t in again.terms]


def test_a_choice_is_needed_and_must_exist(many: Genotypes) -> None:
    with pytest.raises(SampleError, match=r"3 samples.*anna"):
        one(many, None)
    with pytest.raises(SampleError, match="dora"):
        one(many, "dora")
    assert one(one(many, "ben"), None).samples == ("ben",)
