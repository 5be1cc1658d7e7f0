"""Rows of one hormonal state."""

from __future__ import annotations

from estrogenome.catalog.body import rows_at


def test_a_row_of_the_state_goes_before_one_for_all_wherever_it_stands():
    rows = {"a@one": 1, "a": 2, "b": 3, "b@one": 4, "b@two": 5, "c": 6, "d@two": 7}
    assert rows_at(rows, "one") == {"a": 1, "b": 4, "c": 6}
    assert rows_at(rows, "two") == {"a": 2, "b": 5, "c": 6, "d": 7}
