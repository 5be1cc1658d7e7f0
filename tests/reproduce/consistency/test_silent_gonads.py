"""Gonads that are gone or rest, held against numbers that set nothing: free testosterone under the pill, estradiol of men without testes."""

from __future__ import annotations

import numpy as np
import pytest

from estrogenome.activities import population_activities
from estrogenome.catalog.axes import fitting_axes
from estrogenome.catalog.load import Catalog
from estrogenome.core.errors import PersonError
from estrogenome.core.records import Exposed, Person
from estrogenome.parameters import personalize
from estrogenome.trajectories import simulate

DRAWS = 200
PICOGRAMS = 272.38


def levels(catalog: Catalog, sex: str, state: str, *exposures: str, **measured: float) -> dict[str, np.ndarray]:
    person = Person(sex=sex, age=30, state=state, exposures=tuple(Exposed(id=e) for e in exposures), measured=measured)
    sets = personalize(population_activities(catalog, people=DRAWS, seed=1, label="p"), person, catalog, draws=DRAWS, seed=1)
    found = simulate(sets, catalog)
    assert not found.failed.any()
    concentrations = {name: found.concentrations[0, :, 0, found.species.index(name)] for name in ("E2", "T")}
    return concentrations | {"free_T": found.constants[0, :, found.quantities.index("free_T")]}


def test_free_testosterone_under_the_pill(catalog: Catalog) -> None:
    """Zimmerman 2014: free T falls by 61 %; total T and SHBG set the exposure, free T follows from binding."""
    before, after = levels(catalog, "female", "follicular"), levels(catalog, "female", "follicular", "combined_contraceptive")
    assert np.median(after["free_T"] / before["free_T"]) == pytest.approx(0.39, rel=0.2)
    assert np.median(after["E2"]) * PICOGRAMS < 25


def test_men_without_testes(catalog: Catalog) -> None:
    """What is left comes from androstenedione: less E2 than a man has, more than nothing."""
    before, after = levels(catalog, "male", "man"), levels(catalog, "male", "man", "testes_removed")
    ratio = after["E2"] / before["E2"]
    assert 0.05 < np.median(ratio) < 0.5
    assert (after["T"] > 0).all()
    assert (after["T"] < before["T"]).all()


def test_what_was_measured_stays(catalog: Catalog) -> None:
    before = levels(catalog, "female", "follicular", baseline_T=0.5)
    after = levels(catalog, "female", "follicular", "combined_contraceptive", baseline_T=0.5)
    np.testing.assert_allclose(after["T"], before["T"], rtol=1e-6)


def test_no_axis_answers(catalog: Catalog) -> None:
    assert fitting_axes(catalog, "man")
    silent = (Exposed(id="testes_removed"),)
    assert fitting_axes(catalog, "man", exposures=silent) == ()
    with pytest.raises(PersonError, match="there is none"):
        fitting_axes(catalog, "man", ["testes"], silent)
