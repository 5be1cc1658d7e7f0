"""What the file of the pathway map may say; positions are data."""

from __future__ import annotations

from typing import Literal

from estrogenome.catalog.schema import Entry


class MapNode(Entry):
    """A station of the pathway map."""

    id: str
    label: str
    name: str = ""
    """What a short label stands for."""
    x: float
    y: float
    kind: Literal["source", "exchange", "hydroxylation", "methylation", "out", "store"]
    species: str = ""
    size: tuple[float, float] | None = None
    """Width and height of a station that holds others or spans rows; None: as its label needs."""


class MapEdge(Entry):
    """An arrow of the pathway map: the sum of ``reactions`` (ids of the model)."""

    id: str
    start: str
    end: str
    reactions: tuple[str, ...]
    path: Literal["main", "store", "two", "four", "sixteen"]
    activities: tuple[tuple[str, str], ...] = ()
    """(reaction, tissue) factors of genes that scale this arrow."""
    bend: float = 0.0
    """Shift of the start across the arrow's direction."""
    tag: tuple[float, float] | None = None
    """Where notes about its enzymes begin; None: they stand in the table alone."""


class PathwayMap(Entry):
    """The whole map; positions are data."""

    width: float
    height: float
    nodes: tuple[MapNode, ...]
    edges: tuple[MapEdge, ...]
