"""Activities → factors of the model: one per reaction and tissue."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from estrogenome.catalog.body import factor_name
from estrogenome.core.uncertainty import draw, stream

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from estrogenome.catalog.load import Catalog
    from estrogenome.core.records import Activities


def share_row(enzyme: str, reaction: str, tissue: str) -> str:
    """Return the name of the share that an enzyme has of a reaction in a tissue."""
    return f"share/{enzyme}/{reaction}/{tissue}"


def drawn_shares(catalog: Catalog, draws: int, seed: int) -> dict[str, NDArray[np.float64]]:
    """Return draws (draws,) of every share under its ``share_row``, each from its own stream."""
    found = {}
    for enzyme in catalog.catalysts.values():
        for catalysis in enzyme.catalyses:
            row, q = share_row(enzyme.id, catalysis.reaction, catalysis.tissue), catalysis.share
            found[row] = draw(q.distribution, q.value, q.spread, stream(seed, row), draws)
    return found


def factors(activities: Activities, drawn: Mapping[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
    """Return, per factor of the model, 1 + Σ share·(activity − 1), shape (person, draw); ``drawn`` holds each share by its ``share_row``.

    Shares are fractions of a flux in the reference population; where drawn shares of several enzymes exceed the whole
    together they are scaled to it.
    """
    people, draws, _ = activities.values.shape
    shares: dict[str, list[NDArray[np.float64]]] = defaultdict(list)
    values: dict[str, list[NDArray[np.float64]]] = defaultdict(list)
    for i, term in enumerate(activities.terms):
        name = factor_name(term.reaction, term.tissue)
        shares[name].append(drawn[share_row(term.gene, term.reaction, term.tissue)])
        values[name].append(activities.values[:, :, i])
    result = {}
    for name, parts in shares.items():
        share = np.array(parts)
        share = share / np.maximum(share.sum(axis=0), 1.0)
        result[name] = 1.0 + sum((s * (v - 1.0) for s, v in zip(share, values[name], strict=True)), np.zeros((people, draws)))
    return result
