"""What the rows in time can tell and what they cannot: profile likelihoods, site share beside inhibition and blanks, and predictions.

Part of ``derive/axis.py``; nothing to run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estrogenome.catalog.body import at_state, central_values
from estrogenome.catalog.load_studies import Studies
from estrogenome.catalog.studies import Study
from estrogenome.network import compose
from estrogenome.trajectories import kernel_of
from estrogenome.validate.plan import plan
from estrogenome.validate.predict import predict
from estrogenome.validate.theta import central

if TYPE_CHECKING:
    from collections.abc import Callable

    from derive.axis_fit import Fit
    from estrogenome.catalog.load import Catalog

DRAWS = 30
SEED = 5
# a prediction whose 90 % interval is wider than this fold is not determined
FOLD = 4.0
# share of the prior's log-sd that is left, above which the rows have told nothing
TOLD = 0.9
INHIBITED = ("anastrozole", "letrozole")
# of the optimum, where it is profiled
FOLDS = (0.25, 1.0, 4.0)


def functionals(found: Fit) -> dict[str, np.ndarray]:
    """Return what is profiled: name → weights (k,) of the logarithms."""
    place = {u.row: i for i, u in enumerate(found.unknowns)}

    def weights(**named: float) -> np.ndarray:
        made = np.zeros(len(place))
        for row, weight in named.items():
            made[place[row]] = weight
        return made

    wanted = {
        "secretion of E2 by the testes": {"secretion_E2_gonad@man": 1.0},
        "rise without androgen feedback": {"gain_feedback_T@man": 1.0},
        "steepness of androgen feedback": {"slope_feedback_T@man": 1.0},
        "rise without estrogen feedback": {"gain_feedback_E2@man": 1.0},
        "steepness of estrogen feedback": {"slope_feedback_E2@man": 1.0},
        "steepness of pituitary stores": {"slope_pituitary@man": 1.0},
        "blank of direct immunoassays of E2": {"assay/serum_direct_ria/e2/blank": 1.0},
        "pace at which bile comes back": {"CL_return_gut": 1.0},
        "clearance of T after menopause": {"MCR_T@postmenopausal": 1.0},
        "share of progesterone in the vagina": {"therapy/progesterone_vaginal/releases/0/share": 1.0},
    }
    for drug in INHIBITED:
        periphery, gonad = (f"therapy/{drug}/acts/{i}/Ki" for i in (0, 1))
        wanted[f"Ki of {drug}, periphery"] = {periphery: 1.0}
        wanted[f"Ki of {drug}, testis over periphery"] = {gonad: 1.0, periphery: -1.0}
    return {name: weights(**named) for name, named in wanted.items() if set(named) <= set(place)}


def profiles(found: Fit, modelled: Callable[[np.ndarray], np.ndarray], off: Callable[[np.ndarray], np.ndarray]) -> list[dict[str, object]]:
    """Return profile likelihoods: for each functional held at folds of its optimum, the misfit of the rows and with the priors.

    The others are found by Gauss-Newton steps with the slopes of the optimum and the residuals of each point.
    """
    weight, centre = np.linalg.inv(found.errors), found.centre
    named = functionals(found)
    points, held = [], []
    for name, a in named.items():
        for fold in FOLDS:
            line = found.covariance @ a / (a @ found.covariance @ a)
            points.append(found.x + line * np.log(fold))
            held.append((name, fold, found.covariance - np.outer(line, a @ found.covariance)))
    x = np.array(points)
    for _ in range(2):
        error = off(modelled(x))
        for i, (_, _, inner) in enumerate(held):
            x[i] -= inner @ (found.jacobian.T @ weight @ error[:, i] + found.precision @ (x[i] - centre))
    error = off(modelled(x))
    rows = np.einsum("ni,nm,mi->i", error, weight, error)
    priors = np.einsum("ik,kl,il->i", x - centre, found.precision, x - centre)
    best = np.exp(np.array(list(named.values())) @ found.x)
    return [
        {
            "name": name,
            "optimum": float(f"{best[i]:.4g}"),
            "folds": list(FOLDS),
            "rows": [round(float(v), 2) for v in rows[i * len(FOLDS) : (i + 1) * len(FOLDS)]],
            "whole": [round(float(v), 2) for v in (rows + priors)[i * len(FOLDS) : (i + 1) * len(FOLDS)]],
        }
        for i, name in enumerate(named)
    ]


def drawn(found: Fit, draws: int, *, prior: bool = False) -> np.ndarray:
    """Return draws (draws, k) of the logarithms from the posterior, or from the priors."""
    rng = np.random.default_rng(SEED)
    z = rng.standard_normal((draws, len(found.x)))
    if prior:
        return found.centre + z @ np.linalg.cholesky(np.linalg.inv(found.precision)).T
    return found.x + z @ np.linalg.cholesky(found.covariance).T


def share_of_testes(catalog: Catalog, found: Fit, x: np.ndarray) -> np.ndarray:
    """Return the share of new E2 that the testes secrete at rest (draws,), the rest being made of T in the periphery."""
    kernel = kernel_of(compose(catalog))
    values = {n: v for n, v in central_values(catalog, "man", kernel.constants).items() if n in kernel.constants}
    named = {name: i for i, u in enumerate(found.unknowns) if u.kind == "body" and (name := at_state(u.row, "man")) in kernel.constants}
    bare = {name: np.exp(x[:, i]) for name, i in named.items()}
    solved = kernel.solve(values | bare)
    gonad, periphery = solved.of("secrete_E2_gonad"), solved.of("aromatise_T_periphery")
    return gonad / (gonad + periphery)


def together(catalog: Catalog, found: Fit) -> dict[str, object]:
    """Return site share, Ki and blanks with their correlation, over draws of the posterior, and the same intervals before the rows."""
    named = {n: a for n, a in functionals(found).items() if n.startswith(("Ki", "blank"))}

    def values(x: np.ndarray) -> dict[str, np.ndarray]:
        return {"share of new E2 that the testes secrete": share_of_testes(catalog, found, x)} | {
            name: np.exp(x @ a) for name, a in named.items()
        }

    after, before = values(drawn(found, 400)), values(drawn(found, 400, prior=True))
    logs = np.log(np.array(list(after.values())))
    return {
        "names": list(after),
        "median": [float(f"{np.median(v):.3g}") for v in after.values()],
        "interval90": [[float(f"{q:.3g}") for q in np.percentile(v, (5, 95))] for v in after.values()],
        "prior_interval90": [[float(f"{q:.3g}") for q in np.percentile(v, (5, 95))] for v in before.values()],
        "correlation": [[round(float(v), 2) for v in line] for line in np.corrcoef(logs)],
    }


def predictions(catalog: Catalog, found: Fit) -> list[dict[str, object]]:
    """Return intervals (90 %) of what people ask, before and after the rows, in a man of 45 years at week 12."""
    te = "testosterone_cypionate:100mg/7d"
    arms = {
        "rest": {"state": "man", "age": 45, "axis": "testes"},
        "T": {"base": "rest", "therapies": [te]},
        "T_double": {"base": "rest", "therapies": ["testosterone_cypionate:200mg/7d"]},
        "T_inhibitor": {"base": "rest", "therapies": [te, "anastrozole:0.5mg/3.5d"]},
        "inhibitor": {"base": "rest", "therapies": ["anastrozole:0.5mg/3.5d"]},
    }
    rows = [
        {
            "id": f"{arm}-{readout}",
            "area": "g",
            "readout": readout,
            "assay": "serum_lcms",
            "arm": arm,
            "against": "rest",
            "statistic": "ratio",
            "value": 1.0,
            "unit": "1",
            "at": {"days": [77, 84], "take": "mean"},
            "locator": "asked",
            "evidence": "computed",
        }
        for arm in arms
        if arm != "rest"
        for readout in ("lh", "t", "e2")
    ]
    asked = Study.model_validate({"id": "asked", "source": "estrogenome", "cohort": "asked", "title": "asked", "arms": arms, "rows": rows})
    planned = plan(Studies((asked,), {}), catalog, timed=True)
    base = central(catalog, timed=True)

    def answered(x: np.ndarray) -> np.ndarray:
        return np.exp(predict(planned, catalog, base | {u.row: np.exp(x[:, i]) for i, u in enumerate(found.unknowns)})[0])

    after, before = answered(drawn(found, DRAWS)), answered(drawn(found, DRAWS, prior=True))
    return [
        {
            "arm": p.row.arm,
            "therapies": list(p.arm.therapies),
            "readout": p.row.readout,
            "median": float(f"{np.nanmedian(a):.3g}"),
            "interval90": [float(f"{q:.3g}") for q in np.nanpercentile(a, (5, 95))],
            "prior_interval90": [float(f"{q:.3g}") for q in np.nanpercentile(b, (5, 95))],
        }
        for p, a, b in zip(planned, after, before, strict=True)
    ]
