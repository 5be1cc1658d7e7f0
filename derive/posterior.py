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

from derive.model import HORMONAL_STATES, at, fixed, predict

HERE = Path(__file__).parent
DATA = HERE / "data"
TARGET = HERE.parent / "src" / "estrogenome" / "knowledge" / "derived" / "posterior.json"
# step of the central differences, in the logarithm
STEP = 1e-5


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a tab-separated table."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


def key(prior: dict[str, str]) -> str:
    """Return the posterior's name of a prior row: ``id`` or ``id@state``."""
    return prior["id"] + ("@" + prior["by_state"] if prior["by_state"] else "")


def fit(liver: str = "mixed") -> dict[str, object]:
    """Return the posterior as it is written; ``liver`` is the form of the model that is fitted."""
    priors, data = rows(DATA / "priors.tsv"), rows(DATA / "calibration.tsv")
    names = [key(p) for p in priors]
    centre = np.log([float(p["median"]) for p in priors])
    sd = np.array([float(p["log_sd"]) for p in priors])
    observed = np.log([float(r["value"]) for r in data])
    error = np.array([float(r["log_sd"]) for r in data])
    # clearances of a row that states its people's body surface; the others are for the median of the state
    surface = [float(r["body_surface"]) / fixed(r["state"])["body_surface"] if r["body_surface"] else 1.0 for r in data]

    def modelled(x: np.ndarray) -> np.ndarray:
        """Return the logarithms of all rows, shape (n, rows), at n points (n, parameters)."""
        theta = dict(zip(names, np.exp(x.T), strict=True))
        found = {state: predict(at(state, theta), liver) for state in HORMONAL_STATES}
        return np.log(
            np.column_stack(
                [np.broadcast_to(found[r["state"]].of(r["quantity"]) * scale, len(x)) for r, scale in zip(data, surface, strict=True)]
            )
        )

    def residuals(x: np.ndarray) -> np.ndarray:
        return np.concatenate([(modelled(x[None])[0] - observed) / error, (x - centre) / sd])

    def jacobian(x: np.ndarray) -> np.ndarray:
        steps = STEP * np.eye(len(x))
        ahead, behind = np.split(modelled(np.concatenate([x + steps, x - steps])), 2)
        return np.concatenate([((ahead - behind) / (2 * STEP) / error).T, np.diag(1 / sd)])

    result = least_squares(residuals, centre, jac=jacobian, x_scale=sd, xtol=1e-14, ftol=1e-14, gtol=1e-12, max_nfev=400)
    covariance = np.linalg.inv(result.jac.T @ result.jac)
    final = np.exp(modelled(result.x[None])[0])
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
