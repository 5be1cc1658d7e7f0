"""Which allele pairs may stand together over the sites of a gene.

Coordinates: ``allowed[site][a, b]`` says whether the first copy may have allele number ``a`` and the second ``b``.
An unphased site allows both orders. Each phase set fixes the order of its own sites; sets to each other are
open, so every relative orientation is one more layout.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estrogenome.catalog.schema import Gene
    from estrogenome.core.records import SiteObservation

BoolArray = NDArray[np.bool_]
Layout = tuple[BoolArray, ...]
MOST_SETS = 10
"""Phase sets of one gene that are turned against each other; in further ones order is given up (both orders allowed)."""


def layouts(gene: Gene, observations: Sequence[SiteObservation]) -> list[Layout]:
    """Return one layout per relative orientation of the phase sets (one, where nothing or all is phased)."""
    base = [allowed_pairs(site.alleles, seen) for site, seen in zip(gene.sites, observations, strict=True)]
    sets = list(dict.fromkeys(seen.phase_set for seen in observations if seen.phase_set))
    turnable = sets[1:MOST_SETS]
    given_up = set(sets[MOST_SETS:])
    found: list[Layout] = []
    for turns in product((False, True), repeat=len(turnable)):
        turned = {name for name, turn in zip(turnable, turns, strict=True) if turn}
        found.append(tuple(_oriented(m, s.phase_set in turned, s.phase_set in given_up) for m, s in zip(base, observations, strict=True)))
    return found


def allowed_pairs(alleles: tuple[str, ...], seen: SiteObservation) -> BoolArray:
    """Return the allowed matrix of one site, shape (allele, allele); all of it where nothing is known."""
    number = {allele: i for i, allele in enumerate(alleles)}
    matrix = np.zeros((len(alleles), len(alleles)), dtype=np.bool_)
    if not seen.compatible:
        return ~matrix
    for pair in seen.compatible:
        if len(pair) == 1:  # one copy known, the other open
            matrix[number[pair[0]], :] = True
            matrix[:, number[pair[0]]] = True
        else:
            matrix[number[pair[0]], number[pair[1]]] = True
            if not seen.phase_set:
                matrix[number[pair[1]], number[pair[0]]] = True
    return matrix


def _oriented(matrix: BoolArray, turn: bool, both: bool) -> BoolArray:
    if both:
        return matrix | matrix.T
    return matrix.T if turn else matrix
