"""Invented people with one stated genotype each, the mean genotype beside them, and their bodies: what ``derive.variants`` compares.

A row of ``data/variants.tsv`` is a pair of chromosome copies of one gene, named by alleles at its sites; sites that it does not name follow
the linkage of the reference panel. All share the draw of effect sizes, of unseen variation and of the body.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from derive.inputs import read
from estrogenome.activities import infer_activities
from estrogenome.activities.effects import copy_ratio, draw_unseen, panel
from estrogenome.catalog.genes import Enzyme, Gene
from estrogenome.catalog.load import load_catalog
from estrogenome.core.genotype_records import CallStatus, DiplotypeOption, Diplotypes, GeneDiplotypes, Haplotype
from estrogenome.core.provenance import digest_text, package_version
from estrogenome.core.records import Activities, ParameterSets, Person, Provenance
from estrogenome.core.uncertainty import stream
from estrogenome.parameters import personalize

DRAWS = 120
SEED = 0
MEAN = "mean genotype"


def matching(gene: str, wanted: str) -> list[tuple[tuple[str, ...], float]]:
    """Return the panel haplotypes that carry every ``site=allele`` of ``wanted``, with weights that sum to 1."""
    catalog = load_catalog()
    reference = panel(catalog.genes[gene], catalog)
    alleles = dict(item.split("=") for item in wanted.split())
    column = {site: i for i, site in enumerate(reference.sites)}
    found = [
        (haplotype, float(frequency))
        for haplotype, frequency in zip(reference.haplotypes, reference.frequencies, strict=True)
        if frequency > 0 and all(haplotype[column[site]] == allele for site, allele in alleles.items())
    ]
    if not found:
        raise SystemExit(f"variants: no haplotype of {gene} in the panel carries {wanted}; mend derive/data/variants.tsv")
    total = sum(weight for _, weight in found)
    return [(haplotype, weight / total) for haplotype, weight in found]


def diplotypes() -> Diplotypes:
    """Return one invented person per row of the table, whose one gene is stated and whose others are not."""
    catalog = load_catalog()
    table = read("variants.tsv")
    genes = tuple(sorted({row["gene"] for row in table}))
    results: list[GeneDiplotypes] = []
    index = np.zeros((len(table), len(genes)), dtype=np.int64)
    for gene in genes:
        results.append(
            GeneDiplotypes(gene=gene, status=CallStatus.NOT_ASSAYED, options=(), sites=panel(catalog.genes[gene], catalog).sites)
        )
    index[:] = np.arange(len(genes))
    for person, row in enumerate(table):
        options = tuple(
            DiplotypeOption(haplotypes=(Haplotype(name="", alleles=one), Haplotype(name="", alleles=two)), weight=a * b)
            for one, a in matching(row["gene"], row["first"])
            for two, b in matching(row["gene"], row["second"])
        )
        index[person, genes.index(row["gene"])] = len(results)
        sites = panel(catalog.genes[row["gene"]], catalog).sites
        results.append(GeneDiplotypes(gene=row["gene"], status=CallStatus.CALLED, options=options, sites=sites))
    provenance = Provenance(
        version=package_version(), knowledge_version=catalog.version, knowledge_hash=catalog.digest, input_digest=digest_text("variants")
    )
    return Diplotypes(samples=tuple(r["id"] for r in table), genes=genes, results=tuple(results), index=index, provenance=provenance)


@cache
def activities() -> Activities:
    """Return the activities of every row, and of the mean genotype as the last person: unseen variation alone."""
    catalog = load_catalog()
    found = infer_activities(diplotypes(), catalog, draws=DRAWS, seed=SEED)
    unseen = np.stack([_unseen(catalog.catalysts[term.gene]) for term in found.terms], axis=-1)
    values = np.broadcast_to(unseen, (len(found.samples) + 1, *unseen.shape)).copy()
    for person, row in enumerate(read("variants.tsv")):
        own = [i for i, term in enumerate(found.terms) if term.gene == row["gene"]]
        values[person][:, own] = found.values[person][:, own]
    terms = tuple(term.model_copy(update={"mean": (*term.mean, 1.0)}) for term in found.terms)
    return found.model_copy(update={"samples": (*found.samples, MEAN), "terms": terms, "values": values})


def _unseen(gene: Gene | Enzyme) -> np.ndarray:
    """Return what the rows share with the mean genotype: what no genotype file shows, and the number of copies."""
    unseen = draw_unseen(gene, DRAWS, SEED)
    if not isinstance(gene, Gene):
        return unseen
    return np.asarray(unseen * copy_ratio(gene, (), stream(SEED, f"copies/{gene.id}").random(DRAWS)))


@cache
def bodies(state: str) -> ParameterSets:
    """Return the constants of everybody in a hormonal state, at the mean age of the reference group."""
    catalog = load_catalog()
    person = Person(sex=catalog.states[state].sexes[0], age=catalog.population["states"][state]["age_centre"], state=state)
    return personalize(activities(), person, catalog, draws=DRAWS, seed=SEED)
