"""Regimens as one list of what is given when."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estrogenome.catalog.load import Catalog, load_catalog
from estrogenome.catalog.regimens import parse_regimens
from estrogenome.catalog.therapies import Therapy
from estrogenome.core.course_records import Dosing, Regimen, Worn
from estrogenome.core.errors import PersonError
from estrogenome.parameters.protocol import schedule

MG = 1e6 / 400
"""nmol per mg of the oil"""


def number(value: float, unit: str = "1") -> dict[str, Any]:
    return {"value": value, "unit": unit, "distribution": "fixed", "state": "assumed", "source": "estrogenome", "locator": "x"}


def therapy(name: str, kind: str, dose: dict[str, Any], chain: list[Any]) -> Therapy:
    return Therapy.model_validate(
        {"id": name, "name": name, "plain": "x", "route": "injection", "kind": kind, "dose": dose, "every": {"plausible": [0.01, 90]}}
        | {"releases": [{"into": "input_T_plasma", "share": number(0.9), "chain": chain}], "limits": "x"}
    )


OIL = therapy("oil", "dosed", {"unit": "mg", "molar_mass": 400, "plausible": [5, 500]}, [number(0.2, "1/d")])
PATCH = therapy("patch", "worn", {"unit": "ug/d", "molar_mass": 250, "plausible": [5, 400]}, [])
UNITS = therapy("units", "dosed", {"unit": "IU", "nmol_per_unit": number(0.1, "nmol"), "plausible": [1, 9999]}, [number(1, "1/d")])
CATALOG = replace(load_catalog(), therapies={t.id: t for t in (OIL, PATCH, UNITS)}, protocols={})


def given_at(text: str, horizon: float, catalog: Catalog = CATALOG) -> list[tuple[float, str, float]]:
    found = schedule(catalog, parse_regimens(catalog, text), horizon)
    return [(one.day, one.therapy, one.amount if isinstance(one, Dosing) else one.rate) for one in found]


def test_doses_begin_at_zero_and_end_before_the_horizon() -> None:
    assert given_at("oil:100mg/7d", 14) == [(0, "oil", 100 * MG), (7, "oil", 100 * MG)]
    assert len(given_at("oil:100mg/7d", 14.001)) == 3


def test_a_dose_at_the_stop_is_none() -> None:
    assert [day for day, *_ in given_at("oil:100mg/7d@7d-21d", 84)] == [7, 14]


def test_missed_doses_leave_the_others_where_they_are() -> None:
    assert [day for day, *_ in given_at("oil:100mg/7d!1,3", 28)] == [7, 21]


def test_intervals_that_are_no_binary_fractions_give_no_dose_too_many() -> None:
    assert [day for day, *_ in given_at("oil:100mg/0.1d", 0.3)] == [0, 0.1, 0.2]


def test_overlapping_regimens_add_up_at_one_time() -> None:
    assert given_at("oil:100mg/7d+oil:50mg/14d", 14) == [(0, "oil", 150 * MG), (7, "oil", 100 * MG)]


def test_titration_is_several_with_other_starts() -> None:
    assert given_at("oil:50mg/7d@0d-14d+oil:100mg/7d@14d", 28) == [
        (0, "oil", 50 * MG),
        (7, "oil", 50 * MG),
        (14, "oil", 100 * MG),
        (21, "oil", 100 * MG),
    ]


def test_a_zero_dose_is_a_dose_of_nothing() -> None:
    assert given_at("oil:0mg/7d", 7) == [(0, "oil", 0)]


def test_once_is_once() -> None:
    assert given_at("oil:100mg/once@3d", 500) == [(3, "oil", 100 * MG)]


def test_units_of_activity_become_moles() -> None:
    assert given_at("units:50IU/once", 1) == [(0, "units", 5)]


def test_what_is_worn_has_a_rate_until_it_is_taken_off() -> None:
    assert given_at("patch:50ug/d@2d-9d", 84) == [(2, "patch", 200), (9, "patch", 0)]
    assert given_at("patch:50ug/d", 84) == [(0, "patch", 200)]


def test_a_patch_that_is_forgotten_leaves_a_gap() -> None:
    assert given_at("patch:50ug/d/3.5d@0d-14d!2", 84) == [(0, "patch", 200), (3.5, "patch", 0), (7, "patch", 200), (14, "patch", 0)]


def test_two_patches_at_once_add_up() -> None:
    assert given_at("patch:50ug/d@0d-10d+patch:25ug/d@5d-20d", 15) == [(0, "patch", 200), (5, "patch", 300), (10, "patch", 100)]
    assert given_at("patch:50ug/d@0d-10d+patch:50ug/d@10d-20d", 15) == [(0, "patch", 200)]


def test_several_therapies_stand_in_order() -> None:
    days = [(day, name) for day, name, _ in given_at("patch:50ug/d+oil:100mg/7d@1d", 9)]
    assert days == [(0, "patch"), (1, "oil"), (8, "oil")]


def test_ten_years_of_weeks_can_be_given() -> None:
    assert len(given_at("oil:100mg/7d", 3652)) == 522


@pytest.mark.parametrize(
    ("text", "horizon", "word"),
    [
        ("oil:100mg/7d@90d", 84, "starts on day 90"),
        ("oil:100mg/7d@84d", 84, "starts on day 84"),
        ("oil:100mg/7d!13", 84, "there are 12"),
        ("oil:100mg/7d@0d-21d!4", 84, "there are 3"),
        ("oil:100mg/once!2", 84, "there are 1"),
        ("oil:100mg/0.01d", 84, "more than 5000 doses"),
        ("oil:100mg/0.02d+oil:100mg/0.02d", 84, "more than 5000 doses"),
        ("patch:50ug/d/0.01d", 84, "more than 5000 doses"),
        ("oil:100mg/7d", 0, "above 0"),
        ("oil:100mg/7d", -1, "above 0"),
        ("oil:100mg/7d", math.nan, "above 0"),
        ("oil:100mg/7d", math.inf, "above 0"),
        ("oil:100mg/7d", 1e9, "at most 7305 days"),
    ],
)
def test_what_cannot_be_given_is_one_line(text: str, horizon: float, word: str) -> None:
    with pytest.raises(PersonError, match=word):
        given_at(text, horizon)


def test_a_record_that_stops_before_it_starts_is_refused() -> None:
    with pytest.raises(PersonError, match="not behind its start"):
        schedule(CATALOG, [Regimen(therapy="oil", dose=100, interval=7, start=7, stop=3)], 84)


regimens = st.builds(
    Regimen,
    therapy=st.sampled_from(["oil", "patch", "units"]),
    dose=st.floats(0, 400),
    interval=st.none() | st.floats(0.25, 40),
    start=st.floats(0, 20),
    stop=st.none() | st.floats(21, 200),
)


@given(st.lists(regimens, max_size=4), st.floats(20.5, 120))
def test_everything_lies_within_and_adds_up(several: list[Regimen], horizon: float) -> None:
    found = schedule(CATALOG, several, horizon)
    keys = [(one.day, one.therapy) for one in found]
    assert keys == sorted(set(keys))
    assert all(0 <= one.day < horizon for one in found)
    whole = {"oil": 0.0, "units": 0.0, "patch": 0.0}
    for one in several:
        end = min(horizon, math.inf if one.stop is None else one.stop)
        if one.therapy == "patch":
            whole["patch"] += one.dose * 4 * (end - one.start)
        else:
            count = 1 if one.interval is None else math.ceil(round((end - one.start) / one.interval, 9))
            whole[one.therapy] += one.dose * (MG if one.therapy == "oil" else 0.1) * count
    seen = dict.fromkeys(whole, 0.0)
    patch = [one for one in found if isinstance(one, Worn)]
    for one, after in zip(patch, [*[w.day for w in patch[1:]], horizon], strict=False):
        seen["patch"] += one.rate * (after - one.day)
    for one in found:
        if isinstance(one, Dosing):
            seen[one.therapy] += one.amount
    for name, amount in whole.items():
        assert seen[name] == pytest.approx(amount, rel=1e-6, abs=1e-3)
