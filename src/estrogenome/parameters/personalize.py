"""A person's numbers for the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estrogenome.catalog.body import FACTOR, factor_name, known_state
from estrogenome.core.errors import ModelError
from estrogenome.core.records import ParameterSets
from estrogenome.core.uncertainty import Origin, State, again, worst
from estrogenome.network import compose
from estrogenome.parameters.draw import body, differences, own_covariates
from estrogenome.parameters.expose import acting, changed, drawn_multiples, moved, with_enzymes
from estrogenome.parameters.scale import drawn_shares, factors

if TYPE_CHECKING:
    from estrogenome.catalog.load import Catalog
    from estrogenome.core.records import Activities, Person

# what stands in the posterior beside quantities of the model, such as multiples of exposures, has a path as its name
_ROW = "/"


def personalize(
    activities: Activities, person: Person, catalog: Catalog, *, draws: int, seed: int, redrawn: Origin | None = None
) -> ParameterSets:
    """Return ``values[person, draw, parameter]`` for everybody in ``activities``, all with the sex, age and state of ``person``.

    Genotype enters through the factors alone; everything else draws from streams that depend on the seed only, so two
    genotypes under one seed are compared in the same bodies. Exposures act last; what was measured they do not move. What is
    ``redrawn`` comes from other streams while everything else stands (of enzymes the shares; their activities are the caller's).

    Raises:
        ModelError: ``activities`` hold another number of draws, or act on a factor that the model lacks.
    """
    people, have, _ = activities.values.shape
    if have != draws:
        raise ModelError(f"activities hold {have} draws, asked for {draws}; infer activities with the same number")
    structure = compose(catalog).structure
    of = {origin: again(seed) if origin is redrawn else seed for origin in Origin}
    drawn = body(catalog, person.state, draws, of[Origin.CONSTANTS])
    acts = acting(person.exposures, catalog, drawn_multiples(person.exposures, catalog, draws, of[Origin.CONSTANTS]) | drawn)
    activities = with_enzymes(activities, acts)
    scaled = factors(activities, drawn_shares(catalog, draws, of[Origin.ENZYMES]))
    unknown = sorted(set(scaled) - set(structure.constants))
    if unknown:
        raise ModelError(f"model has no {', '.join(n.removeprefix(FACTOR) for n in unknown)}; mend catalyses of the gene file")
    common = {n: v for n, v in drawn.items() if _ROW not in n}
    own = own_covariates(catalog, person.state, person.age, person.measured, draws, of[Origin.PERSON])
    multiples = differences(catalog, person.state, person.age, own, draws, of[Origin.PERSON])
    common |= {n: common[n] * multiple for n, multiple in multiples.items() if n in common} | own
    neutral = {n: np.ones(draws) for n in structure.constants if n.startswith(FACTOR) and n not in scaled}
    spread = {n: np.broadcast_to(v, (people, draws)) for n, v in (common | neutral).items()} | scaled
    how = known_state(catalog, person.state) | dict.fromkeys(neutral, State.MEASURED)
    for name, one in moved(acts, person.measured):
        if name not in spread:
            raise ModelError(f"model has no {name}; mend the acts of exposures/{one.by.id}")
        spread[name] = changed(spread[name], one)
    catalysts = catalog.catalysts
    for name in scaled:
        terms = [t for t in activities.terms if factor_name(t.reaction, t.tissue) == name]
        shares = [c.share.state for t in terms for c in catalysts[t.gene].catalyses if factor_name(c.reaction, c.tissue) == name]
        how[name] = worst([*(t.worst_state for t in terms), *shares])
    for name, one in moved(acts, person.measured):
        how[name] = worst([how[name], one.state])
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
