"""What the scripts that measure calling share: panels as genotypes, variants of them, and where pages of documentation stand."""

from __future__ import annotations

import dataclasses
import math
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from derive.inputs import DATA
from estrogenome.catalog.load import load_catalog
from estrogenome.core.genotype_records import SiteObservation, SiteState
from estrogenome.genotypes import read_genotypes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from estrogenome.catalog.load import Catalog
    from estrogenome.core.genotype_records import Diplotypes, GeneDiplotypes, Genotypes

DOCS = Path(__file__).resolve().parents[1] / "docs" / "reference"


@cache
def panel(name: str) -> Genotypes:
    """Return the genotypes of a cut panel (``panel_GRCh38``)."""
    return read_genotypes(DATA / f"{name}.vcf.gz", load_catalog())


def changed(genotypes: Genotypes, change: Callable[[SiteObservation], SiteObservation]) -> Genotypes:
    """Return the genotypes with every observation changed."""
    return genotypes.model_copy(update={"observations": tuple(change(o) for o in genotypes.observations)})


def unphased(genotypes: Genotypes) -> Genotypes:
    """Return the genotypes without phase."""
    return changed(genotypes, _without_phase)


def _without_phase(seen: SiteObservation) -> SiteObservation:
    pairs = tuple(sorted({tuple(sorted(pair)) for pair in seen.compatible}))
    return seen.model_copy(update={"phase_set": None, "compatible": pairs})


def dropped(genotypes: Genotypes, site: str) -> Genotypes:
    """Return the genotypes as if the file had no record at ``site``."""
    absent = SiteObservation(site=site, state=SiteState.NOT_ASSAYED, origin="no record")
    return changed(genotypes, lambda seen: absent if seen.site == site else seen)


def subset(genotypes: Genotypes, people: Sequence[int]) -> Genotypes:
    """Return the genotypes of some people, by row."""
    return genotypes.model_copy(update={"samples": tuple(genotypes.samples[i] for i in people), "index": genotypes.index[list(people)]})


def one_gene(catalog: Catalog, gene: str) -> Catalog:
    """Return a catalog of one gene."""
    return dataclasses.replace(catalog, genes={gene: catalog.genes[gene]})


def distinct(genotypes: Genotypes, sites: Iterable[str]) -> tuple[list[int], np.ndarray, np.ndarray]:
    """Return one person for each distinct genotype over ``sites``, how many people have it, and whose is which (by person)."""
    columns = [genotypes.sites.index(site) for site in sites]
    _, first, inverse, counts = np.unique(genotypes.index[:, columns], axis=0, return_index=True, return_inverse=True, return_counts=True)
    return first.tolist(), counts, inverse.reshape(-1)


def results(diplotypes: Diplotypes, gene: str) -> list[GeneDiplotypes]:
    """Return one gene's result of everybody, in the order of the samples."""
    column = diplotypes.genes.index(gene)
    return [diplotypes.results[int(row[column])] for row in diplotypes.index]


def percent(part: float, whole: float) -> str:
    """Return a share in percent, rounded down, so that it never looks better than it is; ``–`` of nothing."""
    return f"{math.floor(1000 * part / whole + 1e-9) / 10:.1f} %" if whole else "–"
