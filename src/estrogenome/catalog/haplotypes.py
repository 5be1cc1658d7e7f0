"""Haplotype frequencies of the reference population, the same for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estrogenome.core.errors import KnowledgeError

if TYPE_CHECKING:
    from estrogenome.catalog.load import HaplotypeTable
    from estrogenome.core.records import FloatArray


def equal_population_frequencies(table: HaplotypeTable) -> FloatArray:
    """Return the frequency of each haplotype of ``table``, shape (haplotype,), sum 1.

    Each population of the table weighs the same, however many people were sampled in it.

    Raises:
        KnowledgeError: the table counts nobody.
    """
    counts = np.array([table.counts[population] for population in sorted(table.counts)], dtype=np.float64)
    totals = counts.sum(axis=1) if counts.size else counts
    seen = totals > 0
    if not seen.any():
        raise KnowledgeError("a haplotype table counts nobody; rebuild knowledge/derived/haplotypes")
    frequencies: FloatArray = (counts[seen] / totals[seen, None]).mean(axis=0)
    return frequencies
