"""Simulated people against the survey's people with an even number: what the page says holds, holds."""

from __future__ import annotations

import pytest

from derive.people import DOCS, JUDGED, cells, verdicts


@pytest.fixture(scope="module")
def table():
    return cells(even=True)


def test_men_and_women_after_menopause_are_met_on_the_half_that_was_fitted(table):
    asked = [line for line in verdicts(table) if line.split("|")[1].strip() in JUDGED]
    assert len(asked) == 8
    assert all(line.endswith("| yes |") for line in asked)


def test_every_cell_is_on_the_page(table):
    page = (DOCS / "people.md").read_text(encoding="utf-8")
    for cell in table:
        assert f"| {cell.band or 'all'} | {cell.what} |" in page
