"""Covariates and hormone levels of people by hormonal state, from NHANES individuals: ``knowledge/derived/population.json``.

Run: ``python -m derive.population`` (``--check`` compares). Inputs: ``derive/data/nhanes_2021_2023_sex_steroids.csv.gz`` (public
domain; **people with an even number alone**, the others are kept for one look) and ``derive/data/covariates.tsv`` (body measures and
albumin, which that file lacks, with how hormones go with body mass index). Medians, spreads (interquartile range / 1.349) and rank
correlations are weighted with the phlebotomy weights; robust statistics keep hidden hormone users from setting the spread.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import sys
from pathlib import Path

import numpy as np

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


def weighted_quantile(x: np.ndarray, w: np.ndarray, p: tuple[float, ...]) -> np.ndarray:
    """Return weighted quantiles by interpolating the mid-point distribution function."""
    order = np.argsort(x, kind="stable")
    cumulated = np.cumsum(w[order]) - w[order] / 2
    return np.asarray(np.interp(p, cumulated / w.sum(), x[order]))


def rank_correlation(x: np.ndarray) -> np.ndarray:
    """Return Pearson correlations of the normal variables whose rank correlations are those of ``x`` (n, k)."""
    ranks = np.argsort(np.argsort(x, axis=0, kind="stable"), axis=0, kind="stable")
    return np.asarray(2 * np.sin(np.pi / 6 * np.corrcoef(ranks.T)))


def summarise(people: list[dict[str, str]]) -> dict[str, object]:
    """Return medians, spreads, age slopes and correlations of one group."""
    columns = COVARIATES | LEVELS
    table = np.array([[number(r, c) * f for c, f in columns.values()] + [number(r, "age_years"), number(r, "weight")] for r in people])
    table = table[~np.isnan(table).any(axis=1) & (table[:, -1] > 0)]
    logs, age, weight = np.log(table[:, :-2]), table[:, -2], table[:, -1]
    centre = float(np.average(age, weights=weight))
    hormones: dict[str, dict[str, object]] = {}
    levels: dict[str, dict[str, object]] = {}
    for j, name in enumerate(columns):
        slope = float(np.polyfit(age - centre, logs[:, j], 1, w=np.sqrt(weight))[0])
        q = weighted_quantile(logs[:, j], weight, QUANTILES)
        flat = weighted_quantile(logs[:, j] - slope * (age - centre), weight, (0.25, 0.75))
        if name in COVARIATES:
            hormones[name] = {
                "log_median": round(float(q[3]), 4),
                "log_sd": round(float(flat[1] - flat[0]) / 1.349, 4),
                "log_slope_age": round(slope, 5),
            }
        else:
            levels[name] = {"quantiles": [float(f"{v:.4g}") for v in np.exp(q)], "log_sd": round(float(q[4] - q[2]) / 1.349, 4)}
    correlation = rank_correlation(logs)
    own = [list(columns).index(n) for n in COVARIATES]
    return {
        "n": len(table),
        "age_centre": round(centre, 2),
        "ages": [float(age.min()), float(age.max())],
        **with_body(hormones, correlation[np.ix_(own, own)], people[0]["sex"]),
        "levels": levels,
        "level_correlation": {"names": list(columns), "matrix": [[round(float(v), 3) for v in row] for row in correlation]},
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
        "states": {state: summarise(people) for state, people in participants().items()},
    }


def main() -> int:
    """Write or check the file."""
    text = json.dumps(build(), indent=1) + "\n"
    if "--check" in sys.argv:
        same = TARGET.read_text(encoding="utf-8") == text
        sys.stdout.write(f"population: {'unchanged' if same else 'differs; run python -m derive.population'}\n")
        return 0 if same else 1
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
