"""Run the composed model for every draw of every person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estrogenome.core.records import Trajectories
from estrogenome.core.uncertainty import worst
from estrogenome.network import compose
from estrogenome.trajectories.kernel import kernel_of

if TYPE_CHECKING:
    from estrogenome.catalog.load import Catalog
    from estrogenome.core.records import ParameterSets
    from estrogenome.trajectories.engine import Engine


def simulate(parameter_sets: ParameterSets, catalog: Catalog, *, engine: Engine | None = None) -> Trajectories:
    """Return the steady state of each draw; a draw without one is marked failed and holds NaN.

    ``engine`` solves the model of ``catalog``; by default the batch kernel. Shapes: concentrations (person, draw, 1, species), fluxes
    (person, draw, 1, reaction), constants (person, draw, quantity) with the parameters first and the model's assigned quantities behind
    them.
    """
    network = compose(catalog)
    engine = engine or kernel_of(network)
    people, draws, _ = parameter_sets.values.shape
    table = parameter_sets.values.reshape(people * draws, -1)
    settable = set(network.structure.constants)
    found = engine.solve({name: table[:, i] for i, name in enumerate(parameter_sets.names) if name in settable})
    assigned = found.assigned.reshape(people, draws, -1)
    return Trajectories(
        samples=parameter_sets.samples,
        times=np.array([np.nan]),
        species=engine.species,
        reactions=engine.reactions,
        quantities=(*parameter_sets.names, *engine.quantities),
        concentrations=found.concentrations.reshape(people, draws, 1, -1),
        fluxes=found.fluxes.reshape(people, draws, 1, -1),
        constants=np.concatenate([parameter_sets.values, assigned], axis=2),
        failed=found.failed.reshape(people, draws).astype(np.int64),
        worst_state=worst(parameter_sets.states),
        provenance=parameter_sets.provenance.model_copy(update={"model_hash": network.digest}),
    )
