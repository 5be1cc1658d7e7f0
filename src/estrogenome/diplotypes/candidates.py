"""Which haplotypes could be meant: those of the panel that fit, and new combinations of the alleles that were seen.

All combinations over the sites where something is known; at the sites where nothing is known, only patterns that
the panel or a named allele has, so that the list stays short however little a file shows.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from estrogenome.catalog.schema import Gene
    from estrogenome.core.records import FloatArray, IntArray
    from estrogenome.diplotypes.phase import Layout
    from estrogenome.diplotypes.prior import Prior

MOST = 1024
"""Haplotypes considered at most; beyond, the least frequent new combinations are left out."""
_MOST_RAW = 1 << 17


def candidate_haplotypes(gene: Gene, prior: Prior, layout: Layout) -> tuple[IntArray, FloatArray]:
    """Return haplotypes that can be one copy of some allowed pair, shape (haplotype, site), and their prior (population, haplotype)."""
    possible = [np.flatnonzero(matrix.any(axis=1) | matrix.any(axis=0)) for matrix in layout]
    closed = [s for s, matrix in enumerate(layout) if not matrix.all()]
    opened = [s for s, matrix in enumerate(layout) if matrix.all()]
    patterns = _patterns(gene, prior, opened)
    combinations = _combinations([possible[s] for s in closed], _MOST_RAW // len(patterns))
    raw = np.empty((len(patterns) * len(combinations), len(layout)), dtype=np.int64)
    raw[:, closed] = np.repeat(combinations, len(patterns), axis=0)
    raw[:, opened] = np.tile(patterns, (len(combinations), 1))
    weights = prior.of(raw)
    if len(raw) > MOST:
        best = np.sort(np.argsort(-weights.mean(axis=0), kind="stable")[:MOST])
        raw, weights = raw[best], weights[:, best]
    return raw, weights


def _patterns(gene: Gene, prior: Prior, sites: list[int]) -> IntArray:
    """Return the distinct allele rows over ``sites`` that the panel or a named allele has, shape (pattern, site)."""
    number = [{allele: i for i, allele in enumerate(site.alleles)} for site in gene.sites]
    default = [number[s][gene.default_alleles[site.id]] for s, site in enumerate(gene.sites)]
    rows = {tuple(default[s] for s in sites)}
    for named in gene.alleles:
        own = [number[s].get(named.carries.get(site.id, ""), default[s]) for s, site in enumerate(gene.sites)]
        rows.add(tuple(own[s] for s in sites))
    for row in prior.panel:
        choices = [range(len(number[s])) if row[s] < 0 else (int(row[s]),) for s in sites]
        rows.update(product(*choices))
    if not len(prior.panel):
        every = [range(len(number[s])) for s in sites]
        if np.prod([len(e) for e in every], dtype=np.float64) <= MOST:
            rows.update(product(*every))
    return np.array(sorted(rows), dtype=np.int64).reshape(len(rows), len(sites))


def _combinations(choices: list[IntArray], most: int) -> IntArray:
    """Return all combinations of the choices, shape (combination, site); sites beyond ``most`` combinations keep their first choice."""
    size = 1
    kept = []
    for options in choices:
        size *= len(options)
        kept.append(options if size <= most else options[:1])
        if size > most:
            size //= len(options)
    rows = list(product(*kept))
    return np.array(rows, dtype=np.int64).reshape(len(rows), len(choices))
