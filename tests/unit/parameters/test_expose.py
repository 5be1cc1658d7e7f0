"""Exposures: what they do to inputs, quantities, factors and enzymes, at which dose, and what they leave alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from estrogenome.activities import population_activities
from estrogenome.catalog.exposures import Exposure
from estrogenome.catalog.lint_studies import exposures_act_on_things_that_exist
from estrogenome.catalog.load import Catalog
from estrogenome.catalog.person import make_person
from estrogenome.core.errors import PersonError
from estrogenome.core.records import Exposed, Person
from estrogenome.parameters import personalize
from estrogenome.parameters.expose import at_dose

DRAWS = 50
WOMAN = Person(sex="female", age=65, state="postmenopausal")


def multiple(value: float, spread: float = 0.0) -> dict[str, Any]:
    how = "lognormal" if spread else "fixed"
    return {
        "value": value,
        "unit": "1",
        "distribution": how,
        "spread": spread,
        "state": "assumed",
        "source": "estrogenome",
        "locator": "x",
    }


@pytest.fixture(scope="module")
def invented(catalog: Catalog) -> Catalog:
    """The catalog with one made-up exposure that does everything."""
    gene = next(g for g in catalog.genes.values() if g.catalyses)
    state = catalog.states["postmenopausal"]
    reaction = gene.catalyses[0]
    acts = [
        {"on": "enzyme", "id": gene.id, "multiple": multiple(3)},
        {"on": "constant", "id": state.covariates[-1].parameter, "multiple": multiple(2)},
        {"on": "factor", "reaction": reaction.reaction, "tissue": reaction.tissue, "at_dose": 1, "multiple": multiple(0.5)},
        {"on": "input", "id": "production_E1_other", "multiple": multiple(0.1, 0.3)},
    ]
    made = Exposure.model_validate(
        {
            "id": "made",
            "name": "made up",
            "plain": "x",
            "aliases": ["thing"],
            "dose": {"unit": "mg/d", "molar_mass": 270.37, "plausible": [0.1, 10]},
            "acts": acts,
        }
    )
    return replace(catalog, exposures=catalog.exposures | {"made": made})


def values(catalog: Catalog, person: Person) -> dict[str, np.ndarray]:
    sets = personalize(population_activities(catalog, people=DRAWS, seed=3, label="p"), person, catalog, draws=DRAWS, seed=3)
    return dict(zip(sets.names, sets.values[0].T, strict=True))


def test_every_act_acts(invented: Catalog) -> None:
    covariate = invented.states["postmenopausal"].covariates[-1].parameter
    gene = next(g for g in invented.genes.values() if g.catalyses)
    factor = f"factor_{gene.catalyses[0].reaction}_{gene.catalyses[0].tissue}"
    before = values(invented, WOMAN)
    after = values(invented, WOMAN.model_copy(update={"exposures": (Exposed(id="made", dose=2.0),)}))
    np.testing.assert_allclose(after[covariate], 2 * before[covariate])
    added = after["production_E1_other"] - before["production_E1_other"]
    assert np.median(added) == pytest.approx(0.1 * 2e6 / 270.37, rel=0.2)
    assert added.std() > 0
    other = [f"factor_{c.reaction}_{c.tissue}" for c in gene.catalyses[1:]]
    assert all(np.all(after[name] > before[name]) for name in other)
    assert np.all(after[factor] < before[factor] * 1.01 * (1 + 2) / 3)
    same = set(before) - {covariate, factor, "production_E1_other", *other}
    for name in same:
        np.testing.assert_array_equal(before[name], after[name], err_msg=name)


def test_a_measured_value_is_not_moved(invented: Catalog) -> None:
    covariate = invented.states["postmenopausal"].covariates[-1].parameter
    person = WOMAN.model_copy(update={"exposures": (Exposed(id="made", dose=2.0),), "measured": {covariate: 50.0}})
    np.testing.assert_allclose(values(invented, person)[covariate], 50.0)


def test_a_fitted_row_replaces_the_file(invented: Catalog) -> None:
    posterior = invented.posterior
    one = posterior["parameters"][0] | {"id": "exposure/made/1", "median": 5.0, "log_sd": 0.0}
    size = len(posterior["parameters"])
    wider = {
        "parameters": [*posterior["parameters"], one],
        "cholesky": [*[[*row, 0.0] for row in posterior["cholesky"]], [0.0] * (size + 1)],
    }
    fitted = replace(invented, posterior=posterior | wider)
    covariate = invented.states["postmenopausal"].covariates[-1].parameter
    person = WOMAN.model_copy(update={"exposures": (Exposed(id="made", dose=2.0),)})
    np.testing.assert_allclose(values(fitted, person)[covariate], 5 * values(fitted, WOMAN)[covariate])
    assert not any("/" in name for name in values(fitted, person))


def saturating(catalog: Catalog, half: float | None) -> Catalog:
    act = {"on": "input", "id": "production_E1_other", "multiple": multiple(0.1, 0.3)}
    act |= {"saturation": multiple(half, 0.5) | {"unit": "mg/d"}} if half else {}
    dose = {"unit": "mg/d", "molar_mass": 270.37, "plausible": [0.1, 1e4]}
    made = Exposure.model_validate({"id": "made", "name": "m", "plain": "x", "dose": dose, "acts": [act]})
    return replace(catalog, exposures=catalog.exposures | {"made": made})


def test_a_share_saturates_with_the_dose(catalog: Catalog) -> None:
    def added(half: float | None, dose: float) -> np.ndarray:
        person = WOMAN.model_copy(update={"exposures": (Exposed(id="made", dose=dose),)})
        before, after = (values(saturating(catalog, half), who)["production_E1_other"] for who in (WOMAN, person))
        return after - before

    whole, small, large = added(None, 100.0), added(50.0, 1e-1), added(50.0, 100.0)
    np.testing.assert_allclose(small, whole / 1000, rtol=2e-2)
    left = whole / large - 1
    assert np.median(left) == pytest.approx(2, rel=0.3)
    # the saturation is drawn, from a stream of its own: the share's draws stay
    assert np.log(left).std() == pytest.approx(0.5, rel=0.4)
    np.testing.assert_allclose(whole / added(50.0, 200.0) * 2 - 1, left * 2, rtol=1e-9)


def test_a_saturation_needs_a_dose(catalog: Catalog) -> None:
    act = {"on": "input", "id": "production_E1_other", "multiple": multiple(0.1), "saturation": multiple(50) | {"unit": "mg/d"}}
    with pytest.raises(ValueError, match="saturation, but the exposure has no dose"):
        Exposure.model_validate({"id": "made", "name": "m", "plain": "x", "acts": [act]})


def test_dose() -> None:
    assert at_dose(np.array([0.02]), 1.0)[0] == pytest.approx(0.02)
    assert at_dose(np.array([0.02]), 0.5)[0] == pytest.approx(1 / (1 + 49 * 0.5))
    assert at_dose(np.array([3.0]), 2.0)[0] == pytest.approx(5.0)
    assert at_dose(np.array([1.0]), 7.0)[0] == 1.0


def test_a_decrease_that_leaves_something() -> None:
    known, half = np.array([0.3]), np.array([0.01])
    assert at_dose(known, 1.0, half)[0] == pytest.approx(0.3)
    assert 1 - at_dose(known, 0.01, half)[0] == pytest.approx(0.7 * 1.01 / 2)
    assert at_dose(known, 1e9, half)[0] == pytest.approx(1 - 0.7 * 1.01)
    assert np.all(np.diff([at_dose(known, dose, half)[0] for dose in np.logspace(-4, 4, 30)]) < 0)
    # a half-dose that leaves nothing over is reversible inhibition, and an increase stays in proportion
    for dose in (0.1, 1.0, 50.0):
        assert at_dose(known, dose, np.array([2.0]))[0] == pytest.approx(at_dose(known, dose)[0])
    assert at_dose(np.array([3.0]), 2.0, half)[0] == pytest.approx(5.0)


@pytest.mark.parametrize(("at", "unit", "word"), [({}, "mg/d", "half_dose, but no at_dose"), ({"at_dose": 1}, "ug/d", "must be in mg/d")])
def test_a_half_dose_needs_a_dose_and_its_unit(catalog: Catalog, at: dict[str, float], unit: str, word: str) -> None:
    act = {"on": "constant", "id": "SHBG", "multiple": multiple(0.3), "half_dose": multiple(1) | {"unit": unit}} | at
    dose = {"unit": "mg/d", "plausible": [0.1, 10]}
    if not at:
        with pytest.raises(ValueError, match=word):
            Exposure.model_validate({"id": "made", "name": "m", "plain": "x", "dose": dose, "acts": [act]})
        return
    made = Exposure.model_validate({"id": "made", "name": "m", "plain": "x", "dose": dose, "acts": [act]})
    (found,) = exposures_act_on_things_that_exist(replace(catalog, exposures={"made": made}))
    assert word in found[1]


def test_a_half_dose_is_drawn_and_acts(catalog: Catalog) -> None:
    act = {"on": "constant", "id": "SHBG", "multiple": multiple(0.3), "at_dose": 5, "half_dose": multiple(0.02, 0.5) | {"unit": "mg/d"}}
    dose = {"unit": "mg/d", "plausible": [0.001, 100]}
    made = Exposure.model_validate({"id": "made", "name": "m", "plain": "x", "dose": dose, "acts": [act]})
    with_it = replace(catalog, exposures=catalog.exposures | {"made": made})
    before = values(with_it, WOMAN)["SHBG"]

    def left(dose: float) -> np.ndarray:
        return values(with_it, WOMAN.model_copy(update={"exposures": (Exposed(id="made", dose=dose),)}))["SHBG"] / before

    np.testing.assert_allclose(left(5.0), 0.3, rtol=1e-9)
    assert np.median(left(0.02)) == pytest.approx(0.65, abs=0.05)
    assert left(0.02).std() > 0


@pytest.mark.parametrize("text", ["made:2mg/d", "thing: 2 mg/d", "MADE:2000ug/d", "made:2"])
def test_a_person_states_it(text: str, invented: Catalog) -> None:
    person = make_person(invented, sex="female", age=65, state="postmenopausal", exposures=[text])
    assert person.exposures == (Exposed(id="made", dose=2.0),)


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (["moonlight"], "is not known; there is"),
        (["made"], "needs a dose; give 0.1 to 10 mg/d"),
        (["made:200mg/d"], "out of range"),
        (["made:lots"], "is not a number in mg/d"),
        (["made:2mL"], "is not a number in mg/d"),
        (["made:nan"], "is not a number in mg/d"),
        (["smoking:3"], "takes no dose"),
        (["made:2", "thing:3"], "stands twice"),
    ],
)
def test_a_wrong_statement_is_one_line(texts: list[str], words: str, invented: Catalog) -> None:
    with pytest.raises(PersonError, match="--exposure") as caught:
        make_person(invented, sex="female", age=65, state="postmenopausal", exposures=texts)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
