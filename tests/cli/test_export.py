"""``estrogenome export``: what it writes, and one line for each mistake."""

from __future__ import annotations

import os
import zipfile

import pytest

WHOLE = {"model.xml", "simulation.sedml", "petab.yaml", "petab_model.xml"}
WOMAN = ("--sex", "female", "--age", "30", "--state", "premenopausal")


def test_a_folder_an_archive_and_the_sbml_alone(estrogenome, tmp_path):
    done = estrogenome("export", "model", "--out", tmp_path / "out")
    assert (done.status, done.out.strip(), done.err) == (0, str(tmp_path / "out"), "")
    assert set(os.listdir(tmp_path / "out")) >= WHOLE
    assert estrogenome("export", "model", "--out", tmp_path / "m.omex").status == 0
    with zipfile.ZipFile(tmp_path / "m.omex") as archive:
        assert archive.read("model.xml") == (tmp_path / "out" / "model.xml").read_bytes()
    assert estrogenome("export", "model", "--out", tmp_path / "m.xml").status == 0
    assert (tmp_path / "m.xml").read_bytes() == (tmp_path / "out" / "model.xml").read_bytes()


def test_a_person_and_a_record(estrogenome, vcf, tmp_path):
    assert estrogenome("export", "model", *WOMAN, "--measured", "shbg=60 nmol/L", "--out", tmp_path / "her.xml").status == 0
    assert 'id="SHBG" name="sex hormone-binding globulin in plasma" value="60"' in (tmp_path / "her.xml").read_text(encoding="utf-8")
    assert estrogenome("analyze", vcf, *WOMAN, "--draws", "20", "--population", "50", "-o", tmp_path / "r").status == 0
    given = ("--parameters", tmp_path / "r" / "parameters.json")
    assert estrogenome("export", "model", *given, "--draw", "19", "--out", tmp_path / "draw.xml").status == 0
    assert "draw 19 of 20" in (tmp_path / "draw.xml").read_text(encoding="utf-8")


def test_a_course_leaves_with_its_doses(estrogenome, tmp_path):
    import roadrunner

    given = ("--state", "man", "--therapy", "testosterone_cypionate:100mg/7d", "--therapy", "estradiol_patch:0.05mg/d@7d")
    done = estrogenome("export", "course", *given, "--out", tmp_path / "course.xml")
    assert (done.status, done.err) == (0, "")
    runner = roadrunner.RoadRunner((tmp_path / "course.xml").read_text(encoding="utf-8"))
    found = runner.simulate(0, 14, 15, selections=["[T]", "[E2]", "LH"])
    assert found[3][0] > 1.2 * found[0][0]
    assert found[14][1] > 1.5 * found[7][1]
    assert found[14][2] < found[0][2]


@pytest.mark.parametrize("word", ["luck:1mg/d", "testosterone_cypionate:1000000mg/7d"])
def test_what_cannot_be_given_is_one_line(estrogenome, tmp_path, word):
    done = estrogenome("export", "course", "--therapy", word, "--out", tmp_path / "course.xml")
    assert (done.status, done.out, done.err.count("\n")) == (2, "", 1), done.err
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("figure",), "model"),
        (("course",), "let the path end in .xml"),
        (("model", "--therapy", "testosterone_cypionate:100mg/7d"), "say export course"),
        (("model", "--axis", "testes"), "say export course"),
        (("model", "--state", "nobody"), "not known"),
        (("model", "--sex", "female"), "--age"),
        (("model", "--measured", "shbg=60 nmol/L"), "whose"),
        (("model", "--exposure", "smoking"), "whose"),
        (("model", "--draw", "1"), "--parameters"),
        (("model", "--sample", "x"), "--parameters"),
        (("model", "--parameters", "none.json"), "no such file"),
        (("model", "--parameters", "none.json", "--state", "man"), "leave one"),
        (("model", "--sex", "male", "--age", "300"), "out of range"),
    ],
)
def test_a_mistake_is_one_line_and_leaves_nothing(estrogenome, tmp_path, options, word):
    done = estrogenome("export", *options, "--out", tmp_path / "out", cwd=tmp_path)
    assert (done.status, done.out, done.err.count("\n")) == (2, "", 1), done.err
    assert word in done.err
    assert os.listdir(tmp_path) == []


def test_an_ending_that_is_not_written_makes_no_folder(estrogenome, tmp_path):
    done = estrogenome("export", "model", "--out", tmp_path / "model.zip")
    assert done.status == 2
    assert done.err.count("\n") == 1
    assert ".omex" in done.err
    assert not (tmp_path / "model.zip").exists()


def test_bad_places(estrogenome, tmp_path):
    (tmp_path / "d.omex").mkdir()
    (tmp_path / "file").touch()
    for place in (tmp_path / "d.omex", tmp_path / "file", tmp_path / "file" / "m.omex"):
        done = estrogenome("export", "model", "--out", place)
        assert (done.status, done.err.count("\n")) == (2, 1), done.err
    assert sorted(os.listdir(tmp_path)) == ["d.omex", "file"]
