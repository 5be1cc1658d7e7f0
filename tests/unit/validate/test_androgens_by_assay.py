"""What immunoassays make of androgens, by what their files say: much more of little, hardly anything else of much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import yaml

from estrogenome.catalog.exposures import observed_row
from estrogenome.catalog.load_studies import load_studies
from estrogenome.validate.plan import plan
from estrogenome.validate.predict import foretell, predict
from estrogenome.validate.theta import central

if TYPE_CHECKING:
    from pathlib import Path

    from estrogenome.catalog.load import Catalog
    from estrogenome.validate.plan import Planned

MS, EXTRACTED, KITS = "serum_lcms", "serum_ria", ("serum_direct_ria", "serum_immunoassay")
ARMS: dict[str, dict[str, Any]] = {
    "man": {"state": "man", "n": 40, "age": 40},
    "castrate": {"base": "man", "exposures": [{"id": "testes_removed"}]},
    "woman": {"state": "postmenopausal", "n": 40, "age": 60},
    "given": {"base": "woman", "covariates": {"T": "20 ng/dL"}},
}
# by laboratories that tell whatever there is: limits have tests of their own
ROW = {"area": "b", "statistic": "geomean", "unit": "ng/dL", "locator": "t", "evidence": "read", "value": 20.0, "limit": "0.001 ng/dL"}


def planned(folder: Path, catalog: Catalog, readout: str, *arms: str, **fields: Any) -> tuple[Planned, ...]:
    rows = [ROW | fields | {"id": f"{arm} {a}", "readout": readout, "arm": arm, "assay": a} for arm in arms for a in (MS, EXTRACTED, *KITS)]
    said = {one for arm in arms for one in (arm, ARMS[arm].get("base", arm), fields.get("against", arm))}
    study = {"id": "made", "source": "estrogenome", "cohort": "A", "title": "t", "arms": {a: ARMS[a] for a in said}, "rows": rows}
    (folder / "made.yaml").write_text(yaml.safe_dump(study), encoding="utf-8")
    return tuple(plan(load_studies(folder), catalog))


def files(catalog: Catalog) -> dict[str, np.ndarray]:
    """Return the middle of everything, with assays as their files say: a fit may move them."""
    said = {
        observed_row(assay.id, readout, part): np.array([quantity.value])
        for assay in catalog.assays.values()
        for readout, observation in assay.observes.items()
        for part in ("gain", "blank")
        if (quantity := getattr(observation, part)) is not None
    }
    return central(catalog) | said


def read(rows: tuple[Planned, ...], catalog: Catalog) -> dict[str, float]:
    logs, reasons = predict(rows, catalog, files(catalog))
    assert not reasons
    return {p.row.id: float(np.exp(log[0])) for p, log in zip(rows, logs, strict=True)}


@pytest.mark.parametrize("arm", ["castrate", "woman"])
def test_little_testosterone_is_read_as_more_most_by_kits(arm: str, tmp_path: Path, catalog: Catalog) -> None:
    found = read(planned(tmp_path, catalog, "t", arm), catalog)
    assert found[f"{arm} {MS}"] < 25
    for kit in KITS:
        assert 1.1 * found[f"{arm} {MS}"] < found[f"{arm} {EXTRACTED}"] < found[f"{arm} {kit}"] < 2 * found[f"{arm} {MS}"]


def test_a_mans_testosterone_hardly_moves(tmp_path: Path, catalog: Catalog) -> None:
    found = read(planned(tmp_path, catalog, "t", "man"), catalog)
    for assay in (EXTRACTED, *KITS):
        assert found[f"man {assay}"] == pytest.approx(found[f"man {MS}"], rel=0.1)


def test_a_fall_looks_smaller_by_a_kit_and_both_arms_share_its_laboratory(tmp_path: Path, catalog: Catalog) -> None:
    compared = planned(tmp_path, catalog, "t", "castrate", against="man", statistic="ratio", unit="1", value=0.05)
    found = read(compared, catalog)
    for kit in KITS:
        assert 1.4 * found[f"castrate {MS}"] < found[f"castrate {kit}"] < 0.1
    told = foretell(compared, catalog, files(catalog))
    step = dict(zip((p.row.id for p in compared), told.steps["blank"][:, 0].tolist(), strict=True))
    assert step[f"castrate {MS}"] == 0 < step[f"castrate {EXTRACTED}"] < step[f"castrate {KITS[0]}"]


def test_androstenedione_is_read_in_proportion(tmp_path: Path, catalog: Catalog) -> None:
    found = read(planned(tmp_path, catalog, "a4", "man", "woman"), catalog)
    for assay in (EXTRACTED, *KITS):
        man, woman = (found[f"{arm} {assay}"] / found[f"{arm} {MS}"] for arm in ("man", "woman"))
        assert man == pytest.approx(woman)
        assert man > 1
    assert found[f"woman {EXTRACTED}"] < found[f"woman {KITS[0]}"]


def test_little_dihydrotestosterone_is_read_as_more(tmp_path: Path, catalog: Catalog) -> None:
    found = read(planned(tmp_path, catalog, "dht", "man", "woman"), catalog)
    for assay in (EXTRACTED, *KITS):
        assert 1 < found[f"man {assay}"] / found[f"man {MS}"] < 1.25 < found[f"woman {assay}"] / found[f"woman {MS}"]


def test_a_level_that_a_study_gives_is_taken_as_it_is(tmp_path: Path, catalog: Catalog) -> None:
    """No assay stands beside a covariate; only what is asked of the arm is read by one."""
    found = read(planned(tmp_path, catalog, "t", "given"), catalog)
    assert found[f"given {MS}"] == pytest.approx(20)
    assert found[f"given {KITS[0]}"] > 25


def test_ratios_are_reported_as_they_are(tmp_path: Path, catalog: Catalog) -> None:
    found = read(planned(tmp_path, catalog, "ratio_dht_t", "woman", unit="1", value=0.2, limit="none"), catalog)
    assert len(set(found.values())) == 1
