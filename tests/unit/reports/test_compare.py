"""A made-up comparison from courses to its page: numbers, words, marks, and what must be the same in every voice."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import made_courses
import numpy as np
import pytest

from estrogenome.catalog.load import load_catalog
from estrogenome.core.compare_records import Comparison
from estrogenome.readouts.scenarios import above, buffered, ratios
from estrogenome.reports.renderers import compare
from estrogenome.reports.renderers.courses import figures


@pytest.fixture(scope="module")
def made() -> Comparison:
    return made_courses.comparison()[0]


@pytest.fixture(scope="module")
def page() -> str:
    return compare.render(*made_courses.comparison())


def readout(made: Comparison, scenario: str, identifier: str):
    return next(r for r in made.scenarios[scenario].readouts if r.id == identifier)


def test_the_file_holds_what_others_build_on(made: Comparison) -> None:
    written = json.loads(compare.render_json(made))
    assert list(written["scenarios"]) == ["baseline", "trt", "trt_ai"]
    for scenario in written["scenarios"].values():
        assert {"e2", "e1", "e1s", "t", "lh", "fsh", "p4", "shbg"} <= {r["id"] for r in scenario["readouts"]}
        for course in scenario["courses"].values():
            assert len(course["days"]) == len(course["median"]) == len(course["low90"]) == len(course["high90"])
            assert course["unit"]
    for difference in written["differences"]:
        assert {"a", "b", "id", "ratio_median", "ratio_interval90", "probability_a_above_b"} <= set(difference)
    pairs = {(d["a"], d["b"]) for d in written["differences"]}
    assert ("trt_ai", "trt") in pairs
    assert ("baseline", "trt") in pairs


def test_differences_are_paired_body_by_body(made: Comparison) -> None:
    one = next(d for d in made.differences if (d.a, d.b, d.id) == ("trt", "baseline", "e2"))
    back = next(d for d in made.differences if (d.a, d.b, d.id) == ("baseline", "trt", "e2"))
    assert one.ratio_interval90[0] == pytest.approx(one.ratio_interval90[1])
    assert one.ratio_median == pytest.approx(1 / back.ratio_median)
    assert (one.probability_a_above_b, back.probability_a_above_b) == (1.0, 0.0)
    spread = readout(made, "trt", "e2").interval90
    assert spread[1] / spread[0] > 1.5


def test_a_tie_is_no_difference() -> None:
    assert above(np.ones(5), np.ones(5)) == 0.5
    assert np.isnan(ratios(np.ones(2), np.array([0.0, np.nan]))).all()


def test_what_the_axis_takes_back() -> None:
    opened = np.full(40, 1.5)
    assert buffered(opened, opened**0.7).median == pytest.approx(0.3)
    assert buffered(np.ones(40), np.ones(40)) is None


def test_marks_are_data_and_stand_with_number_picture_and_difference(made: Comparison, page: str) -> None:
    assert readout(made, "trt_ai", "lh").undetermined
    assert not readout(made, "trt", "lh").undetermined
    assert not readout(made, "trt_ai", "e2").undetermined
    assert all(d.undetermined for d in made.differences if d.id == "lh" and "trt_ai" in (d.a, d.b))
    drawn = next(f for f in figures(made, ["lh"]))
    assert [bool(p.undetermined) for p in drawn.panels] == [False, False, True]
    assert "Undetermined under “trt_ai”" in page


def test_too_low_is_said_as_too_high_is(made: Comparison) -> None:
    texts = [s.text for s in made.summary]
    low, high = (next(t for t in texts if f"lies {side}" in t) for side in ("below", "above"))
    assert "trt_ai" in low
    assert "“trt”" in high
    assert {c.id for c in made.consequences} >= {"low_estradiol_bone", "high_estradiol", "testosterone_haematocrit", "testosterone_psa"}
    for consequence in made.consequences:
        assert [s.level for s in consequence.levels] == ["enzyme", "body", "outcome"]


def test_failed_draws_are_left_out_and_said(made: Comparison) -> None:
    assert readout(made, "trt", "e2").failed_draws == 1
    assert any("no solution" in text for text in made.limits)


def test_open_loop_stands_beside_closed(made: Comparison) -> None:
    held = made.scenarios["trt"].open_loop
    assert next(r for r in held.readouts if r.id == "lh").median > 5 * readout(made, "trt", "lh").median
    effect = next(e for e in made.loops if e.id == "e2")
    assert 1 < effect.closed.median < effect.open.median
    assert effect.buffered.median == pytest.approx(0.3, abs=0.01)
    assert made_courses.comparison(loop="closed")[0].loops == ()


def test_several_axes_are_pooled_and_told_apart() -> None:
    made, catalog = made_courses.comparison(("testes", "other"))
    assert set(readout(made, "trt", "e2").by_axis) == {"testes", "other"}
    assert set(made.scenarios["trt"].courses["e2"].cores) == {"testes", "other"}
    assert "2 models of the axis" in compare.render(made, catalog)


def test_a_mark_stands_for_every_dose(made: Comparison) -> None:
    drawn = figures(made, ["e2"])[0].panels[2]
    assert [row.ticks.count("M") for row in drawn.doses] == [12, 24]
    assert drawn.doses[0].name == "testosterone cypionate"


def test_what_is_worn_is_a_bar(made: Comparison) -> None:
    scenario = made.scenarios["trt"]
    worn = tuple(g.model_copy(update={"until": g.day + 3.5}) for g in scenario.given)
    changed = made.model_copy(update={"scenarios": made.scenarios | {"trt": scenario.model_copy(update={"given": worn})}})
    row = figures(changed, ["e2"])[0].panels[1].doses[0]
    assert (row.ticks, len(row.bars)) == ("", 12)


def test_page_stands_alone(page: str) -> None:
    assert "<script" not in page
    assert "src=" not in page
    links = re.findall(r'<a [^>]*href="(https?:[^"]*)"([^>]*)', page)
    assert links
    assert all("noreferrer" in rest for _, rest in links)
    assert "default-src 'none'" in page
    assert len(page) < 2_000_000


def test_page_advises_nothing(page: str) -> None:
    words = re.sub(r"<[^>]*>", " ", page[: page.index('id="sources"')]).casefold()
    for word in ("you should", "we recommend", "increase your dose", "reduce your dose", "optimal", "healthy range"):
        assert word not in words
    assert "never advice" in words


def test_voices_hold_the_same_numbers(page: str) -> None:
    person, clinician = (page[page.index(f'id="{v}"') :] for v in ("summary", "clinician"))
    number = re.search(r"averages ([\d.]+)", person)[1]
    assert number in clinician


def test_a_long_name_breaks_behind_its_underscores(page: str) -> None:
    assert "<dt>trt_<wbr>ai</dt>" in page
    assert "<wbr>" not in compare.render_json(made_courses.comparison()[0])


def test_hostile_names_stay_text() -> None:
    page = compare.render(*made_courses.comparison(label='"><img src=x onerror=alert(1)>'))
    assert "<img" not in page


def test_what_is_well_supported_stands_on_the_first_page_and_models_no_number(made: Comparison) -> None:
    told = next(s for s in made.summary if "does not compute it" in s.text)
    assert "“haematocrit under testosterone” (body: strong, health: disputed)" in told.text
    assert "PSA" not in told.text
    assert told.state is None


@pytest.mark.parametrize(
    ("side", "value", "told"), [("below", 10.0, True), ("below", 0.001, False), ("above", 40.0, True), ("above", 1e6, False)]
)
def test_a_level_that_nobody_reaches_is_not_spoken_of_low_or_high(side: str, value: float, told: bool) -> None:
    catalog = load_catalog()
    entry = catalog.consequences["low_estradiol_bone"]
    at = entry.threshold.at.model_copy(update={"value": value})
    threshold = entry.threshold.model_copy(update={"side": side, "at": at})
    changed = replace(catalog, consequences={entry.id: entry.model_copy(update={"threshold": threshold})})
    assert bool(made_courses.comparison(catalog=changed)[0].consequences) is told


def test_a_line_is_drawn_only_for_a_statement_that_is_told(made: Comparison) -> None:
    assert {limit.text for limit in figures(made, ["e2"])[0].panels[2].limits} == {"below 10", "above 40"}
    silent = made.model_copy(update={"consequences": ()})
    assert not any(panel.limits for panel in figures(silent, ["e2"])[0].panels)


def test_the_genotype_says_whether_it_moves_anything(made: Comparison) -> None:
    last = made.summary[-1]
    assert last.text.startswith("Your genotype moves estradiol in the model")
    assert last.state is not None
