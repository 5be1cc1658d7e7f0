"""Which allele pairs may stand together over the sites of a gene.

Coordinates: ``layout[site][a, b]`` is the likelihood of what was seen if the first copy has allele number ``a`` and the second
``b``: 1 or 0, or a small number where a record that only says "not this ALT" may have missed it, or seen it where it is not.
An unphased site allows both orders. Each phase set fixes the order of its own sites; sets to each other are
open, so every relative orientation is one more layout.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from estrogenome.catalog.genes import Gene
    from estrogenome.core.genotype_records import SiteObservation
    from estrogenome.core.records import FloatArray

    Layout = tuple[FloatArray, ...]

MOST_SETS = 10
"""Phase sets of one gene that are turned against each other; in further ones order is given up (both orders allowed)."""


def layouts(gene: Gene, observations: Sequence[SiteObservation], missed: float, spurious: float) -> list[Layout]:
    """Return one layout per relative orientation of the phase sets (one, where nothing or all is phased).

    ``missed`` is the probability that a "not this ALT" record overlooked its ALT on a copy, ``spurious`` that it showed it on a
    copy that carries another allele.
    """
    base = [likelihood(site.alleles, seen, missed, spurious) for site, seen in zip(gene.sites, observations, strict=True)]
    sets = list(dict.fromkeys(seen.phase_set for seen in observations if seen.phase_set))
    turnable = sets[1:MOST_SETS]
    given_up = set(sets[MOST_SETS:])
    found: list[Layout] = []
    for turns in product((False, True), repeat=len(turnable)):
        turned = {name for name, turn in zip(turnable, turns, strict=True) if turn}
        found.append(tuple(_oriented(m, s.phase_set in turned, s.phase_set in given_up) for m, s in zip(base, observations, strict=True)))
    return found


def likelihood(alleles: tuple[str, ...], seen: SiteObservation, missed: float, spurious: float) -> FloatArray:
    """Return the matrix of one site, shape (allele, allele); ones where nothing is known."""
    return _matrix(alleles, seen.compatible, bool(seen.phase_set), missed, spurious)


@lru_cache(maxsize=4096)
def _matrix(alleles: tuple[str, ...], compatible: tuple[tuple[str, ...], ...], ordered: bool, missed: float, spurious: float) -> FloatArray:
    """Return what ``likelihood`` says; many people share what they have at a site."""
    number = {allele: i for i, allele in enumerate(alleles)}
    allowed = np.zeros((len(alleles), len(alleles)), dtype=np.bool_)
    for pair in compatible:
        if len(pair) == 1:  # one copy known, the other open
            allowed[number[pair[0]], :] = True
            allowed[:, number[pair[0]]] = True
        else:
            allowed[number[pair[0]], number[pair[1]]] = True
            if not ordered:
                allowed[number[pair[1]], number[pair[0]]] = True
    matrix: FloatArray = (allowed if compatible else ~allowed).astype(np.float64)
    # a copy that several, but not all, alleles are left to was seen as "not this ALT" and may carry it unseen
    second = _partly_open(allowed)
    first = _partly_open(allowed.T)
    matrix[second, :] = np.maximum(matrix[second, :], missed)
    matrix[:, first] = np.maximum(matrix[:, first], missed)
    if (allowed & second[:, None] & first[None, :]).any():
        matrix = np.maximum(matrix, missed**2)
    # and the ALT shown on the other copy may not be there: that copy is then what such a record leaves open
    beside_second, beside_first = allowed[second].any(axis=0), allowed[:, first].any(axis=1)
    matrix[:, beside_second] = np.maximum(matrix[:, beside_second], spurious)
    matrix[beside_first, :] = np.maximum(matrix[beside_first, :], spurious)
    matrix.setflags(write=False)
    return matrix


def _partly_open(allowed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    left = allowed.sum(axis=1)
    return np.asarray((left > 1) & (left < allowed.shape[1]))


def _oriented(matrix: FloatArray, turn: bool, both: bool) -> FloatArray:
    if both:
        return np.maximum(matrix, matrix.T)
    return matrix.T if turn else matrix
