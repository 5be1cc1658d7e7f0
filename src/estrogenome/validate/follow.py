"""Arms followed in time: where they rest under their axis, the course that what they are given makes of it, and what a study took of it.

A typical person of the arm rests at the steady state of the body with its axis; from there the course runs. The references of the axis
are the body's rest with the mean genotype, or with the arm's own where the arm gives a covariate of ``own_rest``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from estrogenome.catalog import formula
from estrogenome.catalog.axes import axis_rows
from estrogenome.catalog.body import constant_of
from estrogenome.catalog.readouts import ReadoutSpec
from estrogenome.catalog.regimens import parse_regimens
from estrogenome.catalog.therapies import numbers
from estrogenome.core.course_records import Dosing
from estrogenome.core.errors import KnowledgeError
from estrogenome.core.units import factor
from estrogenome.network import compose, compose_course
from estrogenome.parameters.protocol import schedule
from estrogenome.trajectories import CourseEngine
from estrogenome.trajectories.rest import begin, body_at_rest, person_at_rest, references, set_for
from estrogenome.trajectories.settle import settle
from estrogenome.trajectories.spread import Runs, run_all
from estrogenome.validate.bodies import arm_constants

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from estrogenome.catalog.arms import FullArm
    from estrogenome.catalog.axes import Axis
    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.readouts import TracerSpec
    from estrogenome.catalog.studies import At
    from estrogenome.core.course_records import Worn
    from estrogenome.network import CourseNetwork

    Array = NDArray[np.float64]

_RELATIVE = 1e-7
_AGE = "age"
# points a day within a window, and how few or many a window may have
_PER_DAY, _FEWEST, _MOST = 4.0, 65, 401
_REST = 1e-3


@dataclass(frozen=True)
class Followed:
    """The course of one arm: ``values`` (draws, t) by name at ``days`` (t,), the first before any dose; ``doses`` are the days of doses."""

    days: Array
    values: dict[str, Array]
    doses: tuple[float, ...]

    def course(self, spec: ReadoutSpec | TracerSpec) -> Array:
        """Return the true course (draws, t) of a readout in its unit.

        Raises:
            KnowledgeError: it is the number of a tracer, or names what is not followed.
        """
        if not isinstance(spec, ReadoutSpec):
            raise KnowledgeError(f"{spec.id} of a tracer is not followed in time")
        names = formula.names(spec.formula)
        if missing := sorted(names - set(self.values)):
            raise KnowledgeError(f"{spec.id}: {missing[0]} is nothing that is followed in time")
        found = formula.evaluate(spec.formula, {name: self.values[name] for name in names})
        return np.asarray(found * factor(spec.formula_unit, spec.unit, spec.molar_mass))

    def taken(self, course: Array, at: At | None, *, other: bool = False) -> Array:
        """Return what was taken of a course (draws, t), shape (draws,): at rest where no time is said; times are days.

        ``other`` takes the window of the arm that is compared with, where that was another.
        """
        if at is None:
            return course[:, 0]
        first, last = (at.against if other else None) or at.days
        if at.minus == "baseline":
            course = course - course[:, :1]
        inside = (self.days >= first) & (self.days <= last)
        days, window = self.days[inside], course[:, inside]
        found: Array
        match at.take:
            case "start":
                found = window[:, 0]
            case "end":
                found = window[:, -1]
            case "trough":
                given = [day for day in self.doses if first <= day <= last]
                found = course[:, np.searchsorted(self.days, given[-1])] if given else window[:, -1]
            case "min":
                found = np.min(window, axis=1)
            case "max" | "peak":
                found = np.max(window, axis=1)
            case "mean" | "area":
                area = np.trapezoid(window, days, axis=1)
                found = np.asarray(area / (last - first) if at.take == "mean" else area)
            case "time_of_peak":
                before = [day for day in self.doses if day <= first]
                found = _peak(days, window) - (before[-1] if before else 0.0)
            case "half_life":
                slope = np.polyfit(days - days[0], np.log(window).T, 1)[0]
                found = np.where(slope < 0, -np.log(2) / slope, np.nan)
        return found


def _peak(days: Array, window: Array) -> Array:
    """Return when a course (draws, t) is highest, shape (draws,): the top of the parabola through its highest point and those beside it."""
    highest = np.argmax(window, axis=1)
    each, last = np.arange(len(window)), days.size - 1
    left, right = np.maximum(highest - 1, 0), np.minimum(highest + 1, last)
    before, after = days[highest] - days[left], days[right] - days[highest]
    rise, fall = window[each, highest] - window[each, left], window[each, highest] - window[each, right]
    bend = rise * after + fall * before
    inside = (left < highest) & (highest < right) & (bend > 0)
    shift = (rise * after**2 - fall * before**2) / (2 * np.where(inside, bend, 1.0))
    return np.asarray(days[highest] + np.where(inside, shift, 0.0))


def follow(
    arm: FullArm,
    asked: frozenset[str],
    windows: Sequence[tuple[float, float]],
    catalog: Catalog,
    theta: Mapping[str, Array],
    seed: int | None,
    where: str,
) -> Followed:
    """Return the course of a typical person of ``arm`` over ``windows`` (days), with the quantities ``asked`` for.

    Raises:
        KnowledgeError: the arm's genotype or axis cannot be had.
        EstrogenomeError: a regimen cannot be read, or the model lacks something.
    """
    axis = axis_for(arm, catalog)
    regimens = parse_regimens(catalog, "+".join(arm.therapies)) if arm.therapies else ()
    horizon = max([last for _, last in windows] + [_REST])
    events = schedule(catalog, regimens, horizon) if regimens else ()
    chosen = (axis.id if axis else None, tuple(sorted({r.therapy for r in regimens})))
    whole = compose_course(catalog, *chosen).structure
    followed = tuple(sorted(asked & {*whole.species, *whole.assigned, *whole.evolving}))
    aligned = (axis.settle.align,) if axis and axis.settle else ()
    network = compose_course(catalog, *chosen, keep=(*followed, *aligned))
    given = _constants(arm, axis, catalog, theta, seed, where) | _of_therapies(chosen[1], catalog, theta)
    constants, points = _begin(arm, axis, network, given, catalog)
    days = _days(windows, events, horizon)
    found = _run_each_once(network, constants, points, days, {"events": events, "names": followed, "relative": _RELATIVE})
    values = {name: found[:, :, i] for i, name in enumerate(followed)}
    shape = (len(points), len(days))
    values |= {name: np.broadcast_to(np.reshape(given[name], (-1, 1)), shape) for name in asked - set(followed) if name in given}
    return Followed(days, values, tuple(sorted({e.day for e in events if isinstance(e, Dosing)})))


def axis_for(arm: FullArm, catalog: Catalog) -> Axis | None:
    """Return the axis that drives the gonads of an arm: the one it names, else a steady one of its state, else any of it, else None.

    Raises:
        KnowledgeError: the arm names one that is not there.
    """
    if arm.axis is not None:
        if arm.axis not in catalog.axes:
            raise KnowledgeError(f"axis {arm.axis} is not known; there is {', '.join(sorted(catalog.axes)) or 'none'}")
        return catalog.axes[arm.axis]
    own = [axis for axis in catalog.axes.values() if arm.state.id in axis.states and not axis.on_request]
    return min(own, key=lambda axis: (axis.kind != "steady", axis.id), default=None)


def _constants(
    arm: FullArm, axis: Axis | None, catalog: Catalog, theta: Mapping[str, Array], seed: int | None, where: str
) -> dict[str, Array]:
    """Return the numbers of the body and of the axis for a typical person of ``arm``, shape (draws,) or (1,)."""
    given = arm_constants(arm, catalog, theta, frozenset(compose(catalog).structure.constants), seed, where)
    if axis is not None:
        for name, row in axis_rows(catalog, axis, arm.state.id).items():
            given[name] = theta.get(f"{name}@{arm.state.id}", theta.get(name, np.array([row.quantity.value])))
        if arm.age is not None and _AGE in given:
            given[_AGE] = np.array([arm.age])
    return {name: np.atleast_1d(value) for name, value in given.items()}


def _of_therapies(therapies: Sequence[str], catalog: Catalog, theta: Mapping[str, Array]) -> dict[str, Array]:
    rows = {row: q for name in therapies for row, q in numbers(catalog.therapies[name]).items()}
    return {constant_of(row): theta.get(row, np.array([q.value])) for row, q in rows.items()}


def _begin(
    arm: FullArm, axis: Axis | None, network: CourseNetwork, given: Mapping[str, Array], catalog: Catalog
) -> tuple[dict[str, Array], Array]:
    """Return the constants of the course by name (draws,), and where it begins, shape (draws, species of the engine)."""
    size = max(value.size for value in given.values())
    whole = {name: np.broadcast_to(value, (size,)) for name, value in given.items()}
    constants = set_for(network, whole, size, loop_closed=True)
    if axis is not None:
        read = references(catalog, axis, whole, own_genotype=bool(set(axis.own_rest) & set(arm.covariates)))
        constants |= {name: value for name, value in read.items() if name in network.structure.constants}
    engine = _engine(network)
    first = begin(network, axis, constants, engine.defaults, body_at_rest(catalog, whole))
    if axis is not None and axis.settle is not None:
        points = [{name: float(value[i]) for name, value in first.items()} for i in range(size)]
        return constants, settle(network, engine, axis.settle, constants, points, options={"relative": _RELATIVE}, processes=1).states
    rest = person_at_rest(network, constants, first)
    return constants, np.stack([rest.of(name) for name in engine.species], axis=1)


def _run_each_once(network: CourseNetwork, constants: Mapping[str, Array], points: Array, days: Array, options: Mapping[str, Any]) -> Array:
    """Return the courses (draws, t, name); draws that do not differ for this model are run once."""
    engine = _engine(network)
    names = [name for name in engine.constants if name in constants]
    table = np.column_stack([*(constants[name] for name in names), points])
    _, first, back = np.unique(table, axis=0, return_index=True, return_inverse=True)
    put = {name: constants[name][first] for name in names}
    start = [dict(zip(engine.species, point, strict=True)) for point in points[first].tolist()]
    return run_all(network, Runs(put, start, options), days, engine=engine)[np.ravel(back)]


@lru_cache(maxsize=128)
def _engine(network: CourseNetwork) -> CourseEngine:
    return CourseEngine(network)


def _days(windows: Sequence[tuple[float, float]], events: Sequence[Dosing | Worn], horizon: float) -> Array:
    """Return the days at which the course is read: the rest, every window evenly, and every dose in a window."""
    found = {0.0, horizon}
    for first, last in windows:
        if last > first:
            found |= set(np.linspace(first, last, int(np.clip((last - first) * _PER_DAY + 1, _FEWEST, _MOST))).tolist())
        found |= {first, last} | {e.day for e in events if first <= e.day <= last}
    return np.array(sorted(found))
