"""A person's numbers for the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estrogenome.catalog.body import FACTOR, factor_name, known_state
from estrogenome.core.errors import ModelError
from estrogenome.core.records import ParameterSets
from estrogenome.core.uncertainty import State, worst
from estrogenome.network import compose
from estrogenome.parameters.draw import body, own_covariates
from estrogenome.parameters.scale import factors

if TYPE_CHECKING:
    from estrogenome.catalog.load import Catalog
    from estrogenome.core.records import Activities, Person


def personalize(activities: Activities, person: Person, catalog: Catalog, *, draws: int, seed: int) -> ParameterSets:
    """Return ``values[person, draw, parameter]`` for everybody in ``activities``, all with the sex, age and state of ``person``.

    Genotype enters through the factors alone; everything else draws from streams that depend on the seed only, so two
    genotypes under one seed are compared in the same bodies.

    Raises:
        ModelError: ``activities`` hold another number of draws, or act on a factor that the model lacks.
    """
    people, have, _ = activities.values.shape
    if have != draws:
        raise ModelError(f"activities hold {have} draws, asked for {draws}; infer activities with the same number")
    structure = compose(catalog).structure
    scaled = factors(activities, catalog, seed)
    unknown = sorted(set(scaled) - set(structure.constants))
    if unknown:
        raise ModelError(f"model has no {', '.join(n.removeprefix(FACTOR) for n in unknown)}; mend catalyses of the gene file")
    common = body(catalog, person.state, draws, seed) | own_covariates(catalog, person.state, person.age, person.measured, draws, seed)
    neutral = {n: np.ones(draws) for n in structure.constants if n.startswith(FACTOR) and n not in scaled}
    spread = {n: np.broadcast_to(v, (people, draws)) for n, v in (common | neutral).items()} | scaled
    how = known_state(catalog, person.state) | dict.fromkeys(neutral, State.MEASURED)
    for name in scaled:
        terms = [t for t in activities.terms if factor_name(t.reaction, t.tissue) == name]
        shares = [c.share.state for t in terms for c in catalog.genes[t.gene].catalyses if factor_name(c.reaction, c.tissue) == name]
        how[name] = worst([*(t.worst_state for t in terms), *shares])
    names = tuple(sorted(spread))
    return ParameterSets(
        samples=activities.samples,
        person=person,
        names=names,
        units=tuple(structure.units.get(n, "") for n in names),
        states=tuple(how[n] for n in names),
        values=np.stack([spread[n] for n in names], axis=2),
        provenance=activities.provenance,
    )
