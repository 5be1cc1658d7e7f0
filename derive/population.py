"""Covariates and hormone levels of people by hormonal state, from NHANES individuals: ``knowledge/derived/population.json``.

Run: ``python -m derive.population`` (``--check`` compares). Input: ``derive/data/nhanes_2021_2023_sex_steroids.csv.gz`` (public
domain). Medians, spreads (interquartile range / 1.349) and rank correlations are weighted with the phlebotomy weights; robust
statistics keep hidden hormone users from setting the spread.
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
    """
    age, fsh = number(row, "age_years"), number(row, "fsh_miu_ml")
    if row["sex"] == "male":
        return "man" if age >= 20 else None
    if age >= 55:
        return "postmenopausal" if fsh > 25 else None
    cycling = 20 <= age < 45 and number(row, "p4_ng_dl") < 100 and 1.5 < fsh < 25 and number(row, "e2_pg_ml") > 10
    return "follicular" if cycling and row["pregnancy_code"] != "1" else None


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
    out: dict[str, dict[str, object]] = {"covariates": {}, "levels": {}}
    for j, name in enumerate(columns):
        slope = float(np.polyfit(age - centre, logs[:, j], 1, w=np.sqrt(weight))[0])
        q = weighted_quantile(logs[:, j], weight, QUANTILES)
        flat = weighted_quantile(logs[:, j] - slope * (age - centre), weight, (0.25, 0.75))
        entry = {
            "log_median": round(float(q[3]), 4),
            "log_sd": round(float(flat[1] - flat[0]) / 1.349, 4),
            "log_slope_age": round(slope, 5),
        }
        if name in LEVELS:
            entry = {"quantiles": [float(f"{v:.4g}") for v in np.exp(q)], "log_sd": round(float(q[4] - q[2]) / 1.349, 4)}
        out["covariates" if name in COVARIATES else "levels"][name] = entry
    correlation = rank_correlation(logs)
    return out | {
        "n": len(table),
        "age_centre": round(centre, 2),
        "correlation_names": list(columns),
        "correlation": [[round(float(v), 3) for v in row] for row in correlation],
    }


def build() -> dict[str, object]:
    """Return the file as it is written."""
    groups: dict[str, list[dict[str, str]]] = {"man": [], "follicular": [], "postmenopausal": []}
    with gzip.open(DATA, "rt", encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            state = belongs(row)
            if state:
                groups[state].append(row)
    return {
        "source": "nhanes2021",
        "state": "measured",
        "unit": "nmol/L",
        "inputs": {DATA.name: hashlib.sha256(DATA.read_bytes()).hexdigest()},
        "quantile_levels": list(QUANTILES),
        "states": {state: summarise(people) for state, people in groups.items()},
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
