"""Between-person variance that nothing explains, by hormonal state: ``knowledge/derived/between.json``.

Run: ``python -m derive.between`` (``--check`` compares). The covariance of log levels between people (NHANES) is what the
covariates' covariance gives through the model's log-log slopes, plus one variance per entry of ``derive/data/between.tsv``
that has no published value; these variances are the non-negative least-squares solution, weakly pulled towards a typical value.
"""

from __future__ import annotations

import json
import sys

import numpy as np
from scipy.optimize import nnls

from derive.model import HORMONAL_STATES, at, predict
from derive.posterior import DATA, TARGET, rows

OUT = TARGET.parent / "between.json"
LEVELS = ("E2", "E1", "E1S")
STEP = 1e-4
# a weak pull of each variance towards a typical between-person log-sd, so that none takes all or nothing by accident
TYPICAL = 0.35
RIDGE = 0.1


def slopes(p: dict[str, float], groups: list[list[str]], outputs: tuple[str, ...]) -> np.ndarray:
    """Return d log(output) / d log(all names of a group together), shape (outputs, groups)."""
    moved = {n: p[n] * np.exp(STEP * np.array([False, *(n in names for names in groups)])) for names in groups for n in names}
    found = predict(p | moved)
    logs = np.log([found.of(o) for o in outputs])
    return (logs[:, 1:] - logs[:, :1]) / STEP


def estimate(state: str, theta: dict[str, float], group: dict[str, object]) -> dict[str, object]:
    """Return log-sd per entry and what of the observed variance it leaves."""
    p = at(state, theta)
    outputs = LEVELS
    entries = [
        r
        for r in rows(DATA / "between.tsv")
        if not r["log_sd"] and (not r["states"] or state in r["states"].split()) and any(p.get(n, 0) > 0 for n in r["parameters"].split())
    ]
    names, correlation = group["level_correlation"]["names"], np.array(group["level_correlation"]["matrix"])
    sd = np.array([group["covariates"].get(n, group["levels"].get(n))["log_sd"] for n in names])
    covariance = correlation * np.outer(sd, sd)
    inputs = [n for n in names if n in group["covariates"]]
    c = [names.index(n) for n in inputs]
    jacobian = slopes(p, [[n] for n in inputs], outputs)
    explained = jacobian @ covariance[np.ix_(c, c)] @ jacobian.T
    k = [names.index(n) for n in LEVELS]
    observed = covariance[np.ix_(k, k)]
    design, target = [], []
    vectors = list(slopes(p, [e["parameters"].split() for e in entries], outputs).T)
    for i in range(len(outputs)):
        for j in range(i + 1):
            design.append([v[i] * v[j] for v in vectors])
            target.append(observed[i, j] - explained[i, j])
    scale = np.mean(np.diag(observed))
    ridge = RIDGE * np.eye(len(entries))
    variances, _ = nnls(
        np.vstack([np.array(design) / scale, ridge]), np.concatenate([np.array(target) / scale, ridge @ np.full(len(entries), TYPICAL**2)])
    )
    total = explained + sum(w * np.outer(v, v) for w, v in zip(variances, vectors, strict=True))
    return {
        "log_sd": {e["id"]: round(float(np.sqrt(w)), 4) for e, w in zip(entries, variances, strict=True)},
        "check": {
            o: {"observed_log_sd": round(float(np.sqrt(observed[i, i])), 3), "model_log_sd": round(float(np.sqrt(total[i, i])), 3)}
            for i, o in enumerate(outputs)
        },
    }


def build() -> dict[str, object]:
    """Return the file as it is written."""
    posterior = json.loads(TARGET.read_text(encoding="utf-8"))
    population = json.loads((TARGET.parent / "population.json").read_text(encoding="utf-8"))
    theta = {p["id"]: p["median"] for p in posterior["parameters"]}
    states = {s: estimate(s, theta, population["states"][s]) for s in HORMONAL_STATES}
    table = rows(DATA / "between.tsv")
    for r in table:
        for s in HORMONAL_STATES:
            if r["log_sd"]:
                states[s]["log_sd"][r["id"]] = float(r["log_sd"])
    return {
        "source": "nhanes2021",
        "state": "fitted",
        "entries": {
            r["id"]: {
                "parameters": r["parameters"].split(),
                "meaning": r["meaning"],
                "source": r["source"] or "nhanes2021",
                "state": "fitted" if not r["log_sd"] else "assumed" if r["source"] == "estrogenome" else "transferred",
                "locator": r["locator"] or "covariance of E2, E1 and E1S between people",
            }
            for r in table
        },
        "states": states,
    }


def main() -> int:
    """Write or check the file."""
    text = json.dumps(build(), indent=1) + "\n"
    if "--check" in sys.argv:
        fresh, committed = json.loads(text)["states"], json.loads(OUT.read_text(encoding="utf-8"))["states"]
        same = all(abs(fresh[s]["log_sd"][k] - v) < 1e-2 for s in committed for k, v in committed[s]["log_sd"].items())
        sys.stdout.write(f"between: {'unchanged' if same else 'differs; run python -m derive.between'}\n")
        return 0 if same else 1
    OUT.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
