"""The genotype of a study's arm as diplotypes: what the arm says, completed by the linkage of the reference panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estrogenome.activities.effects import panel
from estrogenome.core.errors import KnowledgeError
from estrogenome.core.genotype_records import CallStatus, CopyWeight, DiplotypeOption, GeneDiplotypes, Haplotype
from estrogenome.diplotypes.names import haplotype_name

if TYPE_CHECKING:
    from estrogenome.catalog.genes import Gene
    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.studies import Genotype


def diplotypes_of(name: str, given: Genotype, catalog: Catalog, where: str) -> GeneDiplotypes:
    """Return every pair of panel haplotypes that fits what is given of one gene, weighted by their frequencies (Hardy and Weinberg).

    Where a number of copies is all that is given there are no options: any two haplotypes.

    Raises:
        KnowledgeError: no pair of panel haplotypes fits; ``where`` begins the message.
    """
    gene = catalog.genes[name]
    reference = panel(gene, catalog)
    pool = [(h, float(f)) for h, f in zip(reference.haplotypes, reference.frequencies, strict=True) if f > 0]
    column = {site: i for i, site in enumerate(reference.sites)}
    wanted = {site: sorted(alleles) for site, alleles in given.sites.items()}
    unknown = [site for site in wanted if site not in column]
    if unknown:
        raise KnowledgeError(f"{where}: the reference panel has no {unknown[0]} of {name}; leave the row out until it has")
    names = sorted(given.diplotype.split("/")) if given.diplotype else []
    named = {h: _named(gene, reference.sites, h) if names else "" for h, _ in pool}
    options = []
    for i, (one, a) in enumerate(pool if wanted or names else ()):
        for two, b in pool[i:]:
            fits = all(sorted((one[column[s]], two[column[s]])) == alleles for s, alleles in wanted.items())
            if fits and (not names or sorted((named[one], named[two])) == names):
                pair = (Haplotype(name="", alleles=one), Haplotype(name="", alleles=two))
                options.append(DiplotypeOption(haplotypes=pair, weight=a * b * (1 if one == two else len(pair))))
    if not options and (wanted or names):
        raise KnowledgeError(f"{where}: no two haplotypes of the reference panel give this genotype of {name}; leave the row out")
    copies = () if given.copies is None else (CopyWeight(copies=given.copies, weight=1.0),)
    return GeneDiplotypes(gene=name, status=CallStatus.CALLED, options=tuple(options), sites=reference.sites, copies=copies)


def _named(gene: Gene, sites: tuple[str, ...], alleles: tuple[str, ...]) -> str:
    have = dict(zip(sites, alleles, strict=True))
    return haplotype_name(gene, tuple(have.get(site.id, gene.default_alleles[site.id]) for site in gene.sites))
