"""A person: states, refusals with a reason, measures of the body in everyday units, impossible values in one line."""

from __future__ import annotations

import pytest

from estrogenome.catalog.person import checked_person, make_person
from estrogenome.core.errors import PersonError


def woman(catalog, **measured):
    return make_person(catalog, sex="female", age=30, state="follicular", measured=measured)


def refused(catalog, **person):
    with pytest.raises(PersonError) as error:
        make_person(catalog, **({"sex": "female", "age": 30, "state": "follicular"} | person))
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize(
    ("state", "sex", "gonads"), [("man", "male", "testes"), ("luteal", "female", "ovaries"), ("oophorectomized", "female", "none")]
)
def test_states_say_which_gonads(catalog, state, sex, gonads):
    assert catalog.states[make_person(catalog, sex=sex, age=45, state=state).state].gonads == gonads


@pytest.mark.parametrize(
    "wanted", ["pregnant", "Pregnancy", "liver failure", "kidney-failure", "hormonal contraception", "gaht", "TRT", "perimenopausal"]
)
def test_what_is_not_modelled_is_refused_with_its_reason_and_what_is_possible(catalog, wanted):
    said = refused(catalog, state=wanted)
    assert "no numbers are given under that name, because" in said
    assert ";" in said


def test_every_refusal_answers_to_no_name_of_a_state(catalog):
    states = {name for s in catalog.states.values() for name in (s.id, *s.aliases)}
    assert not states & {name for r in catalog.refusals.values() for name in (r.id, *r.aliases)}


@pytest.mark.parametrize(("given", "kilograms"), [("70kg", 70), ("154 lb", 69.85), ("70000 g", 70)])
def test_weight_in_everyday_units(catalog, given, kilograms):
    assert woman(catalog, weight=given).measured["body_weight"] == pytest.approx(kilograms, rel=1e-3)


@pytest.mark.parametrize(("given", "centimetres"), [("170 cm", 170), ("1.7m", 170), ("67in", 170.18)])
def test_height_in_everyday_units(catalog, given, centimetres):
    assert woman(catalog, height=given).measured["body_height"] == pytest.approx(centimetres)


@pytest.mark.parametrize("given", ["43 g/L", "4.3 g/dL"])
def test_albumin_in_grams(catalog, given):
    assert woman(catalog, albumin=given).measured["albumin"] == pytest.approx(43 / 69000 * 1e9)


def test_index_beside_weight_and_height_is_dropped_where_it_agrees(catalog):
    assert set(woman(catalog, weight="70kg", height="170cm", bmi="24").measured) == {"body_weight", "body_height"}


def test_index_and_weight_give_height(catalog):
    assert woman(catalog, weight="70kg", bmi="24.22").measured == pytest.approx({"body_weight": 70, "body_height": 170}, rel=1e-3)


def test_index_alone_is_kept(catalog):
    assert woman(catalog, bmi="30").measured == {"body_mass_index": 30}


@pytest.mark.parametrize(
    ("measured", "words"),
    [
        ({"weight": "700kg"}, ("weight", "30 to 300 kg")),
        ({"weight": "700 lb"}, ("weight", "66.1 to 661 lb")),
        ({"height": "17 cm"}, ("height", "120 to 230 cm")),
        ({"weight": "290kg", "height": "125cm"}, ("body mass index", "cannot be")),
        ({"weight": "35kg", "bmi": "79"}, ("height", "cannot be")),
        ({"weight": "70kg", "height": "170cm", "bmi": "34"}, ("contradicts", "24.2")),
        ({"albumin": "4300 g/L"}, ("albumin", "15.2 to 62.1 g/L")),
        ({"weight": "70 cm"}, ("cm", "kg")),
        ({"height": "tall"}, ("not a number",)),
        ({"weight": "154"}, ("weight=154", "has no unit")),
        ({"estradiol": "6 pg/mL"}, ("estradiol is what the model computes", "shbg")),
        ({"luck": "6 pg/mL"}, ("luck is not known", "shbg")),
    ],
)
def test_what_cannot_be_is_one_line_that_names_the_mend(catalog, measured, words):
    said = refused(catalog, measured=measured)
    assert all(word in said for word in words), said


def test_a_person_of_a_record_is_checked_again(catalog):
    person = woman(catalog, weight="70kg", height="170cm")
    assert checked_person(person, catalog) == person
    with pytest.raises(PersonError, match="out of range"):
        checked_person(person.model_copy(update={"measured": {"body_weight": 7000.0}}), catalog)
