"""How a number of the fit of people in time is written down."""

from __future__ import annotations

from derive.axis import said
from derive.axis_fit import Unknown, before_the_axis, of_the_body

SHARE = Unknown("therapy/cream/releases/0/share", "therapy", "therapy cream releases 0 share", "1", 0.1, 0.4)


def test_what_the_body_lends_is_written_under_its_name_there_with_its_meaning_there() -> None:
    lender = {"id": "exposure/cream/0", "meaning": "exposure cream 0"}
    found = said(SHARE, lender, 0.0, 0.25)
    assert (found["id"], found["meaning"]) == ("exposure/cream/0", "exposure cream 0")
    assert (found["median"], found["log_sd"], found["prior_median"]) == (1.0, 0.25, 0.1)


def test_what_nothing_lends_keeps_its_own() -> None:
    found = said(SHARE, {}, 0.0, 0.25)
    assert (found["id"], found["meaning"]) == (SHARE.row, SHARE.meaning)


def test_every_lender_of_a_share_stands_in_the_posterior_of_the_body() -> None:
    held = {entry["id"] for entry in of_the_body()["parameters"]}
    lent = {entry["lent"] for entry in before_the_axis().posterior["parameters"] if entry["id"].startswith("therapy/")}
    assert lent
    assert lent <= held
