"""``estrogenome validate`` on somebody's own studies: three forms, and one line for whatever is wrong with a file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STUDY = """id: mine
source: nobody2001
cohort: Mine
title: made up
arms:
  before: {state: postmenopausal, n: 20, age: 60}
  smokers: {base: before, exposures: [{id: smoking}]}
rows:
  - {id: M-1, area: b, readout: e2, assay: serum_lcms, arm: before, statistic: median, value: 4, unit: pg/mL, locator: t, evidence: read}
  - {id: M-2, area: d, readout: e1, assay: serum_lcms, arm: smokers, against: before, statistic: percent_change, value: -5, unit: "%",
     locator: t, evidence: read}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "studies").mkdir()
    (tmp_path / "studies" / "mine.yaml").write_text(STUDY, encoding="utf-8")
    return tmp_path / "studies"


def test_text(folder: Path, estrogenome: Callable[..., object]) -> None:
    ran = estrogenome("validate", folder, "--draws", "20")
    assert ran.status == 0, ran.err
    for words in ("M-1", "M-2", "Levels", "Therapies and drugs", "priors alone", "check"):
        assert words in ran.out, ran.out


def test_json_and_html(folder: Path, estrogenome: Callable[..., object], tmp_path: Path) -> None:
    ran = estrogenome("validate", folder, "--draws", "20", "--format", "json")
    assert ran.status == 0, ran.err
    board = json.loads(ran.out)
    assert {r["id"] for r in board["rows"]} == {"M-1", "M-2"}
    assert board["summary"]["check"]["n"] == 2
    ran = estrogenome("validate", folder, "--draws", "20", "--format", "html", "-o", tmp_path / "board.html")
    assert ran.status == 0, ran.err
    text = (tmp_path / "board.html").read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert "M-2" in text


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("readout: e2", "readout: e22", "did you mean e2?"),
        ("unit: pg/mL", "unit: mmHg", "unit mmHg cannot become pg/mL"),
        ("id: M-2", "id: M-1", "stands twice"),
        ("value: 4, ", "", "rows.0.value"),
        ("{id: smoking}", "{id: smoking, dose: 3 mg/d}", "takes no dose"),
        ("title: made up", "title: &x made up\nnote: *x", "aliases"),
    ],
)
def test_a_hostile_file_is_one_line(old: str, new: str, words: str, folder: Path, estrogenome: Callable[..., object]) -> None:
    (folder / "mine.yaml").write_text(STUDY.replace(old, new), encoding="utf-8")
    ran = estrogenome("validate", folder, "--draws", "20")
    assert ran.status == 2, ran.err
    assert ran.err.count("\n") == 1, ran.err
    assert words in ran.err
    assert not ran.out


def test_a_folder_that_is_not_there(tmp_path: Path, estrogenome: Callable[..., object]) -> None:
    ran = estrogenome("validate", tmp_path / "nowhere")
    assert ran.status == 2
    assert "no such folder" in ran.err


def test_a_folder_without_a_study_is_no_empty_scoreboard(tmp_path: Path, estrogenome: Callable[..., object]) -> None:
    ran = estrogenome("validate", tmp_path)
    assert (ran.status, ran.out) == (2, "")
    assert "no study file in it" in ran.err


def test_text_goes_to_no_file(folder: Path, tmp_path: Path, estrogenome: Callable[..., object]) -> None:
    ran = estrogenome("validate", folder, "-o", tmp_path / "x.txt")
    assert ran.status == 2
    assert "--format json or html" in ran.err
