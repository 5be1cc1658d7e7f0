"""Scenarios side by side: readouts and courses of each, differences in the same bodies, the effect of genotype with and without the axis.

Several axes that fit a state are pooled: draw ``i`` under each axis is the same body, and all scenarios use the same draws under the same
axes, so that every difference is paired. Their disagreement widens the intervals: it is model uncertainty.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np

from estrogenome.catalog.formula import names
from estrogenome.core.compare_records import Band, BeyondLevel, CourseReadout, Difference, LoopEffect
from estrogenome.core.units import convert
from estrogenome.network import compose_course
from estrogenome.readouts.courses import (
    answers,
    at,
    days_to_steady,
    mean,
    peak,
    series,
    share_beyond,
    spread,
    trough,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.readouts import ReadoutSpec
    from estrogenome.catalog.scenarios import Consequence
    from estrogenome.core.compare_records import Spread
    from estrogenome.core.course_records import Courses

    Array = NDArray[np.float64]

_BAND = (50, 5, 95, 25, 75)
_POINTS = 168
"""Times of a course in the record; more would be neither seen nor needed."""
_DIGITS = 4
_NOTHING = 100
"""An effect within a hundredth of 1 has no share that could be buffered."""


@dataclass(frozen=True)
class Pooled:
    """One readout of one scenario under every axis: ``values`` (axis x draw, day), axes one behind the other."""

    spec: ReadoutSpec
    days: Array
    values: Array
    axes: tuple[str, ...]

    def of_axis(self, axis: str) -> Array:
        """Return the draws under one axis, (draw, day)."""
        place = self.axes.index(axis)
        size = len(self.values) // len(self.axes)
        return self.values[place * size : (place + 1) * size]


def pooled(courses: Sequence[Courses], specs: Iterable[ReadoutSpec], person: int = 0) -> dict[str, Pooled]:
    """Return every readout that all of ``courses`` (one an axis, the same days) can answer."""
    axes = tuple(c.axis or "" for c in courses)
    return {
        spec.id: Pooled(spec, courses[0].days, np.concatenate([series(spec, c, person) for c in courses]), axes)
        for spec in specs
        if all(answers(spec, c) for c in courses)
    }


def panel_specs(catalog: Catalog) -> tuple[ReadoutSpec, ...]:
    """Return the readouts of the panel, in its order."""
    known = catalog.readouts | catalog.axis_readouts
    return tuple(known[name] for name in catalog.panel.readouts)


def names_in_time(catalog: Catalog, axis: str | None, therapies: Iterable[str], readouts: Iterable[str] | None = None) -> tuple[str, ...]:
    """Return what of a composed course the panel needs: everything its readouts name, of those that the course can answer.

    ``readouts`` of the panel alone where they are given: less is asked for, and less is simulated.
    """
    structure = compose_course(catalog, axis, therapies).structure
    there = {*structure.species, *structure.evolving, *structure.assigned}
    asked = None if readouts is None else set(readouts)
    wanted = (names(spec.formula) for spec in panel_specs(catalog) if asked is None or spec.id in asked)
    return tuple(dict.fromkeys(name for needed in wanted if needed <= there for name in sorted(needed)))


def measured(
    of: Mapping[str, Pooled],
    courses: Sequence[Courses],
    window: tuple[float, float],
    width: float,
    consequences: Iterable[Consequence],
    undetermined: Mapping[str, str],
) -> tuple[CourseReadout, ...]:
    """Return the readouts of one scenario.

    Args:
        of: its readouts over time.
        courses: the courses they come from, for their state and provenance.
        window: days over which levels are summarised.
        width: days of the running mean that has to settle: the longest interval between doses.
        consequences: statements about levels; time beyond each is told.
        undetermined: readout → why the data cannot tell it.
    """
    levels = [c for c in consequences if c.threshold]
    found = []
    for one in of.values():
        spec, (start, end) = one.spec, window
        means = mean(one.days, one.values, start, end)
        middle, high, low = (spread(v) for v in (means, peak(one.days, one.values, start, end), trough(one.days, one.values, start, end)))
        area = spread(means * (end - start))
        if middle is None or high is None or low is None or area is None:
            continue
        found.append(
            CourseReadout(
                id=spec.id,
                name=spec.name,
                matrix=spec.matrix,
                assay=spec.assay,
                unit=spec.unit,
                window=window,
                **dict(middle),
                peak=high,
                trough=low,
                area=area,
                area_unit=_times_day(spec.unit),
                days_to_steady=spread(days_to_steady(one.days, one.values, width)),
                beyond=tuple(b for c in levels for b in _beyond(one, means, window, c)),
                by_axis={axis: float(np.nanmedian(mean(one.days, one.of_axis(axis), start, end))) for axis in one.axes},
                undetermined=undetermined.get(spec.id, ""),
                failed_draws=int(sum(c.failed[0].sum() for c in courses)),
                worst_state=max((c.worst_state for c in courses), key=list(type(courses[0].worst_state)).index),
                sources=spec.sources,
            )
        )
    return tuple(found)


def _beyond(one: Pooled, means: Array, window: tuple[float, float], consequence: Consequence) -> Iterable[BeyondLevel]:
    threshold = consequence.threshold
    if threshold is None or threshold.readout != one.spec.id:
        return
    level = convert(threshold.at.value, threshold.at.unit, one.spec.unit, one.spec.molar_mass)
    share = spread(share_beyond(one.days, one.values, *window, level, threshold.side))
    valid = means[np.isfinite(means)]
    if share is not None:
        beyond = valid < level if threshold.side == "below" else valid > level
        yield BeyondLevel(
            statement=consequence.id, side=threshold.side, level=level, share_of_time=share, probability=float(np.mean(beyond))
        )


def _times_day(unit: str) -> str:
    over, slash, under = unit.partition("/")
    return f"{over}.d{slash}{under}"


# ---------------------------------------------------------------- courses


def band(one: Pooled) -> Band:
    """Return the quantiles of a readout over time, at most ``_POINTS`` times, to four digits; one body an axis where there are several."""
    days = _thinned(one.days)
    values = at(one.days, one.values, days)
    quantiles = np.percentile(values[np.isfinite(values).all(axis=1)], _BAND, axis=0)
    middle, low90, high90, low50, high50 = (_rounded(q) for q in quantiles)
    cores = {axis: _rounded(_typical(at(one.days, one.of_axis(axis), days))) for axis in one.axes} if len(one.axes) > 1 else {}
    return Band(days=_rounded(days), median=middle, low90=low90, high90=high90, low50=low50, high50=high50, unit=one.spec.unit, cores=cores)


def _typical(values: Array) -> Array:
    """Return the course of the draw that begins nearest to the median: the same draw in every scenario, since all begin alike."""
    return np.asarray(values[np.nanargmin(np.abs(values[:, 0] - np.nanmedian(values[:, 0])))], dtype=np.float64)


def _thinned(days: Array) -> Array:
    unique = np.unique(days)
    return unique if len(unique) <= _POINTS else np.linspace(unique[0], unique[-1], _POINTS + 1)


def _rounded(values: Array) -> tuple[float, ...]:
    return tuple(float(f"{v:.{_DIGITS}g}") for v in values)


# ---------------------------------------------------------------- differences


def differences(means: Mapping[str, Mapping[str, Array]], undetermined: Mapping[str, Mapping[str, str]]) -> tuple[Difference, ...]:
    """Return every scenario over every other, in both directions, body by body.

    ``means`` holds, by scenario and readout, the mean over the window of each draw; ``undetermined`` why the data cannot tell some.
    """
    found = []
    for a, b in permutations(means, 2):
        for identifier in (i for i in means[a] if i in means[b]):
            one, other = means[a][identifier], means[b][identifier]
            ratio = spread(ratios(one, other))
            if ratio is not None:
                found.append(
                    Difference(
                        a=a,
                        b=b,
                        id=identifier,
                        ratio_median=ratio.median,
                        ratio_interval90=ratio.interval90,
                        probability_a_above_b=above(one, other),
                        undetermined=undetermined[a].get(identifier, "") or undetermined[b].get(identifier, ""),
                    )
                )
    return tuple(found)


def ratios(one: Array, other: Array) -> Array:
    """Return the ratio draw by draw, NaN where either failed or nothing is to be divided by."""
    valid = np.isfinite(one) & np.isfinite(other) & (other > 0)
    return np.where(valid, one / np.where(valid, other, 1.0), np.nan)


def above(one: Array, other: Array) -> float:
    """Return the share of draws in which ``one`` is above ``other``; a tie counts half."""
    valid = np.isfinite(one) & np.isfinite(other)
    return float(np.mean((one[valid] > other[valid]) + (one[valid] == other[valid]) / 2))


def loop_effects(
    scenario: str, own: Mapping[str, Pooled], other: Mapping[str, Pooled], own_open: Mapping[str, Pooled],
    other_open: Mapping[str, Pooled], window: tuple[float, float], readouts: Iterable[str],
) -> tuple[LoopEffect, ...]:  # fmt: skip
    """Return what this genotype does against a random one in the same bodies: with the axis answering, and with its drive held."""
    found = []
    for identifier in readouts:
        if not all(identifier in of for of in (own, other, own_open, other_open)):
            continue
        closed = _fold(own[identifier], other[identifier], window)
        opened = _fold(own_open[identifier], other_open[identifier], window)
        name = own[identifier].spec.name
        found.append(
            LoopEffect(
                scenario=scenario, id=identifier, name=name, open=spread(opened), closed=spread(closed), buffered=buffered(opened, closed)
            )
        )
    return tuple(found)


def _fold(one: Pooled, other: Pooled, window: tuple[float, float]) -> Array:
    """Return the ratio of means in the draws that both have, axes one behind the other."""
    number = len(other.values) // len(other.axes)
    own = np.concatenate([one.of_axis(axis)[:number] for axis in other.axes])
    return ratios(mean(one.days, own, *window), mean(other.days, other.values, *window))


def buffered(opened: Array, closed: Array) -> Spread | None:
    """Return the share of the open effect (in the logarithm) that the axis takes back, of draws in which there is one; both (draws,)."""
    valid = np.isfinite(opened) & np.isfinite(closed) & (opened > 0) & (closed > 0)
    one, two = np.log(opened[valid]), np.log(closed[valid])
    there = np.abs(one) > 1 / _NOTHING
    return spread(np.where(there, 1.0 - two / np.where(there, one, 1.0), np.nan)) if there.any() else None
