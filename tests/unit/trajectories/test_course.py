"""Courses over time against what is known in closed form, against COPASI, and against the courses before them."""

from __future__ import annotations

import numpy as np
import pytest

from estrogenome.core.errors import ModelError
from estrogenome.network.compose import Network, translate
from estrogenome.network.sbml import describe
from estrogenome.trajectories import CourseEngine, area

CHAIN = """model estrogenome_body()
  compartment tube; tube = 1; species A in tube, B in tube; A = 0; B = 0;
  const k, m; k = 1; m = 2;
  first: A -> B; tube*k*A; second: B -> ; tube*m*B;
end"""
TIMES = np.linspace(0.0, 2.0, 81)


def loaded(text):
    sbml = translate(text)
    return CourseEngine(Network(sbml=sbml, structure=describe(sbml), digest=""))


@pytest.fixture(scope="module")
def chain():
    return loaded(CHAIN)


def test_a_chain_decays_as_its_formula_says(chain):
    k, m = 1.5, 0.4
    found = chain.run({"k": k, "m": m}, [{"A": 3.0}], TIMES)
    np.testing.assert_allclose(found[0, :, chain.species.index("A")], 3 * np.exp(-k * TIMES), rtol=1e-8)
    expected = 3 * k / (m - k) * (np.exp(-k * TIMES) - np.exp(-m * TIMES))
    np.testing.assert_allclose(found[0, 1:, chain.species.index("B")], expected[1:], rtol=1e-7)


def test_a_run_does_not_depend_on_the_run_before(chain):
    values = {"k": np.array([1.5, 9.0, 1.5]), "m": np.array([0.4, 30.0, 0.4])}
    found = chain.run(values, [{"A": 3.0}, {"B": 1e4}, {"A": 3.0}], TIMES)
    assert np.array_equal(found[0], found[2])
    assert not np.array_equal(found[0], found[1])


def test_tolerances_are_honoured(chain):
    exact = 3 * np.exp(-1.5 * TIMES)
    errors = []
    for tolerance in (1e-3, 1e-9):
        found = chain.run({"k": 1.5, "m": 0.4}, [{"A": 3.0}], TIMES, relative=tolerance, absolute=tolerance * 1e-3)
        errors.append(np.abs(found[0, :, chain.species.index("A")] / exact - 1).max())
    assert errors[1] < 1e-7 < errors[0] < 1e-2


def test_a_species_that_is_not_there_is_said(chain):
    with pytest.raises(ModelError, match="no species or constant C"):
        chain.run({}, [{"C": 1.0}], TIMES)
    with pytest.raises(ModelError, match="no species or constant luck"):
        chain.run({"luck": 1.0}, [{}], TIMES)


def test_a_run_that_cannot_be_integrated_is_not_a_number():
    blowing = loaded(
        "model estrogenome_body()\n compartment tube; tube = 1; species A in tube; A = 0; const k; k = 1;\n grow: -> A; tube*k*A*A;\nend"
    )
    found = blowing.run({"k": np.array([1.0, 1e-6])}, [{"A": 10.0}, {"A": 1.0}], TIMES)
    assert np.all(np.isnan(found[0]))
    assert np.all(np.isfinite(found[1]))


def test_simpsons_rule_is_exact_for_a_cubic():
    times = np.linspace(0.0, 3.0, 7)
    assert area(times, times**3) == pytest.approx(81 / 4, rel=1e-14)
    assert area(times, np.array([times, 2 * times])).tolist() == pytest.approx([4.5, 9.0])
    with pytest.raises(ValueError, match="odd number"):
        area(times[:-1], times[:-1])
