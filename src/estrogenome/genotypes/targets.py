"""Where the catalog's sites lie on each build, and how their alleles are written there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from estrogenome.catalog.genes import Site
    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.schema import Build

BUILDS: tuple[Build, Build] = ("GRCh37", "GRCh38")
_CONTIG = re.compile(r"(?:chr)?([0-9]{1,2}|x|y|m|mt)|nc_0000([0-9]{2})\.[0-9]+", re.IGNORECASE)


def contig_name(contig: str) -> str:
    """Return the chromosome as the catalog writes it (``chr07``, ``7`` and ``NC_000007.14`` are one), or the name unchanged."""
    match = _CONTIG.fullmatch(contig)
    if not match:
        return contig
    name = (match[1] or match[2]).lstrip("0").upper()
    return "MT" if name == "M" else name


@dataclass(frozen=True)
class Target:
    """One site on one build.

    ``sequences`` gives the bases of each allele from ``position`` on, all over the same stretch of reference
    (``reference_bases``), so that alleles compare as strings whatever a record's own spelling.
    """

    site: Site
    build: Build
    chromosome: str
    position: int
    reference: str
    reference_bases: str
    sequences: dict[str, str]
    spelled: bool

    @property
    def end(self) -> int:
        """Last reference position that the alleles differ over."""
        return self.position + len(self.reference_bases) - 1


def targets_of(catalog: Catalog) -> tuple[Target, ...]:
    """Return every site of the catalog on both builds."""
    found: dict[tuple[str, Build], Target] = {}
    for gene in catalog.genes.values():
        for site in gene.sites:
            for build in BUILDS:
                if build in site.placements:
                    found.setdefault((site.id, build), _target(site, build, gene.chromosome))
    return tuple(found.values())


def regions_of(catalog: Catalog, build: Build) -> tuple[tuple[str, int, int], ...]:
    """Return the merged gene regions (chromosome, first, last position) of one build, in order."""
    merged: list[tuple[str, int, int]] = []
    for chromosome, start, end in sorted((g.chromosome, *g.regions[build]) for g in catalog.genes.values() if build in g.regions):
        if merged and merged[-1][0] == chromosome and start <= merged[-1][2] + 1:
            merged[-1] = (chromosome, merged[-1][1], max(end, merged[-1][2]))
        else:
            merged.append((chromosome, start, end))
    return tuple(merged)


def _target(site: Site, build: Build, chromosome: str) -> Target:
    place = site.placements[build]
    stretch = max((s.ref for s in place.spellings.values()), key=len, default=place.reference)
    stretch = place.context or stretch
    sequences = {}
    for allele in site.alleles:
        spelling = place.spellings.get(allele)
        if spelling:
            sequences[allele] = spelling.alt + stretch[len(spelling.ref) :]
        else:
            sequences[allele] = stretch if allele == place.reference else allele
    return Target(site, build, chromosome, place.position, place.reference, stretch, sequences, bool(place.spellings))
