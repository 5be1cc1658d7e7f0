"""What is taken of a course, and that an arm to which nothing is given stays where it rests."""

from __future__ import annotations

import numpy as np
import pytest

from estrogenome.catalog.arms import full_arm
from estrogenome.catalog.studies import At, Study
from estrogenome.core.errors import KnowledgeError
from estrogenome.validate.follow import Followed, axis_for, follow
from estrogenome.validate.theta import central

DAYS = np.linspace(0, 10, 101)
FALL = np.exp(-0.3 * DAYS)[None]


def at(first, last, take, **more):
    return At.model_validate({"days": [first, last], "take": take, **more})


@pytest.mark.parametrize(
    ("take", "window", "expected"),
    [
        ("start", (2, 8), np.exp(-0.6)),
        ("end", (2, 8), np.exp(-2.4)),
        ("end", (5, 5), np.exp(-1.5)),
        ("trough", (2, 8), np.exp(-2.1)),
        ("trough", (7.5, 8), np.exp(-2.4)),
        ("min", (2, 8), np.exp(-2.4)),
        ("max", (2, 8), np.exp(-0.6)),
        ("peak", (2, 8), np.exp(-0.6)),
        ("mean", (2, 8), (np.exp(-0.6) - np.exp(-2.4)) / 0.3 / 6),
        ("area", (2, 8), (np.exp(-0.6) - np.exp(-2.4)) / 0.3),
        ("half_life", (2, 8), np.log(2) / 0.3),
        ("time_of_peak", (2, 8), 2.0),
    ],
)
def test_each_number_of_a_course_is_what_its_name_says(take, window, expected):
    followed = Followed(DAYS, {"X": FALL}, doses=(0.0, 7.0))
    assert followed.taken(FALL, at(*window, take))[0] == pytest.approx(expected, rel=1e-3)


def test_the_level_before_the_first_dose_can_be_taken_off_and_windows_can_differ():
    followed = Followed(DAYS, {"X": FALL}, doses=())
    assert followed.taken(FALL, at(2, 2, "end", minus="baseline"))[0] == pytest.approx(np.exp(-0.6) - 1)
    other = at(8, 8, "end", against=[2, 2])
    assert followed.taken(FALL, other, other=True)[0] == pytest.approx(np.exp(-0.6))
    assert followed.taken(FALL, None)[0] == 1.0
    rising = Followed(DAYS, {"X": FALL}, ()).taken(1 / FALL, at(2, 8, "half_life"))
    assert np.isnan(rising[0])


def arm(catalog, **said):
    rows = [{"id": "r", "area": "g", "readout": "lh", "assay": "serum_immunoassay", "arm": "a", "statistic": "mean", "value": 5}]
    rows[0] |= {"unit": "IU/L", "locator": "x", "evidence": "read"}
    arms = {"a": {"state": "man", "age": 40, "axis": "testes", **said}}
    study = Study.model_validate({"id": "s", "source": "estrogenome", "cohort": "s", "title": "t", "arms": arms, "rows": rows})
    return full_arm(study, "a", catalog)


ASKED = frozenset({"LH", "FSH", "T", "E2", "SHBG", "loop_closed"})


def test_a_man_to_whom_nothing_is_given_stays_where_he_rests(catalog):
    found = follow(arm(catalog), ASKED, [(0, 60)], catalog, central(catalog), None, "here")
    for name, course in found.values.items():
        np.testing.assert_allclose(course, course[:, :1] * np.ones_like(found.days), rtol=1e-9, err_msg=name)


def test_what_he_measured_is_where_he_rests_even_with_a_genotype(catalog):
    given = {"covariates": {"T": "20 nmol/L"}, "genotype": {"CYP19A1": {"rs727479": ["A", "A"]}}}
    measured = follow(arm(catalog, **given), ASKED, [(0, 1)], catalog, central(catalog), None, "here")
    assert measured.values["T"][0, 0] == pytest.approx(20.0, rel=1e-9)
    # nothing measured: his axis answers his genotype
    given.pop("covariates")
    free, plain = (follow(one, ASKED, [(0, 30)], catalog, central(catalog), None, "here") for one in (arm(catalog, **given), arm(catalog)))
    assert free.values["T"][0, 0] != pytest.approx(plain.values["T"][0, 0], rel=1e-4)
    np.testing.assert_allclose(free.values["T"], free.values["T"][:, :1] * np.ones_like(free.days), rtol=1e-6)


def test_a_peak_between_two_samples_is_where_a_parabola_has_it():
    days = np.array([0.0, 1.0, 3.0, 4.0])
    tops = np.array([[1.3], [2.4], [-1.0], [9.0]])
    found = Followed(days, {}, (0.0,)).taken(-((days - tops) ** 2), at(0, 4, "time_of_peak"))
    np.testing.assert_allclose(found, [1.3, 2.4, 0.0, 4.0])
    flat = Followed(days, {}, (0.0,)).taken(np.ones((1, 4)), at(0, 4, "time_of_peak"))
    assert flat[0] == 0.0


def test_an_axis_that_is_not_there_is_said(catalog):
    with pytest.raises(KnowledgeError, match="axis luck is not known; there is"):
        axis_for(arm(catalog, axis="luck"), catalog)
