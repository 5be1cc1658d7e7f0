"""Courses of all scenarios → ``Compared``: the stage's work for a comparison."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from estrogenome.catalog.scenarios import concerns, does
from estrogenome.core.compare_records import Compared, OpenLoop, ScenarioCourse
from estrogenome.readouts.courses import cycle_length, mean, spread
from estrogenome.readouts.scenarios import band, differences, loop_effects, measured, panel_specs, pooled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from estrogenome.catalog.load import Catalog
    from estrogenome.core.compare_records import Given, LoopEffect, Reason
    from estrogenome.core.course_records import Courses
    from estrogenome.core.records import Person, Provenance
    from estrogenome.readouts.scenarios import Pooled

    Array = NDArray[np.float64]

_WEEK = 7


@dataclass(frozen=True)
class Runs:
    """One scenario as it was run: what was typed, what is given, and its courses, one an axis, with the axis answering and with it held."""

    name: str
    regimens: tuple[str, ...]
    words: tuple[str, ...]
    given: tuple[Given, ...]
    longest: float
    """The longest interval between doses in days, 0 where nothing is given again."""
    closed: tuple[Courses, ...] = ()
    open: tuple[Courses, ...] = ()
    other_closed: tuple[Courses, ...] = ()
    """Random genotypes in the same bodies, draw by draw; the first draws are enough."""
    other_open: tuple[Courses, ...] = ()


@dataclass(frozen=True)
class Told:
    """What is kept of a scenario when its courses are let go."""

    scenario: ScenarioCourse
    means: dict[str, Array]
    marks: dict[str, str]
    loops: tuple[LoopEffect, ...]


def window_of(longest: Iterable[float], *, days: float, cycle: float = 0.0) -> tuple[float, float]:
    """Return the days over which levels are summarised: the end of the horizon, a week, a cycle or the longest interval between doses."""
    return days - min(days, max([_WEEK, cycle, *longest])), days


def told(one: Runs, person: Person, catalog: Catalog, window: tuple[float, float], loop: str) -> Told:
    """Return everything that a comparison says of one scenario.

    Args:
        one: the scenario.
        person: whose it is.
        catalog: the panel, statements, therapies.
        window: days over which levels are summarised.
        loop: ``closed``, ``open`` or ``both``; both means the closed loop with the open one beside it.
    """
    specs, width = panel_specs(catalog), window[1] - window[0]
    courses = one.open if loop == "open" else one.closed
    main = pooled(courses, specs)
    held = pooled(one.open, specs) if loop == "both" else {}
    marks = undetermined(one, person, catalog)
    levels = [c for c in catalog.consequences.values() if not c.sexes or person.sex in c.sexes]
    scenario = ScenarioCourse(
        name=one.name,
        regimens=one.regimens,
        words=one.words,
        given=one.given,
        readouts=measured(main, courses, window, width, levels, marks),
        courses={name: band(p) for name, p in main.items()},
        open_loop=OpenLoop(
            readouts=measured(held, one.open, window, width, levels, {}),
            courses={name: band(p) for name, p in held.items() if name in catalog.panel.plots},
        )
        if held
        else None,
        **_cycle(main, courses, catalog),
    )
    loops: tuple[LoopEffect, ...] = ()
    if held and one.other_closed and one.other_open:
        other, other_open = pooled(one.other_closed, specs), pooled(one.other_open, specs)
        loops = loop_effects(one.name, main, other, held, other_open, window, catalog.panel.loop)
    return Told(scenario, {name: mean(p.days, p.values, *window) for name, p in main.items()}, marks, loops)


def side_by_side(
    scenarios: Sequence[Told],
    person: Person,
    *,
    days: float,
    loop: str,
    axes: Mapping[str, str],
    reasons: tuple[Reason, ...] = (),
    provenance: Provenance,
) -> Compared:
    """Return the numbers of a comparison; the first scenario is the one that the others are seen beside.

    ``axes`` are the axes used with their names; ``reasons`` say why enzymes move little, worked out at rest.
    """
    return Compared(
        person=person,
        days=days,
        loop=loop,
        axes=dict(axes),
        scenarios={one.scenario.name: one.scenario for one in scenarios},
        differences=differences({t.scenario.name: t.means for t in scenarios}, {t.scenario.name: t.marks for t in scenarios}),
        loops=tuple(effect for one in scenarios for effect in one.loops),
        reasons=reasons,
        provenance=provenance,
    )


def _cycle(main: Mapping[str, Pooled], courses: Sequence[Courses], catalog: Catalog) -> dict[str, Any]:
    """Return the length of the cycle and the share of draws that have one; nothing for axes that rest, or too short a course."""
    entries = [catalog.axes[c.axis] for c in courses if c.axis in catalog.axes]
    settle = next((entry.settle for entry in entries if entry.settle), None)
    one = next((p for p in main.values() if settle and p.spec.formula == settle.align), None)
    if settle is None or one is None or one.days[-1] < 4 * settle.cycle_day:
        return {}
    lengths = {axis: cycle_length(one.days, one.of_axis(axis), 0.0) for axis in one.axes}
    solved = {axis: np.isfinite(one.of_axis(axis)).all(axis=1) for axis in one.axes}
    shares = {axis: float(np.isfinite(lengths[axis][solved[axis]]).mean()) for axis in one.axes if solved[axis].any()}
    return {"cycle_length": spread(np.concatenate(list(lengths.values()))), "cycling": shares}


def undetermined(one: Runs, person: Person, catalog: Catalog) -> dict[str, str]:
    """Return readout → why the data cannot tell it in this scenario."""
    done = does(catalog.therapies[g] for g in {given.therapy for given in one.given})
    return {readout: mark.why for mark in catalog.panel.undetermined if concerns(mark, person.sex, done) for readout in mark.readouts}
