"""Follow every draw of every person through one scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estrogenome.catalog.axes import axis_of
from estrogenome.core.records import Courses
from estrogenome.core.uncertainty import worst
from estrogenome.network import compose_course
from estrogenome.trajectories.course import CourseEngine
from estrogenome.trajectories.rest import begin, body_at_rest, person_at_rest, references, set_for
from estrogenome.trajectories.settle import settle
from estrogenome.trajectories.spread import Runs, run_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from estrogenome.catalog.load import Catalog
    from estrogenome.core.records import Dosing, ParameterSets, Worn
    from estrogenome.trajectories.spread import Progress

    Array = NDArray[np.float64]

RELATIVE = 1e-8
_ABSOLUTE = 1e-10
_ABSOLUTE_CYCLE = 1e-12
"""nmol: the states of a cycle run through many orders of magnitude."""
_LEVEL = "nmol_per_L"


def follow_courses(
    sets: ParameterSets,
    catalog: Catalog,
    days: Sequence[float] | Array,
    *,
    scenario: str = "baseline",
    axis: str | None = None,
    events: Iterable[Dosing | Worn] = (),
    keep: Iterable[str] | None = None,
    loop_closed: bool = True,
    reference: ParameterSets | None = None,
    relative: float = RELATIVE,
    processes: int | None = None,
    progress: Progress | None = None,
) -> Courses:
    """Return the course of each draw; a draw that cannot be started or integrated is marked failed and holds NaN.

    Rest is solved first: that of the reference body, of which the axis reads its references, and that of the person, where the
    course begins; a cycle begins at ``cycle_day`` days before a peak. Shapes: values (person, draw, day, species), assigned (person,
    draw, day, quantity).

    Args:
        sets: numbers of the body, the axis and the therapies (``parameters.with_course``).
        catalog: knowledge.
        days: when to read, rising from the first, at which the course begins.
        scenario: name of it in the record.
        axis: entry of ``knowledge/axes``; None for held production.
        events: doses and what is worn; they name the therapies of the model.
        keep: species and quantities to return; nothing else is simulated than what they depend on. None for every species.
        loop_closed: False holds the axis at rest.
        reference: the same draws with nothing given, for the reference body; by default ``sets``.
        relative: tolerance of the integrator.
        processes: None for as many as pay, at most two.
        progress: called with (draws done, draws in all).

    Raises:
        KnowledgeError: the axis is not known.
        ModelError: a name or therapy is not in the model, or the model cannot be composed.
    """
    given, times = tuple(events), np.asarray(days, dtype=np.float64)
    entry = None if axis is None else axis_of(catalog, axis)
    names = None if keep is None else tuple(dict.fromkeys(keep))
    aligned = () if entry is None or entry.settle is None else (entry.settle.align,)
    therapies = {event.therapy for event in given}
    network = compose_course(catalog, axis, therapies, keep=None if names is None else (*names, *aligned))
    people, draws, _ = sets.values.shape
    size = people * draws
    own = {name: sets.values[:, :, i].reshape(size) for i, name in enumerate(sets.names)}
    constants = set_for(network, own, size, loop_closed=loop_closed)
    if entry is not None:
        bare = own if reference is None else {name: reference.values[:, :, i].reshape(size) for i, name in enumerate(reference.names)}
        measured = any(name in sets.person.measured for name in entry.own_rest)
        wanted = references(catalog, entry, bare, own_genotype=measured)
        constants |= {name: value for name, value in wanted.items() if name in network.structure.constants}
    first = begin(network, entry, constants, body_at_rest(catalog, own))
    engine = CourseEngine(network)
    options = {"relative": relative, "absolute": _ABSOLUTE}
    if entry is not None and entry.settle is not None:
        options["absolute"] = _ABSOLUTE_CYCLE
        points = [{name: float(value[i]) for name, value in first.items()} for i in range(size)]
        ready = settle(network, engine, entry.settle, constants, points, options=options, processes=processes)
        states, cycling = ready.states, ready.cycling
    else:
        rest = person_at_rest(network, constants, first)
        states, cycling = np.stack([rest.of(name) for name in engine.species], axis=1), None
    asked = engine.species if names is None else names
    runs = Runs(
        constants,
        [dict(zip(engine.species, row, strict=True)) for row in states.tolist()],
        {"names": asked, "events": given, **options},
    )
    found = run_all(network, runs, times, engine=engine, processes=processes, progress=progress)
    found = found.reshape(people, draws, len(times), len(asked))
    moving = {*network.structure.species, *network.structure.evolving}
    here, other = ([i for i, name in enumerate(asked) if (name in moving) is is_state] for is_state in (True, False))
    units = [network.structure.units.get(name, _LEVEL) for name in asked]
    return Courses(
        samples=sets.samples,
        scenario=scenario,
        axis=axis,
        loop_closed=loop_closed,
        days=times,
        species=tuple(asked[i] for i in here),
        units=tuple(units[i] for i in here),
        values=found[..., here],
        quantities=tuple(asked[i] for i in other),
        quantity_units=tuple(units[i] for i in other),
        assigned=found[..., other],
        events=given,
        cycling=None if cycling is None else cycling.reshape(people, draws).astype(np.int64),
        failed=np.any(np.isnan(found), axis=(2, 3)).astype(np.int64),
        worst_state=worst(sets.states),
        provenance=sets.provenance.model_copy(update={"model_hash": network.digest}),
    )
