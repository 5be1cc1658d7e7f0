"""Write the fit of the axis of a man and of what is given to men: ``knowledge/derived/axis.json``.

Run: ``python -m derive.axis`` (``--check`` asks whether the inputs are those of the committed fit). Some minutes of one core.

Unknowns are logarithms: the numbers of the axis' tables, of the therapies that the rows use, of the assays' models, and those numbers of the
body's posterior that say where estrogens of men come from. Priors are those of the files; those of the body its posterior, with its
covariance. The body is left as its own rows made it: what these rows would move in it is written beside (``body``), and the covariance of the others
holds that it is not known. Rows are the calibration side's of men followed in time, predicted by the code that scores them. Their errors: sampling, the
laboratory (its standards, blank and limit), tau shared by the rows of one cohort and class, and what numbers of the tables do that are not fitted. The optimum is found by
Gauss-Newton in the logarithm, damped; the posterior is its Laplace approximation.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from derive.axis_tells import predictions, profiles, together
from derive.calibrate import laboratories
from estrogenome.catalog.axes import axis_rows
from estrogenome.catalog.body import fitted
from estrogenome.catalog.exposures import observed_row
from estrogenome.catalog.like import lend_fit
from estrogenome.catalog.load import load_catalog
from estrogenome.catalog.load_studies import FOLDER, SPLIT, load_studies
from estrogenome.catalog.therapies import numbers
from estrogenome.core.uncertainty import Distribution
from estrogenome.validate.between import blank_of, tau_of
from estrogenome.validate.follow import axis_for
from estrogenome.validate.plan import plan
from estrogenome.validate.predict import predict
from estrogenome.validate.scoreboard import shown
from estrogenome.validate.theta import central, quantities

if TYPE_CHECKING:
    from collections.abc import Callable

    from estrogenome.catalog.load import Catalog
    from estrogenome.validate.plan import Planned

KNOWLEDGE = Path(__file__).parent.parent / "src" / "estrogenome" / "knowledge"
TARGET = KNOWLEDGE / "derived" / "axis.json"
AXIS, STATE = "testes", "man"
# what of the body's posterior says where estrogens of men come from
BODY = (
    "secretion_E2_gonad@man",
    "secretion_E1_gonad@man",
    "CL_aromatisation_A4@man",
    "ratio_aromatisation_T_A4",
    "production_E1_other@man",
)
# what else of the tables moves these rows, carried as error
CARRIED = ("MCR_T@man", "fu_exponent_T", "Km_aromatisation_T", "K_SHBG_T", "K_albumin_T", "MCR_A4@man", "share_A4_T@man", "share_T_A4@man")
STEP = 1e-2
STEPS = 40
SHARES = np.array([1.0, 0.5, 0.25, 0.1])
"""Of a Gauss-Newton step, tried at once."""
ENOUGH = 0.1
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
    """The fit: optimum ``x`` (k,), covariance (k, k), prior precision (k, k), predicted logarithms (n,), Jacobian (n, k), errors R (n, n)."""

    catalog: Catalog
    unknowns: tuple[Unknown, ...]
    rows: tuple[Planned, ...]
    x: np.ndarray
    covariance: np.ndarray
    precision: np.ndarray
    predicted: np.ndarray
    jacobian: np.ndarray
    errors: np.ndarray
    left_out: dict[str, str]

    @property
    def centre(self) -> np.ndarray:
        """The log-medians of the priors."""
        return np.log([u.median for u in self.unknowns])

    @property
    def target(self) -> np.ndarray:
        """The published logarithms."""
        return np.array([p.target for p in self.rows])


def before_the_axis() -> Catalog:
    """Return the catalog with the body's posterior as it was fitted without the rows of the axis."""
    catalog = load_catalog()
    body = json.loads((TARGET.parent / "posterior.json").read_text(encoding="utf-8"))
    return replace(
        catalog, posterior=lend_fit(catalog.states, body), digest=catalog.digest + "/before the axis", tau={**catalog.tau, "in_time": {}}
    )


def rows_of_men(catalog: Catalog) -> tuple[tuple[Planned, ...], tuple[Planned, ...]]:
    """Return the calibration rows of men in time that are fitted, and those that are shown beside them."""
    studies = load_studies(catalog.root / FOLDER, "calibration")
    men = [s for s in studies.studies if any(arm.state == STATE for arm in s.arms.values())]
    planned = [p for p in plan(replace(studies, studies=tuple(men)), catalog, timed=True) if p.arm.state.id == STATE]
    planned = [p for p in planned if (axis := axis_for(p.arm, catalog)) and axis.id == AXIS]
    used = [p for p in planned if p.row.use in USES and p.row.evidence in EVIDENCE]
    return tuple(used), tuple(p for p in planned if p not in used)


def unknowns(catalog: Catalog, rows: tuple[Planned, ...]) -> tuple[Unknown, ...]:
    """Return what may be fitted: numbers of the body, the axis, the therapies and the assays of ``rows``."""
    entries = {e["id"]: e for e in catalog.posterior["parameters"]}
    found = [Unknown(n, "body", entries[n]["meaning"], entries[n]["unit"], entries[n]["median"], entries[n]["log_sd"]) for n in BODY]
    axis = catalog.axes[AXIS]
    for name, parameter in axis_rows(catalog, axis, STATE).items():
        q = parameter.quantity
        if name not in axis.people and q.distribution is Distribution.LOGNORMAL and q.spread > 0:
            found.append(Unknown(f"{name}@{STATE}", "axis", parameter.meaning, q.unit, q.value, q.spread))
    given = {text.partition(":")[0] for p in rows for arm in (p.arm, p.against) if arm for text in arm.therapies}
    own = {row: q for name in sorted(given) for row, q in numbers(catalog.therapies[name]).items()}
    seen = {observed_row(p.row.assay, p.row.readout, part) for p in rows for part in ("gain", "blank")}
    own |= {row: q for row, q in quantities(catalog) if row in seen and row not in entries}
    for row, q in own.items():
        if q.distribution is Distribution.LOGNORMAL and q.spread > 0:
            found.append(Unknown(row, row.partition("/")[0], row.replace("/", " "), q.unit, q.value, q.spread))
    kept = [e for n, e in entries.items() if n in seen]
    found += [Unknown(e["id"], "assay", e["meaning"], e["unit"], e["median"], e["log_sd"]) for e in kept]
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


def model_of(catalog: Catalog, rows: tuple[Planned, ...], what: tuple[Unknown, ...]) -> Callable[[np.ndarray], np.ndarray]:
    """Return a function of points (m, k) of the logarithms to predicted logarithms (n, m).

    What else stands in the body's posterior follows its regression on the numbers fitted here, so that levels stay what its rows say.
    """
    base = central(catalog, timed=True)
    posterior = fitted(catalog)
    whole = posterior.cholesky @ posterior.cholesky.T
    here = [posterior.names.index(u.row) for u in what if u.row in posterior.names]
    column = [i for i, u in enumerate(what) if u.row in posterior.names]
    gain = whole[:, here] @ np.linalg.inv(whole[np.ix_(here, here)])

    def modelled(x: np.ndarray) -> np.ndarray:
        logs = posterior.log_median + (x[:, column] - posterior.log_median[here]) @ gain.T
        theta = dict(base) | {name: np.exp(logs[:, i]) for i, name in enumerate(posterior.names)}
        theta |= {u.row: np.exp(x[:, i]) for i, u in enumerate(what)}
        return predict(rows, catalog, theta)[0]

    return modelled


def slopes(modelled: Callable[[np.ndarray], np.ndarray], x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the predicted logarithms (n,) at ``x`` and their slopes (n, k), by forward differences."""
    points = np.vstack([x, x + STEP * np.eye(len(x))])
    found = modelled(points)
    return found[:, 0], np.nan_to_num((found[:, 1:] - found[:, :1]) / STEP)


def between(rows: tuple[Planned, ...], catalog: Catalog) -> np.ndarray:
    """Return the covariance (n, n) of log residuals at the true numbers: sampling, laboratory, and what rows of one cohort and class share."""
    key, tau = [(p.study.cohort, p.kind, p.group) for p in rows], np.array([tau_of(p, catalog) for p in rows])
    shared = np.array([[float(a == b) for b in key] for a in key])
    return shared * np.outer(tau, tau) + np.diag([p.printed.sampling**2 + p.calibration**2 for p in rows])


def carried(catalog: Catalog, rows: tuple[Planned, ...]) -> np.ndarray:
    """Return the covariance (n, n) of the predicted logarithms by numbers of the tables that are not fitted, to first order."""
    base = central(catalog, timed=True)
    moved = [(name, catalog.parameters[name].quantity) for name in CARRIED]
    theta = {row: np.full(len(moved) + 1, value[0]) for row, value in base.items() if row in CARRIED}
    shifts = []
    for i, (name, q) in enumerate(moved):
        log = q.spread if q.distribution is Distribution.LOGNORMAL else q.spread / q.value
        theta[name][i + 1] *= np.exp(STEP)
        shifts.append(log)
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


def fit(tell: Callable[[str], None] = lambda _line: None, start: dict[str, float] | None = None) -> Fit:
    """Return the fit, begun at the priors or at the medians of ``start``."""
    catalog = before_the_axis()
    rows, _ = rows_of_men(catalog)
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
    errors = between(rows, catalog) + carried(catalog, rows) + blank_of(catalog) ** 2 * blanks + limits
    weight = np.linalg.inv(errors)

    def cost(predicted: np.ndarray, x: np.ndarray) -> float:
        error = off(rows, predicted)
        return float(error @ weight @ error + (x - centre) @ precision @ (x - centre))

    now, fresh = cost(predicted, x), True
    for number in range(STEPS):
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
            x, now, predicted, fresh = x + moved, costs[best], trial[:, best], False
        elif fresh:
            break
        if not better or length < CLOSE:
            predicted, jacobian = slopes(modelled, x)
            fresh = True
            if better:
                break
    free = (off(rows, predicted) != 0)[:, None] * jacobian
    covariance = np.linalg.inv(free.T @ weight @ free + precision)
    return Fit(catalog, what, rows, x, covariance, precision, predicted, jacobian, errors, reasons)


def inputs() -> dict[str, str]:
    """Return the SHA-256 of every input; study files of the calibration side as one."""
    found = {}
    studies = load_studies(KNOWLEDGE / FOLDER, "calibration").studies
    together = hashlib.sha256()
    for path in [KNOWLEDGE / FOLDER / SPLIT, *(KNOWLEDGE / FOLDER / f"{study.id}.yaml" for study in studies)]:
        together.update(path.read_bytes())
    found["studies"] = together.hexdigest()
    for kind in ("axes", "therapies", "assays", "models", "parameters"):
        digest = hashlib.sha256()
        for path in sorted((KNOWLEDGE / kind).iterdir()):
            digest.update(path.read_bytes())
        found[kind] = digest.hexdigest()
    found["posterior.json"] = hashlib.sha256((TARGET.parent / "posterior.json").read_bytes()).hexdigest()
    return found


def written(found: Fit) -> dict[str, object]:
    """Return the fit as it is written."""
    spread = np.sqrt(np.diag(found.covariance))
    error = np.sqrt(np.diag(found.errors))
    own = [i for i, u in enumerate(found.unknowns) if u.kind != "body"]
    said = [
        {
            "id": u.row,
            "kind": u.kind,
            "meaning": u.meaning,
            "unit": u.unit,
            "median": float(f"{np.exp(v):.7g}"),
            "log_sd": round(float(s), 4),
            "prior_median": u.median,
            "prior_log_sd": round(float(u.log_sd), 4),
            "source": "posterior",
            "state": "fitted",
        }
        for u, v, s in zip(found.unknowns, found.x, spread, strict=True)
    ]
    return {
        "method": "Gauss-Newton in the logarithm with log-normal priors, those of the body its posterior; Laplace covariance (derive/axis.py)",
        "inputs": inputs(),
        "not_predicted": found.left_out,
        "parameters": [said[i] for i in own],
        "cholesky": [[round(float(v), 6) for v in line] for line in np.linalg.cholesky(found.covariance[np.ix_(own, own)])],
        "body": [one for one in said if one["kind"] == "body"],
        "rows": [
            {
                "id": p.row.id,
                "study": p.study.id,
                "cohort": p.study.cohort,
                "source": p.study.source,
                "quantity": p.row.readout,
                "arm": p.row.arm,
                "against": p.row.against or "",
                "assay": p.row.assay,
                "value": p.row.value,
                "unit": p.row.unit,
                "log_sd": round(float(e), 4),
                "fitted": float(f"{shown(p, float(m)):.4g}"),
                "z": round(float(o / e), 2),
                "locator": p.row.locator,
            }
            for p, m, o, e in zip(found.rows, found.predicted, off(found.rows, found.predicted), error, strict=True)
        ],
    }


def beside(found: Fit) -> list[dict[str, object]]:
    """Return what the fit says of the rows that it did not use."""
    _, others = rows_of_men(found.catalog)
    logs = model_of(found.catalog, others, found.unknowns)(found.x[None])[:, 0] if others else ()
    return [
        {"id": p.row.id, "study": p.study.id, "use": p.row.use, "value": p.row.value, "fitted": float(f"{shown(p, float(m)):.4g}")}
        for p, m in zip(others, logs, strict=True)
    ]


def main() -> int:
    """Write or check the file."""
    if "--check" in sys.argv:
        committed = json.loads(TARGET.read_text(encoding="utf-8"))
        wrong = sorted(name for name, digest in inputs().items() if committed["inputs"].get(name) != digest)
        sys.stdout.write(f"axis: {f'{wrong[0]} changed; run python -m derive.axis' if wrong else 'unchanged'}\n")
        return 1 if wrong else 0
    begun = {}
    if TARGET.is_file() and "--anew" not in sys.argv:
        old = json.loads(TARGET.read_text(encoding="utf-8"))
        begun = {p["id"]: p["median"] for p in (*old["parameters"], *old.get("body", ()))}
    found = fit(lambda line: print(line, file=sys.stderr, flush=True), begun)
    content = written(found)
    # kept at once: what follows takes as long again
    TARGET.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    modelled = model_of(found.catalog, found.rows, found.unknowns)
    content["profiles"] = profiles(found, modelled, lambda predicted: off(found.rows, predicted))
    content["together"] = together(found.catalog, found)
    content["predictions"] = predictions(found.catalog, found)
    content["beside"] = beside(found)
    TARGET.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
