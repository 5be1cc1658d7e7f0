"""Pages are compared by words and, loosely, by numbers."""

from __future__ import annotations

import pytest

from derive.alike import alike


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("| 1.23 | a |", "| 1.24 | a |", True),
        ("| 1.23 | a |", "| 1.23 | b |", False),
        ("| 1230 |", "| 1300 |", False),
        ("| +0.01 |", "| -0.01 |", True),
        ("| 0.5 | 1e-3 |", "| 0.5 |", False),
    ],
)
def test_words_to_the_letter_and_numbers_within_a_fiftieth(one, other, same):
    assert alike(one, other) is same
