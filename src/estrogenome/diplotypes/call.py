"""Posterior over all compatible diplotypes, for everybody, each distinct observation worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from estrogenome.core.records import CallStatus, DiplotypeOption, Diplotypes, GeneDiplotypes, Haplotype, SiteState
from estrogenome.diplotypes.candidates import candidates
from estrogenome.diplotypes.infer import inferred_sites, is_known
from estrogenome.diplotypes.names import haplotype_name, order_key
from estrogenome.diplotypes.phase import layouts
from estrogenome.diplotypes.prior import build_prior, check_ancestry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.schema import Gene
    from estrogenome.core.records import Genotypes, SiteObservation
    from estrogenome.diplotypes.phase import Layout
    from estrogenome.diplotypes.prior import Prior

Copies = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True)
class _Rules:
    """Tuning numbers of the parameter tables."""

    threshold: float
    inferred: float
    shown: float
    floor: float
    missed: float
    spurious: float


_ROWS = ("call_threshold", "inferred_threshold", "inferred_shown", "weight_floor", "repeat_missed", "repeat_spurious")


def call_diplotypes(genotypes: Genotypes, catalog: Catalog, *, ancestry: str | None = None) -> Diplotypes:
    """Call every gene of the catalog in everybody.

    Weights are the posterior of haplotype pairs given all sites of the gene, tags included, with panel frequencies
    as prior. A gene of which nothing is known keeps the whole panel as its mixture and has status ``not_assayed``.
    ``ancestry`` names a population of the haplotype tables, the same for everybody; without it all of them weigh alike.

    Raises:
        InputError: no haplotype table counts that population.
    """
    check_ancestry(catalog, ancestry)
    rules = _Rules(*(catalog.parameters[name].quantity.value for name in _ROWS))
    column = {site: i for i, site in enumerate(genotypes.sites)}
    results: list[GeneDiplotypes] = []
    index = np.zeros((len(genotypes.samples), len(catalog.genes)), dtype=np.int64)
    for position, gene in enumerate(catalog.genes.values()):
        prior = build_prior(
            gene,
            catalog.haplotypes.get(gene.id),
            haplotype_pseudocount=catalog.parameters["haplotype_pseudocount"].quantity.value,
            allele_pseudocount=catalog.parameters["allele_pseudocount"].quantity.value,
            population=ancestry,
        )
        columns = [column[site.id] for site in gene.sites]
        rows, inverse = np.unique(genotypes.index[:, columns], axis=0, return_inverse=True)
        index[:, position] = inverse.reshape(-1) + len(results)
        results.extend(_call(gene, prior, [genotypes.observations[int(i)] for i in row], rules) for row in rows)
    return Diplotypes(
        samples=genotypes.samples,
        genes=tuple(catalog.genes),
        results=tuple(results),
        index=index,
        ancestry=ancestry or "",
        provenance=genotypes.provenance,
    )


def _call(gene: Gene, prior: Prior, seen: Sequence[SiteObservation], rules: _Rules) -> GeneDiplotypes:
    weights: dict[Copies, float] = {}
    for layout in layouts(gene, seen, rules.missed, rules.spurious):
        for copies, weight in _pair_weights(gene, prior, layout).items():
            weights[copies] = weights.get(copies, 0) + weight
    total = sum(weights.values())
    kept = {copies: weight / total for copies, weight in weights.items() if weight >= rules.floor * total}
    total = sum(kept.values())
    options = [_option(gene, copies, weight / total) for copies, weight in kept.items()]
    options.sort(key=lambda option: (-option.weight, tuple((h.name, h.alleles) for h in option.haplotypes)))
    result = GeneDiplotypes(
        gene=gene.id,
        status=CallStatus.NOT_ASSAYED,
        options=tuple(options),
        sites=tuple(site.id for site in gene.sites),
        observed=_in_state(seen, SiteState.OBSERVED),
        inferred=_in_state(seen, SiteState.INFERRED),
        not_assayed=_in_state(seen, SiteState.NOT_ASSAYED),
    )
    status = _status(gene, seen, result.by_name()[0][1], rules)
    inferred = () if status is CallStatus.NOT_ASSAYED else inferred_sites(result.options, seen, rules.shown)
    return result.model_copy(update={"status": status, "inferred_sites": inferred})


def _pair_weights(gene: Gene, prior: Prior, layout: Layout) -> dict[Copies, float]:
    """Return the weight of each unordered pair of haplotypes (rows of allele numbers) that the layout allows."""
    first, second = candidates(gene, prior, layout)
    weights = prior.of(first).mean(axis=0)[:, None] * prior.of(second).mean(axis=0)[None, :]
    for site, matrix in enumerate(layout):
        weights *= matrix[first[:, site][:, None], second[:, site][None, :]]
    ones, others = ([tuple(row) for row in rows.tolist()] for rows in (first, second))
    result: dict[Copies, float] = {}
    for i, j in zip(*np.nonzero(weights), strict=True):
        copies = (ones[i], others[j]) if ones[i] <= others[j] else (others[j], ones[i])
        result[copies] = result.get(copies, 0) + float(weights[i, j])
    return result


def _option(gene: Gene, copies: Copies, weight: float) -> DiplotypeOption:
    haplotypes = []
    for copy in copies:
        alleles = tuple(site.alleles[number] for site, number in zip(gene.sites, copy, strict=True))
        haplotypes.append(Haplotype(name=haplotype_name(gene, alleles), alleles=alleles))
    haplotypes.sort(key=lambda haplotype: (order_key(gene, haplotype.name), haplotype.alleles))
    return DiplotypeOption(haplotypes=tuple(haplotypes), weight=weight)


def _in_state(seen: Sequence[SiteObservation], state: SiteState) -> tuple[str, ...]:
    return tuple(observation.site for observation in seen if observation.state is state)


def _status(gene: Gene, seen: Sequence[SiteObservation], top: float, rules: _Rules) -> CallStatus:
    """Return how the call came about; what counts is the defining sites, and whether anything of the gene was seen at all."""
    defining = [observation for site, observation in zip(gene.sites, seen, strict=True) if site.defining]
    if all(observation.state is SiteState.NOT_ASSAYED for observation in seen):
        return CallStatus.NOT_ASSAYED
    if not all(is_known(o) for o in defining):
        return CallStatus.INFERRED if top >= rules.inferred else CallStatus.PARTIAL
    if top < rules.threshold:
        return CallStatus.AMBIGUOUS
    return CallStatus.CALLED if all(o.state is SiteState.OBSERVED for o in defining) else CallStatus.INFERRED
