"""Files of scripts: written, compared, or known by their stamp."""

from __future__ import annotations

import sys

import pytest

from derive.kept import kept, stamped


@pytest.fixture
def checking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["script", "--check"])


@pytest.fixture
def writing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["script"])


def test_files_are_written(writing, tmp_path):
    assert kept("one", {tmp_path / "a": "x\n", tmp_path / "b": "y\n"}) == 0
    assert [(tmp_path / n).read_text() for n in "ab"] == ["x\n", "y\n"]


def test_a_check_writes_nothing_and_names_what_differs(checking, tmp_path, capsys):
    (tmp_path / "a").write_text("x\n")
    assert kept("one", {tmp_path / "a": "x\n"}) == 0
    assert kept("one", {tmp_path / "a": "x\n", tmp_path / "b": "y\n"}) == 1
    assert not (tmp_path / "b").exists()
    assert capsys.readouterr().out == "one: unchanged\none: b: not what it makes; run python -m derive.one\n"


def test_what_counts_as_the_same_may_be_said(checking, tmp_path):
    (tmp_path / "a").write_text("X\n")
    assert kept("one", {tmp_path / "a": "x\n"}, lambda a, b: a.lower() == b) == 0


def test_a_stamp_is_asked_for_and_nothing_made(checking, tmp_path, capsys):
    def make() -> str:
        raise AssertionError

    (tmp_path / "a").write_text("of (1f)\n")
    assert stamped("one", tmp_path / "a", "(1f)", make) == 0
    assert stamped("one", tmp_path / "a", "(2e)", make) == 1
    assert stamped("one", tmp_path / "b", "(1f)", make) == 1
    assert capsys.readouterr().out.splitlines()[1] == "one: a: of other inputs; run python -m derive.one"


def test_what_is_stamped_is_made_and_written(writing, tmp_path):
    assert stamped("one", tmp_path / "a", "(1f)", lambda: "made (1f)\n") == 0
    assert (tmp_path / "a").read_text() == "made (1f)\n"
