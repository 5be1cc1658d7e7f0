"""The committed posterior gives the fitted values that stand beside the calibration rows, by the code that fits."""

from __future__ import annotations

import numpy as np
import pytest

from derive.model import HORMONAL_STATES, at, fixed, predict
from derive.posterior import key


@pytest.fixture(scope="module")
def predictions(catalog):
    theta = {p["id"]: p["median"] for p in catalog.posterior["parameters"]}
    return {state: predict(at(state, theta)) for state in HORMONAL_STATES}


def test_every_row_comes_out_as_it_is_written(catalog, predictions):
    for row in catalog.posterior["rows"]:
        ours = predictions[row["state"]].of(row["quantity"])
        if row["body_surface"]:  # clearances are proportional to it
            ours = ours * float(row["body_surface"]) / fixed(row["state"])["body_surface"]
        assert ours == pytest.approx(row["fitted"], rel=1e-3), row["id"]


def test_many_sets_of_constants_give_what_one_gives(catalog):
    theta = {p["id"]: p["median"] * np.array([1.0, 1.1]) for p in catalog.posterior["parameters"]}
    both = predict(at("man", theta))
    for i in (0, 1):
        alone = predict(at("man", {name: values[i] for name, values in theta.items()}))
        for quantity in {r["quantity"] for r in catalog.posterior["rows"]}:
            assert np.broadcast_to(both.of(quantity), 2)[i] == pytest.approx(float(alone.of(quantity)[0]), rel=1e-12), quantity


def test_rows_by_state_have_their_own_name():
    assert key({"id": "a", "by_state": ""}) == "a"
    assert key({"id": "a", "by_state": "man"}) == "a@man"
