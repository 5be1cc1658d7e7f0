"""Which haplotypes could be meant: those of the panel that fit, and new combinations of the alleles that were seen.

All combinations over the sites where something is known; at the sites where nothing is known, only patterns that
the panel or a named allele has, so that the list stays short however little a file shows.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from estrogenome.catalog.genes import Gene
    from estrogenome.core.records import IntArray
    from estrogenome.diplotypes.phase import Layout
    from estrogenome.diplotypes.prior import Prior

MOST = 256
"""Haplotypes considered for a copy; where there are more, the least frequent combinations are left out."""
_MOST_RAW = 1 << 17


def candidates(gene: Gene, prior: Prior, layout: Layout) -> tuple[IntArray, IntArray]:
    """Return haplotypes that the first and the second copy may be, each of shape (haplotype, site)."""
    turned = tuple(matrix.T for matrix in layout)
    first, second = _possible(gene, prior, layout), _possible(gene, prior, turned)
    if max(len(first), len(second)) <= MOST:
        return first, second
    firsts, their_seconds = _best_pairs(first, layout, prior)
    seconds, their_firsts = _best_pairs(second, turned, prior)
    return np.unique(np.concatenate([firsts, their_firsts]), axis=0), np.unique(np.concatenate([seconds, their_seconds]), axis=0)


def _possible(gene: Gene, prior: Prior, layout: Layout) -> IntArray:
    """Return every haplotype whose alleles the layout allows to the first copy, site by site."""
    closed = [s for s, matrix in enumerate(layout) if matrix.min() < 1]
    opened = [s for s, matrix in enumerate(layout) if matrix.min() >= 1]
    patterns = _patterns(gene, prior, opened)
    combinations = _combinations([np.flatnonzero(layout[s].any(axis=1)) for s in closed], max(_MOST_RAW // len(patterns), 1))
    rows = np.empty((len(patterns) * len(combinations), len(layout)), dtype=np.int64)
    rows[:, closed] = np.repeat(combinations, len(patterns), axis=0)
    rows[:, opened] = np.tile(patterns, (len(combinations), 1))
    return rows


def _best_pairs(rows: IntArray, layout: Layout, prior: Prior) -> tuple[IntArray, IntArray]:
    """Return the most frequent ``MOST`` of ``rows`` together with their likeliest partners, and those partners."""
    partners = np.empty_like(rows)
    for site, matrix in enumerate(layout):
        likeliest = np.argmax(matrix * prior.frequencies[site].mean(axis=0)[None, :], axis=1)
        partners[:, site] = likeliest[rows[:, site]]
    score = prior.of(rows).mean(axis=0) * prior.of(partners).mean(axis=0)
    best = np.sort(np.argsort(-score, kind="stable")[:MOST])
    return rows[best], partners[best]


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
