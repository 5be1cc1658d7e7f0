"""Activities of a simulated reference population: one draw is one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estrogenome.activities.combine import choose, describe
from estrogenome.activities.effects import copy_activities, copy_ratio, draw_multiples, draw_unseen, panel
from estrogenome.activities.enzymes import enzyme_terms
from estrogenome.core.provenance import digest_text, package_version
from estrogenome.core.records import Activities, Provenance
from estrogenome.core.uncertainty import stream

if TYPE_CHECKING:
    from estrogenome.catalog.load import Catalog

_SAMPLE = "population"


def population_activities(catalog: Catalog, *, people: int, seed: int, label: str) -> Activities:
    """Return activities of ``people`` random members of the reference population, shape (1, people, term).

    Each draw is another person with two haplotypes of the panel. Effect sizes and unseen variation come from the same streams as in
    ``infer_activities`` and do not depend on ``label``: two populations of one seed with different labels
    differ in genotype alone.
    """
    terms = []
    columns = []
    everybody = np.arange(people)
    for gene in catalog.genes.values():
        reference = panel(gene, catalog)
        multiples = draw_multiples(gene, people, seed)
        unseen = draw_unseen(gene, people, seed)
        uniform = stream(seed, f"population/{label}/{gene.id}").random((2, people))
        pairs = choose(uniform.reshape(-1), reference.frequencies).reshape(uniform.shape)
        ratio = copy_ratio(gene, (), stream(seed, f"population/{label}/copies/{gene.id}").random(people))
        for catalysis in gene.catalyses:
            copies = copy_activities(gene, catalysis, reference.sites, reference.haplotypes, multiples.drawn)
            scale = reference.frequencies @ copies
            columns.append(copies[pairs, everybody].mean(axis=0) / scale * ratio * unseen)
            terms.append(describe(gene, catalysis, (1.0,)))
    for (values,), term in enzyme_terms(catalog, 1, people, seed):
        columns.append(values)
        terms.append(term)
    return Activities(
        samples=(_SAMPLE,),
        terms=tuple(terms),
        values=np.stack(columns, axis=-1)[None] if columns else np.empty((1, people, 0)),
        provenance=Provenance(
            version=package_version(),
            knowledge_version=catalog.version,
            knowledge_hash=catalog.digest,
            input_digest=digest_text(f"{_SAMPLE}/{label}"),
            seed=seed,
            draws=people,
        ),
    )
