"""Made-up people: every pair of a gene's haplotypes, written as a VCF of one build."""

from __future__ import annotations

from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estrogenome.catalog.genes import Gene, Site
    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.schema import Build

Copy = tuple[str, ...]
_COMPLEMENT = str.maketrans("ACGT", "TGCA")


def haplotypes(gene: Gene, catalog: Catalog, most: int) -> tuple[Copy, ...]:
    """Return every named haplotype, and the ``most`` most frequent others of the panel, as alleles in the order of the sites.

    A named allele stands on the panel's most frequent haplotype that carries it, tags included; without one, on the default.
    """
    sites = [site.id for site in gene.sites]
    table = catalog.haplotypes.get(gene.id)
    counted: list[Copy] = []
    if table:
        total = {h: sum(c[i] for c in table.counts.values()) for i, h in enumerate(table.haplotypes)}
        ordered = sorted(total, key=lambda h: (-total[h], h))
        counted = [tuple(h[table.sites.index(s)] if s in table.sites else gene.default_alleles[s] for s in sites) for h in ordered]
    found: dict[Copy, None] = {}
    for named in gene.alleles:
        wanted = [named.carries.get(s.id, gene.default_alleles[s.id]) if s.defining else None for s in gene.sites]
        bare = tuple(named.carries.get(s, gene.default_alleles[s]) for s in sites)
        found[next((h for h in counted if all(w in {None, a} for w, a in zip(wanted, h, strict=True))), bare)] = None
    for haplotype in [h for h in counted if h not in found][:most]:
        found[haplotype] = None
    return tuple(found)


def pairs(copies: tuple[Copy, ...]) -> list[tuple[Copy, Copy]]:
    """Return every unordered pair."""
    return list(combinations_with_replacement(copies, 2))


def vcf(gene: Gene, people: list[tuple[Copy, Copy]], build: Build, *, phased: bool, without: str = "", flipped: bool = False) -> str:
    """Return a VCF of the people of one gene, one record per written allele where a site is spelled.

    ``without`` leaves the records of one site out; ``flipped`` writes every base from the other strand.
    """
    names = [f"p{i}" for i in range(len(people))]
    lines = ["##fileformat=VCFv4.2", f"##contig=<ID={gene.chromosome},assembly={build}>"]
    lines += ['##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">']
    lines += ["\t".join(["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *names])]
    order = sorted(
        range(len(gene.sites)), key=lambda i: gene.sites[i].placements[build].position if build in gene.sites[i].placements else 0
    )
    for column in order:
        site = gene.sites[column]
        if site.id == without or build not in site.placements:
            continue
        for ref, alts in _records(site, build):
            written = [ref, ",".join(alts.values())]
            if flipped:
                written = [text.translate(_COMPLEMENT) for text in written]
            number = {name: i for i, name in enumerate(alts, start=1)}
            codes = [tuple(number.get(copy[column], 0) for copy in pair) for pair in people]
            calls = [f"{a}|{b}" if phased else f"{min(a, b)}/{max(a, b)}" for a, b in codes]
            fixed = [gene.chromosome, str(site.placements[build].position), ".", *written, ".", "PASS", ".", "GT"]
            lines.append("\t".join([*fixed, *calls]))
    return "\n".join(lines) + "\n"


def _records(site: Site, build: Build) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield REF and the ALT of each allele that the record names."""
    place = site.placements[build]
    if not place.spellings:
        yield place.reference, {a: a for a in site.alleles if a != place.reference}
    for name, spelling in place.spellings.items():
        yield spelling.ref, {name: spelling.alt}
