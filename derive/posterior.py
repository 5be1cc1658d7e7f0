"""Fit the body to named rows and write ``knowledge/derived/posterior.json`` (Laplace posterior in the logarithm).

Run: ``python -m derive.posterior`` (``--check`` recomputes and compares). Priors: ``derive/data/priors.tsv``; rows:
``derive/data/calibration.tsv``. Method: least squares of log residuals plus Gaussian priors on log parameters; the covariance
is the inverse of JᵀJ at the optimum (Laplace approximation).
"""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
from scipy.optimize import least_squares

from derive.body import solve, tracer

HERE = Path(__file__).parent
DATA = HERE / "data"
TARGET = HERE.parent / "src" / "estrogenome" / "knowledge" / "derived" / "posterior.json"
PARAMETERS = HERE.parent / "src" / "estrogenome" / "knowledge" / "parameters"
HORMONAL_STATES = ("man", "follicular", "postmenopausal")


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a tab-separated table."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


def constants() -> dict[str, dict[str, float]]:
    """Return, per hormonal state, what is not fitted: binding, flows, and NHANES medians of the covariates."""
    fixed = {r["id"]: float(r["value"]) for r in rows(PARAMETERS / "body.tsv")}
    population = json.loads((TARGET.parent / "population.json").read_text(encoding="utf-8"))["states"]
    out = {}
    for state in HORMONAL_STATES:
        p = {k.split("@")[0]: v for k, v in fixed.items() if "@" not in k or k.endswith("@" + state)}
        p |= {name: float(np.exp(c["log_median"])) for name, c in population[state]["covariates"].items()}
        out[state] = p
    return out


def key(prior: dict[str, str]) -> str:
    """Return the posterior's name of a prior row: ``id`` or ``id@state``."""
    return prior["id"] + ("@" + prior["by_state"] if prior["by_state"] else "")


def person(theta: dict[str, float], fixed: dict[str, float], state: str) -> dict[str, float]:
    """Return the parameter set of one hormonal state."""
    p = dict(fixed)
    for name, value in theta.items():
        base, _, where = name.partition("@")
        if not where or where == state:
            p[base] = value
    return p


def predict(theta: dict[str, float], fixed: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """Return every predicted quantity per hormonal state."""
    out = {}
    for state in HORMONAL_STATES:
        p = person(theta, fixed[state], state)
        out[state] = solve(p) | tracer(p)
        out[state]["ratio_2OHE1_16OHE1"] = p["share_OHE1_2catechol"] * out[state]["OH2_total"] / out[state]["OH16_total"]
    return out


def fit() -> dict[str, object]:
    """Return the posterior as it is written."""
    priors, data, fixed = rows(DATA / "priors.tsv"), rows(DATA / "calibration.tsv"), constants()
    names = [key(p) for p in priors]
    centre = np.log([float(p["median"]) for p in priors])
    sd = np.array([float(p["log_sd"]) for p in priors])
    observed = np.log([float(r["value"]) for r in data])
    error = np.array([float(r["log_sd"]) for r in data])

    def modelled(x: np.ndarray) -> np.ndarray:
        out = predict(dict(zip(names, np.exp(x), strict=True)), fixed)
        return np.log([out[r["state"]][r["quantity"]] for r in data])

    def residuals(x: np.ndarray) -> np.ndarray:
        return np.concatenate([(modelled(x) - observed) / error, (x - centre) / sd])

    result = least_squares(residuals, centre, x_scale=sd, xtol=1e-14, ftol=1e-14, gtol=1e-12, max_nfev=400)
    covariance = np.linalg.inv(result.jac.T @ result.jac)
    final = np.exp(modelled(result.x))
    spread = np.sqrt(np.diag(covariance))
    return {
        "method": "least squares in the logarithm with Gaussian priors; Laplace covariance",
        "inputs": {n: hashlib.sha256((DATA / n).read_bytes()).hexdigest() for n in ("priors.tsv", "calibration.tsv")},
        "parameters": [
            {
                "id": n,
                "meaning": p["meaning"],
                "unit": p["unit"],
                "median": round(float(np.exp(v)), 6),
                "log_sd": round(float(s), 4),
                "prior_median": float(p["median"]),
                "prior_log_sd": float(p["log_sd"]),
                "source": "posterior",
                "state": "fitted",
            }
            for n, p, v, s in zip(names, priors, result.x, spread, strict=True)
        ],
        "cholesky": [[round(float(v), 6) for v in row] for row in np.linalg.cholesky(covariance)],
        "rows": [
            r
            | {
                "value": float(r["value"]),
                "log_sd": float(r["log_sd"]),
                "fitted": float(f"{m:.4g}"),
                "z": round(float((np.log(m) - np.log(float(r["value"]))) / float(r["log_sd"])), 2),
            }
            for r, m in zip(data, final, strict=True)
        ],
    }


def main() -> int:
    """Write or check the posterior."""
    text = json.dumps(fit(), indent=1, ensure_ascii=False) + "\n"
    if "--check" in sys.argv:
        committed, fresh = json.loads(TARGET.read_text(encoding="utf-8")), json.loads(text)
        same = committed["inputs"] == fresh["inputs"] and all(
            abs(np.log(a["median"] / b["median"])) < 1e-3 for a, b in zip(committed["parameters"], fresh["parameters"], strict=True)
        )
        sys.stdout.write(f"posterior: {'unchanged' if same else 'differs; run python -m derive.posterior'}\n")
        return 0 if same else 1
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
