"""Geometry of the pathway map: boxes, arrows and notes, on a wide page or turned upright for a phone.

All numbers are layout units of the picture. An arrow's width grows with the square root of its flux.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from estrogenome.core.numbers import interval, number, with_unit

if TYPE_CHECKING:
    from estrogenome.core.report_records import MapTag, ReportedEdge, ReportedMap, ReportedNode

_CHARACTER, _SMALL_CHARACTER = 8, 6
_PAD, _BOX, _TALL_BOX = 20, 30, 42
_WIDEST, _THINNEST = 18, 1
_APART = 15
_CLAMP = 14
_HEAD, _HEAD_SHARE, _HEAD_SIDE = 8, 3, 3
_TAGS, _TAG_LINE = 3, 15
_PHONE_WIDTH, _PHONE_HEIGHT = 360, 800
_TENTH = 1
_TOP = 26


@dataclass(frozen=True)
class Box:
    """A station: its middle, size, label and value."""

    id: str
    label: str
    value: str
    kind: str
    x: float
    y: float
    width: float
    height: float
    holds: bool

    @property
    def left(self) -> float:
        """Left edge."""
        return round(self.x - self.width / 2, _TENTH)

    @property
    def top(self) -> float:
        """Upper edge."""
        return round(self.y - self.height / 2, _TENTH)


@dataclass(frozen=True)
class Note:
    """A tag beside an arrow."""

    x: float
    y: float
    text: str
    assayed: bool


@dataclass(frozen=True)
class Arrow:
    """An arrow: one path drawn three times (5th, 50th, 95th percentile), its head, its text and its number on a phone."""

    id: str
    path: str
    line: str
    head: str
    outer: float
    middle: float
    inner: float
    text: str
    hatched: bool
    nil: bool
    notes: tuple[Note, ...]
    mark: tuple[float, float]
    number: int | None


@dataclass(frozen=True)
class Heading:
    """The name of a column."""

    x: float
    text: str


@dataclass(frozen=True)
class Picture:
    """Everything to draw."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    headings: tuple[Heading, ...]


_HEADINGS = {
    "source": "sources", "exchange": "exchange", "hydroxylation": "hydroxylation", "methylation": "what follows", "out": "out",
}  # fmt: skip


def picture(pathway: ReportedMap, *, upright: bool = False) -> Picture:
    """Return the map's geometry; ``upright`` turns columns into rows for a narrow screen."""
    boxes = {node.id: _box(node, pathway, upright=upright) for node in pathway.nodes}
    largest = max((edge.flux[2] for edge in pathway.edges), default=1.0) or 1.0
    ports = _ports(pathway, boxes)
    numbered = {edge.id: n for n, edge in enumerate((e for e in pathway.edges if _noted(e)), 1)}
    shift = 0 if upright else _TOP
    return Picture(
        width=_PHONE_WIDTH if upright else pathway.width,
        height=_PHONE_HEIGHT if upright else pathway.height + shift,
        boxes=tuple(sorted(boxes.values(), key=lambda b: not b.holds)),
        arrows=tuple(_arrow(e, ports[e.id], largest, numbered.get(e.id), pathway, upright=upright) for e in pathway.edges),
        headings=() if upright else tuple(_headings(pathway)),
    )


def _noted(edge: ReportedEdge) -> bool:
    return bool(edge.tags) and edge.tag_at is not None


def tag_text(tag: MapTag) -> str:
    """Return a tag's words: enzyme, × activity and interval, or that it was not assayed."""
    if not tag.assayed or tag.median is None or tag.interval90 is None:
        return f"{tag.name} not assayed"
    return f"{tag.name} ×{interval(tag.median, tag.interval90, name='')}"


def flux_text(edge: ReportedEdge, unit: str) -> str:
    """Return a flux with its interval and unit."""
    low, median, high = edge.flux
    return interval(median, (low, high), unit) if high > 0 else with_unit(number(0.0), unit)


def _headings(pathway: ReportedMap) -> list[Heading]:
    found = {}
    for node in pathway.nodes:
        if node.kind in _HEADINGS and (node.kind not in found or node.size):
            found[node.kind] = Heading(node.x, _HEADINGS[node.kind])
    return list(found.values())


def _box(node: ReportedNode, pathway: ReportedMap, *, upright: bool) -> Box:
    height = _TALL_BOX if node.value else _BOX
    width = max(_CHARACTER * len(node.label), _SMALL_CHARACTER * len(node.value)) + _PAD
    size = node.size or (width, height)
    x, y = node.x, node.y + _TOP
    if upright:
        across, along = _PHONE_WIDTH / pathway.height, _PHONE_HEIGHT / pathway.width
        x, y = node.y * across, node.x * along
        size = (size[1] * across, size[0] * along) if node.size else size
    return Box(node.id, node.label, node.value, node.kind, x, y, round(size[0], _TENTH), round(size[1], _TENTH), bool(node.size))


# ---------------------------------------------------------------- where arrows begin and end


@dataclass(frozen=True)
class _Port:
    """The two ends of an arrow; ``level`` if it leaves sideways."""

    start: tuple[float, float]
    end: tuple[float, float]
    level: bool


def _ports(pathway: ReportedMap, boxes: dict[str, Box]) -> dict[str, _Port]:
    """Return the ends of every arrow; arrows that share a side of a box stand side by side."""
    level = {e.id: _is_level(boxes[e.start], boxes[e.end]) for e in pathway.edges}
    sides: dict[tuple[str, str], list[tuple[float, str]]] = {}
    for edge in pathway.edges:
        for own, other in ((edge.start, edge.end), (edge.end, edge.start)):
            if not boxes[own].holds:
                side, order = _side(boxes[own], boxes[other], level=level[edge.id])
                sides.setdefault((own, side), []).append((order, edge.id))
    offsets = {
        (box, edge): (place - (len(members) - 1) / 2) * _APART
        for (box, _side_name), members in sides.items()
        for place, (_order, edge) in enumerate(sorted(members))
    }
    return {e.id: _port(e, boxes[e.start], boxes[e.end], offsets, level=level[e.id]) for e in pathway.edges}


def _is_level(a: Box, b: Box) -> bool:
    """Return whether an arrow between two boxes runs sideways: they are further apart that way than up and down."""
    return abs(a.x - b.x) - (a.width + b.width) / 2 > abs(a.y - b.y) - (a.height + b.height) / 2


def _side(own: Box, other: Box, *, level: bool) -> tuple[str, float]:
    if level:
        return ("right" if other.x > own.x else "left"), own.y if other.holds else other.y
    return ("below" if other.y > own.y else "above"), own.x if other.holds else other.x


def _port(edge: ReportedEdge, a: Box, b: Box, offsets: dict[tuple[str, str], float], *, level: bool) -> _Port:
    first = (a.y if level else a.x) + offsets.get((a.id, edge.id), 0.0) + edge.bend
    last = (b.y if level else b.x) + offsets.get((b.id, edge.id), 0.0)
    if b.holds:
        last = _clamped(first, b, level=level)
    if a.holds:
        first = _clamped(first if b.holds else last, a, level=level)
    if b.holds and a.holds:
        last = _clamped(first, b, level=level)
    forward = 1 if (b.x > a.x if level else b.y > a.y) else -1
    if level:
        return _Port((a.x + forward * a.width / 2, first), (b.x - forward * b.width / 2, last), level)
    return _Port((first, a.y + forward * a.height / 2), (last, b.y - forward * b.height / 2), level)


def _clamped(value: float, box: Box, *, level: bool) -> float:
    middle, extent = (box.y, box.height) if level else (box.x, box.width)
    reach = extent / 2 - _CLAMP
    return min(max(value, middle - reach), middle + reach)


# ---------------------------------------------------------------- arrows


def _arrow(edge: ReportedEdge, port: _Port, largest: float, label: int | None, pathway: ReportedMap, *, upright: bool) -> Arrow:
    inner, middle, outer = (max(_WIDEST * math.sqrt(max(f, 0.0) / largest), _THINNEST) for f in edge.flux)
    (x1, y1), (x2, y2) = port.start, port.end
    along = x2 - x1 if port.level else y2 - y1
    sign = 1 if along > 0 else -1
    length = min(_HEAD + middle / _HEAD_SHARE, abs(along) / 2)
    side = middle / 2 + _HEAD_SIDE
    if port.level:
        neck = x2 - sign * length
        half = (x1 + neck) / 2
        line = f"M{_n(x1)} {_n(y1)}C{_n(half)} {_n(y1)} {_n(half)} {_n(y2)} {_n(neck)} {_n(y2)}"
        head = f"M{_n(x2)} {_n(y2)}L{_n(neck)} {_n(y2 - side)}L{_n(neck)} {_n(y2 + side)}Z"
    else:
        neck = y2 - sign * length
        half = (y1 + neck) / 2
        line = f"M{_n(x1)} {_n(y1)}C{_n(x1)} {_n(half)} {_n(x2)} {_n(half)} {_n(x2)} {_n(neck)}"
        head = f"M{_n(x2)} {_n(y2)}L{_n(x2 - side)} {_n(neck)}L{_n(x2 + side)} {_n(neck)}Z"
    text = f"{edge.label}: {flux_text(edge, pathway.unit)}"
    if edge.tags:
        text += "; " + ", ".join(tag_text(t) for t in edge.tags)
    return Arrow(
        id=edge.id,
        path=edge.path,
        line=line,
        head=head,
        outer=round(outer, _TENTH),
        middle=round(middle, _TENTH),
        inner=round(inner, _TENTH),
        text=text,
        hatched=edge.hatched,
        nil=edge.flux[2] <= 0,
        notes=() if upright else tuple(_notes(edge)),
        mark=(round((x1 + x2) / 2, _TENTH), round((y1 + y2) / 2, _TENTH)),
        number=label,
    )


def _notes(edge: ReportedEdge) -> list[Note]:
    if edge.tag_at is None:
        return []
    x, y = edge.tag_at[0], edge.tag_at[1] + _TOP
    shown = edge.tags if len(edge.tags) <= _TAGS else edge.tags[: _TAGS - 1]
    notes = [Note(x, y + i * _TAG_LINE, tag_text(tag), tag.assayed) for i, tag in enumerate(shown)]
    if len(shown) < len(edge.tags):
        notes.append(Note(x, y + len(shown) * _TAG_LINE, f"and {len(edge.tags) - len(shown)} more, in the table", assayed=True))
    return notes


def _n(value: float) -> str:
    return f"{round(value, _TENTH):g}"
