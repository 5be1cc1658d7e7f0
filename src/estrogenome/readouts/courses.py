"""Numbers of a course: mean, peak, trough, time beyond a level, days to steady state. Pure functions over (…, time)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from estrogenome.catalog.formula import evaluate, names
from estrogenome.core.compare_records import Spread
from estrogenome.core.units import factor

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from estrogenome.catalog.readouts import ReadoutSpec
    from estrogenome.core.course_records import Courses

    Array = NDArray[np.float64]

_QUANTILES = (5, 25, 50, 75, 95)
_TENTH, _WEEK = 10, 7
_FEW = 10
"""With fewer draws than this a quantity has no interval."""


def answers(spec: ReadoutSpec, courses: Courses) -> bool:
    """Say whether the courses hold everything that a readout's formula names."""
    return names(spec.formula) <= {*courses.species, *courses.quantities}


def series(spec: ReadoutSpec, courses: Courses, person: int = 0) -> Array:
    """Return a readout over time in the unit of its assay, shape (draw, day); NaN in draws that failed."""
    values = {name: courses.of(name)[person] for name in names(spec.formula)}
    scale = factor(spec.formula_unit, spec.unit, spec.molar_mass)
    failed = np.asarray(courses.failed[person] != 0)
    return np.where(failed[:, None], np.nan, evaluate(spec.formula, values) * scale)


def spread(values: Array) -> Spread | None:
    """Return median, 50 % and 90 % interval of the draws that have a value; None where too few have."""
    valid = values[np.isfinite(values)]
    if valid.size < min(_FEW, values.size) or not valid.size:
        return None
    low, first, middle, third, high = (float(v) for v in np.percentile(valid, _QUANTILES))
    return Spread(median=middle, interval50=(first, third), interval90=(low, high))


# ---------------------------------------------------------------- one window


def at(days: Array, values: Array, when: Array, side: Literal["left", "right"] = "right") -> Array:
    """Return ``values`` (…, time) at the days ``when`` (n,), linear between the times, shape (…, n).

    Where a day stands twice, as at a jump, ``side`` says whether the value before or after it is meant.
    """
    right = np.clip(np.searchsorted(days, when, side=side), 1, len(days) - 1)
    left = right - 1
    step = days[right] - days[left]
    weight = np.clip(np.where(step > 0, (when - days[left]) / np.where(step > 0, step, 1.0), 0.0 if side == "left" else 1.0), 0.0, 1.0)
    found = values[..., left] * (1.0 - weight) + values[..., right] * weight
    return np.asarray(found, dtype=np.float64)


def cut(days: Array, values: Array, start: float, end: float) -> tuple[Array, Array]:
    """Return the days and values of a window with its ends put in."""
    inside = (days > start) & (days < end)
    ends = at(days, values, np.array([start])), at(days, values, np.array([end]), side="left")
    return np.concatenate([[start], days[inside], [end]]), np.concatenate([ends[0], values[..., inside], ends[1]], axis=-1)


def mean(days: Array, values: Array, start: float, end: float) -> Array:
    """Return the time mean over a window by the trapezoid rule, shape (…)."""
    when, inside = cut(days, values, start, end)
    return np.asarray(_integral(when, inside)[..., -1] / (end - start), dtype=np.float64)


def peak(days: Array, values: Array, start: float, end: float) -> Array:
    """Return the highest value in a window, shape (…)."""
    return np.asarray(cut(days, values, start, end)[1].max(axis=-1), dtype=np.float64)


def trough(days: Array, values: Array, start: float, end: float) -> Array:
    """Return the lowest value in a window, shape (…)."""
    return np.asarray(cut(days, values, start, end)[1].min(axis=-1), dtype=np.float64)


def share_beyond(days: Array, values: Array, start: float, end: float, level: float, side: str) -> Array:
    """Return the share of a window's time spent ``below`` or ``above`` a level, crossings placed on straight lines, shape (…)."""
    when, inside = cut(days, values, start, end)
    over = (inside - level) if side == "above" else (level - inside)
    first, second = over[..., :-1], over[..., 1:]
    difference = np.abs(first - second)
    crossing = np.maximum(first, second) / np.where(difference > 0, difference, 1.0)
    share = np.where((first >= 0) & (second >= 0), 1.0, np.where((first < 0) & (second < 0), 0.0, crossing))
    share = np.where(np.isfinite(first) & np.isfinite(second), share, np.nan)
    return np.asarray((share * np.diff(when)).sum(axis=-1) / (end - start), dtype=np.float64)


def days_to_steady(days: Array, values: Array, width: float) -> Array:
    """Return the first day from which the running mean over ``width`` days stays within a tenth of its last value, shape (…).

    NaN where it does so for less than a tenth of the course: nothing says that it has settled.
    """
    total = _integral(days, values)
    ends = days[days >= days[0] + width]
    if not len(ends):
        return np.full(values.shape[:-1], np.nan)
    running = (at(days, total, ends) - at(days, total, ends - width)) / width
    last = running[..., -1:]
    off = np.abs(running - last) > np.abs(last) / _TENTH
    place = np.where(off.any(axis=-1), off.shape[-1] - np.argmax(off[..., ::-1], axis=-1), 0)
    settled = ends[place] - width
    told = np.isfinite(last[..., 0]) & (days[-1] - ends[place] >= (days[-1] - days[0]) / _TENTH)
    return np.asarray(np.where(told, settled, np.nan), dtype=np.float64)


def cycle_length(days: Array, values: Array, start: float) -> Array:
    """Return the mean time between peaks after ``start``, shape (…); NaN where fewer than two are seen: no rhythm.

    A peak is higher than its neighbours and above the middle of the course's lowest and highest value, if these differ by more than a
    factor of two; of peaks nearer than a week the first counts.
    """
    flat = values.reshape(-1, values.shape[-1])
    found = np.full(len(flat), np.nan)
    for i, course in enumerate(flat):
        late, when = course[days >= start], days[days >= start]
        if not np.isfinite(late).all() or not late.max() > 2 * late.min():
            continue
        inner = late[1:-1]
        high = when[1:-1][(inner > late[:-2]) & (inner >= late[2:]) & (2 * inner > late.max() + late.min())]
        peaks = [day for j, day in enumerate(high) if j == 0 or day - high[j - 1] > _WEEK]
        if len(peaks) > 1:
            found[i] = (peaks[-1] - peaks[0]) / (len(peaks) - 1)
    return found.reshape(values.shape[:-1])


def _integral(days: Array, values: Array) -> Array:
    """Return the running integral by the trapezoid rule, 0 at the first time."""
    pieces = (values[..., 1:] + values[..., :-1]) / 2 * np.diff(days)
    return np.concatenate([np.zeros((*values.shape[:-1], 1)), np.cumsum(pieces, axis=-1)], axis=-1)
