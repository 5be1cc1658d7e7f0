"""Doses against what is known in closed form: at time zero, none, overlapping, for ten years and for minutes."""

from __future__ import annotations

import numpy as np
import pytest

from estrogenome.core.course_records import Dosing, Worn
from estrogenome.core.errors import ModelError
from estrogenome.network import CourseNetwork
from estrogenome.network.compose import translate
from estrogenome.network.sbml import describe
from estrogenome.trajectories import CourseEngine

TUB = """model estrogenome_body()
  compartment tub; tub = 1; species A in tub, B in tub; A = 0; B = 0;
  k = 1; m = 0.3; worn_patch = 0;
  first: A -> B; tub*k*A; second: B -> ; tub*m*B; wear: -> B; worn_patch;
  double := 2*B;
end"""
K, M = 1.0, 0.3


@pytest.fixture(scope="module")
def engine():
    sbml = translate(TUB)
    network = CourseNetwork(sbml=sbml, structure=describe(sbml), digest="", depots={"shot": ("A",)}, worn={"patch": "worn_patch"})
    return CourseEngine(network)


def bateman(times, doses):
    """B after doses (day, amount) into A."""
    total = np.zeros_like(times)
    for day, amount in doses:
        since = np.clip(times - day, 0, None)
        total += amount * K / (M - K) * (np.exp(-K * since) - np.exp(-M * since))
    return total


def shots(doses):
    return [Dosing(day=day, therapy="shot", amount=amount) for day, amount in doses]


@pytest.mark.parametrize(
    ("doses", "times"),
    [
        ([(0.0, 5.0)], np.linspace(0, 10, 41)),
        ([(0.0, 5.0), (3.5, 5.0), (7.0, 5.0)], np.linspace(0, 10, 41)),
        ([(0.3, 1.0), (0.3, 2.0), (0.30001, 4.0), (9.999, 8.0)], np.linspace(0, 10, 41)),
        ([(day, 1.0) for day in np.arange(0, 3650, 7.0)], np.linspace(0, 3650, 1001)),
        ([(0.0, 3.0)], np.array([0.0, 1e-4])),
        ([(2.0, 3.0)], np.array([0.0, 1.0])),
        ([(0.5, 0.0)], np.linspace(0, 1, 5)),
        ([], np.linspace(0, 1, 5)),
    ],
    ids=["at zero", "three", "close together", "ten years", "nine seconds", "behind the end", "nothing in it", "none"],
)
def test_doses_add_up_as_the_formula_says(engine, doses, times):
    found = engine.run({}, [{}], times, events=shots(doses), names=["B", "double"])[0]
    np.testing.assert_allclose(found[:, 0], bateman(times, doses), rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(found[:, 1], 2 * found[:, 0])


def test_what_is_worn_goes_in_at_its_rate_until_it_is_taken_off(engine):
    times = np.linspace(0, 20, 81)
    events = [Worn(day=0.0, therapy="patch", rate=6.0), Worn(day=10.0, therapy="patch", rate=0.0)]
    found = engine.run({}, [{}], times, events=events, names=["B"])[0, :, 0]
    rising = 6 / M * (1 - np.exp(-M * np.minimum(times, 10)))
    np.testing.assert_allclose(found, rising * np.exp(-M * np.clip(times - 10, 0, None)), rtol=1e-7, atol=1e-10)


def test_a_run_does_not_depend_on_the_doses_of_the_run_before(engine):
    times = np.linspace(0, 10, 41)
    events = [*shots([(0.0, 5.0), (4.2, 1.0)]), Worn(day=3.0, therapy="patch", rate=6.0)]
    found = engine.run({"k": np.array([1.0, 7.0, 1.0])}, [{"B": 1.0}] * 3, times, events=events)
    assert np.array_equal(found[0], found[2])
    untouched = engine.run({}, [{"B": 1.0}], times, names=["B"])[0, :, 0]
    np.testing.assert_allclose(untouched, np.exp(-M * times), rtol=1e-7)


def test_each_run_is_told(engine):
    told = []
    engine.run({}, [{}] * 3, np.array([0.0, 1.0]), progress=told.append)
    assert told == [1, 2, 3]


def test_what_cannot_be_given_is_said(engine):
    times = np.array([0.0, 1.0])
    with pytest.raises(ModelError, match="therapy luck is not in it"):
        engine.run({}, [{}], times, events=[Dosing(day=0.0, therapy="luck", amount=1.0)])
    with pytest.raises(ModelError, match="therapy patch is not in it, or not given that way"):
        engine.run({}, [{}], times, events=[Dosing(day=0.0, therapy="patch", amount=1.0)])
    with pytest.raises(ModelError, match="before the course begins"):
        engine.run({}, [{}], times, events=shots([(-1.0, 1.0)]))
