"""Numbers instead of copies: small types, order kept, nothing lost."""

from __future__ import annotations

import numpy as np
import pytest

from estrogenome.core.numbering import distinct, distinct_rows, side_by_side, smallest, zeros


@pytest.mark.parametrize(("things", "kind"), [(0, "u1"), (256, "u1"), (257, "u2"), (1 << 16, "u2"), ((1 << 16) + 1, "u4")])
def test_the_smallest_type_holds_the_last_number(things, kind):
    assert zeros(3, things).dtype == np.dtype(kind)
    numbers = np.array([0, max(things - 1, 0)])
    np.testing.assert_array_equal(smallest(numbers, things), numbers)


@pytest.mark.parametrize("top", [7, 1 << 40])
def test_distinct_codes_stand_in_order_and_give_the_codes_back(top):
    codes = np.random.default_rng(1).integers(0, top, 500)
    values, which = distinct(codes)
    assert values.tolist() == sorted(set(codes.tolist()))
    np.testing.assert_array_equal(values[which], codes)


def test_distinct_rows_are_those_of_numpy():
    table = np.random.default_rng(2).integers(0, 5, (400, 3)).astype(np.uint8)
    somebody, which = distinct_rows(table.T, len(table))
    rows, inverse = np.unique(table, axis=0, return_inverse=True)
    np.testing.assert_array_equal(table[somebody], rows)
    np.testing.assert_array_equal(which, inverse.reshape(-1))


def test_columns_count_on_from_their_beginnings_without_overflow():
    columns = [np.array([0, 200], dtype=np.uint8), np.array([199, 0], dtype=np.uint8)]
    assert side_by_side(columns, [0, 201], 2, 401).tolist() == [[0, 400], [200, 201]]
