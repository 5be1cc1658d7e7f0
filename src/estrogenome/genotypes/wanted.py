"""Where on a chromosome something of ours may lie, on either build."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from estrogenome.genotypes.targets import BUILDS, regions_of, targets_of
from estrogenome.genotypes.thresholds import thresholds_of

if TYPE_CHECKING:
    from estrogenome.catalog.load import Catalog

REACH = 1_000_000
"""How far before our regions a record may begin that reaches into them (reference blocks, deletions)."""


class Wanted:
    """Which stretches of which chromosome hold our positions, and which lie in our regions, on either build; what a call must bring."""

    def __init__(self, catalog: Catalog) -> None:
        self.limits = thresholds_of(catalog)
        spans: dict[str, set[tuple[int, int]]] = {}
        for target in targets_of(catalog):
            spans.setdefault(target.chromosome, set()).add((target.position, target.end))
        self._positions = {c: sorted({p for start, end in s for p in range(start, end + 1)}) for c, s in spans.items()}
        self._regions: dict[str, list[tuple[int, int]]] = {}
        for build in BUILDS:
            for chromosome, start, end in regions_of(catalog, build):
                self._regions.setdefault(chromosome, []).append((start, end))
        # a record about whole copies may lie anywhere over its gene, so there every record is read
        self._read_whole = [(g.chromosome, *span) for g in catalog.genes.values() if g.copies for span in g.regions.values()]

    def has(self, chromosome: str) -> bool:
        """Tell whether anything of ours lies on the chromosome."""
        return chromosome in self._regions

    def near(self, chromosome: str, position: int) -> bool:
        """Tell whether a record that begins at ``position`` can lie in our regions."""
        return any(start - REACH <= position <= end for start, end in self._regions[chromosome])

    def in_regions(self, chromosome: str, start: int, end: int) -> bool:
        """Tell whether a record lies in one of our gene regions."""
        return any(s <= end and start <= e for s, e in self._regions.get(chromosome, ()))

    def touches(self, chromosome: str, start: int, end: int) -> bool:
        """Tell whether a record lies over one of our positions."""
        positions = self._positions.get(chromosome, [])
        i = bisect_left(positions, start)
        return i < len(positions) and positions[i] <= end

    def queries(self) -> list[tuple[str, int, int]]:
        """Return the stretches of both builds in which a record of ours may lie, merged and in order."""
        places = [(c, p, p) for c, positions in self._positions.items() for p in positions]
        return _merged([*places, *self._read_whole])


def _merged(stretches: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    merged: list[tuple[str, int, int]] = []
    for chromosome, start, end in sorted(stretches):
        if merged and merged[-1][0] == chromosome and start <= merged[-1][2] + 1:
            merged[-1] = (chromosome, merged[-1][1], max(end, merged[-1][2]))
        else:
            merged.append((chromosome, start, end))
    return merged
