"""Whom the numbers are for: a person checked against the hormonal states and covariates of the catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estrogenome.catalog.exposures import known_exposures, stated_exposures
from estrogenome.core.errors import KnowledgeError, PersonError
from estrogenome.core.records import Person
from estrogenome.core.units import convert, parse_amount

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.schema import Covariate, HormonalState

_BASELINE = "baseline_"


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

    Raises:
        PersonError: something is unknown, out of range or contradictory; the message says what fits.
    """
    sex = sex.strip().lower()
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
    return Person(
        sex=sex, age=age, state=entry.id, measured=_measured(entry, measured or {}), exposures=stated_exposures(catalog, exposures)
    )


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


def _measured(entry: HormonalState, measured: Mapping[str, float | str]) -> dict[str, float]:
    options = {name: c for c in entry.covariates for name in (c.option, c.parameter) if name}
    result: dict[str, float] = {}
    for name, given in measured.items():
        covariate = options.get(name)
        offered = ", ".join(sorted(c.option for c in entry.covariates if c.option)) or "none"
        if covariate is None:
            raise PersonError(f"--measured {name} is not known in state {entry.id}; it takes: {offered}")
        low, high = covariate.plausible
        value = _amount(given, covariate) if isinstance(given, str) else given
        if not low <= value <= high:
            shown = given if isinstance(given, str) else f"{given:g}"
            raise PersonError(f"{name} {shown} is out of range ({value:.3g} {covariate.unit}); give {low:g} to {high:g} {covariate.unit}")
        result[covariate.parameter] = value
    return result


def _amount(text: str, covariate: Covariate) -> float:
    """Return ``text`` (a number, with or without a unit) in the covariate's unit."""
    mend = f'give a number and its unit, such as "{covariate.option}={covariate.plausible[0]:g} {covariate.unit}"'
    try:
        return amount_of(text, covariate)
    except ValueError as error:
        raise PersonError(f"--measured {covariate.option}={text}: not a number with a unit; {mend}") from error
    except KnowledgeError as error:
        raise PersonError(f"--measured {covariate.option}={text}: the unit cannot become {covariate.unit}; {mend}") from error


def covariate_named(state: HormonalState, name: str) -> Covariate | None:
    """Return the covariate of ``state`` with this name, option, or name without the word for a baseline; None where there is none."""
    for covariate in state.covariates:
        if name in {covariate.parameter, covariate.option, covariate.parameter.removeprefix(_BASELINE)}:
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
