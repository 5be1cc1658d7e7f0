"""Geometry of the courses: one panel a scenario, all panels of a readout on one scale; every dose a mark below the axis.

All numbers are layout units of a panel, which is as wide as a phone. A panel holds the closed loop (band of 90 % and of 50 %, median),
the open loop (median and 90 % bounds, dashed) and the median of the first scenario (thin), so that the three are seen in one picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from estrogenome.core.numbers import interval, unit
from estrogenome.reports.sliders import linear_ticks, short
from estrogenome.reports.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from estrogenome.core.compare_records import Band, Compared, Comparison, CourseReadout, Given, ScenarioCourse

    Place = Callable[[float], float]

_WIDTH, _LEFT, _RIGHT, _TOP, _HEIGHT = 360, 44, 6, 10, 170
_AXIS, _ROW, _BELOW = 18, 15, 6
_TENTH = 1
_HEADROOM = 20
"""The scale ends a twentieth above the highest line."""
_HUNDRED = 100


@dataclass(frozen=True)
class Mark:
    """A tick with its number."""

    at: float
    text: str


@dataclass(frozen=True)
class Doses:
    """The doses of one therapy: one path of ticks, or bars while it is worn, and its name."""

    y: float
    name: str
    ticks: str
    bars: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Limit:
    """A level that a statement speaks of."""

    y: float
    text: str
    above: bool


@dataclass(frozen=True)
class Panel:
    """One scenario of one readout."""

    scenario: str
    first: bool
    width: float
    height: float
    left: float
    bottom: float
    right: float
    text: str
    wide: str
    half: str
    median: str
    reference: str
    cores: tuple[str, ...]
    open_median: str
    open_bounds: tuple[str, ...]
    x: tuple[Mark, ...]
    y: tuple[Mark, ...]
    limits: tuple[Limit, ...]
    doses: tuple[Doses, ...]
    undetermined: str


@dataclass(frozen=True)
class Figure:
    """All panels of one readout."""

    id: str
    name: str
    unit: str
    panels: tuple[Panel, ...]
    open_loop: bool
    cores: bool
    limits: bool


def figures(compared: Comparison, plots: Iterable[str]) -> tuple[Figure, ...]:
    """Return the figure of every readout of ``plots`` that has a course and moves in some scenario."""
    return tuple(_figure(name, compared) for name in plots if _there(compared, name) and not _still(compared, name))


def unmoved(compared: Compared, plots: Iterable[str]) -> tuple[str, ...]:
    """Return the names of readouts of which no picture is drawn, since nothing moves them."""
    first = next(iter(compared.scenarios.values()))
    still = {name for name in plots if _there(compared, name) and _still(compared, name)}
    return tuple(r.name for r in first.readouts if r.id in still)


def _there(compared: Compared, name: str) -> bool:
    return all(name in s.courses for s in compared.scenarios.values())


def _still(compared: Compared, name: str) -> bool:
    """Say whether the medians of all scenarios stay together within a hundredth."""
    values = [v for s in compared.scenarios.values() for v in s.courses[name].median]
    return max(values) - min(values) <= max(values) / _HUNDRED


def _figure(name: str, compared: Comparison) -> Figure:
    scenarios = list(compared.scenarios.values())
    readouts = {s.name: next(r for r in s.readouts if r.id == name) for s in scenarios if any(r.id == name for r in s.readouts)}
    bands = [b for s in scenarios for b in (s.courses[name], _opened(s, name)) if b is not None]
    top = max(max(b.high90) for b in bands) * (_HEADROOM + 1) / _HEADROOM or 1.0
    rows = max((len({g.therapy for g in s.given}) for s in scenarios), default=0)
    told = frozenset(consequence.id for consequence in compared.consequences)
    panels = tuple(_panel(s, name, readouts.get(s.name), scenarios[0], top, rows, compared.days, told) for s in scenarios)
    shown = next(iter(readouts.values()), None)
    return Figure(
        id=name,
        name=shown.name if shown else name,
        unit=unit(bands[0].unit),
        panels=panels,
        open_loop=any(p.open_median for p in panels),
        cores=any(p.cores for p in panels),
        limits=any(p.limits for p in panels),
    )


def _opened(scenario: ScenarioCourse, name: str) -> Band | None:
    return scenario.open_loop.courses.get(name) if scenario.open_loop else None


def _panel(
    scenario: ScenarioCourse, name: str, readout: CourseReadout | None, first: ScenarioCourse, top: float, rows: int, days: float,
    told: frozenset[str],
) -> Panel:  # fmt: skip
    right, bottom = _WIDTH - _RIGHT, _TOP + _HEIGHT
    x = _scale(0.0, days, _LEFT, right)
    y = _scale(0.0, top, bottom, _TOP)
    band = scenario.courses[name]
    opened = _opened(scenario, name)
    own = scenario.name == first.name
    return Panel(
        scenario=scenario.name,
        first=own,
        width=_WIDTH,
        height=bottom + _AXIS + rows * _ROW + _BELOW,
        left=_LEFT,
        bottom=bottom,
        right=right,
        text=_text(scenario, readout),
        wide=_area(band.days, band.low90, band.high90, x, y),
        half=_area(band.days, band.low50, band.high50, x, y),
        median=_line(band.days, band.median, x, y),
        reference="" if own else _line(first.courses[name].days, first.courses[name].median, x, y),
        cores=tuple(_line(band.days, core, x, y) for core in band.cores.values()),
        open_median=_line(opened.days, opened.median, x, y) if opened else "",
        open_bounds=tuple(_line(opened.days, bound, x, y) for bound in (opened.low90, opened.high90)) if opened else (),
        x=tuple(Mark(x(v), short(v)) for v in _ticks(days)),
        y=tuple(Mark(y(v), short(v)) for v in linear_ticks(0.0, top)),
        limits=tuple(_limits(readout, y, top, told)) if readout else (),
        doses=tuple(_doses(scenario.given, x, bottom + _AXIS, days)),
        undetermined="undetermined" if readout and readout.undetermined else "",
    )


def _scale(low: float, high: float, start: float, end: float) -> Place:
    def place(value: float) -> float:
        inside = min(max(value, low), high)
        return round(start + (end - start) * (inside - low) / (high - low), _TENTH)

    return place


def _ticks(days: float) -> list[float]:
    """Return whole weeks where they fit, otherwise nice numbers of days."""
    week = 7
    weeks = int(days // week)
    if not 2 <= weeks <= week * week:
        return linear_ticks(0.0, days)
    step = next(n for n in (1, 2, 4, 8, 12) if weeks <= n * week)
    return [float(week * n) for n in range(0, weeks + 1, step)]


def _line(days: Sequence[float], values: Sequence[float], x: Place, y: Place) -> str:
    points = [f"{x(d):g} {y(v):g}" for d, v in zip(days, values, strict=True)]
    return "M" + "L".join(points)


def _area(days: Sequence[float], low: Sequence[float], high: Sequence[float], x: Place, y: Place) -> str:
    there = [f"{x(d):g} {y(v):g}" for d, v in zip(days, high, strict=True)]
    back = [f"{x(d):g} {y(v):g}" for d, v in zip(reversed(days), reversed(low), strict=True)]
    return "M" + "L".join([*there, *back]) + "Z"


def _limits(readout: CourseReadout, y: Place, top: float, told: frozenset[str]) -> Iterable[Limit]:
    """Yield the levels that statements of the page speak of; a line without a statement would only worry."""
    levels = {(b.level, b.side) for b in readout.beyond if b.level < top and b.statement in told}
    for level, side in sorted(levels):
        yield Limit(y(level), f"{side} {short(level)}", side == "above")


def _doses(given: Sequence[Given], x: Place, start: float, days: float) -> Iterable[Doses]:
    for row, therapy in enumerate(dict.fromkeys(g.therapy for g in given)):
        own = [g for g in given if g.therapy == therapy]
        y = start + (row + 1) * _ROW - _BELOW
        ticks = "".join(f"M{x(g.day):g} {y - 5:g}v6" for g in own if g.until is None)
        bars = tuple((x(g.day), x(min(g.until, days))) for g in own if g.until is not None)
        yield Doses(y=y, name=own[0].name, ticks=ticks, bars=bars)


def _text(scenario: ScenarioCourse, readout: CourseReadout | None) -> str:
    """Return the panel in words."""
    if readout is None:
        return scenario.name
    level = interval(readout.median, readout.interval90, readout.unit)
    marked = f"; undetermined: {readout.undetermined}" if readout.undetermined else ""
    doses = f"; {counted(len(scenario.given), 'dose')}" if scenario.given else "; nothing given"
    return f"{readout.name}, {scenario.name}: mean {level}{doses}{marked}"
