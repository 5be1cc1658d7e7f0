"""Posterior over all compatible diplotypes, for everybody, each distinct observation worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from estrogenome.core.genotype_records import CallStatus, DiplotypeOption, Diplotypes, GeneDiplotypes, Haplotype, SiteState
from estrogenome.core.numbering import distinct_rows, side_by_side, smallest
from estrogenome.diplotypes.candidates import candidates
from estrogenome.diplotypes.copies import copy_weights, credible, is_counted, with_copies
from estrogenome.diplotypes.infer import inferred_sites, is_known
from estrogenome.diplotypes.names import haplotype_name, order_key
from estrogenome.diplotypes.phase import layouts
from estrogenome.diplotypes.prior import build_prior, check_ancestry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estrogenome.catalog.genes import Gene
    from estrogenome.catalog.load import Catalog
    from estrogenome.core.genotype_records import CopyObservation, Genotypes, SiteObservation
    from estrogenome.core.records import IndexArray, IntArray
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
    people = len(genotypes.samples)
    begins: list[int] = []
    numbers: list[IndexArray] = []
    for gene in catalog.genes.values():
        prior = build_prior(
            gene,
            catalog.haplotypes.get(gene.id),
            haplotype_pseudocount=catalog.parameters["haplotype_pseudocount"].quantity.value,
            allele_pseudocount=catalog.parameters["allele_pseudocount"].quantity.value,
            population=ancestry,
        )
        columns = [column[site.id] for site in gene.sites]
        copies, whose = _copies(genotypes, gene)
        somebody, which = distinct_rows([*(genotypes.index[:, i] for i in columns), whose], people)
        begins.append(len(results))
        numbers.append(smallest(which, len(somebody)))
        for person in somebody.tolist():
            seen = [genotypes.observations[i] for i in genotypes.index[person, columns].tolist()]
            results.append(_call(gene, prior, seen, copies[whose[person]], rules))
    return Diplotypes(
        samples=genotypes.samples,
        genes=tuple(catalog.genes),
        results=tuple(results),
        index=side_by_side(numbers, begins, people, len(results)),
        ancestry=ancestry or "",
        provenance=genotypes.provenance,
    )


def _copies(genotypes: Genotypes, gene: Gene) -> tuple[list[CopyObservation | None], IntArray]:
    """Return the distinct observations of the number of copies, and whose is which, shape (person,)."""
    number: dict[CopyObservation | None, int] = {None: 0}
    which = np.zeros(len(genotypes.samples), dtype=np.int64)
    known: dict[tuple[int, ...], int] = {}  # people share observations: the same object needs no second look
    for person, found in enumerate(genotypes.copies if gene.copies else ()):
        own = tuple(id(o) for o in found)
        if own not in known:
            known[own] = number.setdefault(next((o for o in found if o.gene == gene.id), None), len(number))
        which[person] = known[own]
    return list(number), which


def _call(gene: Gene, prior: Prior, seen: Sequence[SiteObservation], number: CopyObservation | None, rules: _Rules) -> GeneDiplotypes:
    weights: dict[Copies, float] = {}
    for layout in layouts(gene, seen, rules.missed, rules.spurious):
        for copies, weight in _pair_weights(gene, prior, layout).items():
            weights[copies] = weights.get(copies, 0) + weight
    total = sum(weights.values())
    kept = {copies: weight / total for copies, weight in weights.items() if weight >= rules.floor * total}
    total = sum(kept.values())
    options = [_option(gene, copies, weight / total) for copies, weight in kept.items()]
    options.sort(key=lambda option: (-option.weight, tuple((h.name, h.alleles) for h in option.haplotypes)))
    number = credible(seen, number)
    numbers = copy_weights(gene.copies, seen, number) if gene.copies else ()
    result = GeneDiplotypes(
        gene=gene.id,
        status=CallStatus.NOT_ASSAYED,
        options=with_copies(gene, options, numbers if is_counted(number) else ()),
        sites=tuple(site.id for site in gene.sites),
        observed=_in_state(seen, SiteState.OBSERVED),
        inferred=_in_state(seen, SiteState.INFERRED),
        not_assayed=_in_state(seen, SiteState.NOT_ASSAYED),
        copies=numbers,
        copies_known=(number.state if number else SiteState.NOT_ASSAYED) if gene.copies else None,
        copies_origin=number.origin if number else "",
    )
    status = _status(gene, seen, number, result.by_name()[0][1], rules)
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


def _status(gene: Gene, seen: Sequence[SiteObservation], copies: CopyObservation | None, top: float, rules: _Rules) -> CallStatus:
    """Return how the call came about; what counts is the defining sites, and whether anything of the gene was seen at all.

    Where the gene is known to be missing altogether, or the file has no sites to look for, the number of copies is the call.
    """
    if copies is not None and copies.counts and (not gene.sites or copies.counts == (0,)):
        if not is_counted(copies):
            return CallStatus.PARTIAL
        return CallStatus.CALLED if copies.state is SiteState.OBSERVED else CallStatus.INFERRED
    defining = [observation for site, observation in zip(gene.sites, seen, strict=True) if site.defining]
    if all(observation.state is SiteState.NOT_ASSAYED for observation in seen):
        return CallStatus.PARTIAL if copies is not None and copies.counts else CallStatus.NOT_ASSAYED
    if not all(is_known(o) for o in defining):
        return CallStatus.INFERRED if top >= rules.inferred else CallStatus.PARTIAL
    if top < rules.threshold:
        return CallStatus.AMBIGUOUS
    return CallStatus.CALLED if all(o.state is SiteState.OBSERVED for o in defining) else CallStatus.INFERRED
