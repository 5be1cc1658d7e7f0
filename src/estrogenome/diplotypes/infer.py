"""What the diplotypes say of sites that the file leaves open: inferred by linkage, never observed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estrogenome.core.genotype_records import InferredSite

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estrogenome.core.genotype_records import DiplotypeOption, SiteObservation

_DIPLOID = 2


def is_known(seen: SiteObservation) -> bool:
    """Tell whether the file leaves one pair of alleles at the site."""
    return len(seen.compatible) == 1 and len(seen.compatible[0]) == _DIPLOID


def inferred_sites(options: Sequence[DiplotypeOption], seen: Sequence[SiteObservation], least: float) -> tuple[InferredSite, ...]:
    """Return the allele pairs of every open site that have at least the probability ``least``, most probable first.

    ``seen`` stands in the order of the haplotypes' alleles.
    """
    found: list[InferredSite] = []
    for column, observation in enumerate(seen):
        if is_known(observation):
            continue
        weights: dict[tuple[str, ...], float] = {}
        for option in options:
            pair = tuple(sorted(haplotype.alleles[column] for haplotype in option.haplotypes))
            weights[pair] = weights.get(pair, 0.0) + option.weight
        ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
        found += [InferredSite(site=observation.site, alleles=p, probability=min(w, 1)) for p, w in ranked if w >= least]
    return tuple(found)
