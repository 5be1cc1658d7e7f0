"""Covariates and hormone levels of people by hormonal state, from NHANES individuals: ``knowledge/derived/population.json``.

Run: ``python -m derive.population`` (``--check`` compares). Inputs: ``derive/data/nhanes_2021_2023_sex_steroids.csv.gz`` (public
domain; **people with an even number alone**, the others are kept for one look) and ``derive/data/covariates.tsv`` (body measures and
albumin, which that file lacks, with how hormones go with body mass index). Medians, age slopes, spreads and correlations are those of the
group proper in ``derive.survey.mixture``: weighted with the phlebotomy weights, levels below detection limits as such, and a small share
of people apart (untold hormone users, people without working gonads) beside it. Quantiles of levels are of everybody.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from pathlib import Path

import numpy as np

from derive.kept import kept
from derive.survey import Individuals, mixture, weighted_quantile

DATA = Path(__file__).parent / "data" / "nhanes_2021_2023_sex_steroids.csv.gz"
BODY = Path(__file__).parent / "data" / "covariates.tsv"
TARGET = Path(__file__).parent.parent / "src" / "estrogenome" / "knowledge" / "derived" / "population.json"

# model name → (column, factor to nmol/L)
COVARIATES = {
    "baseline_T": ("t_ng_dl", 10 / 288.4),
    "baseline_A4": ("a4_ng_dl", 10 / 286.4),
    "SHBG": ("shbg_nmol_l", 1.0),
}
LEVELS = {"E2": ("e2_pg_ml", 1 / 272.4), "E1": ("e1_ng_dl", 10 / 270.4), "E1S": ("e1s_pg_ml", 1 / 350.4)}
# share of people apart that is expected before data: hormones that nobody was asked about (about one in twenty women after menopause), gonads
# that do not work; assumed, and worth PRIOR_PEOPLE people
APART = {"man": 0.04, "follicular": 0.02, "luteal": 0.02, "postmenopausal": 0.06}
QUANTILES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)


def number(row: dict[str, str], column: str) -> float:
    """Return a cell as a number, NaN where empty."""
    return float(row[column]) if row[column] else float("nan")


def belongs(row: dict[str, str]) -> str | None:
    """Return the hormonal state of a participant, None where it cannot be told.

    man: male, 20 years and older. postmenopausal: female, 55 and older, FSH above 25 IU/L. follicular: female, 20 to 44, not
    pregnant, progesterone below 1 ng/mL, FSH 1.5 to 25 IU/L, E2 above 10 pg/mL (below these, hormonal contraception is likely).
    luteal: the same ages, not pregnant, progesterone above 3 ng/mL, FSH below 25 IU/L.
    """
    age, fsh = number(row, "age_years"), number(row, "fsh_miu_ml")
    if row["sex"] == "male":
        return "man" if age >= 20 else None
    if age >= 55:
        return "postmenopausal" if fsh > 25 else None
    if not 20 <= age < 45 or row["pregnancy_code"] == "1" or not fsh < 25:
        return None
    progesterone = number(row, "p4_ng_dl")
    if progesterone > 300:
        return "luteal"
    return "follicular" if progesterone < 100 and fsh > 1.5 and number(row, "e2_pg_ml") > 10 else None


def body_measures(sex: str) -> dict[str, dict[str, dict[str, str]]]:
    """Return the rows of a sex: covariate → what (and with which other) → row."""
    out: dict[str, dict[str, dict[str, str]]] = {}
    with BODY.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            if row["sex"] == sex:
                out.setdefault(row["covariate"], {})[" ".join(filter(None, (row["what"], row["other"])))] = row
    return out


def with_body(hormones: dict[str, dict[str, object]], correlation: np.ndarray, sex: str) -> dict[str, object]:
    """Return the joint distribution of hormones and body measures: covariates, and one correlation matrix over all of them.

    Hormones depend on weight and height through body mass index alone: cov(log hormone, log weight) = slope x cov(log index, log weight).
    """
    rows = body_measures(sex)
    entries: dict[str, dict[str, object]] = {
        name: entry | {"state": "measured", "source": "nhanes2021", "locator": "individuals, even numbers"}
        for name, entry in hormones.items()
    }
    for name in ("albumin", "body_weight", "body_height"):
        row, slope = rows[name], rows[name].get("log_slope_age")
        entries[name] = {
            "log_median": round(float(np.log(float(row["median"]["value"]))), 4),
            "log_sd": float(row["log_sd"]["value"]),
            "log_slope_age": float(slope["value"]) if slope else 0.0,
            "state": row["median"]["state"],
            "source": row["median"]["source"],
            "locator": row["median"]["locator"],
        }
    names = list(entries)
    sd = np.array([float(str(entries[n]["log_sd"])) for n in names])
    full = np.eye(len(names))
    full[: len(hormones), : len(hormones)] = correlation
    w, h = names.index("body_weight"), names.index("body_height")
    full[w, h] = full[h, w] = float(rows["body_weight"]["correlation body_height"]["value"])
    index = {w: sd[w] - 2 * full[w, h] * sd[h], h: full[w, h] * sd[w] - 2 * sd[h]}  # cov(log index, x) / sd(x)
    for i, name in enumerate(hormones):
        for j, covariance in index.items():
            full[i, j] = full[j, i] = float(rows[name]["slope body_mass_index"]["value"]) * covariance / sd[i]
    np.linalg.cholesky(full)
    return {"covariates": entries, "correlation": {"names": names, "matrix": [[round(float(v), 3) for v in row] for row in full]}}


def individuals(people: list[dict[str, str]]) -> Individuals:
    """Return the people of whom every hormone is known, levels below a limit at the limit."""
    columns = COVARIATES | LEVELS
    values = np.array([[number(r, c) * f for c, f in columns.values()] for r in people])
    # a value below the limit is published as limit / sqrt(2)
    below = np.array([[r[c.split("_")[0] + "_below_lod"] == "1" for c, _ in columns.values()] for r in people])
    weight = np.array([number(r, "weight") for r in people])
    kept = ~np.isnan(values).any(axis=1) & (weight > 0)
    found = Individuals(
        names=tuple(columns),
        logs=np.log(values) + np.where(below, np.log(2) / 2, 0.0),
        below=below,
        age=np.array([number(r, "age_years") for r in people]),
        weight=weight,
        stratum=np.array([r["stratum"] for r in people]),
        unit=np.array([r["psu"] for r in people]),
    )
    return found.take(kept)


def summarise(state: str, people: list[dict[str, str]]) -> dict[str, object]:
    """Return medians, spreads, age slopes and correlations of one group, and the people apart from it."""
    found = individuals(people)
    group = mixture(found, APART[state])
    published = found.logs - np.where(found.below, np.log(2) / 2, 0.0)
    sd = np.sqrt(np.diag(group.covariance))
    correlation = group.covariance / np.outer(sd, sd)
    entries: dict[str, dict[str, object]] = {
        name: {"log_median": round(float(m), 4), "log_sd": round(float(s), 4), "log_slope_age": round(float(a), 5)}
        for name, m, s, a in zip(found.names, group.mean, sd, group.slope, strict=True)
    }
    quantiles = {n: np.exp(weighted_quantile(published[:, j], found.weight, QUANTILES)) for j, n in enumerate(found.names)}
    own = [found.names.index(n) for n in COVARIATES]
    return {
        "n": len(found.age),
        "age_centre": round(group.centre, 2),
        "ages": [float(found.age.min()), float(found.age.max())],
        **with_body({n: entries[n] for n in COVARIATES}, correlation[np.ix_(own, own)], people[0]["sex"]),
        "levels": {n: entries[n] | {"quantiles": [float(f"{v:.4g}") for v in quantiles[n]]} for n in LEVELS},
        "level_correlation": {"names": list(found.names), "matrix": [[round(float(v), 3) for v in row] for row in correlation]},
        "apart": {
            "share": round(group.share, 4),
            "names": list(found.names),
            "log_mean": [round(float(v), 4) for v in group.apart_mean],
            "log_slope_age": [round(float(v), 5) for v in group.apart_slope],
            "log_covariance": [[round(float(v), 4) for v in row] for row in group.apart_covariance],
            "widening": round(group.widening, 5),
        },
    }


def participants(*, even: bool = True) -> dict[str, list[dict[str, str]]]:
    """Return NHANES participants by hormonal state, those with an even number or the others."""
    groups: dict[str, list[dict[str, str]]] = {"man": [], "follicular": [], "luteal": [], "postmenopausal": []}
    with gzip.open(DATA, "rt", encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            state = belongs(row)
            if state and (int(row["seqn"]) % 2 == 0) is even:
                groups[state].append(row)
    return groups


def build() -> dict[str, object]:
    """Return the file as it is written."""
    return {
        "source": "nhanes2021",
        "state": "measured",
        "unit": "nmol/L",
        "inputs": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (DATA, BODY)},
        "quantile_levels": list(QUANTILES),
        "rows": [row for sex in ("female", "male") for covariate in body_measures(sex).values() for row in covariate.values()],
        "states": {state: summarise(state, people) for state, people in participants().items()},
    }


def main() -> int:
    """Write or check the file."""
    return kept("population", {TARGET: json.dumps(build(), indent=1) + "\n"})


if __name__ == "__main__":
    raise SystemExit(main())
