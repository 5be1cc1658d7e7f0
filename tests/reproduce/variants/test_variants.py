"""Body effects of variants beside published ones: the arithmetic of power, the rule of the verdicts, the reasons, the page."""

from __future__ import annotations

from math import exp, isclose, log, sqrt

import numpy as np
import pytest

from derive.findings import findings
from derive.power import DETECTABLE, Study, after_tests, genotype_share, per_unit_spread, power, verdict
from derive.variants import FIGURE, PAGE, compared, genotypes
from derive.why_small import chain
from estrogenome.catalog.load import load_catalog

FOLLICULAR = "follicular"


def draws(low: float, high: float) -> np.ndarray:
    """Log folds whose 5th and 95th percentile are nearly these."""
    return np.log(np.linspace(low, high, 201))


def test_power_of_a_textbook_case():
    # 64 a group find half a standard deviation four times in five
    error = sqrt(2 / 64)
    assert power(0.5, error)[0] == pytest.approx(0.80, abs=0.01)
    assert DETECTABLE * error == pytest.approx(0.495, abs=0.005)
    assert power(0.0, error)[0] == pytest.approx(0.05)


def test_people_by_genotype():
    assert genotype_share(0.3, "0 1 2") == pytest.approx(1)
    assert genotype_share(0.5, "2") == pytest.approx(0.25)
    assert per_unit_spread(400, 0.5, "2", "0") == pytest.approx(sqrt(2 / 100))
    # a trend uses everybody: two copies cost less than the comparison of the ends
    assert per_unit_spread(400, 0.5, "2", "trend") == pytest.approx(2 / sqrt(200))


@pytest.mark.parametrize(
    ("study", "ours", "expected"),
    [
        (Study("null", None, 0.1, None, 1), draws(0.95, 1.1), "compatible"),
        (Study("null", None, 0.1, None, 1), draws(1.1, 1.8), "cannot tell"),
        (Study("null", None, 0.1, None, 1), draws(1.5, 1.8), "incompatible in size"),
        (Study("null", None, None, None, 1), draws(0.95, 1.1), "cannot tell"),
        (Study("number", log(0.5), 0.1, 1e-9, 1), draws(0.45, 0.6), "compatible"),
        (Study("number", log(0.5), 0.1, 1e-9, 1), draws(0.9, 0.95), "incompatible in size"),
        (Study("number", log(0.5), 0.1, 1e-9, 1), draws(1.1, 1.2), "incompatible in sign"),
        (Study("number", log(0.7), 0.1, 0.01, 30), draws(1.1, 1.2), "cannot tell"),
        (Study("direction", -1.0, None, None, 1), draws(0.6, 0.9), "compatible"),
        (Study("direction", -1.0, None, None, 1), draws(0.9, 1.1), "cannot tell"),
        (Study("direction", -1.0, None, None, 1), draws(1.1, 1.3), "incompatible in sign"),
        (Study("direction", 1.0, None, None, 1), draws(1.1, 1.3), "compatible"),
    ],
)
def test_verdicts(study, ours, expected):
    assert verdict(study, ours)[0] == expected


def test_one_of_many_tests_is_no_surprise():
    assert after_tests(0.01, 1) == pytest.approx(0.01)
    assert after_tests(0.01, 30) == pytest.approx(0.26, abs=0.005)


def test_what_the_printed_p_implies_is_what_the_study_used():
    for finding in findings():
        row, study = finding.row, finding.study
        if row["spread"] == "own" and row["p"]:
            assert study.effect is not None
            assert study.error is not None
            assert power(study.effect, study.error)[0] > 0.5, row["id"]
        if finding.log_sd is not None:
            # between people hormones and metabolites spread by 0.3 to 1.2: a slip in a count would show here
            assert 0.3 <= finding.log_sd <= 1.2, row["id"]


def test_every_row_names_a_source_and_known_genotypes():
    catalog = load_catalog()
    known = set(genotypes())
    for finding in findings():
        row = finding.row
        assert row["source"] in catalog.sources, row["id"]
        assert {row["variant"], row["against"]} <= known, row["id"]
        assert row["kind"] in {"number", "direction", "null"}, row["id"]


def test_an_enzyme_behind_the_hormone_leaves_it_alone():
    found = chain(FOLLICULAR, "e2", "comt_met_met", "comt_val_val")
    assert found.fraction == 0
    assert np.abs(found.model).max() < 1e-6
    assert exp(np.median(found.enzyme)) == pytest.approx(0.4, abs=0.05)


@pytest.mark.parametrize(("variant", "against"), [("ugt1a1_28_28", "ugt1a1_1_1"), ("cyp1a2_1a_1a", "cyp1a2_1f_1f")])
def test_each_reason_takes_something_away(variant, against):
    found = chain(FOLLICULAR, "e2", variant, against)
    steps = [abs(float(np.median(s))) for s in (found.all, found.reaction, found.paths, found.model)]
    assert steps == sorted(steps, reverse=True)
    # the textbook formula, from the fraction alone
    assert 0 < found.fraction < 1
    assert float(np.median(found.paths)) == pytest.approx(found.fraction * steps[1], rel=0.3)
    # the same enzyme does more where it does all of its reaction, and where blood does not limit it
    assert abs(float(np.median(found.alone))) > steps[3]
    assert abs(float(np.median(found.flow))) > steps[3]


def test_more_aromatase_is_as_much_more_estrogen_after_menopause():
    found = chain("postmenopausal", "e1", "cyp19a1_rs10046_aa", "cyp19a1_rs10046_gg")
    assert isclose(float(np.median(found.model)), float(np.median(found.enzyme)), rel_tol=0.02)


def test_no_finding_is_incompatible_unless_the_page_of_the_model_says_so():
    told = (PAGE.parents[1] / "explanation" / "model.md").read_text(encoding="utf-8")
    for c in compared():
        if c.verdict.startswith("incompatible"):
            assert genotypes()[c.finding.row["variant"]]["gene"] in told


def test_the_table_comes_first_and_is_short():
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    start, end = lines.index("## Predicted against published"), lines.index("## Gene by gene")
    assert start < 12
    assert end - start <= 60
    assert len(compared()) == sum(line.startswith("| ") for line in lines[start:end]) - 1
    assert FIGURE.read_text(encoding="utf-8").startswith("<svg")


def test_disagreeing_sources_are_called_contradictory():
    page = PAGE.read_text(encoding="utf-8")
    own = next(line for line in page.splitlines() if line.startswith("- **UGT1A1**"))
    assert "Contradictory in e2" in own


def test_two_ways_out_halve_urinary_estrone_and_spare_the_16_path():
    found = {
        name: exp(np.median(chain(FOLLICULAR, name, "cyp3a7_1_1c", "cyp3a7_1_1").model))
        for name in ("urine_e1", "urine_2ohe1", "urine_16aohe1")
    }
    assert found["urine_e1"] < 0.7
    # not put in: the catechols fall further than estrone
    assert found["urine_2ohe1"] < found["urine_e1"]
    assert found["urine_16aohe1"] > 0.85


def test_comt_moves_the_ratio_and_not_estradiol():
    found = {name: chain("luteal", name, "comt_met_met", "comt_val_val").model for name in ("e2", "ratio_urine_2oh_16oh")}
    assert np.abs(found["e2"]).max() < 1e-6
    assert np.percentile(found["ratio_urine_2oh_16oh"], 5) > 0.05
