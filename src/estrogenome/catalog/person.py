"""Whom the numbers are for: a person checked against the hormonal states and covariates of the catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estrogenome.core.errors import PersonError
from estrogenome.core.records import Person

if TYPE_CHECKING:
    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.schema import HormonalState


def checked_person(person: Person, catalog: Catalog) -> Person:
    """Return ``person`` with the catalog's own name of the state, after checking sex, age, state and measured values.

    Raises:
        PersonError: something is unknown, out of range or contradictory; the message says what fits.
    """
    return make_person(catalog, sex=person.sex, age=person.age, state=person.state or None, measured=person.measured)


def make_person(catalog: Catalog, *, sex: str, age: float, state: str | None = None, measured: dict[str, float] | None = None) -> Person:
    """Return a person; without ``state`` the only one that fits sex and age is taken.

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
    return Person(sex=sex, age=age, state=entry.id, measured=_measured(entry, measured or {}))


def _state(catalog: Catalog, of_sex: list[HormonalState], sex: str, state: str | None) -> HormonalState:
    fitting = ", ".join("/".join((entry.id, *entry.aliases)) for entry in of_sex)
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


def _measured(entry: HormonalState, measured: dict[str, float]) -> dict[str, float]:
    options = {name: c for c in entry.covariates for name in (c.option, c.parameter) if name}
    result: dict[str, float] = {}
    for name, value in measured.items():
        covariate = options.get(name)
        offered = ", ".join(sorted(c.option for c in entry.covariates if c.option)) or "none"
        if covariate is None:
            raise PersonError(f"--measured {name} is not known in state {entry.id}; it takes: {offered}")
        low, high = covariate.plausible
        if not low <= value <= high:
            raise PersonError(f"{name} {value:g} is out of range; give {low:g} to {high:g} {covariate.unit}")
        result[covariate.parameter] = value
    return result
