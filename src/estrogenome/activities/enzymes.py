"""Activities of enzymes without a genotype: 1, times what differs between people unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estrogenome.activities.effects import draw_unseen
from estrogenome.core.records import ActivityTerm
from estrogenome.core.uncertainty import State, worst

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estrogenome.catalog.load import Catalog
    from estrogenome.core.records import FloatArray


def enzyme_terms(catalog: Catalog, people: int, draws: int, seed: int | None) -> Iterator[tuple[FloatArray, ActivityTerm]]:
    """Yield (values of shape (person, draw), term) for every share of the catalog's enzymes; without a ``seed`` the median, 1."""
    for enzyme in catalog.enzymes.values():
        values = np.ones(draws) if seed is None else draw_unseen(enzyme, draws, seed)
        for catalysis in enzyme.catalyses:
            yield (
                np.broadcast_to(values, (people, draws)),
                ActivityTerm(
                    gene=enzyme.id,
                    reaction=catalysis.reaction,
                    tissue=catalysis.tissue,
                    mean=(1.0,) * people,
                    worst_state=worst([State(entry.log_sd.state) for entry in enzyme.unseen] or [State.ASSUMED]),
                    sources=tuple(sorted({entry.log_sd.source for entry in enzyme.unseen})),
                ),
            )
