"""Courses of all scenarios → ``Compared``: the stage's work for a comparison."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from estrogenome.catalog.scenarios import concerns, does
from estrogenome.core.compare_records import Compared, OpenLoop, ScenarioCourse
from estrogenome.readouts.scenarios import band, differences, loop_effects, measured, panel_specs, pooled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from estrogenome.catalog.load import Catalog
    from estrogenome.core.compare_records import Given, LoopEffect, Reason
    from estrogenome.core.records import Courses, Person, Provenance
    from estrogenome.readouts.scenarios import Pooled

OWN, AVERAGE = 0, 1
"""Rows of the courses: this person's genotype, and the average one (every activity 1) in the same draws."""
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


def side_by_side(
    runs: Sequence[Runs],
    person: Person,
    catalog: Catalog,
    *,
    days: float,
    loop: str,
    axes: Mapping[str, str],
    cycle: float = 0.0,
    reasons: tuple[Reason, ...] = (),
    provenance: Provenance,
) -> Compared:
    """Return the numbers of a comparison.

    Args:
        runs: the scenarios; the first is the one that the others are seen beside.
        person: whose they are.
        catalog: the panel, statements, therapies.
        days: horizon.
        loop: ``closed``, ``open`` or ``both``; both means the closed loop with the open one beside it.
        axes: axis → its name.
        cycle: days of a cycle, 0 for an axis that is at rest: the window holds a whole one.
        reasons: why enzymes move little, worked out at rest.
        provenance: of the whole.
    """
    width = min(days, max([_WEEK, cycle, *(one.longest for one in runs)]))
    window = (days - width, days)
    specs = panel_specs(catalog)
    main = {one.name: pooled(one.open if loop == "open" else one.closed, specs) for one in runs}
    held = {one.name: pooled(one.open, specs) for one in runs} if loop == "both" else {}
    marks = {one.name: undetermined(one, person, catalog) for one in runs}
    scenarios = {}
    for one in runs:
        courses = one.open if loop == "open" else one.closed
        scenarios[one.name] = ScenarioCourse(
            name=one.name,
            regimens=one.regimens,
            words=one.words,
            given=one.given,
            readouts=measured(main[one.name], courses, window, width, catalog.consequences.values(), marks[one.name]),
            courses={name: band(p) for name, p in main[one.name].items()},
            open_loop=OpenLoop(
                readouts=measured(held[one.name], one.open, window, width, catalog.consequences.values(), {}),
                courses={name: band(p) for name, p in held[one.name].items() if name in catalog.panel.plots},
            )
            if one.name in held
            else None,
        )
    return Compared(
        person=person,
        days=days,
        loop=loop,
        axes=dict(axes),
        scenarios=scenarios,
        differences=differences(main, window, marks),
        loops=tuple(_loops(runs, main, held, window, catalog)),
        reasons=reasons,
        provenance=provenance,
    )


def undetermined(one: Runs, person: Person, catalog: Catalog) -> dict[str, str]:
    """Return readout → why the data cannot tell it in this scenario."""
    done = does(catalog.therapies[g] for g in {given.therapy for given in one.given})
    return {readout: mark.why for mark in catalog.panel.undetermined if concerns(mark, person.sex, done) for readout in mark.readouts}


def _loops(
    runs: Sequence[Runs],
    main: Mapping[str, Mapping[str, Pooled]],
    held: Mapping[str, Mapping[str, Pooled]],
    window: tuple[float, float],
    catalog: Catalog,
) -> list[LoopEffect]:
    specs = panel_specs(catalog)
    found: list[LoopEffect] = []
    for one in runs:
        if one.name not in held or any(len(c.samples) <= AVERAGE for c in (*one.closed, *one.open)):
            continue
        average, average_open = (pooled(courses, specs, AVERAGE) for courses in (one.closed, one.open))
        found += loop_effects(one.name, main[one.name], average, held[one.name], average_open, window, catalog.panel.loop)
    return found
