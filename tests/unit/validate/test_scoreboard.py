"""Predicting and scoring invented studies: what an arm does to a body, and what the scores say of known errors."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import yaml

from estrogenome.catalog.exposures import observed_row
from estrogenome.catalog.load_studies import load_studies
from estrogenome.validate.board import page, table
from estrogenome.validate.drawing import HALF, bar
from estrogenome.validate.plan import plan
from estrogenome.validate.predict import predict
from estrogenome.validate.score import Scored, scored, summarise
from estrogenome.validate.scoreboard import validate
from estrogenome.validate.tails import log_below
from estrogenome.validate.theta import central, drawn, drawn_from_priors

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from estrogenome.catalog.load import Catalog

WOMEN = {"state": "postmenopausal", "n": 40, "age": 60}
LEVEL = {"area": "b", "assay": "serum_lcms", "statistic": "geomean", "unit": "pg/mL", "locator": "t", "evidence": "read"}


def level(name: str, arm: str = "all", value: float = 5.0, **fields: Any) -> dict[str, Any]:
    # by laboratories that tell whatever there is: limits have tests of their own
    told = {} if "readout" in fields else {"limit": "0.001 pg/mL"}
    return LEVEL | told | {"id": name, "arm": arm, "readout": "e2", "value": value} | fields


@pytest.fixture
def studied(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes one invented study and returns its folder."""

    def write(rows: list[dict[str, Any]], arms: dict[str, Any] | None = None, name: str = "made", cohort: str = "A") -> Path:
        study = {"id": name, "source": "estrogenome", "cohort": cohort, "title": "t", "arms": arms or {"all": WOMEN}, "rows": rows}
        (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(study), encoding="utf-8")
        return tmp_path

    return write


def predicted(folder: Path, catalog: Catalog) -> dict[str, float]:
    rows = plan(load_studies(folder), catalog)
    logs, reasons = predict(rows, catalog, central(catalog))
    assert not reasons
    return {row.row.id: float(np.exp(value[0])) for row, value in zip(rows, logs, strict=True)}


def test_arms_change_the_body(studied: Callable[..., Path], catalog: Catalog) -> None:
    arms = {
        "all": WOMEN,
        "drug": {"base": "all", "exposures": [{"id": "anastrozole", "dose": "1 mg/d"}]},
        "half": {"base": "all", "exposures": [{"id": "anastrozole", "dose": "0.5 mg/d"}]},
        "androgens": {"base": "all", "covariates": {"A4": "4 nmol/L"}},
    }
    found = predicted(studied([level(arm, arm) for arm in arms], arms), catalog)
    assert found["drug"] < found["half"] < found["all"] / 10
    assert found["androgens"] > found["all"]


def test_two_arms_compared_in_each_way(studied: Callable[..., Path], catalog: Catalog) -> None:
    arms = {"all": WOMEN, "more": {"base": "all", "covariates": {"A4": "4 nmol/L"}}}
    rows = [
        level("all"),
        level("more", "more"),
        level("ratio", "more", 1.5, against="all", statistic="ratio", unit="1"),
        level("change", "more", 50.0, against="all", statistic="percent_change", unit="%"),
        level("difference", "more", 2.0, against="all", **{"as": "difference"}),
    ]
    found = predicted(studied(rows, arms), catalog)
    assert found["ratio"] == found["change"] == pytest.approx(found["more"] / found["all"])
    assert found["difference"] == pytest.approx(found["more"] - found["all"])


def test_a_difference_of_the_wrong_sign_is_not_predicted(studied: Callable[..., Path], catalog: Catalog) -> None:
    arms = {"all": WOMEN, "more": {"base": "all", "covariates": {"A4": "4 nmol/L"}}}
    folder = studied([level("x", "more", -2.0, against="all", **{"as": "difference"})], arms)
    board = validate(catalog, folder, side="check", draws=20)
    assert [r["id"] for r in board["not_predicted"]] == ["x"]


def test_the_assay_is_observed(studied: Callable[..., Path], catalog: Catalog) -> None:
    found = predicted(studied([level("ms"), level("kit", assay="serum_direct_ria")]), catalog)
    gain, blank = (central(catalog)[observed_row("serum_direct_ria", "e2", part)].item() for part in ("gain", "blank"))
    assert found["kit"] == pytest.approx(gain * found["ms"] + blank)


def test_units_and_means(studied: Callable[..., Path], catalog: Catalog) -> None:
    spread = {"type": "SDln", "value": 0.6}
    rows = [level("g"), level("m", statistic="mean", spread=spread), level("u", value=18.0, unit="pmol/L")]
    planned = {p.row.id: p for p in plan(load_studies(studied(rows)), catalog)}
    found = predicted(studied(rows), catalog)
    assert found["m"] == pytest.approx(found["g"] * math.exp(0.18))
    assert planned["u"].target == pytest.approx(math.log(18.0 * 0.27238), abs=1e-3)


def test_genotypes_act(studied: Callable[..., Path], catalog: Catalog) -> None:
    gene = catalog.genes["CYP19A1"]
    effect = gene.effects[0]
    other = next(a for s in gene.sites if s.id == effect.site for a in s.alleles if a != effect.allele)
    arms = {
        "all": WOMEN,
        "with": {"base": "all", "genotype": {gene.id: {effect.site: [effect.allele] * 2}}},
        "without": {"base": "all", "genotype": {gene.id: {effect.site: [other] * 2}}},
    }
    found = predicted(studied([level(arm, arm) for arm in arms], arms), catalog)
    assert np.sign(math.log(found["with"] / found["without"])) == np.sign(math.log(effect.multiple.value))


def test_labels_give_clearance_and_transfer(studied: Callable[..., Path], catalog: Catalog) -> None:
    tracer = {"assay": "tracer", "area": "a", "use": "input"}
    rows = [
        level("mcr", readout="mcr_e2", unit="L/d", **tracer),
        level("pr", readout="pr_e2", unit="ug/d", **tracer),
        level("rho", readout="rho_e2_e1", unit="1", **tracer),
        level("dose", readout="dose_2oh", unit="%", **tracer),
        level("e2"),
    ]
    found = predicted(studied(rows), catalog)
    assert 300 < found["mcr"] < 3000
    assert found["pr"] == pytest.approx(found["mcr"] * found["e2"] * 1e-3)
    assert 0 < found["rho"] < 1
    assert 0 < found["dose"] < 1


def test_draws_and_priors(catalog: Catalog) -> None:
    fitted, prior = drawn(catalog, 400, 0), drawn_from_priors(catalog, 400, 0)
    assert set(fitted) == set(prior)
    entry = max(catalog.posterior["parameters"], key=lambda e: e["prior_log_sd"] / e["log_sd"])
    assert np.log(fitted[entry["id"]]).std() == pytest.approx(entry["log_sd"], rel=0.15)
    assert np.log(prior[entry["id"]]).std() == pytest.approx(entry["prior_log_sd"], rel=0.15)
    assert all(value.shape == (400,) for value in fitted.values())


def test_scores(studied: Callable[..., Path], catalog: Catalog) -> None:
    rows = plan(load_studies(studied([level("exact"), level("off"), level("low", value=0.5, below=True)])), catalog)
    exact, off, low = rows
    draws = np.full(50, exact.target)
    right, wrong = scored(exact, draws, 0.3), scored(off, draws + math.log(4), 0.3)
    assert isinstance(right, Scored)
    assert isinstance(wrong, Scored)
    assert (right.error, wrong.error) == (0, pytest.approx(math.log(4)))
    assert right.inside
    assert not wrong.inside
    assert right.log_score > wrong.log_score
    under, over = scored(low, np.full(50, low.target - 3), 0.3), scored(low, np.full(50, low.target + 3), 0.3)
    assert under is not None
    assert over is not None
    assert under.inside
    assert under.error == 0
    assert under.log_score == pytest.approx(0, abs=1e-6)
    assert over.error == pytest.approx(3)
    assert not over.inside


def test_tails() -> None:
    assert log_below(0.0) == pytest.approx(math.log(0.5))
    assert log_below(-50.0) == pytest.approx(-(50**2) / 2 - math.log(50 * math.sqrt(2 * math.pi)), rel=1e-3)


def test_a_cohort_of_many_rows_counts_once(studied: Callable[..., Path], catalog: Catalog) -> None:
    many, one = plan(load_studies(studied([level("m")])), catalog)[0], plan(load_studies(studied([level("o")])), catalog)[0]
    other = replace(one, study=one.study.model_copy(update={"cohort": "B"}))
    exact = scored(many, np.full(9, many.target), 0.3)
    double = scored(other, np.full(9, other.target + math.log(4)), 0.3)
    assert exact is not None
    assert double is not None
    assert summarise([exact] * 9 + [double], 0)["gmfe"] == pytest.approx(2)


def test_the_whole_board(studied: Callable[..., Path], catalog: Catalog, tmp_path: Path) -> None:
    folder = studied([level("a"), level("b", use="null"), level("c", evidence="recalled")], cohort="A")
    studied([level("d")], name="second", cohort="B")
    (tmp_path / "split.csv").write_text("cohort,side,reason\nA,calibration,x\nB,check,y\n", encoding="utf-8")
    board = validate(catalog, folder, draws=40)
    json.dumps(board, allow_nan=False)
    assert set(board["summary"]) == {"calibration", "check"}
    for side in board["summary"].values():
        assert {"n", "cohorts", "gmfe", "coverage90", "median_width"} <= set(side)
        assert side["n"] == 1
    assert board["summary"]["check"]["baselines"]["calibration_group_mean"]["gmfe"] == pytest.approx(1)
    assert set(board["others"]) == {"null", "recalled"}
    row = board["rows"][0]
    assert row["low90"] < row["predicted_median"] < row["high90"]
    assert row["tau_share"] + row["sampling_share"] + row["parameter_share"] + row["assay_share"] == pytest.approx(1)
    assert len(bar(row)) == 2 * HALF + 1
    assert next(line[0] for line in table(board)) == "calibration"
    assert "<script" not in page(board)
    assert validate(catalog, folder, draws=40) == board
    parts = validate(catalog, folder, draws=40, apart={"old": {"B"}, "new": {"A", "C"}})["apart"]
    assert parts["old"] | {"n": 1} == board["summary"]["check"]
    assert parts["new"]["n"] == 0
    only = validate(catalog, folder, side="calibration", draws=40)
    assert {r["cohort"] for r in only["rows"]} == {"A"}
    assert only["summary"]["check"]["n"] == 0


def test_people_are_followed_in_time(studied: Callable[..., Path], catalog: Catalog) -> None:
    """A row in time is scored beside the steady ones, or stands with its reason where that was not asked for."""
    arms = {"all": WOMEN, "given": {"base": "all", "therapies": ["estradiol_patch:50ug/d"]}}
    when = {"area": "d", "arm": "given"}
    rows = [
        level("still"),
        level("moved", value=50.0, at={"days": [13, 14], "take": "mean"}, **when),
        level("more", value=10.0, at={"days": [13, 14], "take": "mean"}, against="all", **when),
    ]
    rows[2] |= {"statistic": "ratio", "unit": "1"}
    folder = studied(rows, arms)
    board = validate(catalog, folder, side="check", draws=20)
    found = {r["id"]: r for r in board["rows"]}
    assert set(found) == {"still", "moved", "more"}
    assert found["moved"]["predicted_median"] > 5 * found["still"]["predicted_median"]
    assert found["moved"]["class"] == "level:ms/e2/skin"
    assert board["summary"]["check"]["answers"]["kinds"]["ratio"]["n"] == 1
    assert any("d and g" in line[0] for line in table(board))
    short = validate(catalog, folder, side="check", draws=20, timed=False)
    assert [r["id"] for r in short["rows"]] == ["still"]
    assert {r["id"] for r in short["not_predicted"]} == {"moved", "more"}
