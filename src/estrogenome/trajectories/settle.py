"""A cycle brought to its own rhythm: run until it has forgotten where it began, then aligned on a peak.

Only what the aligned quantity depends on is run that long. What follows from it and takes nothing back (catechols, quinones) makes
every step dearer and forgets within minutes: it joins shortly before the course begins, long enough to have forgotten where it joined.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from estrogenome.trajectories.spread import Runs, run_all

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from estrogenome.catalog.axes import Settle
    from estrogenome.network import CourseNetwork
    from estrogenome.trajectories.course import CourseEngine
    from estrogenome.trajectories.spread import Progress

    Array = NDArray[np.float64]

_PER_DAY = 4
"""Points of a day at which a peak is looked for."""


@dataclass(frozen=True)
class Whole:
    """The model that courses are run in, where it is larger than what settles: the same, and what follows from it.

    ``constants`` and ``start`` are as in ``settle``; ``ahead`` is how many days before the course it joins.
    """

    engine: CourseEngine
    constants: Mapping[str, Array]
    start: list[dict[str, float]]
    ahead: float


@dataclass(frozen=True)
class Settled:
    """Where courses begin: ``states`` (n, state) in the order of the engine's species; ``cycling`` (n,) marks who has a peak."""

    states: Array
    cycling: NDArray[np.bool_]


def settle(
    network: CourseNetwork,
    engine: CourseEngine,
    how: Settle,
    constants: Mapping[str, Array],
    start: list[dict[str, float]],
    *,
    options: Mapping[str, Any],
    whole: Whole | None = None,
    progress: Progress | None = None,
    processes: int | None = None,
) -> Settled:
    """Return the states ``how.cycle_day`` days before the last peak of ``how.align`` in ``how.days`` days from ``start``.

    Who has no rhythm begins where the days end. Runs that fail are NaN. States are those of ``whole``, by default of ``engine``.
    """
    times = np.linspace(0.0, how.days, int(how.days * _PER_DAY) + 1)
    runs = Runs(constants, start, {"names": (*engine.species, how.align), **options})
    found = run_all(network, runs, times, engine=engine, processes=processes, progress=progress)
    states, followed = found[..., :-1], found[..., -1]
    to = whole or Whole(engine, constants, start, 0.0)
    result, cycling = np.full((len(start), len(to.engine.species)), np.nan), np.zeros(len(start), dtype=np.bool_)
    for run, (course, state) in enumerate(zip(followed, states, strict=True)):
        day = last_peak(times, course, after=how.cycle_day)
        cycling[run] = day is not None
        begin = how.days if day is None else day - how.cycle_day
        joins = max(int(np.searchsorted(times, begin - to.ahead, side="right")) - 1, 0)
        point = to.start[run] | dict(zip(engine.species, state[joins].tolist(), strict=True))
        if begin > times[joins]:
            alone = {name: value[run] if np.ndim(value) else value for name, value in to.constants.items()}
            result[run] = to.engine.run(alone, [point], np.array([times[joins], begin]), **options)[0, -1]
        else:
            result[run] = [point[name] for name in to.engine.species]
    return Settled(result, cycling)


def last_peak(times: Array, values: Array, *, after: float) -> float | None:
    """Return the day of the last peak of ``values`` (time,) past ``after``, None where there is no rhythm.

    A peak is a point above its neighbours and above half the height of the second half of the course, if that swings by more than a
    factor of two; two of them make a rhythm. Its day is that of the parabola through the three points.
    """
    late = values[len(values) // 2 :]
    if not np.all(np.isfinite(values)) or not late.max() > 2 * late.min():
        return None
    inner = values[1:-1]
    high = np.flatnonzero((inner > values[:-2]) & (inner >= values[2:]) & (2 * inner > late.max() + late.min())) + 1
    high = high[high >= len(values) // 2]
    if len(high) <= 1:
        return None
    i = int(high[-1])
    left, middle, right = values[i - 1 : i + 2].tolist()
    step = float(times[1] - times[0])
    day = float(times[i]) + step * (left - right) / (left - middle + right - middle) / 2
    return day if day > after else None
