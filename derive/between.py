"""How people differ beyond their covariates, by hormonal state: ``knowledge/derived/between.json``.

Run: ``python -m derive.between`` (``--check`` compares). Unknown are, per state: the log-sd of each effect of ``derive/data/between.tsv`` that
has no published value and the correlations among them, the slopes of ``between_slopes.tsv`` on age and covariates, and how much of the
variance of one sample of T and A4 belongs to the person (reliability). Known are the moments of NHANES individuals with an even number in
``population.json``: standard deviations and correlations of the logarithms of E2, E1 and E1S, their correlations with T, A4 and SHBG, and their
slopes with age. Method: the model is linear in the logarithms around the state's typical person (slopes from the kernel), so
the moments follow in closed form; least squares of standardised moments with normal priors. What the model bends away from
the straight line is found by simulating people and taken off the moments, twice (indirect inference, Gourieroux 1993). Genotypes
and enzyme expression that no file shows have their own variance (gene files), which counts as explained.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from scipy.optimize import least_squares

from derive.inputs import read
from derive.model import HORMONAL_STATES, at, predict
from derive.population import COVARIATES, LEVELS
from derive.posterior import TARGET
from derive.survey import weighted_correlation
from derive.virtual import drawn_factors, entries, virtual_levels
from estrogenome.catalog.covariates import covariates
from estrogenome.catalog.load import load_catalog

OUT = TARGET.parent / "between.json"
STEP = 1e-4
PEOPLE = 4000
ROUNDS = 2
# people count for less than their number: unequal weights and sampling by places
DESIGN_EFFECT = 1.7
# imprecision of mass spectrometry, log-sd (assumed): one sample has it on top of the body's level
NOISE = {"E2": 0.1, "E1": 0.08, "E1S": 0.1}
# reliability of one sample of T and of A4, as logit (0.75) with its sd (0.57 to 0.87 within one sd). Read: 0.59 and 0.92 for T after
# menopause (jones2014, cauley1991), most steroids at least 0.70 (hankinson1995).
READ = [
    {
        "what": "reliability of one sample of T after menopause, 5 years",
        "value": 0.59,
        "source": "jones2014",
        "locator": "abstract, adjusted for the assay",
    },
    {
        "what": "reliability of one sample of T after menopause, 4 weeks to 2 years",
        "value": 0.92,
        "source": "cauley1991",
        "locator": "abstract",
    },
    {
        "what": "reliability of one sample of most steroids after menopause",
        "value": 0.7,
        "source": "hankinson1995",
        "locator": "abstract: at least",
    },
]
SAMPLED = ("baseline_T", "baseline_A4")
RELIABILITY, RELIABILITY_SD = 1.1, 0.8
# T and A4 of one sample err together: half as correlated as the levels are (assumed)
ERROR_CORRELATION = 0.5
LOG_SD_SD = 0.6
CORRELATION_SD = 0.3
SMALLEST = 2e-3


@dataclass(frozen=True)
class Linear:
    """A state's model, linear in logarithms: what it takes and gives, and what was seen."""

    state: str
    effects: tuple[dict[str, str], ...]
    slopes: tuple[dict[str, str], ...]
    names: tuple[str, ...]
    observed: np.ndarray
    own: np.ndarray
    effect: np.ndarray
    genes: np.ndarray
    age_slopes: np.ndarray
    moments: np.ndarray
    errors: np.ndarray


def slopes_of(p: Mapping[str, np.ndarray | float], groups: list[list[str]]) -> np.ndarray:
    """Return d log(level) / d log(all names of a group together), shape (levels, groups)."""
    moved = {n: p[n] * np.exp(STEP * np.array([False, *(n in names for names in groups)])) for names in groups for n in names}
    found = predict({**p, **moved})
    logs = np.log([found.of(o) for o in LEVELS])
    return np.asarray((logs[:, 1:] - logs[:, :1]) / STEP)


def theta() -> dict[str, float]:
    """Return the medians of the fit, rows in time included."""
    return {p["id"]: p["median"] for p in load_catalog().posterior["parameters"]}


@cache
def population() -> dict[str, dict[str, Any]]:
    """Return the groups of population.json."""
    return dict(json.loads((TARGET.parent / "population.json").read_text(encoding="utf-8"))["states"])


def holds(row: dict[str, str], state: str) -> bool:
    """Return whether a row is for a state: it names it, or none."""
    return not row["states"] or state in row["states"].split()


def linear(state: str) -> Linear:
    """Return the linear model of a state."""
    group, p = population()[state], at(state, theta())
    effects = [
        r for r in read("between.tsv") if not r["log_sd"] and holds(r, state) and all(p.get(n, 0) > 0 for n in r["parameters"].split())
    ]
    ids = [e["id"] for e in effects]
    names = tuple(group["correlation"]["names"])
    sd = np.array([group["covariates"][n]["log_sd"] for n in names])
    joint = covariates(load_catalog(), state)
    model = [n for n in (*names, *joint.derived) if n in predict(p).solution.kernel.constants]
    jacobian = slopes_of(p, [[n] for n in model])
    seen, matrix = group["level_correlation"]["names"], np.array(group["level_correlation"]["matrix"])
    levels = [seen.index(n) for n in LEVELS]
    inputs = [seen.index(n) for n in COVARIATES]
    people = group["n"] / DESIGN_EFFECT
    level_sd = np.array([group["levels"][n]["log_sd"] for n in LEVELS])
    years = (group["ages"][1] - group["ages"][0]) / np.sqrt(12)
    pairs = [matrix[i, j] for k, i in enumerate(levels) for j in levels[:k]] + [matrix[i, j] for i in levels for j in inputs]
    return Linear(
        state=state,
        effects=tuple(effects),
        slopes=tuple(r for r in read("between_slopes.tsv") if holds(r, state) and r["effect"] in ids),
        names=names,
        observed=np.array(group["correlation"]["matrix"]) * np.outer(sd, sd),
        own=np.sum([np.outer(column, joint.row(n)[1]) for n, column in zip(model, jacobian.T, strict=True)], axis=0),
        effect=slopes_of(p, [e["parameters"].split() for e in effects]),
        genes=gene_covariance(state),
        age_slopes=np.array([group["covariates"][n]["log_slope_age"] for n in names]),
        moments=np.concatenate([np.log(level_sd), np.arctanh(pairs), [group["levels"][n]["log_slope_age"] for n in LEVELS]]),
        errors=np.concatenate(
            [
                np.full(len(LEVELS), 1 / np.sqrt(2 * people)),
                np.full(len(pairs), 1 / np.sqrt(people)),
                level_sd / years / np.sqrt(people),
            ]
        ),
    )


def gene_covariance(state: str) -> np.ndarray:
    """Return the covariance of log levels that genotypes and unseen expression alone give at the medians of the fit."""
    found = predict(at(state, theta()) | drawn_factors(state, PEOPLE))
    return np.cov(np.log([found.of(o) for o in LEVELS]))


@dataclass(frozen=True)
class Unknowns:
    """What is fitted: log-sd and correlation of effects, slopes, covariance of the error of one sample."""

    log_sd: np.ndarray
    correlation: np.ndarray
    slopes: np.ndarray
    reliability: np.ndarray
    error: np.ndarray


def unknowns(x: np.ndarray, model: Linear) -> Unknowns:
    """Return the unknowns behind the vector that the optimiser moves."""
    k, m = len(model.effects), len(model.slopes)
    correlation = np.eye(k)
    lower = np.tril_indices(k, -1)
    correlation[lower] = np.tanh(x[k + m + 2 :])
    correlation = correlation + np.tril(correlation, -1).T
    reliability = 1 / (1 + np.exp(-x[k + m : k + m + 2]))
    where = [model.names.index(n) for n in SAMPLED]
    sd = np.sqrt(np.diag(model.observed)[where] * (1 - reliability))
    between = ERROR_CORRELATION * model.observed[where[0], where[1]] / np.sqrt(np.prod(np.diag(model.observed)[where]))
    error = np.zeros_like(model.observed)
    error[np.ix_(where, where)] = np.outer(sd, sd) * np.array([[1, between], [between, 1]])
    return Unknowns(np.exp(x[:k]), correlation, x[k : k + m], reliability, error)


def implied(u: Unknowns, model: Linear) -> np.ndarray:
    """Return the moments that the linear model implies, in the order of ``Linear.moments``."""
    ids = [e["id"] for e in model.effects]
    joint = covariates(load_catalog(), model.state)
    gamma, age = np.zeros((len(ids), len(model.names))), np.zeros(len(ids))
    for row, slope in zip(model.slopes, u.slopes, strict=True):
        if row["on"] == "age":
            age[ids.index(row["effect"])] += slope
        else:
            gamma[ids.index(row["effect"])] += slope * joint.row(row["on"])[1]
    whole = model.own + model.effect @ gamma
    true = model.observed - u.error
    levels = whole @ true @ whole.T + model.genes + np.diag([NOISE[n] ** 2 for n in LEVELS])
    levels = levels + model.effect @ (u.correlation * np.outer(u.log_sd, u.log_sd)) @ model.effect.T
    inputs = [model.names.index(n) for n in COVARIATES]
    across = (whole @ true)[:, inputs]
    sd, own = np.sqrt(np.diag(levels)), np.sqrt(np.diag(model.observed)[inputs])
    between = levels / np.outer(sd, sd)
    pairs = [between[i, j] for i in range(len(sd)) for j in range(i)] + list((across / np.outer(sd, own)).ravel())
    return np.concatenate([np.log(sd), np.arctanh(np.clip(pairs, -0.99, 0.99)), whole @ model.age_slopes + model.effect @ age])


def fit(model: Linear, off: np.ndarray) -> tuple[Unknowns, np.ndarray]:
    """Return the unknowns and the standard deviation that data leave of each slope; ``off`` is added to the implied moments."""
    k, m = len(model.effects), len(model.slopes)
    prior = np.concatenate(
        [
            np.log([float(e["typical"]) for e in model.effects]),
            [float(r["prior"]) for r in model.slopes],
            [RELIABILITY] * 2,
            np.zeros(k * (k - 1) // 2),
        ]
    )
    spread = np.concatenate(
        [[LOG_SD_SD] * k, [float(r["prior_sd"]) for r in model.slopes], [RELIABILITY_SD] * 2, [CORRELATION_SD] * (k * (k - 1) // 2)]
    )

    def residuals(x: np.ndarray) -> np.ndarray:
        u = unknowns(x, model)
        lowest = [np.linalg.eigvalsh(u.correlation)[0], np.linalg.eigvalsh(model.observed - u.error)[0]]
        # both matrices stay covariances
        barrier = [100 * min(0.0, low - 5 * SMALLEST) for low in lowest]
        return np.concatenate([(implied(u, model) + off - model.moments) / model.errors, (x - prior) / spread, barrier])

    found = least_squares(residuals, prior, x_scale=spread)
    left = np.sqrt(np.diag(np.linalg.inv(found.jac.T @ found.jac)))
    return unknowns(found.x, model), left[k : k + m]


def written(u: Unknowns, left: np.ndarray, model: Linear) -> dict[str, object]:
    """Return a state's part of the file, effects with a published spread behind the fitted ones."""
    fixed = [r for r in read("between.tsv") if r["log_sd"] and holds(r, model.state)]
    effects = {}
    for i, e in enumerate(model.effects):
        own = [(r, s, d) for r, s, d in zip(model.slopes, u.slopes, left, strict=True) if r["effect"] == e["id"]]
        effects[e["id"]] = {
            "log_sd": round(float(u.log_sd[i]), 4),
            "slopes": {r["on"]: round(float(s), 4) for r, s, _ in own if r["on"] != "age"},
            "slope_age": next((round(float(s), 5) for r, s, _ in own if r["on"] == "age"), 0.0),
            "left": {r["on"]: round(float(d), 4) for r, _, d in own},
        }
    for r in fixed:
        effects[r["id"]] = {"log_sd": float(r["log_sd"]), "slopes": {}, "slope_age": 0.0, "left": {}}
    k = len(model.effects)
    correlation = np.eye(k + len(fixed))
    correlation[:k, :k] = u.correlation
    where = [model.names.index(n) for n in SAMPLED]
    return {
        "effects": effects,
        "correlation": [[round(float(v), 4) for v in row] for row in correlation],
        "reliability": {n: round(float(r), 3) for n, r in zip(SAMPLED, u.reliability, strict=True)},
        "sample_error": {
            "names": list(SAMPLED),
            "covariance": [[round(float(v), 5) for v in row] for row in u.error[np.ix_(where, where)]],
        },
        "sample_noise": NOISE,
    }


def simulated(group: Mapping[str, Any], model: Linear) -> np.ndarray:
    """Return the moments of simulated people of the state with these differences, without age slopes."""
    logs = virtual_levels(model.state, theta(), group, PEOPLE)
    table = np.array([logs[n] for n in (*LEVELS, *COVARIATES)]).T
    matrix, n = weighted_correlation(table, np.ones(len(table))), len(LEVELS)
    pairs = [matrix[i, j] for i in range(n) for j in range(i)] + list(matrix[:n, n:].ravel())
    return np.concatenate([np.log(table[:, :n].std(axis=0)), np.arctanh(pairs)])


def estimate(state: str) -> dict[str, object]:
    """Return a state's part of the file."""
    model = linear(state)
    off = np.zeros_like(model.moments)
    u, left = fit(model, off)
    for _ in range(ROUNDS):
        straight = implied(u, model)
        bent = simulated(written(u, left, model), model)
        off[: len(bent)] = bent - straight[: len(bent)]
        u, left = fit(model, off)
    return written(u, left, model)


def build() -> dict[str, object]:
    """Return the file as it is written."""
    return {
        "source": "nhanes2021",
        "state": "fitted",
        "entries": entries(),
        "rows": READ,
        "slopes": [{k: r[k] for k in ("effect", "on", "prior", "prior_sd", "source", "note")} for r in read("between_slopes.tsv")],
        "states": {state: estimate(state) for state in HORMONAL_STATES},
    }


def numbers(value: object) -> list[float]:
    """Return every number within, in order."""
    if isinstance(value, dict):
        return [n for v in value.values() for n in numbers(v)]
    if isinstance(value, list):
        return [n for v in value for n in numbers(v)]
    return [float(value)] if isinstance(value, (int, float)) else []


def main() -> int:
    """Write or check the file."""
    built = build()
    if "--check" in sys.argv:
        fresh, committed = (numbers(x["states"]) for x in (built, json.loads(OUT.read_text(encoding="utf-8"))))
        same = len(fresh) == len(committed) and bool(np.allclose(fresh, committed, atol=1e-2))
        sys.stdout.write(f"between: {'unchanged' if same else 'differs; run python -m derive.between'}\n")
        return 0 if same else 1
    OUT.write_text(json.dumps(built, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
