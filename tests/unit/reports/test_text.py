from __future__ import annotations

import pytest

from estrogenome.reports import text as t


@pytest.mark.parametrize("hostile", ["a\x00b", "a\x1bb", "a\u202eb", "a\u200bb", "a\udc80b", "a\u2066b"])
def test_hidden_characters_go(hostile: str) -> None:
    assert t.clean(hostile) == "ab"


def test_long_text_is_cut_without_reading_it_all() -> None:
    assert len(t.clean("x" * 200_000)) == 80
    assert t.clean("a\n b\tc") == "a b c"


def test_identifiers_as_words() -> None:
    assert t.phrase("shift_2") == "2\u2011shift"
    assert t.phrase("shift_16a") == "16α\u2011shift"
    assert t.phrase("shift_ring") == "ring shift"
    assert t.phrase("ring") == "ring"


def test_sentences_are_set_as_on_paper() -> None:
    assert t.sentence("odds 0.86 (0.82-0.91), 40 % of 16a-hydroxy") == "Odds 0.86 (0.82–0.91), 40\u00a0% of 16α-hydroxy."
    assert t.sentence("rs12-34, 2010-2012, IVS4-1.5") == "Rs12-34, 2010-2012, IVS4-1.5."
