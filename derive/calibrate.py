"""The fit of the body to calibration rows of the studies, and the variance between studies, together.

Unknowns are logarithms: the rows of ``derive/data/priors.tsv``, and the multiples of exposures and observation models of assays that a row
depends on (their files hold the priors). A row that contradicts others of its own report stands in ``not_fitted.tsv``. What else is uncertain (tables, shares of enzymes) is not fitted: what it does to
the rows is part of their errors. Rows are predicted by the very code that scores them (``estrogenome.validate``).

Errors of the rows have the covariance R: sampling and calibration of the laboratory on the diagonal, tau² shared by all rows of one cohort
and class (so a cohort of many rows of a class counts as one), and what the unfitted does. The survey that gives the model's people their
covariates is their population: it has a small tau of its own for each row. Rows of one cohort, assay and readout share the laboratory: its blank lies a log-normal
step from the typical one that is fitted, its limit of quantification another (``validate/floor.py``). The posterior is the Laplace approximation. tau is
found by the evidence: with f linear about the optimum and the parameters integrated out, log N(y − f + J (θ − µ); 0, J Σ Jᵀ + R(tau))
plus the log prior of tau is largest (MacKay 1992; Harville 1974 for the case without prior); the log-sd of blanks is found with it. So tau knows the degrees of
freedom that the fit takes. Fit and tau alternate until neither moves.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
from scipy.optimize import minimize

from derive.model import HORMONAL_STATES
from estrogenome.catalog.exposures import fitted_row, observed_row
from estrogenome.catalog.like import lend_fit
from estrogenome.catalog.load import load_catalog
from estrogenome.catalog.load_studies import FOLDER, load_studies
from estrogenome.catalog.studies import Study
from estrogenome.core.uncertainty import Distribution
from estrogenome.validate.between import blank_of, is_reference
from estrogenome.validate.floor import one_laboratory
from estrogenome.validate.plan import KINDS, Planned, plan
from estrogenome.validate.predict import foretell, predict
from estrogenome.validate.theta import central, quantities

if TYPE_CHECKING:
    from collections.abc import Callable

    from estrogenome.catalog.load import Catalog
    from estrogenome.validate.theta import Theta

Liver = Literal["mixed", "tubes"]
HERE = Path(__file__).parent
DATA = HERE / "data"
# step of the differences, in the logarithm
STEP = 1e-4
ROUNDS = 12
STEPS = 15
# how far from the optimum, in posterior standard deviations of all unknowns together: while tau moves, and at the end
CLOSE, CLOSEST = 0.6, 0.3
SETTLED = 1e-2
# the name of the log-sd of blanks among those of classes
BLANK = "blank"
# a row that no draw predicts (a difference of the wrong sign) counts as this far off, in the logarithm
MISSED = 1.0
COHORT = "NHANES-2021-23"
SURVEY = "even"
FITTED_USES = {"score", "input", "binding"}
FITTED_EVIDENCE = {"read", "computed", "secondary"}


@dataclass(frozen=True)
class Unknown:
    """One fitted quantity: ``row`` is its name in the posterior; the prior is log-normal."""

    row: str
    meaning: str
    unit: str
    median: float
    log_sd: float


@dataclass(frozen=True)
class Calibrated:
    """The fit: unknowns, rows, optimum ``x`` (k,), its covariance (k, k), predicted logarithms (n,), Jacobian (n, k), R (n, n), and tau."""

    unknowns: tuple[Unknown, ...]
    rows: tuple[Planned, ...]
    x: np.ndarray
    covariance: np.ndarray
    predicted: np.ndarray
    jacobian: np.ndarray
    errors: np.ndarray
    tau: dict[str, float]
    classes: dict[str, float]
    not_predicted: dict[str, str]
    rounds: int
    blank: float
    """Log-sd of the blank of an assay between laboratories."""


def table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a tab-separated table."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


def key(prior: dict[str, str]) -> str:
    """Return the posterior's name of a prior row: ``id`` or ``id@state``."""
    return prior["id"] + ("@" + prior["by_state"] if prior["by_state"] else "")


def before_the_fit(catalog: Catalog) -> Catalog:
    """Return the catalog with the priors in place of the posterior, so that a fit never needs what it writes."""
    priors = table(DATA / "priors.tsv")
    entries = [
        {
            "id": key(p),
            "meaning": p["meaning"],
            "unit": p["unit"],
            "median": float(p["median"]),
            "log_sd": float(p["log_sd"]),
            "prior_median": float(p["median"]),
            "prior_log_sd": float(p["log_sd"]),
            "source": "posterior",
            "state": "assumed",
        }
        for p in priors
    ]
    posterior = {"parameters": entries, "cholesky": np.diag([e["log_sd"] for e in entries]).tolist(), "rows": []}
    return replace(catalog, posterior=lend_fit(catalog.states, posterior), digest=catalog.digest + "/priors", tau={})


def survey(catalog: Catalog) -> Study:
    """Return the people of the survey that set the covariates (even numbers alone), one arm a state, as a study: medians of their levels.

    The survey's study file holds both halves and is not fitted: the other half is kept to look at.
    """
    groups = {state: group for state, group in catalog.population["states"].items() if state in HORMONAL_STATES}
    middle = catalog.population["quantile_levels"].index(0.5)
    rows = [
        {
            "id": f"even-{state}-{name}",
            "area": "b",
            "readout": name.lower(),
            "assay": "serum_lcms_sulfate" if name == "E1S" else "serum_lcms",
            "arm": state,
            "statistic": "median",
            "value": level["quantiles"][middle],
            "unit": catalog.population["unit"],
            "spread": {"type": "SDln", "value": level["log_sd"]},
            "n": group["n"],
            "locator": "knowledge/derived/population.json",
            "evidence": "computed",
        }
        for state, group in groups.items()
        for name, level in group["levels"].items()
    ]
    arms = {state: {"state": state, "age": group["age_centre"]} for state, group in groups.items()}
    source = catalog.population["source"]
    return Study.model_validate({"id": SURVEY, "source": source, "cohort": COHORT, "title": "even numbers", "arms": arms, "rows": rows})


def fitted_rows(catalog: Catalog) -> tuple[tuple[Planned, ...], dict[str, str]]:
    """Return the rows of the fit, and why others are not in it, by their id."""
    studies = load_studies(catalog.root / FOLDER, "calibration")
    own = survey(catalog)
    apart = {r["id"]: r["reason"] for r in table(DATA / "not_fitted.tsv")}
    apart |= {r.id: "the survey's even half stands for it" for s in studies.studies if s.cohort == COHORT for r in s.rows}
    planned = plan(replace(studies, studies=(own, *studies.studies)), catalog)
    rows = (p for p in planned if p.row.use in FITTED_USES and p.row.evidence in FITTED_EVIDENCE)
    return tuple(p for p in rows if p.row.id not in apart), apart


def unknowns(catalog: Catalog, rows: tuple[Planned, ...]) -> tuple[Unknown, ...]:
    """Return what is fitted: every prior row, and exposures and observation models that a row depends on."""
    used = {
        fitted_row(e.id, i)
        for p in rows
        for a in (p.arm, p.against)
        if a
        for e in a.exposures
        for i in range(len(catalog.exposures[e.id].acts))
    }
    used |= {observed_row(p.row.assay, p.row.readout, part) for p in rows for part in ("gain", "blank")}
    found = [Unknown(key(p), p["meaning"], p["unit"], float(p["median"]), float(p["log_sd"])) for p in table(DATA / "priors.tsv")]
    for row, q in quantities(catalog):
        if row in used and q.distribution is Distribution.LOGNORMAL and q.spread > 0:
            found.append(Unknown(row, row.replace("/", " "), q.unit, q.value, q.spread))
    return tuple(found)


def aliases(catalog: Catalog, names: set[str]) -> dict[str, str]:
    """Return, for each row that a state borrows, the fitted row it follows."""
    found = {}
    for state in catalog.states.values():
        for name in names:
            base, _, where = name.partition("@")
            own = f"{base}@{state.id}"
            if state.like and where == state.like and own not in names:
                found[own] = name
    return found


def model_of(
    catalog: Catalog, rows: tuple[Planned, ...], names: tuple[str, ...], liver: Liver = "mixed"
) -> Callable[[np.ndarray], tuple[np.ndarray, dict[str, str]]]:
    """Return a function of points (m, k) of the logarithms to predicted logarithms (n, m) and what could not be predicted."""
    values = values_of(catalog, names)

    def modelled(x: np.ndarray) -> tuple[np.ndarray, dict[str, str]]:
        return predict(rows, catalog, values(x), liver=liver)

    return modelled


def values_of(catalog: Catalog, names: tuple[str, ...]) -> Callable[[np.ndarray], Theta]:
    """Return a function of points (m, k) of the logarithms to everything that a prediction rests on, each (m,) or (1,)."""
    base = central(catalog)
    borrowed = aliases(catalog, set(names))
    place = {name: i for i, name in enumerate(names)}

    def values(x: np.ndarray) -> Theta:
        own = {name: np.exp(x[:, i]) for name, i in place.items()}
        return base | own | {borrower: own[name] for borrower, name in borrowed.items()}

    return values


def laboratories(rows: tuple[Planned, ...], catalog: Catalog, theta: Theta, liver: Liver = "mixed") -> tuple[np.ndarray, np.ndarray]:
    """Return two covariances (n, n) of what a laboratory makes of rows at one point: by its blank, per log-variance of it, and by its limit."""
    same = one_laboratory(rows)
    own = {part: same * np.outer(step[:, 0], step[:, 0]) for part, step in foretell(rows, catalog, theta, liver=liver).steps.items()}
    return own["blank"] / blank_of(catalog) ** 2, own["limit"] + own["share"]


def nuisance(catalog: Catalog, rows: tuple[Planned, ...], fitted: set[str]) -> np.ndarray:
    """Return the covariance (n, n) of log predictions by everything uncertain that is not fitted, to first order."""
    base = central(catalog)
    moved = [(row, q) for row, q in quantities(catalog) if row not in fitted and q.spread > 0]
    steps = {row: 1e-2 * (q.spread if q.distribution is not Distribution.LOGNORMAL else q.spread * q.value) for row, q in moved}
    m = len(moved)
    theta = {row: np.full(2 * m, value[0]) for row, value in base.items()}
    for i, (row, _) in enumerate(moved):
        theta[row][i] += steps[row]
        theta[row][m + i] -= steps[row]
    ahead, behind = np.split(predict(rows, catalog, theta)[0], 2, axis=1)
    slopes = np.nan_to_num((ahead - behind) / 2 * 1e2)
    return slopes @ slopes.T


def calibrate(
    tell: Callable[[str], None] = lambda _line: None,
    start: dict[str, float] | None = None,
    taus_from: dict[str, float] | None = None,
    liver: Liver = "mixed",
    rounds: int = ROUNDS,
) -> Calibrated:
    """Return the fit; ``start`` (medians) and ``taus_from`` (tau by class, that of blanks as ``BLANK``) say where it begins. With no ``rounds`` tau stays there."""
    catalog = before_the_fit(load_catalog())
    rows, apart = fitted_rows(catalog)
    what = unknowns(catalog, rows)
    names = tuple(u.row for u in what)
    centre, sd = np.log([u.median for u in what]), np.array([u.log_sd for u in what])
    _, missing = model_of(catalog, rows, names, liver)(centre[None])
    rows = tuple(p for p in rows if p.row.id not in missing)
    modelled = model_of(catalog, rows, names, liver)
    target = np.array([p.target for p in rows])
    tell(
        f"{len(rows)} rows, {len({p.study.cohort for p in rows})} cohorts, {len(names)} unknowns; not predicted: {', '.join(missing) or 'none'}"
    )
    anchored = tuple(is_reference(p, catalog) for p in rows)
    near = catalog.parameters["tau_anchor"].quantity.value
    own = [p.printed.sampling**2 + (near**2 if fixed else p.calibration**2) for p, fixed in zip(rows, anchored, strict=True)]
    known = nuisance(catalog, rows, set(names)) + np.diag(own)
    values = values_of(catalog, names)
    groups = Groups(rows, anchored)
    taus = groups.start(catalog, taus_from)
    x = np.array([np.log((start or {}).get(u.row, u.median)) for u in what])
    number = 0
    for number in range(1, rounds + 1):
        blanks, limits = laboratories(rows, groups.seen(catalog, taus), values(x[None]), liver)
        fixed = known + limits
        errors = fixed + groups.covariance(taus, blanks)
        x, jacobian, predicted = optimum(modelled, x, centre, sd, target, errors, rows, tell)
        spread = (jacobian * sd) @ (jacobian * sd).T + fixed
        new = groups.evidence(target - predicted + jacobian @ (x - centre), spread, taus, catalog, blanks)
        change = float(np.abs(new - taus).max())
        tell(f"round {number}: tau moved by {change:.4f}, rms error {np.sqrt(np.mean((target - predicted) ** 2)):.3f}")
        taus = new
        if change < SETTLED:
            break
    blanks, limits = laboratories(rows, groups.seen(catalog, taus), values(x[None]), liver)
    errors = known + limits + groups.covariance(taus, blanks)
    x, jacobian, predicted = optimum(modelled, x, centre, sd, target, errors, rows, tell, CLOSEST)
    covariance = np.linalg.inv(jacobian.T @ np.linalg.solve(errors, jacobian) + np.diag(1 / sd**2))
    kinds, classes = groups.named(taus)
    return Calibrated(what, rows, x, covariance, predicted, jacobian, errors, kinds, classes, apart | missing, number, groups.blank(taus))


def misfit(rows: tuple[Planned, ...]) -> tuple[Callable[[np.ndarray], np.ndarray], Callable[[np.ndarray], np.ndarray]]:
    """Return two functions of predicted logarithms (…, n): how far they are off, and which censored rows are free of error."""
    target = np.array([p.target for p in rows])
    censored = np.array([p.censored for p in rows])
    bound = np.array([max(p.limit, p.target) for p in rows])

    def off(predicted: np.ndarray) -> np.ndarray:
        error = np.where(censored, np.maximum(predicted - bound, 0.0), predicted - target)
        return np.where(np.isfinite(error), error, MISSED)

    def free(predicted: np.ndarray) -> np.ndarray:
        return censored & (predicted < bound)

    return off, free


def optimum(
    modelled: Any,
    x: np.ndarray,
    centre: np.ndarray,
    sd: np.ndarray,
    target: np.ndarray,
    errors: np.ndarray,
    rows: tuple[Planned, ...],
    tell: Callable[[str], None],
    close: float = CLOSE,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the optimum (k,), the Jacobian (n, k) and the predicted logarithms (n,) there, by damped Gauss-Newton steps from ``x``.

    A censored row that is predicted below its bound has no error and no slope.
    """
    root = np.linalg.cholesky(errors)
    off, free = misfit(rows)

    def slopes(point: np.ndarray, predicted: np.ndarray) -> np.ndarray:
        ahead = modelled(point + STEP * np.eye(len(point)))[0]
        rise = np.nan_to_num((ahead - predicted[:, None]) / STEP)
        return np.where(free(predicted)[:, None], 0.0, rise)

    def cost(point: np.ndarray, predicted: np.ndarray) -> float:
        white = np.linalg.solve(root, off(predicted))
        return float(white @ white + (((point - centre) / sd) ** 2).sum())

    predicted = modelled(x[None])[0][:, 0]
    now = cost(x, predicted)
    for _ in range(STEPS):
        jacobian = slopes(x, predicted)
        white = np.linalg.solve(root, jacobian)
        information = white.T @ white + np.diag(1 / sd**2)
        step = -np.linalg.solve(information, white.T @ np.linalg.solve(root, off(predicted)) + (x - centre) / sd**2)
        # the step in posterior standard deviations; cut in half until it lowers the cost
        length = float(np.sqrt(step @ information @ step))
        tell(f"  cost {now:.3f}, step {length:.4f} sd")
        if length < close:
            break
        for _half in range(12):
            there = modelled((x + step)[None])[0][:, 0]
            new = cost(x + step, there)
            if new < now:
                x, predicted, now = x + step, there, new
                break
            step = step / 2
        else:
            break
    return x, slopes(x, predicted), np.where(np.isfinite(predicted), target + off(predicted), target + MISSED)


class Groups:
    """Which rows share a deviation, and the evidence of its size."""

    def __init__(self, rows: tuple[Planned, ...], anchored: tuple[bool, ...] = ()) -> None:
        anchor = np.array(anchored or [False] * len(rows))
        self.names = sorted({f"{p.kind}:{p.group}" for p in rows})
        of = np.array([self.names.index(f"{p.kind}:{p.group}") for p in rows])
        cohort = np.array([p.study.cohort for p in rows])
        shared = (of[:, None] == of) & (cohort[:, None] == cohort)
        self.masks = [shared & (of == i)[:, None] & ~anchor[:, None] for i in range(len(self.names))]
        self.kind = np.array([KINDS.index(name.partition(":")[0]) for name in self.names])

    def start(self, catalog: Catalog, classes: dict[str, float] | None = None) -> np.ndarray:
        """Return log tau of each kind, its prior centre, of each class, and of blanks: as given, else that of the kind, else the prior's."""
        kinds = [np.log(catalog.parameters[f"tau_{k}"].quantity.value) for k in KINDS]
        given = {name: np.log(value) for name, value in (classes or {}).items()}
        each = (given.get(name, kinds[k]) for name, k in zip(self.names, self.kind, strict=True))
        return np.array([*kinds, *each, given.get(BLANK, np.log(catalog.parameters["tau_blank"].quantity.value))])

    def covariance(self, logs: np.ndarray, blanks: np.ndarray) -> np.ndarray:
        """Return the covariance (n, n) of what cohorts share; ``blanks`` (n, n) is that by blanks, per log-variance of these."""
        tau = np.exp(logs[len(KINDS) : -1])
        return np.asarray(np.sum([t**2 * mask for t, mask in zip(tau, self.masks, strict=True)], axis=0) + np.exp(2 * logs[-1]) * blanks)

    def evidence(self, residual: np.ndarray, known: np.ndarray, start: np.ndarray, catalog: Catalog, blanks: np.ndarray) -> np.ndarray:
        """Return the log tau (kinds, classes, blanks) of the largest evidence; ``known`` is the rest of the covariance."""
        prior = self.start(catalog)
        centre = prior[: len(KINDS)]
        wide, narrow = (catalog.parameters[f"tau_log_sd{n}"].quantity.value for n in ("", "_class"))

        def cost(logs: np.ndarray) -> tuple[float, np.ndarray]:
            total = known + self.covariance(logs, blanks)
            root = np.linalg.cholesky(total)
            inverse = np.linalg.solve(root.T, np.linalg.solve(root, np.eye(len(total))))
            alpha = inverse @ residual
            value = float(np.log(np.diag(root)).sum() + residual @ alpha / 2)
            slope = np.outer(alpha, alpha) - inverse
            gradient = np.zeros(len(logs))
            for i, mask in enumerate(self.masks):
                gradient[len(KINDS) + i] = -np.exp(2 * logs[len(KINDS) + i]) * float(slope[mask].sum())
            gradient[-1] = -np.exp(2 * logs[-1]) * float((slope * blanks).sum()) + (logs[-1] - prior[-1]) / wide**2
            kinds, classes = logs[: len(KINDS)], logs[len(KINDS) : -1]
            value += float(((logs[-1] - prior[-1]) / wide) ** 2) / 2
            value += float((((kinds - centre) / wide) ** 2).sum() + (((classes - kinds[self.kind]) / narrow) ** 2).sum()) / 2
            gradient[: len(KINDS)] += (kinds - centre) / wide**2
            pull = (classes - kinds[self.kind]) / narrow**2
            gradient[len(KINDS) : -1] += pull
            np.subtract.at(gradient, self.kind, pull)
            return value, gradient

        return np.asarray(minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": 200}).x)

    def named(self, logs: np.ndarray) -> tuple[dict[str, float], dict[str, float]]:
        """Return tau by kind and by class."""
        tau = np.exp(logs)
        return dict(zip(KINDS, tau.tolist(), strict=False)), dict(zip(self.names, tau[len(KINDS) : -1].tolist(), strict=True))

    def seen(self, catalog: Catalog, logs: np.ndarray) -> Catalog:
        """Return the catalog with this log-sd of blanks: over steps of that size their effect is taken."""
        return replace(catalog, tau={BLANK: self.blank(logs)})

    @staticmethod
    def blank(logs: np.ndarray) -> float:
        """Return the log-sd of blanks between laboratories."""
        return float(np.exp(logs[-1]))


@cache
def calibrated(start: tuple[tuple[str, float], ...] = (), taus: tuple[tuple[str, float], ...] = ()) -> Calibrated:
    """Return the fit from a start (medians, tau by class), made once."""
    return calibrate(lambda line: print(line, file=sys.stderr), dict(start), dict(taus))


class Linear(Protocol):
    """A fit whose predictions are taken as linear at its optimum: what ``left_out`` needs of it."""

    @property
    def rows(self) -> tuple[Planned, ...]: ...
    @property
    def predicted(self) -> np.ndarray: ...
    @property
    def jacobian(self) -> np.ndarray: ...
    @property
    def covariance(self) -> np.ndarray: ...
    @property
    def errors(self) -> np.ndarray: ...


def left_out(fit: Linear) -> dict[str, np.ndarray]:
    """Return what the fit says of each cohort without its own rows, to first order: error and predictive sd (n,), with tau.

    The cohort's rows are taken out of the linear fit (block downdate of the information): e = (I − H)⁻¹ r with H = J C Jᵀ R⁻¹ of the block,
    predictive covariance (I − H)⁻¹ R.
    """
    residual = np.array([p.target for p in fit.rows]) - fit.predicted
    error, sd = np.empty_like(residual), np.empty_like(residual)
    cohorts = np.array([p.study.cohort for p in fit.rows])
    for cohort in set(cohorts.tolist()):
        at = np.flatnonzero(cohorts == cohort)
        block = np.ix_(at, at)
        r = fit.errors[block]
        hat = fit.jacobian[at] @ fit.covariance @ fit.jacobian[at].T @ np.linalg.inv(r)
        free = np.linalg.inv(np.eye(len(at)) - hat)
        error[at] = free @ residual[at]
        sd[at] = np.sqrt(np.maximum(np.diag(free @ r), np.diag(r)))
    return {"error": error, "sd": sd}
