"""A readout's formula over the draws of a trajectory, in the unit the assay reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estrogenome.catalog.formula import evaluate
from estrogenome.core.errors import ModelError
from estrogenome.core.units import factor

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from estrogenome.catalog.readouts import ReadoutSpec
    from estrogenome.core.records import Trajectories


def draws_of(spec: ReadoutSpec, trajectories: Trajectories, person: int) -> NDArray[np.float64]:
    """Return the readout of one person in every draw, NaN where the draw failed; shape (draws,).

    Raises:
        ModelError: no draw of this person could be solved.
    """
    if trajectories.failed[person].all():
        raise ModelError("no draw of the model could be solved; report this with the version")
    values = {s: trajectories.concentrations[person, :, -1, i] for i, s in enumerate(trajectories.species)}
    values |= {r: trajectories.fluxes[person, :, -1, i] for i, r in enumerate(trajectories.reactions)}
    values |= {q: trajectories.constants[person, :, i] for i, q in enumerate(trajectories.quantities)}
    scale = factor(spec.formula_unit, spec.unit, spec.molar_mass)
    return np.where(trajectories.failed[person] == 0, evaluate(spec.formula, values) * scale, np.nan)
