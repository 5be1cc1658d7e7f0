"""Levels of LH and FSH of men by age are those of the survey's people with even numbers, by weighted median regression."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[3]
PEOPLE = ROOT / "derive" / "data" / "nhanes_2021_2023_sex_steroids.csv.gz"
TABLE = ROOT / "src" / "estrogenome" / "knowledge" / "axes" / "testes.tsv"
AGE = 50.0


def men(column: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return age less 50, survey weight and log level of men from 20 years with even numbers."""
    with gzip.open(PEOPLE, "rt", encoding="utf-8", newline="") as stream:
        rows = [r for r in csv.DictReader(stream) if r["sex"] == "male" and int(r["seqn"]) % 2 == 0 and r[column]]
    chosen = [(float(r["age_years"]) - AGE, float(r["weight"]), float(r[column])) for r in rows if float(r["age_years"]) >= 20]
    age, weight, level = np.array([c for c in chosen if c[1] > 0]).T
    return age, weight, np.log(level)


def median_regression(age: np.ndarray, weight: np.ndarray, log: np.ndarray) -> np.ndarray:
    """Return level and slope (2,) of the least absolute deviation, by reweighted least squares (Schlossmacher 1973)."""
    design, found = np.column_stack([np.ones_like(age), age]), np.zeros(2)
    for _ in range(200):
        w = weight / np.maximum(np.abs(log - design @ found), 1e-4)
        found = np.linalg.solve(design.T @ (w[:, None] * design), design.T @ (w * log))
    return found


@pytest.mark.parametrize(("hormone", "column"), [("LH", "lh_miu_ml"), ("FSH", "fsh_miu_ml")])
def test_level_slope_and_spread_are_those_of_the_survey(hormone: str, column: str) -> None:
    with TABLE.open(encoding="utf-8", newline="") as stream:
        rows = {r["id"]: r for r in csv.DictReader(stream, delimiter="\t")}
    age, weight, log = men(column)
    level, slope = median_regression(age, weight, log)
    assert float(rows[f"{hormone}_reference"]["value"]) == pytest.approx(np.exp(level), rel=5e-3)
    assert float(rows[f"{hormone}_slope_age"]["value"]) == pytest.approx(slope, rel=0.02)
    residual = log - level - slope * age
    order = np.argsort(residual)
    quarters = np.interp((0.25, 0.75), np.cumsum(weight[order]) / weight.sum(), residual[order])
    assert float(rows[f"{hormone}_reference"]["spread"]) == pytest.approx(np.diff(quarters)[0] / 1.349, rel=0.02)
