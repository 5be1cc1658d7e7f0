"""The committed posterior gives the fitted values that stand beside the calibration rows, by the code that scores."""

from __future__ import annotations

import numpy as np
import pytest

from derive.axis_fit import before_the_axis
from derive.fit_rows import before_the_fit, fitted_rows, key
from estrogenome.catalog.load_studies import FOLDER, load_studies
from estrogenome.validate.predict import predict
from estrogenome.validate.scoreboard import shown
from estrogenome.validate.theta import central


@pytest.fixture(scope="module")
def rows(catalog):
    wanted = {row["id"] for row in catalog.posterior["rows"]}
    # where a row prints no spread, that of simulated people stands for it: in the fit those of the priors
    return tuple(p for p in fitted_rows(before_the_fit(catalog))[0] if p.row.id in wanted)


def test_every_row_comes_out_as_it_is_written(rows):
    # by the fit of these rows alone: what stands beside them was written before rows in time moved the body
    catalog = before_the_axis()
    logs, missing = predict(rows, catalog, central(catalog))
    assert not missing
    ours = {p.row.id: (p, shown(p, float(v[0]))) for p, v in zip(rows, logs, strict=True)}
    assert set(ours) == {row["id"] for row in catalog.posterior["rows"]}
    for row in catalog.posterior["rows"]:
        planned, value = ours[row["id"]]
        if planned.censored and value <= row["value"]:
            # below the limit there is no error: what is written is the limit
            assert row["z"] == 0, row["id"]
        else:
            assert value == pytest.approx(row["fitted"], rel=2e-3), row["id"]


def test_no_row_of_the_check_side_was_fitted(catalog):
    split = load_studies(catalog.root / FOLDER, "calibration").split
    assert {split[row["cohort"]][0] for row in catalog.posterior["rows"]} == {"calibration"}


def test_only_what_was_read_or_quoted_is_fitted(catalog):
    assert {row["evidence"] for row in catalog.posterior["rows"]} <= {"read", "computed", "secondary"}


def test_priors_and_rows_do_not_fight(catalog):
    """A fitted number lies where its prior allowed it, on the whole."""
    z = [np.log(p["median"] / p["prior_median"]) / p["prior_log_sd"] for p in catalog.posterior["parameters"] if "lent" not in p]
    assert np.mean(np.square(z)) < 2


def test_rows_by_state_have_their_own_name():
    assert key({"id": "a", "by_state": ""}) == "a"
    assert key({"id": "a", "by_state": "man"}) == "a@man"
