"""A share that saturates: closed forms, doses together, the steady exposure beside a settled course, and nothing without it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from estrogenome.catalog.body import central_values
from estrogenome.catalog.load import load_catalog
from estrogenome.catalog.regimens import parse_regimens
from estrogenome.catalog.therapies import Therapy, nmol
from estrogenome.network import compose, compose_course
from estrogenome.network.therapy import written
from estrogenome.parameters.protocol import schedule
from estrogenome.trajectories import CourseEngine, kernel_of

if TYPE_CHECKING:
    from estrogenome.catalog.load import Catalog

STATE, INTO, LEVEL = "postmenopausal", "input_P4_plasma", "P4"
SHARE, PACE, HALF = 0.2, 2.0, 80.0


def number(value: float, unit: str = "1") -> dict[str, Any]:
    return {"value": value, "unit": unit, "distribution": "fixed", "state": "assumed", "source": "estrogenome", "locator": "x"}


def made(saturation: float | None, kind: str = "dosed") -> Catalog:
    """The catalog with one therapy of one compartment, or worn, that saturates at ``saturation`` mg a day."""
    per = "/d" if kind == "worn" else ""
    release = {"into": INTO, "share": number(SHARE), "chain": [] if kind == "worn" else [number(PACE, "1/d")]}
    release |= {"saturation": number(saturation, "mg/d")} if saturation else {}
    therapy = Therapy.model_validate(
        {"id": "made", "name": "made", "plain": "x", "route": "vagina", "kind": kind, "releases": [release], "limits": "x"}
        | {"dose": {"unit": f"mg{per}", "molar_mass": 400, "plausible": [1, 5000]}, "every": {"plausible": [0.01, 90]}}
    )
    catalog = load_catalog()
    return replace(catalog, therapies={"made": therapy}, digest=f"{catalog.digest}/{saturation}/{kind}")


def risen(catalog: Catalog, text: str, days: np.ndarray) -> np.ndarray:
    """The course of the level above rest, shape (t,), and with it what the body does with a nmol: it is linear in what arrives."""
    network = compose_course(catalog, None, ["made"], keep=[LEVEL])
    body = compose_course(catalog, None, keep=[LEVEL])
    values = central_values(catalog, STATE, body.structure.constants)
    constants = {network.resting.get(n, n): float(v) for n, v in values.items() if network.resting.get(n, n) in network.structure.constants}
    rest = kernel_of(network).solve({n: np.asarray(v) for n, v in constants.items()})
    start = {n: float(np.ravel(rest.of(n))[0]) for n in network.structure.species}
    events = schedule(catalog, parse_regimens(catalog, text), float(days[-1]))
    found = CourseEngine(network).run(constants, [start], days, events=events, names=[LEVEL])[0, :, 0]
    return found - start[LEVEL]


def steady(catalog: Catalog, rate: float) -> float:
    """The level above rest under ``rate`` nmol/d into the plasma, at rest."""
    body = compose(catalog)
    values = {
        n: np.asarray(v) for n, v in central_values(catalog, STATE, body.structure.constants).items() if n in body.structure.constants
    }
    low, high = (float(np.ravel(kernel_of(body).solve(values | {INTO: np.asarray(r)}).of(LEVEL))[0]) for r in (0.0, rate))
    return high - low


def area(catalog: Catalog, text: str) -> float:
    days = np.linspace(0, 20, 8001)
    return float(np.trapezoid(risen(catalog, text, days), days))


def settled(catalog: Catalog, text: str) -> float:
    """The mean rise of the thirtieth day."""
    days = np.concatenate([[0.0], np.linspace(30, 31, 2401)])
    return float(np.trapezoid(risen(catalog, text, days)[1:], days[1:]))


@pytest.mark.parametrize("dose", [10.0, 100.0, 400.0])
def test_one_dose_gives_what_the_integral_says(dose: float) -> None:
    catalog = made(HALF)
    expected = SHARE * HALF / PACE * np.log(1 + PACE * dose / HALF) / (SHARE * dose)
    assert area(catalog, f"made:{dose}mg/once") / area(made(None), f"made:{dose}mg/once") == pytest.approx(expected, rel=2e-4)


def test_a_small_dose_has_the_whole_share() -> None:
    assert area(made(1e9), "made:50mg/once") == pytest.approx(area(made(None), "made:50mg/once"), rel=1e-6)


def test_doses_given_together_count_together() -> None:
    days, catalog = np.linspace(0, 5, 101), made(HALF)
    both = risen(catalog, "made:60mg/d+made:40mg/d", days)
    np.testing.assert_allclose(both, risen(catalog, "made:100mg/d", days), rtol=1e-9)
    assert area(catalog, "made:100mg/once") < 0.8 * 2 * area(catalog, "made:50mg/once")


def test_a_second_dose_hours_later_meets_the_first() -> None:
    catalog = made(HALF)
    together, hours, days = (area(catalog, f"made:100mg/once+made:100mg/once@{later}d") for later in (0, 0.25, 6))
    assert together < hours < days == pytest.approx(2 * area(catalog, "made:100mg/once"), rel=1e-3)


@pytest.mark.parametrize(("every", "low"), [(0.02, 0.999), (0.5, 0.96), (1.0, 0.87)])
def test_a_settled_course_is_the_steady_exposure(every: float, low: float) -> None:
    """The more often a day's amount is parted, the nearer; a bent curve's mean lies below the curve at the mean."""
    catalog, day = made(HALF), 200.0
    rate = nmol(catalog.therapies["made"], day) * SHARE / (1 + day / HALF)
    assert low < settled(catalog, f"made:{day * every}mg/{every}d") / steady(catalog, rate) < 1.0005


def test_what_is_worn_saturates_with_its_rate() -> None:
    catalog, day = made(HALF, "worn"), 200.0
    rate = nmol(catalog.therapies["made"], day) * SHARE / (1 + day / HALF)
    assert settled(catalog, f"made:{day}mg/d") == pytest.approx(steady(catalog, rate), rel=1e-5)
    two = settled(catalog, f"made:{day / 2}mg/d+made:{day / 2}mg/d")
    assert two == pytest.approx(settled(catalog, f"made:{day}mg/d"), rel=1e-9)


def test_without_the_field_the_text_of_the_model_is_what_it_was() -> None:
    def lines(saturation: float | None, kind: str) -> list[str]:
        return written(made(saturation, kind).therapies.values(), lambda _: True, lambda name: f"own_{name}").text.split("\n")

    share, pace = "therapy_made_releases_0_share", "therapy_made_releases_0_chain_0*depot_made_0_0*depot"
    assert f"  {INTO} := own_{INTO} + {share}*{pace};" in lines(None, "dosed")
    assert f"  {INTO} := own_{INTO} + {share}*worn_made;" in lines(None, "worn")
    half = "therapy_made_releases_0_saturation"
    assert not any(half in line for line in lines(None, "dosed"))
    assert f"  {INTO} := own_{INTO} + {share}*{pace}/(1 dimensionless + {pace}/({half}*2500.0 nmol_per_day));" in lines(HALF, "dosed")
