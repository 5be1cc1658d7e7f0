"""Names of haplotypes and the usual order within a diplotype.

A copy carries every named allele whose alleles it has; of those, one whose alleles are part of another's is dropped,
and the rest are joined with ``+``. A sub-allele of the default (an older name) is written only where no other name is.
A change at a defining site that no name covers is written as site and allele behind ``+``. In a gene named by
haplotypes, a copy that no name covers is called by its bases, in the order of the file, at the sites that the
default haplotype names (``A-C-G-G``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from estrogenome.catalog.genes import Gene, NamedAllele

_PARTS = re.compile(r"(\d+)")


def haplotype_name(gene: Gene, alleles: tuple[str, ...]) -> str:
    """Return the name of the copy of ``gene`` that has ``alleles`` (one for each site of the gene's file)."""
    carried = dict(zip((site.id for site in gene.sites), alleles, strict=True))
    backbone = _backbone(gene)
    fitting = [named for named in gene.alleles if named.carries and all(carried[s] == a for s, a in named.carries.items())]
    kept = [named for named in fitting if not any(named.carries.items() < other.carries.items() for other in fitting)]
    covered = {site for named in kept for site in named.carries}
    kept = [named for named in kept if not named.sub_allele] or kept
    parts = [named.name for named in sorted(kept, key=lambda named: order_key(gene, named.name))]
    if backbone and not any(set(backbone) <= set(named.carries) for named in kept):
        parts.insert(0, "-".join(carried[site] for site in backbone))
        covered.update(backbone)
    loose = [
        f"{site.id}{carried[site.id]}"
        for site in gene.sites
        if site.defining and site.id not in covered and carried[site.id] != gene.default_alleles[site.id]
    ]
    if not parts:
        parts = [gene.default]
    return "+".join([*parts, *loose])


def order_key(gene: Gene, name: str) -> tuple[bool, list[tuple[bool, int, str]]]:
    """Return the key of the usual order: the default first, then by number (``*2`` before ``*10``), then by letters."""
    pieces = [(not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in _PARTS.split(name) if part]
    return name != gene.default, pieces


def _backbone(gene: Gene) -> tuple[str, ...]:
    """Return the sites that every haplotype of a haplotype-named gene is described at."""
    if gene.nomenclature != "haplotype":
        return ()
    default: NamedAllele | None = next((named for named in gene.alleles if named.name == gene.default), None)
    if default is not None and default.carries:
        return tuple(default.carries)
    return tuple(site.id for site in gene.sites if site.defining)
