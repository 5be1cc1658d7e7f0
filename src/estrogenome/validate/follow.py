"""Arms followed in time: where they rest under their axis, the course that what they are given makes of it, and what a study took of it.

A typical person of the arm rests at the steady state of the body with its axis; from there the course runs. The references of the axis
are the body's rest with the mean genotype, or with the arm's own where the arm gives a covariate of ``own_rest``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from estrogenome.catalog import formula
from estrogenome.catalog.axes import axis_rows, starts
from estrogenome.catalog.body import constant_of
from estrogenome.catalog.regimens import parse_regimens
from estrogenome.catalog.schema import ReadoutSpec
from estrogenome.catalog.therapies import numbers
from estrogenome.core.errors import KnowledgeError
from estrogenome.core.records import Dosing
from estrogenome.core.units import factor
from estrogenome.network import compose, compose_course
from estrogenome.parameters.protocol import schedule
from estrogenome.trajectories import CourseEngine, kernel_of
from estrogenome.validate.bodies import arm_constants

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from estrogenome.catalog.arms import FullArm
    from estrogenome.catalog.axes import Axis
    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.schema import TracerSpec
    from estrogenome.catalog.studies import At
    from estrogenome.core.records import Worn
    from estrogenome.network import CourseNetwork

    Array = NDArray[np.float64]

_RELATIVE = 1e-8
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
                found = days[np.argmax(window, axis=1)] - (before[-1] if before else 0.0)
            case "half_life":
                slope = np.polyfit(days - days[0], np.log(window).T, 1)[0]
                found = np.where(slope < 0, -np.log(2) / slope, np.nan)
        return found


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
        KnowledgeError: the arm's genotype, axis or a formula cannot be had.
        EstrogenomeError: a regimen cannot be read, or the model lacks something.
    """
    axis = axis_for(arm, catalog)
    if axis is not None and axis.kind != "steady":
        raise KnowledgeError(f"{where}: axis {axis.id} has no rest to start from; give an axis of kind steady")
    regimens = parse_regimens(catalog, "+".join(arm.therapies)) if arm.therapies else ()
    horizon = max([last for _, last in windows] + [_REST])
    events = schedule(catalog, regimens, horizon) if regimens else ()
    chosen = (axis.id if axis else None, tuple(sorted({r.therapy for r in regimens})))
    whole = compose_course(catalog, *chosen).structure
    followed = tuple(sorted(asked & {*whole.species, *whole.assigned, *whole.evolving}))
    network = compose_course(catalog, *chosen, keep=followed)
    constants, rest = _at_rest(arm, axis, catalog, theta, seed, where, network, chosen[1])
    days = _days(windows, events, horizon)
    draws = max(value.size for value in (*rest.values(), *constants.values()))
    points = [{name: float(value[i if value.size > 1 else 0]) for name, value in rest.items()} for i in range(draws)]
    engine = _engine(network)
    put = {name: value if value.size > 1 else float(value[0]) for name, value in constants.items() if name in engine.constants}
    start = [{name: point[name] for name in engine.species if name in point} for point in points]
    found = engine.run(put, start, days, events=events, names=followed, relative=_RELATIVE)
    values = {name: found[:, :, i] for i, name in enumerate(followed)}
    values |= {name: np.broadcast_to(constants[name][:, None], (draws, len(days))) for name in asked - set(followed) if name in constants}
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
    own = [axis for axis in catalog.axes.values() if arm.state.id in axis.states]
    return min(own, key=lambda axis: (axis.kind != "steady", axis.id), default=None)


def _at_rest(
    arm: FullArm,
    axis: Axis | None,
    catalog: Catalog,
    theta: Mapping[str, Array],
    seed: int | None,
    where: str,
    network: CourseNetwork,
    therapies: tuple[str, ...],
) -> tuple[dict[str, Array], dict[str, Array]]:
    """Return the constants of the course and where everything rests, both by name, shape (draws,) or (1,)."""
    body = compose(catalog)
    names = frozenset(body.structure.constants)
    own = arm_constants(arm, catalog, theta, names, seed, where)
    constants = {network.resting.get(name, name): np.atleast_1d(value) for name, value in own.items()}
    for therapy in therapies:
        constants |= {constant_of(row): theta.get(row, np.array([q.value])) for row, q in numbers(catalog.therapies[therapy]).items()}
    solved = kernel_of(body).solve({n: v for n, v in own.items() if n in names})
    rest = {name: solved.of(name) for name in body.structure.species}
    if axis is None:
        return constants, rest
    for name, row in axis_rows(catalog, axis, arm.state.id).items():
        value = theta.get(f"{name}@{arm.state.id}", theta.get(name, np.array([row.quantity.value])))
        constants[network.resting.get(name, name)] = value
    if arm.age is not None:
        constants[_AGE] = np.array([arm.age])
    typical = replace(arm, genotype={}, exposures=())
    alone = bool(set(axis.own_rest) & set(arm.covariates)) or (not arm.genotype and not arm.exposures)
    if not alone:
        reference = arm_constants(typical, catalog, theta, names, seed, where)
        solved = kernel_of(body).solve({n: v for n, v in reference.items() if n in names})
    for name, text in axis.references.items():
        constants[name] = formula.evaluate(text, {n: solved.of(n) for n in formula.names(text)})
    rest |= {
        name: np.atleast_1d(value)
        for name, value in starts(axis, constants, {*network.structure.species, *network.structure.evolving}).items()
    }
    return constants, rest if alone else _settled(network, constants, rest)


@lru_cache(maxsize=64)
def _engine(network: CourseNetwork) -> CourseEngine:
    return CourseEngine(network)


def _settled(network: CourseNetwork, constants: dict[str, Array], rest: dict[str, Array]) -> dict[str, Array]:
    """Return where the axis comes to rest from ``rest``."""
    kernel = kernel_of(network)
    found = kernel.solve(
        {n: v for n, v in constants.items() if n in kernel.constants}, {n: v for n, v in rest.items() if n in kernel.species}
    )
    return {name: found.of(name) for name in kernel.species}


def _days(windows: Sequence[tuple[float, float]], events: Sequence[Dosing | Worn], horizon: float) -> Array:
    """Return the days at which the course is read: the rest, every window evenly, and every dose in a window."""
    found = {0.0, horizon}
    for first, last in windows:
        if last > first:
            found |= set(np.linspace(first, last, int(np.clip((last - first) * _PER_DAY + 1, _FEWEST, _MOST))).tolist())
        found |= {first, last} | {e.day for e in events if first <= e.day <= last}
    return np.array(sorted(found))
