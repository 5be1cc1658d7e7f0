"""Whom the numbers are for: a person checked against the hormonal states, refusals and covariates of the catalog."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from estrogenome.catalog.exposures import known_exposures, stated_exposures
from estrogenome.core.errors import KnowledgeError, PersonError
from estrogenome.core.records import Person
from estrogenome.core.units import convert, parse_amount

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.states import Covariate, HormonalState

BASELINE = "baseline_"
# values that follow from each other may differ by a tenth: rounding of weight and height leaves less
_AGREE = 10


def checked_person(person: Person, catalog: Catalog) -> Person:
    """Return ``person`` with the catalog's own name of the state, after checking sex, age, state and measured values.

    Raises:
        PersonError: something is unknown, out of range or contradictory; the message says what fits.
    """
    known_exposures(catalog, person.exposures)
    made = make_person(catalog, sex=person.sex, age=person.age, state=person.state or None, measured=person.measured)
    return made.model_copy(update={"exposures": person.exposures})


def make_person(
    catalog: Catalog,
    *,
    sex: str,
    age: float,
    state: str | None = None,
    measured: Mapping[str, float | str] | None = None,
    exposures: Iterable[str] = (),
) -> Person:
    """Return a person; without ``state`` the only one that fits sex and age is taken.

    A measured value is a number in the covariate's own unit, or text with a unit: ``25 ng/dL``. An exposure is an entry of ``exposures/``,
    with its dose behind a colon where it has one: ``name:50 ug/d``.
    Of values that follow from each other (weight, height and body mass index) those that need not be worked out are kept.

    Raises:
        PersonError: something is unknown, out of range, contradictory, or a condition for which no numbers are given; the message says
            what fits.
    """
    sex = sex.strip().lower()
    _refuse(catalog, state)
    sexes = sorted({s for entry in catalog.states.values() for s in entry.sexes})
    if sex not in sexes:
        raise PersonError(f"sex {sex!r} is not known; --sex takes one of {', '.join(sexes)}")
    of_sex = [entry for entry in catalog.states.values() if sex in entry.sexes]
    low, high = min(e.ages[0] for e in of_sex), max(e.ages[1] for e in of_sex)
    if not low <= age <= high:
        raise PersonError(f"age {age:g} is out of range; --age takes {low:g} to {high:g} years")
    entry = _state(catalog, of_sex, sex, state)
    if not entry.ages[0] <= age <= entry.ages[1]:
        raise PersonError(f"age {age:g} does not fit state {entry.id}; it takes {entry.ages[0]:g} to {entry.ages[1]:g} years")
    own = _independent(entry, _measured(entry, measured or {}, catalog))
    return Person(sex=sex, age=age, state=entry.id, measured=own, exposures=stated_exposures(catalog, exposures))


def _refuse(catalog: Catalog, state: str | None) -> None:
    wanted = (state or "").strip().lower().replace(" ", "_").replace("-", "_")
    for refusal in catalog.refusals.values():
        if wanted in {refusal.id, *refusal.aliases}:
            raise PersonError(f"{refusal.name}: no numbers are given under that name, because {refusal.reason}; {refusal.instead}")


def _state(catalog: Catalog, of_sex: list[HormonalState], sex: str, state: str | None) -> HormonalState:
    fitting = ", ".join(" or ".join((*entry.aliases, entry.id)) for entry in of_sex)
    if state is None:
        if len(of_sex) == 1:
            return of_sex[0]
        raise PersonError(f"a hormonal state is needed for sex {sex}; --state takes one of {fitting}")
    wanted = state.strip().lower()
    for entry in catalog.states.values():
        if wanted in {entry.id, *entry.aliases}:
            if entry in of_sex:
                return entry
            raise PersonError(f"state {wanted} does not fit sex {sex}; --state takes one of {fitting}")
    raise PersonError(f"state {wanted!r} is not known; --state takes one of {fitting}")


def _measured(entry: HormonalState, measured: Mapping[str, float | str], catalog: Catalog) -> dict[str, float]:
    options = {name: c for c in entry.covariates for name in (c.option, c.parameter) if name}
    result: dict[str, float] = {}
    for name, given in measured.items():
        covariate = options.get(name)
        offered = ", ".join(sorted(c.option for c in entry.covariates if c.option)) or "none"
        if covariate is None:
            if any(name.strip().lower() in {spec.id, spec.name.lower()} for spec in (catalog.readouts | catalog.axis_readouts).values()):
                raise PersonError(f"--measured {name} is what the model computes; lay yours beside the report. It takes: {offered}")
            raise PersonError(f"--measured {name} is not known in state {entry.id}; it takes: {offered}")
        low, high = covariate.plausible
        value, unit, scale = _amount(given, covariate) if isinstance(given, str) else (given, covariate.unit, 1.0)
        if not low <= value <= high:
            shown = given if isinstance(given, str) else f"{given:g}"
            own = "" if unit == covariate.unit else f" ({value:.3g} {covariate.unit})"
            raise PersonError(f"{name} {shown} is out of range{own}; give {low / scale:.3g} to {high / scale:.3g} {unit}")
        if result.get(covariate.parameter, value) != value:
            raise PersonError(f"{name} is given twice with different values; give it once")
        result[covariate.parameter] = value
    return result


def _independent(entry: HormonalState, measured: dict[str, float]) -> dict[str, float]:
    """Return the values without those that follow from others that are given as well.

    Raises:
        PersonError: a value that follows from others contradicts them, or makes them impossible.
    """
    kept = dict(measured)
    for covariate in entry.covariates:
        if covariate.scale is None:
            continue
        _work_back(entry, covariate, kept)
        if not set(covariate.powers) <= set(kept):
            continue
        worked = covariate.scale.value * math.prod(kept[name] ** power for name, power in covariate.powers.items())
        of = " and ".join(_names(entry, covariate.powers))
        low, high = covariate.plausible
        if not low <= worked <= high:
            raise PersonError(f"{of} give a {covariate.name} of {worked:.3g} {covariate.unit}, which cannot be; check both and their units")
        given = kept.pop(covariate.parameter, worked)
        if abs(given - worked) > worked / _AGREE:
            raise PersonError(f"{covariate.name} {given:g} {covariate.unit} contradicts {of}, which give {worked:.3g}; leave one out")
    return kept


def _work_back(entry: HormonalState, covariate: Covariate, kept: dict[str, float]) -> None:
    """Add to ``kept`` the one value that is missing of those that a given value follows from: height from weight and body mass index."""
    missing = [name for name in covariate.powers if name not in kept]
    if covariate.scale is None or covariate.parameter not in kept or len(missing) != 1:
        return
    known = math.prod(kept[name] ** power for name, power in covariate.powers.items() if name in kept)
    other = next(c for c in entry.covariates if c.parameter == missing[0])
    value = (kept[covariate.parameter] / covariate.scale.value / known) ** (1 / covariate.powers[other.parameter])
    low, high = other.plausible
    if not low <= value <= high:
        given = " and ".join([*_names(entry, [name for name in covariate.powers if name in kept]), covariate.name])
        raise PersonError(f"{given} give a {other.name} of {value:.3g} {other.unit}, which cannot be; check both and their units")
    kept[other.parameter] = value


def _names(entry: HormonalState, parameters: Iterable[str]) -> list[str]:
    """Return the names of covariates in words."""
    names = {c.parameter: c.name for c in entry.covariates}
    return [names[parameter] for parameter in parameters]


def _amount(text: str, covariate: Covariate) -> tuple[float, str, float]:
    """Return ``text`` (a number, with or without a unit) in the covariate's unit; the unit it came in, and that unit in the covariate's."""
    mend = f'give a number and its unit, such as "{covariate.option}={covariate.plausible[0]:g} {covariate.unit}"'
    try:
        number, unit = parse_amount(text)
        scale = amount_of(f"1 {unit}", covariate)
    except ValueError as error:
        point = "; write the decimal point as a point" if "," in text else ""
        raise PersonError(f"--measured {covariate.option}={text}: not a number with a unit{point}; {mend}") from error
    except KnowledgeError as error:
        raise PersonError(f"--measured {covariate.option}={text}: the unit cannot become {covariate.unit}; {mend}") from error
    if not unit and covariate.scale is None:
        # laboratories differ in their units: a bare number would be taken for another amount. An index has one unit everywhere
        raise PersonError(f"--measured {covariate.option}={text}: has no unit; {mend}")
    # a code in brackets is shown as people write it: [lb_av] is lb
    return number * scale, unit.strip("[]").partition("_")[0] or covariate.unit, scale


def covariate_named(state: HormonalState, name: str) -> Covariate | None:
    """Return the covariate of ``state`` with this name, option, or name without the word for a baseline; None where there is none."""
    for covariate in state.covariates:
        if name in {covariate.parameter, covariate.option, covariate.parameter.removeprefix(BASELINE)}:
            return covariate
    return None


def amount_of(text: str, covariate: Covariate) -> float:
    """Return ``text`` (a number, with or without a unit) in the covariate's unit.

    Raises:
        ValueError: it is no number.
        KnowledgeError: its unit cannot become the covariate's.
    """
    number, unit = parse_amount(text)
    return convert(number, unit, covariate.unit, covariate.molar_mass) if unit else number
