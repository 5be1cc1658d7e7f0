"""What laboratories print near and below what they can tell: formulas against drawn people, and what rows make of a limit and a blank."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import yaml

from estrogenome.catalog.exposures import observed_row
from estrogenome.catalog.load_studies import load_studies
from estrogenome.catalog.readouts import Observation
from estrogenome.core.errors import KnowledgeError
from estrogenome.validate.between import blank_of, one_laboratory
from estrogenome.validate.floor import Floor, Laboratory
from estrogenome.validate.plan import Planned, plan
from estrogenome.validate.predict import foretell, predict
from estrogenome.validate.scoreboard import validate
from estrogenome.validate.theta import central

if TYPE_CHECKING:
    from pathlib import Path

    from estrogenome.catalog.load import Catalog

SHARE = math.sqrt(0.5)
LEVEL = {"area": "b", "readout": "e2", "assay": "serum_lcms", "unit": "pg/mL", "locator": "t", "evidence": "read", "statistic": "mean"}
ARMS = {
    "before": {"state": "postmenopausal", "n": 40, "age": 60},
    "drug": {"base": "before", "exposures": [{"id": "anastrozole", "dose": "1 mg/d"}]},
}


def floor(statistic: str, people: float = 0.5, log_sd: float = 0.6) -> Floor:
    return Floor(limit=2.0, log_sd=log_sd, share=SHARE, share_log_sd=0.2, people=people, statistic=statistic)


@pytest.mark.parametrize("typical", [0.05, 0.8, 1.5, 2.0, 3.0, 30.0])
@pytest.mark.parametrize("statistic", ["mean", "geomean"])
def test_the_formulas_are_those_of_drawn_people(statistic: str, typical: float) -> None:
    people = typical * np.exp(0.5 * np.random.default_rng(1).standard_normal(400_000))
    printed = np.where(people < 2.0, 2.0 * SHARE, people)
    expected = np.log(printed.mean()) if statistic == "mean" else np.log(printed).mean()
    assert float(floor(statistic).log_statistic(np.array(typical))) == pytest.approx(expected, abs=3e-3)


@pytest.mark.parametrize("statistic", ["mean", "geomean", "median", "p10", "p90"])
def test_far_above_a_limit_it_does_nothing_and_far_below_a_share_of_it_is_printed(statistic: str) -> None:
    above, below = floor(statistic).log_statistic(np.array([500.0, 1e-4]))
    without = floor(statistic)
    assert above == pytest.approx(replace(without, limit=1e-9).log_statistic(np.array(500.0)))
    assert below == pytest.approx(math.log(2.0 * SHARE))
    several = floor(statistic).log_statistic(np.geomspace(1e-3, 1e3, 200))
    assert np.all(np.diff(several) >= -1e-12)


def test_people_who_do_not_differ_are_one_person() -> None:
    found = floor("mean", people=0.0).log_statistic(np.array([0.5, 9.0]))
    np.testing.assert_allclose(np.exp(found), [2.0 * SHARE, 9.0], rtol=1e-3)


def test_a_laboratory_with_a_higher_limit_prints_more() -> None:
    usual, other, whole = (
        float(floor("mean").log_statistic(np.array(0.01), at)) for at in (Laboratory(), Laboratory(limit=1), Laboratory(share=1))
    )
    assert other - usual == pytest.approx(0.6)
    assert whole - usual == pytest.approx(0.2)


def planned(folder: Path, catalog: Catalog, *rows: dict[str, Any]) -> tuple[Planned, ...]:
    arms = {name: arm for name, arm in ARMS.items() if name == "before" or any(name in (r.get("arm"), r.get("against")) for r in rows)}
    study = {"id": "made", "source": "estrogenome", "cohort": "A", "title": "t", "arms": arms, "rows": [LEVEL | r for r in rows]}
    (folder / "made.yaml").write_text(yaml.safe_dump(study), encoding="utf-8")
    return plan(load_studies(folder), catalog)


def values(rows: tuple[Planned, ...], catalog: Catalog) -> dict[str, float]:
    logs, reasons = predict(rows, catalog, central(catalog))
    assert not reasons
    return {p.row.id: float(np.exp(log[0])) for p, log in zip(rows, logs, strict=True)}


def test_a_mean_under_an_inhibitor_does_not_fall_far_below_the_limit(tmp_path: Path, catalog: Catalog) -> None:
    ratio = {"arm": "drug", "against": "before", "statistic": "ratio", "unit": "1", "value": 0.2}
    rows = planned(
        tmp_path,
        catalog,
        {"id": "usual", "arm": "drug", "value": 1.0},
        {"id": "printed", "arm": "drug", "value": 4.0, "limit": "3 pg/mL"},
        {"id": "in moles", "arm": "drug", "value": 11.0, "limit": "11.014 pmol/L"},
        {"id": "below", "arm": "drug", "value": 1.0, "below": True},
        {"id": "estimated", "arm": "drug", "statistic": "geomean", "value": 0.3, "limit": "none"},
        {"id": "at it", "arm": "drug", "value": 3.0, "limit": "3 pg/mL"},
        ratio | {"id": "ratio"},
        ratio | {"id": "ratio of another", "limit": "3 pg/mL"},
        {"id": "typical", "arm": "drug", "statistic": "geomean", "value": 1.0},
        {"id": "before", "arm": "before", "statistic": "geomean", "value": 5.0},
    )
    found = values(rows, catalog)
    usual = catalog.assays["serum_lcms"].observes["e2"].limit
    assert usual is not None
    # nothing is left under the drug: what is printed is a share of the limit
    assert found["usual"] == pytest.approx(usual.value * SHARE, rel=0.05)
    assert found["printed"] == pytest.approx(3 * SHARE, rel=0.01)
    assert found["in moles"] == pytest.approx(found["printed"], rel=1e-3)
    # a number that is printed as below is compared with what there is
    assert found["below"] == found["at it"] < found["usual"] / 2
    # nor has the limit a say where the study estimated what lies below it
    assert found["estimated"] < found["below"]
    assert [p.row.id for p in rows if p.censored] == ["below", "at it"]
    assert found["ratio"] < found["ratio of another"] < 1
    assert found["ratio"] == pytest.approx(found["typical"] / found["before"])


def test_what_has_no_limit_is_left_as_it_is(tmp_path: Path, catalog: Catalog) -> None:
    bare = {
        k: v.model_copy(update={"observes": {r: Observation(gain=o.gain, blank=o.blank) for r, o in v.observes.items()}})
        for k, v in catalog.assays.items()
    }
    without = replace(catalog, assays=bare, digest="without limits")
    rows = ({"id": "before", "arm": "before", "value": 5.0}, {"id": "drug", "arm": "drug", "value": 1.0})
    with_one, none = values(planned(tmp_path, catalog, *rows), catalog), values(planned(tmp_path, without, *rows), without)
    assert with_one["before"] == pytest.approx(none["before"], rel=0.02)
    assert none["drug"] < with_one["drug"] / 2


def test_rows_of_one_laboratory_share_its_blank(tmp_path: Path, catalog: Catalog) -> None:
    kit = {"assay": "serum_direct_ria", "statistic": "geomean"}
    rows = planned(
        tmp_path,
        catalog,
        kit | {"id": "kit", "arm": "before", "value": 9.0, "limit": "0.001 pg/mL"},
        kit | {"id": "drug", "arm": "drug", "value": 5.0, "limit": "0.001 pg/mL"},
        kit | {"id": "ratio", "arm": "drug", "against": "before", "value": 0.5, "unit": "1", "statistic": "ratio", "limit": "0.001 pg/mL"},
        kit | {"id": "difference", "arm": "before", "against": "drug", "value": 5.0, "as": "difference"},
        {"id": "ms", "arm": "before", "value": 5.0},
        kit | {"id": "e1", "readout": "e1", "arm": "before", "value": 30.0},
    )
    assert one_laboratory(rows).astype(int).tolist() == [[1, 1, 1, 1, 0, 0]] * 4 + [[0, 0, 0, 0, 1, 0], [0, 0, 0, 0, 0, 1]]
    told = foretell(rows, catalog, central(catalog))
    step = dict(zip((p.row.id for p in rows), told.steps["blank"][:, 0].tolist(), strict=True))
    theta, sd = central(catalog), blank_of(catalog)
    assert sd > 0
    blank = theta[observed_row("serum_direct_ria", "e2", "blank")].item()
    read = {p.row.id: math.exp(log) for p, log in zip(rows, told.logs[:, 0], strict=True)}
    for name in ("kit", "drug"):
        high, low = (read[name] + blank * (math.exp(by * sd) - 1) for by in (1, -1))
        assert step[name] == pytest.approx(math.log(high / low) / 2)
    assert 0 < step["kit"] < step["drug"] < sd
    assert step["ratio"] == pytest.approx(step["drug"] - step["kit"])
    # what is added to both arms is not in their difference
    assert step["difference"] == pytest.approx(0)
    assert step["ms"] == 0


def test_the_interval_of_a_row_holds_its_laboratory(tmp_path: Path, catalog: Catalog) -> None:
    planned(tmp_path, catalog, {"id": "drug", "arm": "drug", "value": 1.0}, {"id": "before", "arm": "before", "value": 5.0})
    rows = {r["id"]: r for r in validate(catalog, tmp_path, side="check", draws=40)["rows"]}
    drug, before = rows["drug"], rows["before"]
    assert 0.3 < drug["floor_share"] < drug["assay_share"]
    assert before["floor_share"] < 0.01
    assert sum(drug[f"{part}_share"] for part in ("tau", "sampling", "parameter", "assay")) == pytest.approx(1)


@pytest.mark.parametrize("limit", ["2", "2 L/d", "few pg/mL", "0 pg/mL"])
def test_a_limit_that_says_nothing_is_refused(tmp_path: Path, catalog: Catalog, limit: str) -> None:
    with pytest.raises(KnowledgeError, match=r"row x: limit .*(write it such as 2 pg/mL|must be above 0)"):
        planned(tmp_path, catalog, {"id": "x", "arm": "before", "value": 5.0, "limit": limit})
