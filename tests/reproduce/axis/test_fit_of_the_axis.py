"""The committed fit of people in time: its inputs, its rows, what it says it cannot tell, and its page."""

from __future__ import annotations

import json

import numpy as np
import pytest

from derive.alike import alike
from derive.axis import TARGET, inputs
from derive.axis_page import PAGE, fold, groups, page
from derive.axis_tells import FOLD
from derive.inputs import read
from derive.model import at, predict
from estrogenome.catalog.load_studies import FOLDER, load_studies


@pytest.fixture(scope="module")
def fit():
    return json.loads(TARGET.read_text(encoding="utf-8"))


def test_its_rows_are_of_the_calibration_side(fit, catalog):
    studies = load_studies(catalog.root / FOLDER, "calibration")
    known = {row.id for study in studies.studies for row in study.rows}
    assert {row["id"] for row in fit["rows"]} <= known
    assert set(inputs()) == set(fit["inputs"])


def test_the_rows_are_met_within_their_errors(fit):
    scores = np.array([row["z"] for row in fit["rows"]])
    assert np.mean(np.abs(scores) <= 1.645) >= 0.8
    # what lies further off is a contradiction that somebody has read and named
    far = {row["id"] for row in fit["rows"] if abs(row["z"]) >= 3.5}
    assert far <= {row["id"] for row in read("misses.tsv")}
    assert len(far) <= 2


@pytest.fixture(scope="module")
def alone():
    return {entry["id"]: entry for entry in json.loads((TARGET.parent / "posterior.json").read_text(encoding="utf-8"))["parameters"]}


def test_the_catalog_has_what_both_fits_say(fit, alone, catalog):
    """Medians and log-sd of every number of the fit in time, of the body's and its own, and their correlations."""
    entries = {entry["id"]: entry for entry in catalog.posterior["parameters"]}
    where = {entry["id"]: i for i, entry in enumerate(catalog.posterior["parameters"])}
    both = (*fit["body"], *fit["parameters"])
    assert {entry["id"] for entry in fit["body"]} <= set(alone)
    assert not set(alone) & {entry["id"] for entry in fit["parameters"]}
    for entry in both:
        found = entries[entry["id"]]
        assert (found["median"], found["log_sd"]) == pytest.approx((entry["median"], entry["log_sd"]), rel=1e-2, abs=1e-3), entry["id"]
    place = [where[entry["id"]] for entry in both]
    root, learnt = np.array(catalog.posterior["cholesky"])[place], np.array(fit["cholesky"])
    np.testing.assert_allclose(root @ root.T, learnt @ learnt.T, rtol=1e-3, atol=1e-5)


def test_the_body_says_what_it_was_without_rows_in_time_and_is_moved_by_them(fit, alone, catalog):
    entries = {entry["id"]: entry for entry in catalog.posterior["parameters"]}
    for name, entry in alone.items():
        assert entries[name]["alone"] == {"median": entry["median"], "log_sd": entry["log_sd"]}
    for entry in fit["body"]:
        before = alone[entry["id"]]
        assert (entry["prior_median"], entry["prior_log_sd"]) == pytest.approx((before["median"], before["log_sd"]), rel=1e-3), entry["id"]
    assert any(abs(np.log(entries[name]["median"] / entry["median"])) > entry["log_sd"] for name, entry in alone.items())
    # more rows leave numbers surer; each spread is that of the slopes where its fit ended, so a single one may be wider there
    ratios = np.array([entries[name]["log_sd"] / entry["log_sd"] for name, entry in alone.items()])
    assert np.median(ratios) < 1
    assert ratios.max() < 1.5


def test_rows_in_time_leave_the_levels_of_the_survey_where_they_are(catalog):
    """Levels of untouched people are known within some per cent; what time tells of their parts must not move the whole."""
    rows = json.loads((TARGET.parent / "posterior.json").read_text(encoding="utf-8"))["rows"]
    of = {"e2": "E2", "e1": "E1", "e1s": "E1S"}
    survey = [row for row in rows if row["id"].startswith("even-")]
    assert len(survey) == 12
    joint = {entry["id"]: entry["median"] for entry in catalog.posterior["parameters"]}
    for row in survey:
        level = float(predict(at(row["state"], joint)).of(of[row["quantity"]])[0])
        assert abs(np.log(level / row["value"])) < 1.645 * row["log_sd"], row["id"]


def test_a_share_that_steady_rows_and_rows_in_time_use_is_one_number(fit, catalog):
    entries = {entry["id"]: entry for entry in catalog.posterior["parameters"]}
    borrowed = {entry["lent"]: entry for name, entry in entries.items() if name.startswith("therapy/") and "lent" in entry}
    shared = {entry["id"] for entry in fit["body"]} & set(borrowed)
    assert shared
    for name in shared:
        assert borrowed[name]["median"] == entries[name]["median"]


def test_women_are_predicted_better_than_by_the_priors_and_hardly_worse_without_their_cohort(fit):
    women = groups(fit)["women"]
    assert len({row["cohort"] for row in women}) >= 10
    assert fold(women, "off") < fold(women, "before_off")
    assert fold(women, "alone_off") < 1.15 * fold(women, "before_off")


def test_states_that_borrow_have_the_fitted_numbers_of_the_lender(fit, catalog):
    entries = {entry["id"]: entry for entry in catalog.posterior["parameters"]}
    for entry in (*fit["body"], *fit["parameters"]):
        name, _, state = entry["id"].partition("@")
        for borrower in catalog.states.values():
            lent = entries.get(f"{name}@{borrower.id}", {}).get("lent")
            if state and borrower.like == state and lent:
                assert lent == entry["id"]
                assert entries[f"{name}@{borrower.id}"]["median"] == pytest.approx(entry["median"], rel=1e-9)


def test_estrogen_feedback_is_held_by_the_rows_and_site_share_ki_and_blank_stand_together(fit):
    named = fit["together"]["names"]
    assert named[0].startswith("share of new E2")
    assert any("Ki" in name for name in named)
    assert any("blank" in name for name in named)
    assert np.array(fit["together"]["correlation"]).shape == (len(named), len(named))
    assert all(len(one["whole"]) == len(one["folds"]) for one in fit["profiles"])


def test_what_no_row_has_seen_is_marked_undetermined(fit):
    text = page(fit)
    assert "**undetermined**: no row" in text
    for one in fit["predictions"]:
        low, high = one["interval90"]
        if not high < FOLD * low:
            assert "**undetermined**" in text


def test_its_page_is_current(fit):
    assert alike(PAGE.read_text(encoding="utf-8"), page(fit))
