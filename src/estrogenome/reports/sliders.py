"""Geometry of an interval slider, in percent of its width: the same person, population and ticks whatever the screen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from estrogenome.core.numbers import MINUS, number

if TYPE_CHECKING:
    from collections.abc import Callable

    from estrogenome.core.report_records import ReportedReadout

_LEFT, _WIDTH = 3, 94
_LOG_FROM = 3
"""A track whose ends differ by more than this factor is drawn on a logarithmic scale."""
_TICKS = 6
_LABEL_GAP = 9
_TEN = 10
_NICE = (1, 2, 5)
_POPULATION = 7
_FIRST, _QUARTER, _THREE_QUARTERS, _LAST = 0, 2, 4, 6


@dataclass(frozen=True)
class Tick:
    """A mark with its number."""

    x: float
    text: str


@dataclass(frozen=True)
class Slider:
    """Where everything stands, in percent from the left."""

    scale: str
    ticks: tuple[Tick, ...]
    track: tuple[float, float] | None
    population: tuple[float, float] | None
    half: tuple[float, float]
    line: tuple[float, float]
    median: float
    own_value: float | None


def slider(readout: ReportedReadout) -> Slider:
    """Return the slider of a readout: population 1st–99th percentile as track, widened where the person lies outside."""
    quantiles = readout.population_quantiles if len(readout.population_quantiles) == _POPULATION else ()
    ends = [*quantiles[:1], *quantiles[-1:], *readout.interval90, *([] if readout.own_value is None else [readout.own_value])]
    low, high = min(ends), max(ends)
    logarithmic = low > 0 and high / low > _LOG_FROM
    if high <= low:
        low, high = low - (abs(low) or 1), high + (abs(high) or 1)
    place = _scale(low, high, logarithmic=logarithmic)
    values = _log_ticks(low, high) if logarithmic else linear_ticks(low, high)
    return Slider(
        scale="log" if logarithmic else "linear",
        ticks=tuple(_spaced([Tick(place(v), short(v)) for v in values])),
        track=(place(quantiles[_FIRST]), place(quantiles[_LAST])) if quantiles else None,
        population=(place(quantiles[_QUARTER]), place(quantiles[_THREE_QUARTERS])) if quantiles else None,
        half=(place(readout.interval50[0]), place(readout.interval50[1])),
        line=(place(readout.interval90[0]), place(readout.interval90[1])),
        median=place(readout.median),
        own_value=None if readout.own_value is None else place(readout.own_value),
    )


def _scale(low: float, high: float, *, logarithmic: bool) -> Callable[[float], float]:
    transform: Callable[[float], float] = math.log if logarithmic else float
    start, end = transform(low), transform(high)

    def place(value: float) -> float:
        inside = min(max(value, low), high)
        return round(_LEFT + _WIDTH * (transform(inside) - start) / (end - start), 2)

    return place


def _log_ticks(low: float, high: float) -> list[float]:
    """Return 1, 2, 5 × powers of ten; the powers alone, or every other, where those are too many; plain steps where too few."""
    powers = range(math.floor(math.log10(low)), math.floor(math.log10(high)) + 1)
    fine = [n * float(_TEN) ** p for p in powers for n in _NICE]
    inside = [v for v in fine if low <= v <= high]
    if len(inside) < len(_NICE):
        return linear_ticks(low, high)
    if len(inside) > _TICKS:
        inside = [float(_TEN) ** p for p in powers if low <= float(_TEN) ** p <= high]
        while len(inside) > _TICKS:
            inside = inside[::2]
    return inside


def linear_ticks(low: float, high: float) -> list[float]:
    """Return multiples of the smallest nice step that gives few enough ticks."""
    base = float(_TEN) ** math.floor(math.log10((high - low) / _TICKS))
    step = next(n * base for n in (*_NICE, _TEN, _TEN * _NICE[1]) if (high - low) / (n * base) < _TICKS)
    return [step * i for i in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _spaced(ticks: list[Tick]) -> list[Tick]:
    """Drop the number, not the mark, of a tick that would touch the number before it."""
    kept: list[Tick] = []
    last: float = -_WIDTH
    for tick in ticks:
        if tick.x - last >= _LABEL_GAP:
            kept.append(tick)
            last = tick.x
        else:
            kept.append(Tick(tick.x, ""))
    return kept


def short(value: float) -> str:
    """Return the number of a tick."""
    text = f"{value:.4g}"
    return number(value, 1) if "e" in text else text.replace("-", MINUS)
