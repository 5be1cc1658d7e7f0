"""What a course needs before its first day: the model, its constants, and where each draw begins."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from estrogenome.catalog.axes import axis_of
from estrogenome.network import compose_course
from estrogenome.trajectories.course import engine_of
from estrogenome.trajectories.kernel import kernel_of
from estrogenome.trajectories.rest import begin, body_at_rest, person_at_rest, references, set_for
from estrogenome.trajectories.settle import Whole, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

    from estrogenome.catalog.axes import Settle
    from estrogenome.catalog.load import Catalog
    from estrogenome.core.records import ParameterSets
    from estrogenome.network import CourseNetwork
    from estrogenome.trajectories.course import CourseEngine
    from estrogenome.trajectories.settle import Settled
    from estrogenome.trajectories.spread import Progress

    Array = NDArray[np.float64]

RELATIVE = 1e-8
_ABSOLUTE = 1e-10
_LIFETIMES = 100
"""How many of its own time constants what follows is given to forget; far less than one in 1e16 is left, also where its rates change."""
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
    progress: Progress | None = None,
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
    read: dict[str, Array] = {}
    if entry is not None:
        measured = any(name in sets.person.measured for name in entry.own_rest)
        read = references(catalog, entry, own if reference is None else _table(reference), own_genotype=measured)
    tolerances = {"relative": relative, "absolute": _ABSOLUTE if entry is None or entry.settle is None else _ABSOLUTE_CYCLE}
    # where nothing is given yet the therapies are left out, so that every scenario begins at the very same place
    bare = compose_course(catalog, axis, keep=_states(network, compose_course(catalog, axis)) + aligned)
    resting = {**set_for(bare, own, size, loop_closed=loop_closed), **_of(read, bare)}
    first = begin(bare, entry, resting, kernel_of(bare).constants, body_at_rest(catalog, own))
    cycling = None
    if entry is not None and entry.settle is not None:
        core = compose_course(catalog, axis, keep=aligned)
        ready = _settled(_Cycle.of(core, bare, entry.settle, resting, first, tolerances, processes, progress))
        found, cycling = dict(zip(engine_of(bare).species, ready.states.T, strict=True)), ready.cycling
    else:
        rest = person_at_rest(bare, resting, first)
        found = {name: rest.of(name) for name in _states(bare, bare)}
    states = np.stack([found.get(name, np.zeros(size)) for name in engine.species], axis=1)
    constants = {**set_for(network, own, size, loop_closed=loop_closed), **_of(read, network)}
    return Prepared(network, engine, constants, states, cycling, tolerances)


@dataclass(frozen=True)
class _Cycle:
    """Cycles to be settled; the same ones, by ``digest``, are settled once."""

    digest: str
    settle: Callable[[], Settled] = field(compare=False)

    @classmethod
    def of(
        cls,
        core: CourseNetwork,
        network: CourseNetwork,
        how: Settle,
        constants: Mapping[str, Array],
        first: Mapping[str, Array],
        tolerances: Mapping[str, float],
        processes: int | None,
        progress: Progress | None,
    ) -> _Cycle:
        told = hashlib.sha256(f"{network.digest}{how}{sorted(tolerances.items())}".encode())
        for name, value in (*sorted(constants.items()), *sorted(first.items())):
            told.update(name.encode() + np.ascontiguousarray(value).tobytes())

        def run() -> Settled:
            inner, ahead = _states(network, core), _forgets(network, core, constants, first)
            points = [dict(zip(first, row, strict=True)) for row in np.stack(list(first.values()), axis=1).tolist()]
            if len(inner) == len(first) or not ahead < how.days:
                return settle(
                    network, engine_of(network), how, constants, points, options=tolerances, processes=processes, progress=progress
                )
            return settle(
                core,
                engine_of(core),
                how,
                {name: value for name, value in constants.items() if name in core.structure.constants},
                [{name: point[name] for name in inner} for point in points],
                options=tolerances,
                whole=Whole(engine_of(network), constants, points, ahead),
                processes=processes,
                progress=progress,
            )

        return cls(told.hexdigest(), run)


@lru_cache(maxsize=16)
def _settled(cycle: _Cycle) -> Settled:
    return cycle.settle()


def _forgets(network: CourseNetwork, core: CourseNetwork, constants: Mapping[str, Array], at: Mapping[str, Array]) -> float:
    """Return how many days what ``network`` has beyond ``core`` takes to forget where it began, in the slowest draw.

    By the eigenvalues of its own block of the Jacobian at ``at`` (n,): the core takes nothing back from it, so they are its rates. Infinite
    where one of them does not decay.
    """
    kernel = kernel_of(network)
    beyond = [i for i, name in enumerate(kernel.species) if name not in {*core.structure.species, *core.structure.evolving}]
    points = np.stack([at[name] for name in kernel.species])
    sound = np.flatnonzero(np.isfinite(points).all(axis=0) & np.isfinite(np.stack([*constants.values()])).all(axis=0))
    if not beyond or not len(sound):
        return 0.0
    system = kernel.rates(kernel.species).at({**kernel.constants, **constants})
    _, _, jacobian = system.net_rates(points[:, sound], sound)
    rates = -np.linalg.eigvals(jacobian[np.ix_(range(len(sound)), beyond, beyond)]).real
    return float(_LIFETIMES / rates.min()) if rates.min() > 0 else np.inf


def _states(network: CourseNetwork, within: CourseNetwork) -> tuple[str, ...]:
    """Return the states of ``network`` that ``within`` has too."""
    there = {*within.structure.species, *within.structure.evolving}
    return tuple(name for name in (*network.structure.species, *network.structure.evolving) if name in there)


def _of(read: Mapping[str, Array], network: CourseNetwork) -> dict[str, Array]:
    return {name: value for name, value in read.items() if name in network.structure.constants}


def _table(sets: ParameterSets) -> dict[str, Array]:
    """Return the values of ``sets`` by name, shape (person x draw,)."""
    return {name: sets.values[:, :, i].reshape(-1) for i, name in enumerate(sets.names)}
