"""Follow every draw of every person through one scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estrogenome.core.course_records import Courses
from estrogenome.core.uncertainty import worst
from estrogenome.trajectories.prepare import RELATIVE, prepared
from estrogenome.trajectories.spread import Runs, run_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from estrogenome.catalog.load import Catalog
    from estrogenome.core.course_records import Dosing, Worn
    from estrogenome.core.records import ParameterSets
    from estrogenome.trajectories.spread import Progress

    Array = NDArray[np.float64]

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
    names = None if keep is None else tuple(dict.fromkeys(keep))
    ready = prepared(
        sets,
        catalog,
        axis=axis,
        therapies={event.therapy for event in given},
        keep=names,
        loop_closed=loop_closed,
        reference=reference,
        relative=relative,
        processes=processes,
        progress=_part(progress, 0),
    )
    network, engine = ready.network, ready.engine
    people, draws, _ = sets.values.shape
    asked = engine.species if names is None else names
    runs = Runs(
        ready.constants,
        [dict(zip(engine.species, row, strict=True)) for row in ready.states.tolist()],
        {"names": asked, "events": given, **ready.tolerances},
    )
    tell = progress if ready.cycling is None else _part(progress, 1)
    found = run_all(network, runs, times, engine=engine, processes=processes, progress=tell)
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
        cycling=None if ready.cycling is None else ready.cycling.reshape(people, draws).astype(np.int64),
        failed=np.any(np.isnan(found), axis=(2, 3)).astype(np.int64),
        worst_state=worst(sets.states),
        provenance=sets.provenance.model_copy(update={"model_hash": network.digest}),
    )


def _part(progress: Progress | None, half: int) -> Progress | None:
    """Return what tells ``progress`` of one half of the work, 0 the settling of cycles and 1 their courses."""
    if progress is None:
        return None
    return lambda done, total: progress(half * total + done, 2 * total)
