"""What the alleles of one chromosome copy do to the activity of that copy.

A copy's activity relative to the default copy is the product of the effects of its alleles. The size of an
effect is one unknown of the world, not of a person: each effect owns one stream, and its draw is shared by both
copies and by everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from estrogenome.catalog.haplotypes import equal_population_frequencies
from estrogenome.core.genotype_records import CopyWeight
from estrogenome.core.uncertainty import draw, stream

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estrogenome.catalog.genes import Catalysis, Effect, Enzyme, Gene, Unseen
    from estrogenome.catalog.load import Catalog
    from estrogenome.core.records import FloatArray


@dataclass(frozen=True)
class Panel:
    """Haplotypes of the reference population and their frequencies, shape (haplotype,)."""

    sites: tuple[str, ...]
    haplotypes: tuple[tuple[str, ...], ...]
    frequencies: FloatArray


@dataclass(frozen=True)
class Multiples:
    """Effect sizes of one gene: ``drawn`` (effect, draw) and ``median`` (effect, 1)."""

    drawn: FloatArray
    median: FloatArray


def panel(gene: Gene, catalog: Catalog) -> Panel:
    """Return the reference haplotypes of ``gene``; a gene without a table has its default copy alone."""
    table = catalog.haplotypes.get(gene.id)
    if table is None:
        sites = tuple(site.id for site in gene.sites)
        return Panel(sites, (tuple(gene.default_alleles[s] for s in sites),), np.ones(1))
    return Panel(table.sites, table.haplotypes, equal_population_frequencies(table))


def draw_multiples(gene: Gene, draws: int, seed: int) -> Multiples:
    """Draw the size of each effect of ``gene`` from the effect's own stream."""
    drawn = np.ones((len(gene.effects), draws))
    for row, effect in zip(drawn, gene.effects, strict=True):
        size = effect.multiple
        row[:] = draw(size.distribution, size.value, size.spread, stream(seed, f"effect/{gene.id}/{effect.id}"), draws)
    median = np.array([[effect.multiple.value] for effect in gene.effects]).reshape(len(gene.effects), 1)
    return Multiples(drawn, median)


def draw_unseen(gene: Gene | Enzyme, draws: int, seed: int) -> FloatArray:
    """Draw what the genotype file cannot show: a factor with median 1, shape (draw,)."""
    factor = np.ones(draws)
    for entry in gene.unseen:
        factor *= np.exp(_spread(gene, entry, draws, seed) * stream(seed, f"unseen/{gene.id}/{entry.id}").standard_normal(draws))
    return factor


def _spread(gene: Gene | Enzyme, entry: Unseen, draws: int, seed: int) -> FloatArray:
    size = entry.log_sd
    return draw(size.distribution, size.value, size.spread, stream(seed, f"unseen/{gene.id}/{entry.id}/log_sd"), draws)


def copy_ratio(gene: Gene, copies: Sequence[CopyWeight], uniform: FloatArray | None) -> FloatArray:
    """Return the number of copies relative to the mean of the reference population: one for each uniform number, or without them the mean.

    Without ``copies`` the reference population itself is meant. A gene that always has two copies gives 1.
    """
    if gene.copies is None:
        return np.ones(1 if uniform is None else len(uniform))
    shares = [CopyWeight(copies=entry.copies, weight=entry.share.value) for entry in gene.copies.shares]
    reference = _mean_copies(shares)
    own = copies or shares
    if uniform is None:
        return np.array([_mean_copies(own) / reference])
    edges = np.cumsum([entry.weight for entry in own])
    chosen = np.minimum(np.searchsorted(edges / edges[-1], uniform, side="right"), len(own) - 1)
    ratio: FloatArray = np.array([entry.copies for entry in own], dtype=np.float64)[chosen] / reference
    return ratio


def _mean_copies(copies: Sequence[CopyWeight]) -> float:
    return sum(entry.copies * entry.weight for entry in copies) / sum(entry.weight for entry in copies)


def acts_on(effect: Effect, catalysis: Catalysis) -> bool:
    """Say whether ``effect`` applies to the reaction and tissue of ``catalysis``."""
    return (not effect.reactions or catalysis.reaction in effect.reactions) and (not effect.tissues or catalysis.tissue in effect.tissues)


def copy_activities(
    gene: Gene, catalysis: Catalysis, sites: Sequence[str], haplotypes: Sequence[Sequence[str]], multiples: FloatArray
) -> FloatArray:
    """Return the activity of each haplotype relative to the default copy, shape (haplotype, draw).

    ``sites`` names the entries of each haplotype; a site that is not among them holds its default allele.
    ``multiples`` has the shape (effect, draw).
    """
    column = {site: i for i, site in enumerate(sites)}
    activities = np.ones((len(haplotypes), multiples.shape[1]))
    for effect, multiple in zip(gene.effects, multiples, strict=True):
        if not acts_on(effect, catalysis):
            continue
        at = column.get(effect.site)
        if at is None:
            carriers = np.full(len(haplotypes), gene.default_alleles[effect.site] == effect.allele)
        else:
            carriers = np.array([haplotype[at] == effect.allele for haplotype in haplotypes], dtype=bool)
        activities[carriers] *= multiple
    return activities
