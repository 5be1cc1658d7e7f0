"""Which numbers a model leaves with: the reference of a hormonal state, or those of a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from estrogenome.catalog.body import central_values, known_state
from estrogenome.core.errors import InputError, ModelError, PersonError
from estrogenome.core.provenance import package_version
from estrogenome.core.records import Activities, ParameterSets, Person, Provenance
from estrogenome.core.select import one
from estrogenome.core.uncertainty import State
from estrogenome.network import compose
from estrogenome.parameters import personalize
from estrogenome.trajectories import simulate

if TYPE_CHECKING:
    from estrogenome.catalog.load import Catalog


@dataclass(frozen=True)
class Values:
    """Constants of the model (name → value in its unit), the steady state they give, and whose they are."""

    constants: dict[str, float]
    steady: dict[str, float]
    """Species → nmol/L."""
    fluxes: dict[str, float]
    """Reaction → nmol/day."""
    whose: str


def of_state(catalog: Catalog, name: str | None = None) -> Values:
    """Return the central values of a hormonal state, the model's reference state by default; every activity is 1.

    Raises:
        PersonError: no state has that name.
    """
    anybody = central_sets(catalog, name)
    constants = dict(zip(anybody.names, anybody.values[0, 0].tolist(), strict=True))
    whose = f"central values of the state {catalog.states[anybody.person.state].name}, average genotype"
    return Values(constants, *_steady(anybody, catalog), whose)


def central_sets(catalog: Catalog, name: str | None = None) -> ParameterSets:
    """Return the central values of a hormonal state as one draw of one person in the middle of its ages.

    Raises:
        PersonError: no state has that name.
    """
    wanted = (name or str(catalog.annotations["reference_state"])).strip().lower()
    found = [entry for entry in catalog.states.values() if wanted in {entry.id, *entry.aliases}]
    if not found:
        raise PersonError(f"state {wanted!r} is not known; --state takes one of {', '.join(catalog.states)}")
    structure = compose(catalog).structure
    values = central_values(catalog, found[0].id, structure.constants)
    constants = {n: values[n] for n in structure.constants}
    how = known_state(catalog, found[0].id)
    ages = found[0].ages
    return ParameterSets(
        samples=("reference",),
        person=Person(sex=found[0].sexes[0], age=sum(ages) / len(ages), state=found[0].id),
        names=tuple(constants),
        units=tuple(structure.units.get(n, "") for n in constants),
        states=tuple(how.get(n, State.MEASURED) for n in constants),
        values=np.array([[list(constants.values())]]),
        provenance=_provenance(catalog, 0, 1),
    )


def of_person(catalog: Catalog, person: Person, *, draws: int = 200, seed: int = 0) -> Values:
    """Return the medians over ``draws`` bodies of somebody whose genome is not known: every activity is 1."""
    return of_record(catalog, average_sets(catalog, person, draws=draws, seed=seed))


def average_sets(catalog: Catalog, person: Person, *, draws: int = 200, seed: int = 0) -> ParameterSets:
    """Return ``draws`` bodies of somebody whose genome is not known: every activity is 1."""
    activities = Activities(samples=("person",), terms=(), values=np.ones((1, draws, 0)), provenance=_provenance(catalog, seed, draws))
    return personalize(activities, person, catalog, draws=draws, seed=seed)


def of_record(catalog: Catalog, record: ParameterSets, *, sample: str | None = None, draw: int | None = None) -> Values:
    """Return the medians of a person's parameters over all draws, or one draw (counted from 0).

    Raises:
        InputError: there is no such draw.
        SampleError: there is no such sample, or several and none is named.
        ModelError: the record lacks a constant of the model, or there is no steady state.
    """
    own = one(record, sample)
    draws = own.values.shape[1]
    single = single_sets(own, draw)
    known = dict(zip(own.names, single.values[0, 0].tolist(), strict=True))
    wanted = compose(catalog).structure.constants
    missing = sorted(set(wanted) - set(known))
    if missing:
        raise ModelError(f"the parameters lack {missing[0]}, which the model needs; they were made with other knowledge: make them again")
    person = own.person
    which = f"medians of {draws} draws" if draw is None else f"draw {draw} of {draws}"
    exposed = "".join(f", {catalog.exposures[e.id].name}" for e in person.exposures if e.id in catalog.exposures)
    whose = f"{which} of somebody ({person.sex}, {person.age:g} years, {catalog.states[person.state].name}{exposed})"
    return Values({n: known[n] for n in wanted}, *_steady(single, catalog), whose)


def single_sets(own: ParameterSets, draw: int | None = None) -> ParameterSets:
    """Return one person's medians over all draws, or one draw (counted from 0), as the only draw.

    Raises:
        InputError: there is no such draw.
    """
    draws = own.values.shape[1]
    if draw is not None and not 0 <= draw < draws:
        raise InputError(f"--draw {draw}: the parameters hold draws 0 to {draws - 1}")
    values = np.median(own.values[0], axis=0) if draw is None else own.values[0, draw]
    return own.model_copy(update={"values": values[None, None, :]})


def _steady(single: ParameterSets, catalog: Catalog) -> tuple[dict[str, float], dict[str, float]]:
    """Return the steady concentrations and fluxes of one draw."""
    course = simulate(single, catalog)
    if course.failed.any():
        raise ModelError("model: no steady state with these numbers; export another draw or the reference")
    concentrations = dict(zip(course.species, course.concentrations[0, 0, 0].tolist(), strict=True))
    return concentrations, dict(zip(course.reactions, course.fluxes[0, 0, 0].tolist(), strict=True))


def _provenance(catalog: Catalog, seed: int, draws: int) -> Provenance:
    return Provenance(
        version=package_version(), knowledge_version=catalog.version, knowledge_hash=catalog.digest, input_digest="", seed=seed, draws=draws
    )
