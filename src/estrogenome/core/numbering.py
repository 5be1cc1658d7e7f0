"""What is the same for many people is kept once; each person holds its number, in as few bytes as will do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from estrogenome.core.records import IndexArray, IntArray

_DENSE = 1 << 16
"""Codes below this are counted into a table; higher ones are sorted."""


def zeros(people: int, things: int) -> IndexArray:
    """Return numbers of ``things`` things for everybody, all 0 (shape: person), in the smallest type that holds them."""
    return np.zeros(people, dtype=np.min_scalar_type(max(things - 1, 0)))


def smallest(numbers: IntArray | IndexArray, things: int) -> IndexArray:
    """Return ``numbers``, each below ``things``, in the smallest unsigned type that holds them."""
    found: IndexArray = numbers.astype(np.min_scalar_type(max(things - 1, 0)))
    return found


def side_by_side(columns: Sequence[IndexArray], begins: Sequence[int], people: int, things: int) -> IndexArray:
    """Return a table of numbers below ``things``, shape (person, column): each column's own numbers, counted on from its beginning."""
    table: IndexArray = np.empty((people, len(columns)), dtype=np.min_scalar_type(max(things - 1, 0)))
    for i, (column, begin) in enumerate(zip(columns, begins, strict=True)):
        table[:, i] = column
        table[:, i] += begin
    return table


def distinct(codes: IntArray) -> tuple[IntArray, IntArray]:
    """Return the distinct codes (none negative) in order, and for each person which of them it has (shape: person)."""
    if not len(codes) or int(codes.max()) >= _DENSE:
        values, which = np.unique(codes, return_inverse=True)
        return values, which.reshape(-1)
    values = np.flatnonzero(np.bincount(codes))
    place = np.zeros(_DENSE, dtype=np.int64)
    place[values] = np.arange(len(values))
    return values, place[codes]


def distinct_rows(columns: Iterable[IndexArray], people: int) -> tuple[IntArray, IntArray]:
    """Return one person for each distinct row over ``columns`` (one number a person each), rows in order, and whose row is which.

    Column after column, so that no table of everybody's rows is made.
    """
    code = np.zeros(people, dtype=np.int64)
    for column in columns:
        values, own = distinct(column.astype(np.int64))
        _, code = distinct(code * len(values) + own)
    somebody = np.zeros(int(code.max()) + 1 if people else 0, dtype=np.int64)
    somebody[code] = np.arange(people)
    return somebody, code
