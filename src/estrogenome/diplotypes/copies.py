"""How many copies of a gene a diplotype has, and what that does to its options.

Numbers that the file leaves open keep the shares of the reference population. Two different alleles at one site need two copies.
With one copy what looks homozygous is hemizygous: the second chromosome lacks the gene. Without the gene no allele is left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from estrogenome.core.genotype_records import CopyObservation, CopyWeight, DiplotypeOption, Haplotype, SiteState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estrogenome.catalog.genes import CopyNumber, Gene
    from estrogenome.core.genotype_records import SiteObservation

_DIPLOID = 2
_HALF = 1 / _DIPLOID


def credible(seen: Sequence[SiteObservation], observation: CopyObservation | None) -> CopyObservation | None:
    """Return the observation of the number of copies, or that it contradicts two different alleles at one site."""
    if observation is None or not observation.counts or max(observation.counts) >= _DIPLOID or not any(_differs(o) for o in seen):
        return observation
    origin = f"{observation.origin}, but a site has two different alleles"
    return CopyObservation(gene=observation.gene, state=SiteState.NOT_ASSAYED, origin=origin)


def copy_weights(copies: CopyNumber, seen: Sequence[SiteObservation], observation: CopyObservation | None) -> tuple[CopyWeight, ...]:
    """Return every possible number of copies with its probability."""
    shares = {entry.copies: entry.share.value for entry in copies.shares}
    open_counts = set(observation.counts if observation and observation.counts else shares)
    if any(_differs(o) for o in seen):
        open_counts = {n for n in open_counts if n >= _DIPLOID} or {_DIPLOID}
    weights = {n: shares.get(n, 0.0) for n in sorted(open_counts)}
    total = sum(weights.values())
    if total <= 0:
        return tuple(CopyWeight(copies=n, weight=1 / len(weights)) for n in weights)
    return tuple(CopyWeight(copies=n, weight=w / total) for n, w in weights.items())


def with_copies(gene: Gene, options: Sequence[DiplotypeOption], copies: Sequence[CopyWeight]) -> tuple[DiplotypeOption, ...]:
    """Return the options of somebody with exactly one copy, or none; the options themselves where there are two or more or it is open."""
    if gene.copies is None or len(copies) != 1 or copies[0].copies >= _DIPLOID:
        return tuple(options)
    missing = gene.copies.missing
    if copies[0].copies == 0:
        nothing = options[0].haplotypes[0].model_copy(update={"name": missing})
        return (DiplotypeOption(haplotypes=(nothing, nothing), weight=1.0),)
    single = [o for o in options if len({h.alleles for h in o.haplotypes}) == 1]
    weights = [o.weight**_HALF for o in single]  # the prior of a pair of equals is the square of the one's
    found = [
        DiplotypeOption(haplotypes=(o.haplotypes[0], Haplotype(name=missing, alleles=o.haplotypes[0].alleles)), weight=w / sum(weights))
        for o, w in zip(single, weights, strict=True)
    ]
    return tuple(sorted(found, key=lambda o: (-o.weight, o.haplotypes[0].name, o.haplotypes[0].alleles)))


def is_counted(observation: CopyObservation | None) -> bool:
    """Tell whether the number of copies is one, from the file or the user."""
    return observation is not None and observation.state is not SiteState.NOT_ASSAYED and len(observation.counts) == 1


def _differs(seen: SiteObservation) -> bool:
    return bool(seen.compatible) and all(len(set(pair)) > 1 for pair in seen.compatible)
