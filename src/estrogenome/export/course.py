"""A course as one SBML file: body, axis and therapies, with the doses as events, at the numbers of one draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estrogenome.catalog.therapies import nmol
from estrogenome.core.errors import InputError, ModelError
from estrogenome.export.dress import meanings, notes
from estrogenome.network.periodic import Repeated, with_events
from estrogenome.network.portable import Dressing, portable
from estrogenome.parameters import with_course
from estrogenome.trajectories import prepared

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from estrogenome.catalog.load import Catalog
    from estrogenome.core.course_records import Regimen
    from estrogenome.core.records import ParameterSets

NAME = "estrogenome course"


def course_sbml(
    catalog: Catalog, sets: ParameterSets, *, axis: str | None = None, regimens: Iterable[Regimen] = (), keep: Iterable[str] | None = None
) -> str:
    """Return the SBML (Level 3 Version 2) of a course that begins where ``sets``, one draw of one person, is at its first day.

    Numbers of the axis and the therapies are their central values unless ``sets`` holds them. ``keep`` as in ``follow_courses``.

    Raises:
        InputError: ``sets`` holds more than one draw.
        KnowledgeError: the axis is not known.
        ModelError: there is nothing to begin with, or the model cannot be composed.
    """
    if sets.values.shape[:2] != (1, 1):
        raise InputError("a file holds one draw of one person; name the sample and the draw")
    given = tuple(regimens)
    therapies = {regimen.therapy for regimen in given}
    whole = with_course(sets, catalog, axis=axis, therapies=therapies, seed=0, central=True)
    ready = prepared(whole, catalog, axis=axis, therapies=therapies, keep=keep)
    state = dict(zip(ready.engine.species, ready.states[0].tolist(), strict=True))
    if any(value != value for value in state.values()):
        raise ModelError("model: no rest to begin with at these numbers; export another draw or the reference")
    evolving = set(ready.network.structure.evolving)
    dressing = Dressing(
        name=NAME,
        notes=notes(catalog, f"{sets.samples[0]}; axis {axis or 'held'}; {', '.join(sorted(therapies)) or 'nothing'} given"),
        values={name: float(value[0]) for name, value in ready.constants.items()} | {n: state[n] for n in evolving},
        start={name: value for name, value in state.items() if name not in evolving},
        names=meanings(catalog),
    )
    repeated = [dose for regimen in given for dose in in_runs(catalog, regimen)]
    return portable(with_events(ready.network, repeated), dressing)


def in_runs(catalog: Catalog, regimen: Regimen) -> Iterator[Repeated]:
    """Yield a regimen as runs of doses without a gap: one, or one more per missed dose within it."""
    therapy = catalog.therapies[regimen.therapy]
    amount, interval = nmol(therapy, regimen.dose), regimen.interval
    # what is worn is changed without a break, so that only a missed one ends it
    every = None if therapy.kind == "worn" else interval
    first = regimen.start
    for missed in sorted(regimen.missed):
        if interval is None:
            return
        gap = regimen.start + (missed - 1) * interval
        if gap > first:
            yield Repeated(therapy.id, amount, first, every, gap)
        first = gap + interval
    if regimen.stop is None or first < regimen.stop:
        yield Repeated(therapy.id, amount, first, every, regimen.stop)
