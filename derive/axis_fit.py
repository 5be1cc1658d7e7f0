"""The fit of people in time: its rows, its unknowns with their priors, its errors and its optimum. ``derive.axis`` writes it down.

Unknowns are logarithms: the numbers of the axes' tables, of the therapies that the rows use, of the assays' models, what only time tells of the
body, and those numbers of the body's posterior that say where these people's estrogens come from and go. Priors are those of the files; those of
the body, and of a share that a steady study has fitted, its posterior, with its covariance. Rows are the calibration side's of people followed in
time, predicted by the code that scores them. Their errors: sampling, the laboratory (its standards, blank and limit), tau shared by the rows of
one cohort and class, and what numbers of the tables do that are not fitted. Deviations between studies have long tails (``derive.tailed``). The optimum is found by Gauss-Newton in the logarithm, damped; the
posterior is its Laplace approximation.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from derive.calibrate import laboratories
from derive.fit_rows import aliases
from derive.posterior import TARGET
from derive.tailed import weights
from estrogenome.catalog.axes import axis_rows
from estrogenome.catalog.body import fitted
from estrogenome.catalog.exposures import observed_row
from estrogenome.catalog.like import lend_fit, lend_shares
from estrogenome.catalog.load import load_catalog
from estrogenome.catalog.load_studies import FOLDER, load_studies
from estrogenome.catalog.therapies import numbers
from estrogenome.core.uncertainty import Distribution
from estrogenome.validate.between import blank_of, tau_of
from estrogenome.validate.follow import axis_for
from estrogenome.validate.plan import plan
from estrogenome.validate.predict import predict
from estrogenome.validate.theta import central, quantities

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from estrogenome.catalog.arms import FullArm
    from estrogenome.catalog.axes import Axis
    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.schema import Quantity
    from estrogenome.validate.plan import Planned


AXES = ("testes", "postmenopause")
"""Whose people are fitted; cycles settle too slowly and are left to their tables."""
# what of the body's posterior says where estrogens of these people come from, and where they go when they are given
BODY = (
    "secretion_E2_gonad@man",
    "secretion_E1_gonad@man",
    "CL_aromatisation_A4@man",
    "ratio_aromatisation_T_A4",
    "production_E1_other@man",
    "production_E1_other@postmenopausal",
    "CL_aromatisation_A4@postmenopausal",
    "clearance_ratio@postmenopausal",
    "ratio_bile_return@postmenopausal",
    "ratio_oxidation_gut",
    "ratio_sulfation_gut",
    "Q_liver",
    "CL_oxidation_liver",
    "CL_sulfation_E1_liver",
    "CL_uptake_E1S_liver",
    "CL_other_oxidation_E1",
    "CL_oxidation_periphery",
    "CL_sulfation_E1_periphery",
    "CL_uptake_E1S_periphery",
    "ratio_desulfation_return_periphery",
)
# numbers of the tables that rows in time alone can tell: no steady row of the body's fit depends on them
TIMED = ("CL_return_gut", "MCR_T@postmenopausal")
# what else of the tables moves these rows, carried as error
CARRIED = (
    *(f"{name}@{state}" for state in ("man", "postmenopausal") for name in ("MCR_A4", "share_A4_T", "share_T_A4")),
    *("MCR_T@man", "MCR_P4@postmenopausal", "fu_exponent_T", "Km_aromatisation_T", "K_SHBG_T", "K_albumin_T"),
    *("ratio_absorption_E1S_gut", "ratio_faeces_gut", "Q_periphery", "K_SHBG_E2"),
)
STEP = 1e-2
STEPS = 40
SHARES = np.array([1.0, 0.5, 0.25, 0.1])
"""Of a Gauss-Newton step, tried at once."""
ENOUGH = 1.0
"""Fall of the cost for which a step is taken."""
CLOSE = 0.3
"""How far from the optimum, in posterior standard deviations."""
NOTHING = 2e-2
"""An unknown that moves no row by more, in its prior standard deviation, is left to its table."""
USES, EVIDENCE = {"score", "input", "binding"}, {"read", "computed", "secondary"}
MISSED = 1.0
"""A row without a prediction counts as this far off."""


@dataclass(frozen=True)
class Unknown:
    """One fitted quantity; the prior is log-normal."""

    row: str
    kind: str
    meaning: str
    unit: str
    median: float
    log_sd: float


@dataclass(frozen=True)
class Fit:
    """The fit: optimum ``x`` (k,), covariance (k, k), predicted logarithms (n,), Jacobian (n, k), errors R (n, n).

    What everything but these rows says of the numbers is normal with ``centre`` (k,) and ``precision`` (k, k).

    In ``errors`` cohorts that lie far off count for less; ``plain`` (n,) are the variances of the rows before that.
    """

    catalog: Catalog
    unknowns: tuple[Unknown, ...]
    rows: tuple[Planned, ...]
    x: np.ndarray
    covariance: np.ndarray
    centre: np.ndarray
    precision: np.ndarray
    predicted: np.ndarray
    jacobian: np.ndarray
    errors: np.ndarray
    plain: np.ndarray
    left_out: dict[str, str]

    @property
    def target(self) -> np.ndarray:
        """The published logarithms."""
        return np.array([p.target for p in self.rows])


def of_the_body() -> dict[str, Any]:
    """Return the body's posterior as it is committed."""
    found: dict[str, Any] = json.loads(TARGET.read_text(encoding="utf-8"))
    return found


def before_the_axis() -> Catalog:
    """Return the catalog with the body's posterior as it was fitted without rows in time, and the shares it lends to therapies."""
    catalog = load_catalog()
    return replace(
        catalog,
        posterior=lend_fit(catalog.states, lend_shares(catalog.exposures, catalog.therapies, of_the_body())),
        digest=catalog.digest + "/before the axis",
        tau={**catalog.tau, "in_time": {}},
    )


def rows_in_time(catalog: Catalog) -> tuple[tuple[Planned, ...], tuple[Planned, ...]]:
    """Return the calibration rows of people of ``AXES`` in time that are fitted, and those that are shown beside them."""
    planned = plan(load_studies(catalog.root / FOLDER, "calibration"), catalog, timed=True)
    mine = [p for p in planned if all(axis_id(arm, catalog) in AXES for arm in (p.arm, p.against) if arm)]
    used = [p for p in mine if p.row.use in USES and p.row.evidence in EVIDENCE]
    return tuple(used), tuple(p for p in mine if p not in used)


def axis_id(arm: FullArm, catalog: Catalog) -> str:
    """Return the axis that an arm rests under; empty where none does."""
    axis = axis_for(arm, catalog)
    return axis.id if axis else ""


def axis_numbers(catalog: Catalog, axis: Axis) -> Iterator[tuple[str, str, Quantity]]:
    """Yield (row, meaning, quantity) of the numbers of an axis that may be fitted, for the states that do not borrow theirs."""
    for state in axis.states:
        for name, row in axis_rows(catalog, axis, state).items():
            if name not in axis.people and not catalog.states[state].like:
                yield f"{name}@{state}", row.meaning, row.quantity


def unknowns(catalog: Catalog, rows: tuple[Planned, ...]) -> tuple[Unknown, ...]:
    """Return what may be fitted: numbers of the body, the axes, the therapies and the assays of ``rows``."""
    entries = {e["id"]: e for e in catalog.posterior["parameters"]}
    given = {text.partition(":")[0] for p in rows for arm in (p.arm, p.against) if arm for text in arm.therapies}
    observed = {observed_row(p.row.assay, p.row.readout, part) for p in rows for part in ("gain", "blank")}
    wanted = [("body", name, catalog.parameters[name].meaning, catalog.parameters[name].quantity) for name in TIMED]
    wanted += [("axis", *one) for name in AXES for one in axis_numbers(catalog, catalog.axes[name])]
    wanted += [("therapy", row, row.replace("/", " "), q) for name in sorted(given) for row, q in numbers(catalog.therapies[name]).items()]
    wanted += [("assay", row, row.replace("/", " "), q) for row, q in quantities(catalog) if row in observed]
    found = [Unknown(n, "body", entries[n]["meaning"], entries[n]["unit"], entries[n]["median"], entries[n]["log_sd"]) for n in BODY]
    for kind, row, meaning, q in wanted:
        # what the body's rows have said already is the prior
        known = (entries[row]["median"], entries[row]["log_sd"]) if row in entries else (q.value, q.spread)
        if q.distribution is Distribution.LOGNORMAL and q.spread > 0:
            found.append(Unknown(row, kind, meaning, q.unit, *known))
    return tuple(found)


def prior_precision(catalog: Catalog, what: tuple[Unknown, ...]) -> np.ndarray:
    """Return the precision (k, k) of the priors: the body's posterior keeps its covariance."""
    posterior = fitted(catalog)
    whole = posterior.cholesky @ posterior.cholesky.T
    covariance = np.diag([u.log_sd**2 for u in what])
    place = {name: i for i, name in enumerate(posterior.names)}
    inside = [i for i, u in enumerate(what) if u.row in place]
    covariance[np.ix_(inside, inside)] = whole[np.ix_([place[what[i].row] for i in inside], [place[what[i].row] for i in inside])]
    return np.linalg.inv(covariance)


def body_of(catalog: Catalog, what: tuple[Unknown, ...]) -> Callable[[np.ndarray], dict[str, np.ndarray]]:
    """Return a function of points (m, k) of the logarithms to those of all numbers of the body's posterior, each (m,)."""
    posterior = fitted(catalog)
    whole = posterior.cholesky @ posterior.cholesky.T
    here = [posterior.names.index(u.row) for u in what if u.row in posterior.names]
    column = [i for i, u in enumerate(what) if u.row in posterior.names]
    gain = whole[:, here] @ np.linalg.inv(whole[np.ix_(here, here)])

    def body(x: np.ndarray) -> dict[str, np.ndarray]:
        logs = posterior.log_median + (x[:, column] - posterior.log_median[here]) @ gain.T
        return dict(zip(posterior.names, logs.T, strict=True))

    return body


def model_of(catalog: Catalog, rows: tuple[Planned, ...], what: tuple[Unknown, ...]) -> Callable[[np.ndarray], np.ndarray]:
    """Return a function of points (m, k) of the logarithms to predicted logarithms (n, m).

    What else stands in the body's posterior follows its regression on the numbers fitted here, so that levels stay what its rows say.
    """
    base, body = central(catalog, timed=True), body_of(catalog, what)
    borrowed = aliases(catalog, {u.row for u in what})

    def modelled(x: np.ndarray) -> np.ndarray:
        theta = dict(base) | {name: np.exp(logs) for name, logs in body(x).items()}
        theta |= {u.row: np.exp(x[:, i]) for i, u in enumerate(what)}
        theta |= {own: theta[name] for own, name in borrowed.items()}
        return predict(rows, catalog, theta)[0]

    return modelled


def slopes(modelled: Callable[[np.ndarray], np.ndarray], x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the predicted logarithms (n,) at ``x`` and their slopes (n, k), by forward differences."""
    points = np.vstack([x, x + STEP * np.eye(len(x))])
    found = modelled(points)
    return found[:, 0], np.nan_to_num((found[:, 1:] - found[:, :1]) / STEP)


def own(rows: tuple[Planned, ...]) -> np.ndarray:
    """Return the covariance (n, n) of log residuals at the true numbers by sampling and laboratory."""
    return np.diag([p.printed.sampling**2 + p.calibration**2 for p in rows])


def between(rows: tuple[Planned, ...], catalog: Catalog, rest: np.ndarray) -> tuple[np.ndarray, Callable[[np.ndarray], np.ndarray]]:
    """Return what rows of one cohort and class share (n, n), and a function of errors (n,) to the same where those far off count for less.

    ``rest`` is the covariance of everything else.
    """
    key, tau = [(p.study.cohort, p.kind, p.group) for p in rows], np.array([tau_of(p, catalog) for p in rows])
    shared = np.array([[float(a == b) for b in key] for a in key]) * np.outer(tau, tau)
    return shared, lambda error: shared / weights(error, tau, rest, key)[:, None]


def carried(catalog: Catalog, rows: tuple[Planned, ...]) -> np.ndarray:
    """Return the covariance (n, n) of the predicted logarithms by numbers of the tables that are not fitted, to first order."""
    base = central(catalog, timed=True)
    moved = [(name, catalog.parameters[name].quantity) for name in CARRIED]
    borrowed = aliases(catalog, set(CARRIED))
    theta = {row: np.full(len(moved) + 1, value[0]) for row, value in base.items() if row in CARRIED}
    shifts = []
    for i, (name, q) in enumerate(moved):
        log = q.spread if q.distribution is Distribution.LOGNORMAL else q.spread / q.value
        theta[name][i + 1] *= np.exp(STEP)
        shifts.append(log)
    theta |= {own: theta[name] for own, name in borrowed.items()}
    found = predict(rows, catalog, base | theta)[0]
    change = np.nan_to_num((found[:, 1:] - found[:, :1]) / STEP) * np.array(shifts)
    return np.asarray(change @ change.T)


def off(rows: tuple[Planned, ...], predicted: np.ndarray) -> np.ndarray:
    """Return the errors (n, …) of predicted logarithms; a censored row below its bound has none."""
    shape = (-1, *([1] * (predicted.ndim - 1)))
    target = np.reshape([p.target for p in rows], shape)
    bound = np.reshape([max(p.limit, p.target) for p in rows], shape)
    censored = np.reshape([p.censored for p in rows], shape)
    error = np.where(censored, np.maximum(predicted - bound, 0.0), predicted - target)
    return np.where(np.isfinite(error), error, MISSED)


def fit(tell: Callable[[str], None] = lambda _line: None, start: dict[str, float] | None = None, steps: int = STEPS) -> Fit:
    """Return the fit, begun at the priors or at the medians of ``start``, where it stays with no ``steps``."""
    catalog = before_the_axis()
    rows, _ = rows_in_time(catalog)
    base, reasons = predict(rows, catalog, central(catalog, timed=True))
    rows = tuple(p for p, value in zip(rows, base[:, 0], strict=True) if np.isfinite(value))
    what = unknowns(catalog, rows)
    modelled = model_of(catalog, rows, what)
    tell(f"{len(rows)} rows of {len({p.study.cohort for p in rows})} cohorts; {len(what)} numbers may be fitted; left out: {reasons}")
    x = np.log([(start or {}).get(u.row, u.median) for u in what])
    predicted, jacobian = slopes(modelled, x)
    moving = (np.abs(jacobian) * np.array([u.log_sd for u in what])).max(axis=0) > NOTHING
    what, x, jacobian = tuple(u for u, moves in zip(what, moving, strict=True) if moves), x[moving], jacobian[:, moving]
    tell(f"{len(what)} of them move a row")
    modelled, centre = model_of(catalog, rows, what), np.log([u.median for u in what])
    precision = prior_precision(catalog, what)
    blanks, limits = laboratories(rows, catalog, central(catalog, timed=True))
    rest = own(rows) + carried(catalog, rows) + blank_of(catalog) ** 2 * blanks + limits
    shared, tailed = between(rows, catalog, rest)

    def cost(predicted: np.ndarray, x: np.ndarray) -> float:
        error = off(rows, predicted)
        return float(error @ weight @ error + (x - centre) @ precision @ (x - centre))

    errors, fresh = rest + tailed(off(rows, predicted)), True
    weight = np.linalg.inv(errors)
    for number in range(steps):
        errors = rest + tailed(off(rows, predicted))
        weight = np.linalg.inv(errors)
        now = cost(predicted, x)
        free = (off(rows, predicted) != 0)[:, None] * jacobian
        information = free.T @ weight @ free + precision
        step = -np.linalg.solve(information, free.T @ weight @ off(rows, predicted) + precision @ (x - centre))
        length = float(np.sqrt(step @ information @ step))
        tell(f"step {number}: cost {now:.2f}, {length:.3f} from the optimum{'' if fresh else ' by updated slopes'}")
        trial = modelled(x + SHARES[:, None] * step)
        costs = [cost(trial[:, i], x + s * step) for i, s in enumerate(SHARES)]
        best = int(np.argmin(costs))
        better = costs[best] < now - ENOUGH
        if better:
            moved = SHARES[best] * step
            # Broyden's update in the metric of the information: what the step itself has shown of the slopes
            gap = np.nan_to_num(trial[:, best] - predicted - jacobian @ moved)
            jacobian = jacobian + np.outer(gap, information @ moved) / (moved @ information @ moved)
            x, predicted, fresh = x + moved, trial[:, best], False
        elif fresh:
            break
        if not better or length < CLOSE:
            predicted, jacobian = slopes(modelled, x)
            fresh = True
            if better:
                break
    lost = [p.row.id for p, log in zip(rows, predicted, strict=True) if not np.isfinite(log)]
    if lost:
        raise RuntimeError(f"no prediction at the optimum of {', '.join(lost)}: predict says why")
    free = (off(rows, predicted) != 0)[:, None] * jacobian
    covariance = np.linalg.inv(free.T @ weight @ free + precision)
    return Fit(catalog, what, rows, x, covariance, centre, precision, predicted, jacobian, errors, np.diag(rest + shared), reasons)
