"""The one way of predicting: rows of studies under any values of what is uncertain. The fit and the scoreboard both call it.

A prediction is that for a typical laboratory. What another one would print, with its own blank and limit, stands beside it as steps.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from estrogenome.catalog import formula
from estrogenome.catalog.readouts import ReadoutSpec
from estrogenome.core.errors import EstrogenomeError
from estrogenome.network import compose
from estrogenome.trajectories import kernel_of
from estrogenome.validate.answer import answers, has_blank, reported
from estrogenome.validate.between import blank_of
from estrogenome.validate.bodies import arm_constants
from estrogenome.validate.floor import PARTS, TYPICAL
from estrogenome.validate.follow import follow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from estrogenome.catalog.arms import FullArm
    from estrogenome.catalog.load import Catalog
    from estrogenome.validate.answer import Answers
    from estrogenome.validate.floor import Laboratory
    from estrogenome.validate.follow import Followed
    from estrogenome.validate.plan import Planned

    Array = NDArray[np.float64]


def predict(
    rows: Sequence[Planned],
    catalog: Catalog,
    theta: Mapping[str, Array],
    *,
    seed: int | None = None,
    liver: Literal["mixed", "tubes"] = "mixed",
) -> tuple[Array, dict[str, str]]:
    """Return the logarithm of the predicted statistic of every row, shape (rows, draws), and why a row could not be predicted, by its id.

    ``theta`` holds draws of everything uncertain (see ``theta.py``), each of shape (draws,) or (1,); with a ``seed`` effects of alleles
    are drawn as well; ``liver`` chooses the form of the model. NaN marks draws without a steady state, or with a difference of the other
    sign than the published one.
    """
    found = _foretold(rows, catalog, theta, seed, liver, ())
    return found.logs, found.reasons


def foretell(
    rows: Sequence[Planned],
    catalog: Catalog,
    theta: Mapping[str, Array],
    *,
    seed: int | None = None,
    liver: Literal["mixed", "tubes"] = "mixed",
) -> Foretold:
    """Return what ``predict`` does, and how far laboratories lie apart."""
    return _foretold(rows, catalog, theta, seed, liver, PARTS)


@dataclass(frozen=True)
class Foretold:
    """Predicted logarithms (rows, draws) and the ``reasons`` of rows without any.

    ``steps``: by part of a laboratory (blank, limit, share), what one standard deviation between laboratories changes, shape (rows, draws).
    """

    logs: Array
    reasons: dict[str, str]
    steps: dict[str, Array]

    @property
    def floors(self) -> Array:
        """Return the variance (rows,) of a logarithm by the blank and the limit of a laboratory."""
        return np.sum([np.mean(step**2, axis=1) for step in self.steps.values()], axis=0) if self.steps else np.zeros(len(self.logs))


def _foretold(
    rows: Sequence[Planned],
    catalog: Catalog,
    theta: Mapping[str, Array],
    seed: int | None,
    liver: Literal["mixed", "tubes"],
    parts: Sequence[str],
) -> Foretold:
    draws = max(value.size for value in theta.values())
    logs = np.full((len(rows), draws), np.nan)
    steps = {part: np.zeros((len(rows), draws)) for part in parts}
    reasons: dict[str, str] = {}
    solver, follower = _Solver(catalog, theta, seed, liver), _Follower(rows, catalog, theta, seed)
    for i, planned in enumerate(rows):
        try:
            with np.errstate(all="ignore"):
                said = _row(planned, catalog, theta, solver, follower)
                logs[i] = said(TYPICAL)
                for part in _differing(planned, catalog) & set(parts):
                    # half of the way from one standard deviation below to one above: where a limit acts the slope is not even
                    steps[part][i] = np.nan_to_num(said(TYPICAL._replace(**{part: 1.0})) - said(TYPICAL._replace(**{part: -1.0}))) / 2
        except EstrogenomeError as error:
            reasons[planned.row.id] = str(error)
            continue
        if not np.isfinite(logs[i]).any():
            reasons[planned.row.id] = "no draw gives such a number"
    return Foretold(logs, reasons, steps)


def _differing(planned: Planned, catalog: Catalog) -> set[str]:
    """Return in which parts laboratories differ for a row."""
    blank = {"blank"} if has_blank(planned.spec, planned.row.assay, catalog) else set()
    return blank | ({"limit", "share"} if planned.floor else set())


class _Solver:
    """Solves each arm once; arms of one study alone are kept."""

    def __init__(self, catalog: Catalog, theta: Mapping[str, Array], seed: int | None, liver: Literal["mixed", "tubes"]) -> None:
        network = compose(catalog, liver=liver)
        self._kernel = kernel_of(network)
        self._names = frozenset(network.structure.constants)
        self._catalog, self._theta, self._seed = catalog, theta, seed
        self._study = ""
        self._solved: dict[str, Answers] = {}

    def of(self, study: str, arm: FullArm) -> Answers:
        """Return the answers of one arm."""
        if study != self._study:
            self._study, self._solved = study, {}
        if arm.name not in self._solved:
            where = f"studies/{study}: arm {arm.name}"
            values = arm_constants(arm, self._catalog, self._theta, self._names, self._seed, where)
            self._solved[arm.name] = answers(values, self._kernel, self._names)
        return self._solved[arm.name]


class _Follower:
    """Follows each arm in time once, over the windows of all ``rows`` that need it; arms of one study alone are kept."""

    def __init__(self, rows: Sequence[Planned], catalog: Catalog, theta: Mapping[str, Array], seed: int | None) -> None:
        self._catalog, self._theta, self._seed = catalog, theta, seed
        timed = [p for p in rows if p.timed]
        self._asked: dict[tuple[str, str], set[str]] = {}
        self._windows: dict[tuple[str, str], list[tuple[float, float]]] = {}
        for planned in timed:
            at = planned.row.at
            names = formula.names(planned.spec.formula) if isinstance(planned.spec, ReadoutSpec) else set()
            for arm, window in ((planned.arm, at and at.days), (planned.against, at and (at.against or at.days))):
                if arm is not None:
                    self._windows.setdefault((planned.study.id, arm.name), []).extend([window] if window else [])
                    self._asked.setdefault((planned.study.id, arm.name), set()).update(names)
        self._study = ""
        self._followed: dict[str, Followed] = {}

    def of(self, study: str, arm: FullArm) -> Followed:
        """Return the course of one arm."""
        if study != self._study:
            self._study, self._followed = study, {}
        if arm.name not in self._followed:
            where = f"studies/{study}: arm {arm.name}"
            asked, windows = frozenset(self._asked[study, arm.name]), self._windows[study, arm.name]
            self._followed[arm.name] = follow(arm, asked, windows, self._catalog, self._theta, self._seed, where)
        return self._followed[arm.name]


def _row(
    planned: Planned, catalog: Catalog, theta: Mapping[str, Array], solver: _Solver, follower: _Follower
) -> Callable[[Laboratory], Array]:
    """Return what a laboratory prints of a row, as the logarithm (draws,)."""

    def level(arm: FullArm, blank: float, *, other: bool = False) -> Array:
        if not planned.timed:
            true = solver.of(planned.study.id, arm).readout(planned.spec, planned.per_day)
            return reported(true, planned.spec, planned.row.assay, catalog, theta, blank)
        followed = follower.of(planned.study.id, arm)
        # what an assay adds it adds to every sample, before anything is made of the course
        seen = reported(followed.course(planned.spec).T, planned.spec, planned.row.assay, catalog, theta, blank).T
        return followed.taken(seen, planned.row.at, other=other)

    def said(laboratory: Laboratory) -> Array:
        blank = math.exp(laboratory.blank * blank_of(catalog))
        value = level(planned.arm, blank)
        if planned.against is None:
            return planned.floor.log_statistic(value, laboratory) if planned.floor else np.log(value) + planned.printed.shift
        compared = level(planned.against, blank, other=True)
        if planned.difference:
            signed = (value - compared) * np.sign(planned.row.value)
            return np.where(signed > 0, np.log(np.abs(signed)), np.nan) + planned.printed.shift
        if planned.floor:
            return planned.floor.log_statistic(value, laboratory) - planned.floor.log_statistic(compared, laboratory)
        return np.asarray(np.log(value) - np.log(compared))

    return said
