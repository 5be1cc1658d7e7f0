"""What a course needs before its first day: the model, its constants, and where each draw begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from estrogenome.catalog.axes import axis_of
from estrogenome.network import compose_course
from estrogenome.trajectories.course import engine_of
from estrogenome.trajectories.rest import begin, body_at_rest, person_at_rest, references, set_for
from estrogenome.trajectories.settle import settle

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from estrogenome.catalog.load import Catalog
    from estrogenome.core.records import ParameterSets
    from estrogenome.network import CourseNetwork
    from estrogenome.trajectories.course import CourseEngine

    Array = NDArray[np.float64]

RELATIVE = 1e-8
_ABSOLUTE = 1e-10
# the states of a cycle run through many orders of magnitude
_ABSOLUTE_CYCLE = 1e-12


@dataclass(frozen=True)
class Prepared:
    """Courses ready to be run: n = people x draws of them, a person's draws together.

    ``constants`` (n,) by name; ``states`` (n, state) in the order of the engine's species, NaN where nothing could be found to begin with;
    ``cycling`` (n,) of an axis that is a cycle says who has a rhythm.
    """

    network: CourseNetwork
    engine: CourseEngine
    constants: dict[str, Array]
    states: Array
    cycling: NDArray[np.bool_] | None
    tolerances: dict[str, float]


def prepared(
    sets: ParameterSets,
    catalog: Catalog,
    *,
    axis: str | None = None,
    therapies: Iterable[str] = (),
    keep: Iterable[str] | None = None,
    loop_closed: bool = True,
    reference: ParameterSets | None = None,
    relative: float = RELATIVE,
    processes: int | None = None,
) -> Prepared:
    """Return courses of ``sets`` at their first day; arguments as in ``follow_courses``.

    Raises:
        KnowledgeError: the axis is not known.
        ModelError: a name or therapy is not in the model, or the model cannot be composed.
    """
    entry = None if axis is None else axis_of(catalog, axis)
    aligned = () if entry is None or entry.settle is None else (entry.settle.align,)
    network = compose_course(catalog, axis, therapies, keep=None if keep is None else (*keep, *aligned))
    engine = engine_of(network)
    own = _table(sets)
    size = sets.values.shape[0] * sets.values.shape[1]
    constants = set_for(network, own, size, loop_closed=loop_closed)
    if entry is not None:
        measured = any(name in sets.person.measured for name in entry.own_rest)
        wanted = references(catalog, entry, own if reference is None else _table(reference), own_genotype=measured)
        constants |= {name: value for name, value in wanted.items() if name in network.structure.constants}
    first = begin(network, entry, constants, engine.defaults, body_at_rest(catalog, own))
    tolerances = {"relative": relative, "absolute": _ABSOLUTE if entry is None or entry.settle is None else _ABSOLUTE_CYCLE}
    if entry is not None and entry.settle is not None:
        points = [{name: float(value[i]) for name, value in first.items()} for i in range(size)]
        ready = settle(network, engine, entry.settle, constants, points, options=tolerances, processes=processes)
        return Prepared(network, engine, constants, ready.states, ready.cycling, tolerances)
    rest = person_at_rest(network, constants, first)
    return Prepared(network, engine, constants, np.stack([rest.of(name) for name in engine.species], axis=1), None, tolerances)


def _table(sets: ParameterSets) -> dict[str, Array]:
    """Return the values of ``sets`` by name, shape (person x draw,)."""
    return {name: sets.values[:, :, i].reshape(-1) for i, name in enumerate(sets.names)}
