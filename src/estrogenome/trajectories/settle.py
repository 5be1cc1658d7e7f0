"""A cycle brought to its own rhythm: run until it has forgotten where it began, then aligned on a peak."""

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
    progress: Progress | None = None,
    processes: int | None = None,
) -> Settled:
    """Return the states ``how.cycle_day`` days before the last peak of ``how.align`` in ``how.days`` days from ``start``.

    Who has no rhythm begins where the days end. Runs that fail are NaN.
    """
    times = np.linspace(0.0, how.days, int(how.days * _PER_DAY) + 1)
    runs = Runs(constants, start, {"names": (*engine.species, how.align), **options})
    found = run_all(network, runs, times, engine=engine, processes=processes, progress=progress)
    states, followed = found[..., :-1], found[..., -1]
    result, cycling = states[:, -1].copy(), np.zeros(len(start), dtype=np.bool_)
    for run, (course, state) in enumerate(zip(followed, states, strict=True)):
        day = last_peak(times, course, after=how.cycle_day)
        if day is None:
            continue
        cycling[run] = True
        begin = day - how.cycle_day
        before = int(np.searchsorted(times, begin, side="right")) - 1
        result[run] = state[before]
        if begin > times[before]:
            alone = {name: value[run] if np.ndim(value) else value for name, value in constants.items()}
            point = dict(zip(engine.species, state[before].tolist(), strict=True))
            result[run] = engine.run(alone, [point], np.array([times[before], begin]), **options)[0, -1]
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
