"""What a reader could say without a model: the mean of the calibration studies that measured the same, or that nothing changes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from estrogenome.validate.score import by_cohort
from estrogenome.validate.tails import mixture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estrogenome.validate.plan import Planned
    from estrogenome.validate.score import Scored

Key = tuple[object, ...]


def group_mean(rows: Sequence[Scored], calibration: Sequence[Planned]) -> dict[str, float | int] | None:
    """Compare ``rows`` with the mean of calibration rows of the same readout, family of assay, state and exposures, own cohort left out.

    Of people followed in time the routes of what they are given agree, not the regimens.

    The group's log-sd is pooled over all groups with two or more cohorts. None where no row has a group. The model's own numbers on
    the very same rows stand beside it.
    """
    groups: dict[Key, dict[str, list[float]]] = {}
    for planned in calibration:
        if planned.row.scored and not planned.censored:
            groups.setdefault(_key(planned), {}).setdefault(planned.study.cohort, []).append(planned.target)
    means = {key: {cohort: float(np.mean(v)) for cohort, v in cohorts.items()} for key, cohorts in groups.items()}
    spread = _pooled(means)
    found: list[tuple[Scored, float, float]] = []
    for row in rows:
        others = [v for cohort, v in means.get(_key(row.planned), {}).items() if cohort != row.planned.study.cohort]
        if others and not row.planned.censored:
            found.append((row, float(np.mean(others)), spread * (1 + 1 / len(others)) + row.sampling))
    return _compared(found)


def no_change(rows: Sequence[Scored], calibration: Sequence[Planned]) -> dict[str, float | int] | None:
    """Compare the rows of two arms with the guess that nothing changes; its variance is the mean squared change of calibration rows."""
    changes = [p.target for p in calibration if p.kind == "ratio" and p.row.scored]
    if not changes:
        return None
    spread = float(np.mean(np.square(changes)))
    return _compared([(row, 0.0, spread + row.sampling) for row in rows if row.planned.kind == "ratio" and not row.planned.censored])


def _key(planned: Planned) -> Key:
    if planned.timed and planned.row.at is not None:
        # regimens hardly ever agree: what was taken of the course, of whom and by which route do
        return (planned.row.readout, planned.kind, planned.difference, planned.group, planned.arm.state.id, planned.row.at.take)
    return (
        planned.row.readout,
        planned.kind,
        planned.difference,
        planned.per_day,
        planned.group,
        planned.arm.state.id,
        tuple((e.id, e.dose) for e in planned.arm.exposures),
        tuple((e.id, e.dose) for e in planned.against.exposures) if planned.against else None,
    )


def _pooled(means: dict[Key, dict[str, float]]) -> float:
    """Return the variance of cohort means within groups."""
    several = [np.array(list(cohorts.values())) for cohorts in means.values() if len(cohorts) > 1]
    if not several:
        return float(np.var([v for cohorts in means.values() for v in cohorts.values()] or [1.0])) or 1.0
    squares = sum(float(((v - v.mean()) ** 2).sum()) for v in several)
    return squares / sum(len(v) - 1 for v in several)


def _compared(found: Sequence[tuple[Scored, float, float]]) -> dict[str, float | int] | None:
    if not found:
        return None
    rows = [row for row, _, _ in found]
    errors = by_cohort(rows, [abs(mean - row.planned.target) for row, mean, _ in found])
    ours = by_cohort(rows, [abs(row.error) for row in rows])
    return {
        "n": len(rows),
        "cohorts": len(errors),
        "gmfe": math.exp(float(np.mean(list(errors.values())))),
        "log_score": float(
            np.mean([mixture(variance, 0.0, math.inf).log_density(row.planned.target - mean) for row, mean, variance in found])
        ),
        "model_gmfe": math.exp(float(np.mean(list(ours.values())))),
        "model_log_score": float(np.mean([row.log_score for row in rows])),
    }
