"""Rows that a limit moves are not handed to programs that know none."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from derive.express import expressed
from estrogenome.catalog.exposures import InputAct, fitted_row, observed_row, saturation_row
from estrogenome.catalog.load_studies import load_studies
from estrogenome.core.units import convert
from estrogenome.validate.plan import plan
from estrogenome.validate.predict import predict
from estrogenome.validate.theta import central

if TYPE_CHECKING:
    from pathlib import Path

    from estrogenome.catalog.load import Catalog

ROW = {"area": "b", "readout": "e2", "assay": "serum_ria", "arm": "all", "unit": "pg/mL", "locator": "t", "evidence": "read"}


def said(folder: Path, catalog: Catalog, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    arms = {"all": {"state": "postmenopausal", "n": 40, "age": 60}}
    study = {"id": "made", "source": "estrogenome", "cohort": "A", "title": "t", "arms": arms, "rows": [ROW | r for r in rows]}
    (folder / "made.yaml").write_text(yaml.safe_dump(study), encoding="utf-8")
    planned = plan(load_studies(folder), catalog)
    logs, _ = predict(planned, catalog, central(catalog))
    return [expressed(p, float(log[0]), catalog, (), ()) for p, log in zip(planned, logs, strict=True)]


def test_a_row_among_people_below_a_limit_is_left_out_and_others_are_what_the_assay_reads(tmp_path: Path, catalog: Catalog) -> None:
    mean = {"statistic": "mean", "value": 15.0}
    rows = (mean | {"id": f"{x:g}", "spread": {"type": "SDln", "value": 0.5}, "limit": f"{x} pg/mL"} for x in (0.001, 1.6, 12.0))
    far, near, below = said(tmp_path, catalog, *rows)
    assert below == {"inexpressible": "people below the limit of the assay"}
    gain, blank = (central(catalog)[observed_row("serum_ria", "e2", part)].item() for part in ("gain", "blank"))
    assert (far["gain"][1], far["blank"][1]) == pytest.approx(
        tuple(getattr(catalog.assays["serum_ria"].observes["e2"], part).value for part in ("gain", "blank"))
    )
    assert blank < far["modelled"] < 20 * gain
    # what few people below a limit do is taken out again
    assert near["modelled"] == pytest.approx(far["modelled"], rel=2e-4)
    assert near["measured"] == far["measured"] == pytest.approx(15 / math.exp(0.125), rel=1e-5)


@pytest.mark.parametrize("statistic", ["mean", "geomean", "median"])
@pytest.mark.parametrize("spread", [0.05, 0.5])
def test_where_all_lie_below_the_limit_the_row_is_left_out(statistic: str, spread: float, tmp_path: Path, catalog: Catalog) -> None:
    kind = "SDln" if statistic != "mean" else "CV"
    row = {"id": "1", "statistic": statistic, "value": 400.0, "limit": "300 pg/mL", "spread": {"type": kind, "value": spread}}
    assert said(tmp_path, catalog, row) == [{"inexpressible": "people below the limit of the assay"}]


def test_a_share_that_saturates_is_told_where_its_saturation_is_not_fitted(tmp_path: Path, catalog: Catalog) -> None:
    name, position, act = next(
        (e.id, i, act) for e in catalog.exposures.values() for i, act in enumerate(e.acts) if isinstance(act, InputAct) and act.saturation
    )
    dose = catalog.exposures[name].dose
    assert dose is not None
    assert act.saturation is not None
    arms = {"all": {"state": "postmenopausal", "n": 40, "age": 60, "exposures": [{"id": name, "dose": f"100 {dose.unit}"}]}}
    rows = [ROW | {"id": "1", "statistic": "mean", "value": 10.0, "spread": {"type": "SDln", "value": 0.5}}]
    study = {"id": "made", "source": "estrogenome", "cohort": "A", "title": "t", "arms": arms, "rows": rows}
    (tmp_path / "made.yaml").write_text(yaml.safe_dump(study), encoding="utf-8")
    planned = plan(load_studies(tmp_path), catalog)
    logs, _ = predict(planned, catalog, central(catalog))
    share, half = fitted_row(name, position), saturation_row(name, position)
    plain, both = (expressed(planned[0], float(logs[0, 0]), catalog, known, ()) for known in ({share}, {share, half}))
    amount = convert(100, dose.unit, "nmol/d", dose.molar_mass) / (1 + 100 / act.saturation.value)
    assert plain["condition"] == {act.id: [share, pytest.approx(amount)]}
    assert both == {"inexpressible": "a share that saturates"}
