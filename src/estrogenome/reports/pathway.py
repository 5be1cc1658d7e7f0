"""This person's pathway map: the fluxes of each arrow and the notes about the enzymes behind it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from estrogenome.core.errors import KnowledgeError
from estrogenome.core.genotype_records import CallStatus
from estrogenome.core.numbers import number, with_unit
from estrogenome.core.report_records import MapTag, ReportedEdge, ReportedMap, ReportedNode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.pathway import MapEdge, MapNode
    from estrogenome.core.report_records import ReportedActivity, ReportedGene, ReportedReadout

_UNIT = "nmol/d"
Flux = tuple[float, float, float]


def pathway(catalog: Catalog, fluxes: dict[str, Flux], genes: Sequence[ReportedGene], readouts: Iterable[ReportedReadout]) -> ReportedMap:
    """Return the map of ``catalog`` with this person's numbers.

    Raises:
        KnowledgeError: an arrow stands for a reaction that the readouts do not hold.
    """
    levels = {catalog.readouts[r.id].formula.strip(): r for r in readouts if r.id in catalog.readouts}
    labels = {node.id: node.label for node in catalog.pathway.nodes}
    return ReportedMap(
        width=catalog.pathway.width,
        height=catalog.pathway.height,
        unit=_UNIT,
        nodes=tuple(_node(node, levels.get(node.species)) for node in catalog.pathway.nodes),
        edges=tuple(_edge(edge, labels, fluxes, genes) for edge in catalog.pathway.edges),
    )


def _node(node: MapNode, level: ReportedReadout | None) -> ReportedNode:
    value = with_unit(number(level.median), level.unit) if level else ""
    return ReportedNode(id=node.id, label=node.label, name=node.name, kind=node.kind, x=node.x, y=node.y, size=node.size, value=value)


def _edge(edge: MapEdge, labels: dict[str, str], fluxes: dict[str, Flux], genes: Sequence[ReportedGene]) -> ReportedEdge:
    if edge.id not in fluxes:
        raise KnowledgeError(f"models/map.yaml: arrow {edge.id} has no flux in the readouts; measure again with this knowledge")
    flux = fluxes[edge.id]
    acting = _tags(edge, genes) if flux[-1] > 0 else ()
    tags = tuple(sorted(acting, key=lambda t: (t.assayed, -abs(math.log(t.median or 1)), t.name)))
    return ReportedEdge(
        id=edge.id,
        start=edge.start,
        end=edge.end,
        path=edge.path,
        bend=edge.bend,
        label=f"{labels[edge.start]} → {labels[edge.end]}",
        flux=flux,
        hatched=any(not tag.assayed for tag in tags),
        tags=tags,
        tag_at=edge.tag,
    )


def _tags(edge: MapEdge, genes: Iterable[ReportedGene]) -> Iterable[MapTag]:
    """Note each gene on this arrow that differs in this person, by the activity furthest from 1, or was not assayed."""
    wanted = set(edge.activities)
    for gene in genes:
        acting = [a for a in gene.activities if (a.reaction, a.tissue) in wanted]
        if not acting:
            continue
        if gene.status is CallStatus.NOT_ASSAYED:
            yield MapTag(gene=gene.id, name=gene.id, assayed=False)
        elif gene.rarer_diplotype or any(a.unusual for a in acting):
            furthest = max(acting, key=_distance)
            yield MapTag(gene=gene.id, name=gene.id, assayed=True, median=furthest.median, interval90=furthest.interval90)


def _distance(activity: ReportedActivity) -> float:
    return abs(math.log(activity.median)) if activity.median > 0 else math.inf
