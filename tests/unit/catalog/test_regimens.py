"""Regimens as text: what is read, and one clear line for what cannot be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estrogenome.catalog.lint_therapies import (
    labels_are_regimens,
    numbers_of_therapies_have_their_units,
    protocols_can_be_read,
    therapies_act_on_things_that_exist,
    therapies_and_protocols_have_names_of_their_own,
)
from estrogenome.catalog.load import Catalog, load_catalog
from estrogenome.catalog.regimens import parse_regimens
from estrogenome.catalog.therapies import Protocol, Therapy, numbers
from estrogenome.core.course_records import Regimen
from estrogenome.core.errors import PersonError


def number(value: float, unit: str = "1") -> dict[str, Any]:
    return {"value": value, "unit": unit, "distribution": "fixed", "state": "assumed", "source": "estrogenome", "locator": "x"}


def oil(**changes: Any) -> Therapy:
    entry: dict[str, Any] = {
        "id": "oil",
        "name": "oil",
        "plain": "x",
        "aliases": ["o"],
        "route": "injection",
        "kind": "dosed",
        "dose": {"unit": "mg", "molar_mass": 400, "plausible": [5, 500]},
        "every": {"plausible": [0.5, 90]},
        "releases": [{"into": "input_T_plasma", "share": number(0.9), "chain": [number(0.2, "1/d")]}],
        "limits": "x",
    }
    return Therapy.model_validate(entry | changes)


def sticker(**changes: Any) -> Therapy:
    entry: dict[str, Any] = {
        "id": "oil_sticker",
        "name": "sticker",
        "plain": "x",
        "route": "skin",
        "kind": "worn",
        "dose": {"unit": "ug/d", "molar_mass": 250, "plausible": [5, 400]},
        "every": {"plausible": [1, 14]},
        "releases": [{"into": "input_E2_plasma", "share": number(0.8), "chain": []}],
        "limits": "x",
    }
    return Therapy.model_validate(entry | changes)


def units_of(value: float = 0.1) -> Therapy:
    return oil(id="units", aliases=[], dose={"unit": "IU", "nmol_per_unit": number(value, "nmol"), "plausible": [1, 9000]})


PROTOCOL = Protocol.model_validate(
    {"id": "both", "name": "b", "plain": "x", "states": ["man"], "regimens": ["oil:100mg/7d", "oil:50mg/7d@28d+oil_sticker:50ug/d"]}
    | {"sources": ["estrogenome"], "locator": "x"}
)


def with_therapies(catalog: Catalog, *therapies: Therapy, protocols: tuple[Protocol, ...] = (PROTOCOL,)) -> Catalog:
    return replace(catalog, therapies={t.id: t for t in therapies}, protocols={p.id: p for p in protocols})


@pytest.fixture(scope="module")
def small(catalog: Catalog) -> Catalog:
    return with_therapies(catalog, oil(), sticker(), units_of())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("oil:100mg/7d", Regimen(therapy="oil", dose=100, interval=7)),
        (" O : 0.1 g / 1wk ", Regimen(therapy="oil", dose=100, interval=7)),
        ("oil:100mg/d", Regimen(therapy="oil", dose=100, interval=1)),
        ("oil:20mg/12h@14d-84d!3,1,3", Regimen(therapy="oil", dose=20, interval=0.5, start=14, stop=84, missed=(1, 3))),
        ("oil:0mg/7d", Regimen(therapy="oil", dose=0, interval=7)),
        ("oil:500mg/once@2wk", Regimen(therapy="oil", dose=500, start=14)),
        ("oil_sticker:50ug/d", Regimen(therapy="oil_sticker", dose=50)),
        ("oil_sticker:0.05mg/d/3.5d!2", Regimen(therapy="oil_sticker", dose=50, interval=3.5, missed=(2,))),
        ("units:1500IU/3d", Regimen(therapy="units", dose=1500, interval=3)),
    ],
)
def test_one_regimen_is_read(small: Catalog, text: str, expected: Regimen) -> None:
    (found,) = parse_regimens(small, text)
    assert found.model_copy(update={"dose": round(found.dose, 9)}) == expected


def test_several_are_joined_and_a_protocol_stands_for_its_own(small: Catalog) -> None:
    assert [r.therapy for r in parse_regimens(small, "oil:5mg/7d + oil_sticker:50ug/d")] == ["oil", "oil_sticker"]
    assert parse_regimens(small, "both+oil:5mg/7d") == (
        *parse_regimens(small, "oil:100mg/7d+oil:50mg/7d@28d+oil_sticker:50ug/d"),
        *parse_regimens(small, "oil:5mg/7d"),
    )


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "there is oil (mg, injection)"),
        ("oil", "there is oil"),
        ("junk", "protocols are both"),
        ("oil:", "write"),
        ("+", "no regimen"),
        ("oil:100mg/7d+", "no regimen"),
        ("water:100mg/7d", "there is oil (mg, injection), oil_sticker (ug/d, skin)"),
        ("oil_nasal:100mg/7d", "oil exists as oil (injection), oil_sticker (skin)"),
        ("oil:-100mg/7d", "5 to 500 mg"),
        ("oil:1e9mg/7d", "5 to 500 mg"),
        ("oil:1e999mg/7d", "5 to 500 mg"),
        ("oil:nanmg/7d", "5 to 500 mg"),
        ("oil:infmg/7d", "5 to 500 mg"),
        ("oil:1mg/7d", "5 to 500 mg"),
        ("oil:100/7d", "no unit"),
        ("oil:100mL/7d", "becomes mg"),
        ("oil:100IU/7d", "becomes mg"),
        ("oil:..mg/7d", "not a number"),
        ("units:100mg/7d", "becomes IU"),
        ("oil:100mg", "100mg/7d for every seven days, or 100mg/once"),
        ("oil:100mg/", "0.5 to 90 d"),
        ("oil:100mg/0d", "0.5 to 90 d"),
        ("oil:100mg/-7d", "out of range"),
        ("oil:100mg/7", "not a time"),
        ("oil:100mg/7mg", "not a time"),
        ("oil:100mg/400d", "0.5 to 90 d"),
        ("oil:100mg/7d@84d-14d", "the stop (day 14) does not lie behind the start (day 84)"),
        ("oil:100mg/7d@14d-14d", "does not lie behind"),
        ("oil:100mg/7d@-3d", "no start before day 0"),
        ("oil:100mg/7d@", "no start before day 0"),
        ("oil:100mg/7d@soon", "not a time"),
        ("oil:100mg/7d@3d-", "stop"),
        ("oil:100mg/7d@1e9d", "out of range"),
        ("oil:100mg/7d!0", "the first is 1"),
        ("oil:100mg/7d!x", "the first is 1"),
        ("oil:100mg/7d!", "the first is 1"),
        ("oil:100mg/7d!1!2", "not readable"),
        ("oil:100mg/7d@1d@2d", "not readable"),
        ("oil:100mg/7d@1d-2d-3d", "not a time"),
        ("oil_sticker:50ug", "becomes ug/d"),
        ("oil_sticker:50ug/3.5d", "becomes ug/d"),
        ("oil_sticker:50ug/d/99d", "1 to 14 d"),
        ("oil:\x00\n\n100mg/7d", "not a number"),
        ("x" * 30_000, "too long"),
        ("oil:100mg/" + "9" * 400 + "d", "out of range"),
    ],
)
def test_what_cannot_be_is_one_line_that_says_what_can(small: Catalog, text: str, word: str) -> None:
    with pytest.raises(PersonError) as raised:
        parse_regimens(small, text)
    message = str(raised.value)
    assert word in message
    assert message.isprintable()
    assert len(message) < 800


@given(st.text(max_size=60) | st.text(alphabet="oil:100mg/7d@-!,+. ", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    small = with_therapies(load_catalog(), oil(), sticker())
    regimens: tuple[Regimen, ...] = ()
    message = ""
    try:
        regimens = parse_regimens(small, text)
    except PersonError as error:
        message = str(error)
    assert bool(regimens) != bool(message)
    assert not message or message.isprintable()
    assert all(r.dose >= 0 and (r.interval is None or r.interval > 0) for r in regimens)


def test_without_any_therapy_there_is_a_line(catalog: Catalog) -> None:
    with pytest.raises(PersonError, match="there is no therapy"):
        parse_regimens(with_therapies(catalog, protocols=()), "oil:100mg/7d")


def test_every_number_has_a_row(small: Catalog) -> None:
    assert set(numbers(small.therapies["oil"])) == {"therapy/oil/releases/0/share", "therapy/oil/releases/0/chain/0"}


INHIBITOR = {
    "releases": [],
    "drug": {"absorption": number(9, "1/d"), "elimination": number(1, "1/d"), "volume": number(9, "L"), "unbound": number(0.5)},
    "acts": [{"on": "inhibition", "reaction": "aromatisation", "tissues": ["periphery"], "Ki": number(2, "nmol/L")}],
}


@pytest.mark.parametrize(
    ("changes", "rule", "word"),
    [
        (
            {"releases": [{"into": "input_X", "share": number(1), "chain": [number(1, "1/d")]}]},
            therapies_act_on_things_that_exist,
            "input_X",
        ),
        (
            {"releases": [{"into": "input_T_plasma", "share": number(1), "chain": [number(1, "1/h")]}]},
            numbers_of_therapies_have_their_units,
            "1/d",
        ),
        (
            {"releases": [{"into": "input_T_plasma", "share": number(0), "chain": [number(1, "1/d")]}]},
            numbers_of_therapies_have_their_units,
            "above 0",
        ),
        ({"dose": {"unit": "mg/d", "molar_mass": 1, "plausible": [1, 2]}}, numbers_of_therapies_have_their_units, "nmol"),
        ({"labels": [{"dose": "900 mg", "every": "7 d", "source": "estrogenome", "locator": "x"}]}, labels_are_regimens, "5 to 500 mg"),
        ({"aliases": ["both"]}, therapies_and_protocols_have_names_of_their_own, "twice"),
        (
            INHIBITOR | {"acts": [INHIBITOR["acts"][0] | {"tissues": ["moon"]}]},
            therapies_act_on_things_that_exist,
            "factor_aromatisation_moon",
        ),
        (
            INHIBITOR | {"acts": [{"on": "fold", "id": "SHBG", "also": ["luck"], "left": number(1), "C50": number(1, "nmol/L")}]},
            therapies_act_on_things_that_exist,
            "luck is nothing of the model",
        ),
        (
            INHIBITOR | {"acts": [{"on": "fold", "id": "SHBG", "left": number(0), "C50": number(1, "nmol/L")}]},
            numbers_of_therapies_have_their_units,
            "above 0",
        ),
        (
            INHIBITOR | {"acts": [{"on": "fold", "id": "SHBG", "left": number(1), "C50": number(1, "nmol/L"), "turnover": number(1)}]},
            numbers_of_therapies_have_their_units,
            "1/d",
        ),
    ],
)
def test_lint_finds_it(catalog: Catalog, changes: dict[str, Any], rule: Any, word: str) -> None:
    assert list(rule(with_therapies(catalog, oil(), sticker()))) == []
    assert list(rule(with_therapies(catalog, oil(**INHIBITOR), sticker()))) == []
    found = list(rule(with_therapies(catalog, oil(**changes), sticker())))
    assert found
    assert word in found[0][1]


@pytest.mark.parametrize(("change", "word"), [({"regimens": ["oil:1t/7d"]}, "becomes mg"), ({"states": ["child"]}, "child")])
def test_lint_finds_protocols_that_cannot_be(catalog: Catalog, change: dict[str, Any], word: str) -> None:
    bad = Protocol.model_validate(PROTOCOL.model_dump() | change)
    (found,) = protocols_can_be_read(with_therapies(catalog, oil(), sticker(), protocols=(bad,)))
    assert word in found[1]


@pytest.mark.parametrize(
    "changes",
    [
        {"releases": []},
        {"acts": INHIBITOR["acts"]},
        {"drug": INHIBITOR["drug"]},
        {"releases": [{"into": "input_T_plasma", "share": number(1), "chain": []}]},
        {"dose": {"unit": "mg", "plausible": [1, 2]}},
        {"dose": {"unit": "mg", "molar_mass": 1, "plausible": [2, 1]}},
        {"every": {"plausible": [0, 1]}},
        INHIBITOR | {"acts": [{"on": "quantity", "id": "SHBG", "emax": number(1)}]},
        INHIBITOR | {"acts": [{"on": "quantity", "id": "SHBG", "emax": number(1), "C50": number(1), "slope": number(1)}]},
        INHIBITOR | {"acts": [{"on": "quantity", "id": "SHBG"}]},
        INHIBITOR | {"acts": [{"on": "fold", "id": "SHBG", "C50": number(1)}]},
        INHIBITOR | {"acts": [{"on": "fold", "id": "SHBG", "emax": number(1), "left": number(1), "C50": number(1)}]},
    ],
)
def test_a_file_that_contradicts_itself_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"take|has|give|needs|go"):
        oil(**changes)
