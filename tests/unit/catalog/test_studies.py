"""Study files: what is read, what is refused and in which words. Studies here are invented."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from estrogenome.catalog.arms import full_arm
from estrogenome.catalog.check_studies import first_problem
from estrogenome.catalog.load_studies import load_studies
from estrogenome.core.errors import KnowledgeError
from estrogenome.validate.plan import plan, waiting

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.studies import Study

ROW: dict[str, Any] = {
    "id": "X-1",
    "area": "b",
    "readout": "e2",
    "assay": "serum_lcms",
    "arm": "all",
    "statistic": "median",
    "value": 4.0,
    "unit": "pg/mL",
    "locator": "table 1",
    "evidence": "read",
}
STUDY: dict[str, Any] = {
    "id": "made",
    "source": "nobody2001",
    "cohort": "Made-1",
    "title": "Made up",
    "arms": {"all": {"state": "postmenopausal", "n": 20, "age": 60, "covariates": {"SHBG": "55 nmol/L"}}},
    "rows": [ROW],
}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes one study, changed, and returns its folder."""

    def written(row: dict[str, Any] | None = None, arms: dict[str, Any] | None = None, name: str = "made", **top: Any) -> Path:
        study = STUDY | {"id": name} | top | {"arms": STUDY["arms"] | (arms or {}), "rows": top.get("rows", [ROW | (row or {})])}
        (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(study, sort_keys=False), encoding="utf-8")
        return tmp_path

    return written


def only(folder: Path) -> Study:
    (study,) = load_studies(folder).studies
    return study


def test_a_study_is_read_and_counts_as_check_without_a_table(write: Callable[..., Path]) -> None:
    studies = load_studies(write())
    assert studies.side(studies.studies[0]) == "check"
    assert studies.studies[0].rows[0].scored


def test_the_other_side_is_not_even_parsed(write: Callable[..., Path], tmp_path: Path) -> None:
    write()
    (tmp_path / "other.yaml").write_text("id: other\ncohort: Blind\nrows: [this is: no study\n", encoding="utf-8")
    (tmp_path / "split.csv").write_text("cohort,side,reason\nMade-1,calibration,x\nBlind,check,y\n", encoding="utf-8")
    assert [s.id for s in load_studies(tmp_path, "calibration").studies] == ["made"]
    with pytest.raises(KnowledgeError, match=r"other\.yaml"):
        load_studies(tmp_path, "all")


def test_null_is_a_use_and_bases_are_filled_in(write: Callable[..., Path], catalog: Catalog) -> None:
    study = only(write({"use": None, "arm": "older"}, {"older": {"base": "all", "age": 70, "covariates": {"T": "20 ng/dL"}}}))
    assert study.rows[0].use == "null"
    arm = full_arm(study, "older", catalog)
    assert (arm.age, arm.n, arm.state.id) == (70, 20, "postmenopausal")
    assert arm.covariates["SHBG"] == (55.0, ())
    assert arm.covariates["baseline_T"][0] == pytest.approx(0.6934, abs=1e-3)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"value": None}, "rows.0.value"),
        ({"value": "much"}, "rows.0.value"),
        ({"value": float("nan")}, "rows.0.value"),
        ({"value": -3.0}, "above 0"),
        ({"statistic": "mode"}, "statistic"),
        ({"statistic": "ratio"}, "against"),
        ({"area": "z"}, "rows.0.area"),
        ({"evidence": "heard"}, "rows.0.evidence"),
        ({"spread": {"type": "SD", "value": [1, 2]}}, "one number"),
        ({"spread": {"type": "IQR", "value": [3, 2]}}, "low to high"),
        ({"spread": {"type": "sigma", "value": 3}}, "sigma"),
        ({"locator": ""}, "rows.0.locator"),
        ({"colour": "blue"}, "rows.0.colour"),
        ({"n": 0}, "rows.0.n"),
    ],
)
def test_a_row_that_breaks_the_schema(row: dict[str, Any], words: str, write: Callable[..., Path]) -> None:
    with pytest.raises(KnowledgeError, match=r"made\.yaml: ") as caught:
        load_studies(write(row))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("row", "arms", "words"),
    [
        ({"readout": "e22"}, {}, "did you mean e2?"),
        ({"assay": "serum_lcmsms"}, {}, "did you mean serum_lcms?"),
        ({"unit": "nmol/d"}, {}, "unit nmol/d cannot become pg/mL of readout e2"),
        ({"unit": "furlong"}, {}, "furlong"),
        ({"arm": "al"}, {}, "did you mean all?"),
        ({"against": "all"}, {}, "are the same"),
        ({"arm": "x"}, {"x": {"base": "y"}, "y": {"base": "x"}}, "leads back to itself"),
        ({"arm": "x"}, {"x": {"base": "all", "state": "postmenopausl"}}, "did you mean postmenopausal?"),
        ({"arm": "x"}, {"x": {"base": "all", "age": 20}}, "does not fit state"),
        ({"arm": "x"}, {"x": {"base": "all", "covariates": {"SHBG": "55 pounds"}}}, "not a number in nmol/L"),
        ({"arm": "x"}, {"x": {"base": "all", "covariates": {"SHBG": "5500 nmol/L"}}}, "out of range"),
        ({"arm": "x"}, {"x": {"base": "all", "covariates": {"SHBGG": "55 nmol/L"}}}, "did you mean SHBG?"),
        ({"arm": "x"}, {"x": {"base": "all", "exposures": [{"id": "moonlight"}]}}, "exposure moonlight is in no file"),
        ({"arm": "x"}, {"x": {"base": "all", "genotype": {"COMTT": {"rs4680": ["A", "A"]}}}}, "did you mean COMT?"),
        ({"arm": "x"}, {"x": {"base": "all", "genotype": {"COMT": {"rs4680": ["A"]}}}}, "give two alleles of"),
        ({"arm": "x"}, {"x": {"base": "all", "genotype": {"COMT": {"rs4680": ["A", "Q"]}}}}, "give two alleles of"),
        ({"arm": "x"}, {"x": {"base": "all", "genotype": {"COMT": {"copies": 1}}}}, "always has two copies"),
        ({}, {"x": {"base": "all"}}, "remove it"),
    ],
)
def test_a_study_that_names_what_is_not_there(
    row: dict[str, Any], arms: dict[str, Any], words: str, write: Callable[..., Path], catalog: Catalog
) -> None:
    with pytest.raises(KnowledgeError, match=r"^studies/made") as caught:
        first_problem(only(write(row, arms)), catalog)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


BOMB = "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nid: made\ncohort: Made-1\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BOMB, "aliases"),
        ("[" * 5000, "nested deeper"),
        ("id: made\nid: made\n", "stands twice"),
        ("id: made\ncohort: [unclosed\n", "not readable YAML"),
        ("!!python/object/apply:os.system [true]\n", "not readable YAML"),
        ("\x00\x01", "not readable YAML"),
        ("", "valid dictionary"),
        ("- just\n- a list\n", "valid dictionary"),
    ],
)
def test_a_hostile_file_is_one_line(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "made.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"made\.yaml") as caught:
        load_studies(tmp_path)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "made.yaml").write_bytes(b"id: \xff\xfe\n")
    with pytest.raises(KnowledgeError, match="not readable YAML"):
        load_studies(tmp_path)


def test_rows_and_cohorts_stand_once(write: Callable[..., Path], tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="row X-1 stands twice"):
        load_studies(write(rows=[ROW, dict(ROW)]))
    write()
    write(name="second", cohort="Made-2")
    with pytest.raises(KnowledgeError, match=r"row X-1 stands in made\.yaml too"):
        load_studies(tmp_path)
    (tmp_path / "split.csv").write_text("cohort,side,reason\nA,check,x\nA,check,y\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match="cohort A stands twice"):
        load_studies(tmp_path)
    (tmp_path / "split.csv").write_text("cohort,side,reason\nA,left,x\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match="write calibration or check"):
        load_studies(tmp_path)


def test_a_row_in_time_says_when(write: Callable[..., Path], catalog: Catalog) -> None:
    """Arms with therapies need a window, others must have none; the window is checked."""
    treated = {"treated": {"base": "all", "therapies": ["anastrozole:1mg/1d"]}}
    at = {"days": [14, 21], "take": "area", "minus": "baseline"}
    study = only(write({"arm": "treated", "at": at, "unit": "pg.h/mL", "readout": "e2"}, treated))
    first_problem(study, catalog)
    arm = full_arm(study, "treated", catalog)
    assert (arm.therapies, arm.n, arm.in_time) == (("anastrozole:1mg/1d",), 20, True)
    with pytest.raises(KnowledgeError, match="say when"):
        first_problem(only(write({"arm": "treated"}, treated)), catalog)
    with pytest.raises(KnowledgeError, match="leave it out"):
        first_problem(only(write({"at": {"days": [1, 1]}})), catalog)
    wrong = {"treated": {"base": "all", "therapies": ["luck:1mg/1d"]}}
    with pytest.raises(KnowledgeError, match="luck is not known; there is"):
        first_problem(only(write({"arm": "treated", "at": at}, wrong)), catalog)
    with pytest.raises(KnowledgeError, match="axis luck is in no file of axes/"):
        first_problem(only(write({"arm": "treated", "at": at}, {"treated": {"base": "all", "axis": "luck"}})), catalog)
    with pytest.raises(KnowledgeError, match="first to last"):
        only(write({"arm": "treated", "at": {"days": [3, 1]}}, treated))
    with pytest.raises(KnowledgeError, match="needs a window"):
        only(write({"arm": "treated", "at": {"days": [3, 3], "take": "mean"}}, treated))


def test_rows_in_time_are_left_out_of_the_steady_plan(write: Callable[..., Path], catalog: Catalog) -> None:
    """What an axis alone has waits too, even untreated."""
    studies = load_studies(write({"readout": "lh", "assay": "serum_immunoassay", "unit": "IU/L"}))
    assert plan(studies, catalog) == ()
    assert waiting(studies, catalog) == ("X-1",)
