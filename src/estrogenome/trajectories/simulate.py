"""Run the composed model for every draw of every person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estrogenome.core.records import Trajectories
from estrogenome.core.uncertainty import worst
from estrogenome.network import compose
from estrogenome.trajectories.engine import RoadRunnerEngine
from estrogenome.trajectories.steady import steady_state

if TYPE_CHECKING:
    from estrogenome.catalog.load import Catalog
    from estrogenome.core.records import ParameterSets


def simulate(parameter_sets: ParameterSets, catalog: Catalog) -> Trajectories:
    """Return the steady state of each draw; a draw without one is marked failed and holds NaN.

    Shapes: concentrations (person, draw, 1, species), fluxes (person, draw, 1, reaction), constants (person, draw, quantity) with
    the parameters first and the model's assigned quantities behind them.
    """
    network = compose(catalog)
    settable = [i for i, n in enumerate(parameter_sets.names) if n in set(network.structure.constants)]
    names = [parameter_sets.names[i] for i in settable]
    engine = RoadRunnerEngine(network.sbml, names, network.structure.assigned)
    people, draws, _ = parameter_sets.values.shape
    concentrations = np.full((people, draws, 1, len(engine.species)), np.nan)
    fluxes = np.full((people, draws, 1, len(engine.reactions)), np.nan)
    assigned = np.full((people, draws, len(engine.quantities)), np.nan)
    failed = np.ones((people, draws), dtype=np.int64)
    start = np.zeros(len(engine.species))
    for person in range(people):
        for draw in range(draws):
            engine.set_constants(parameter_sets.values[person, draw, settable])
            # every draw starts at zero: a result must not depend on the draw before it
            point = steady_state(engine, start)
            if point is None:
                continue
            failed[person, draw] = 0
            concentrations[person, draw, 0] = point
            fluxes[person, draw, 0] = engine.fluxes()
            assigned[person, draw] = engine.assigned()
    return Trajectories(
        samples=parameter_sets.samples,
        times=np.array([np.nan]),
        species=engine.species,
        reactions=engine.reactions,
        quantities=(*parameter_sets.names, *engine.quantities),
        concentrations=concentrations,
        fluxes=fluxes,
        constants=np.concatenate([parameter_sets.values, assigned], axis=2),
        failed=failed,
        worst_state=worst(parameter_sets.states),
        provenance=parameter_sets.provenance.model_copy(update={"model_hash": network.digest}),
    )
