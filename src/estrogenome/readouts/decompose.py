"""Where the uncertainty of a readout comes from, and what would narrow it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estrogenome.catalog.covariates import covariates
from estrogenome.core.readout_records import Origins
from estrogenome.readouts.evaluate import draws_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from estrogenome.catalog.load import Catalog
    from estrogenome.core.records import Person, Trajectories
    from estrogenome.core.uncertainty import Origin


def total_effect(values: NDArray[np.float64], others: NDArray[np.float64]) -> float | None:
    """Return the share of the variance of the logarithm that an origin carries, interactions included.

    ``others[i]`` is draw ``i`` with that origin drawn anew (Jansen 1999, doi 10.1016/S0010-4655(98)00154-4: half the mean squared
    difference over the variance). None where nothing varies.
    """
    valid = np.isfinite(values) & np.isfinite(others) & (values > 0) & (others > 0)
    one, two = np.log(values[valid]), np.log(others[valid])
    variance = np.concatenate([one, two]).var()
    if variance == 0:
        return None
    return float(min(1.0, np.mean((one - two) ** 2) / (2 * variance)))


def origins(trajectories: Trajectories, redrawn: Mapping[Origin, Trajectories], catalog: Catalog) -> Origins:
    """Return where the uncertainty of every readout comes from; ``redrawn`` holds ``trajectories`` with one origin drawn anew."""
    found = []
    for person in range(len(trajectories.samples)):
        of_person = {}
        for spec in catalog.readouts.values():
            values = draws_of(spec, trajectories, person)
            shares = {str(origin): total_effect(values, draws_of(spec, other, person)) for origin, other in redrawn.items()}
            of_person[spec.id] = {origin: share for origin, share in shares.items() if share is not None}
        found.append(of_person)
    return Origins(samples=trajectories.samples, shares=tuple(found), provenance=trajectories.provenance)


def narrowing(values: NDArray[np.float64], trajectories: Trajectories, row: int, person: Person, catalog: Catalog) -> dict[str, float]:
    """Return, by covariate that the person did not give, the share of the variance of the logarithm that one sample of it would take away.

    The squared correlation of the logarithms over the draws (the first-order effect of a quantity that goes with others, in a model that is
    nearly linear in logarithms), times how much of one sample's variance is the person's, less what chance gives.
    """
    joint = covariates(catalog, person.state, person.age)
    found = {}
    valid = np.isfinite(values) & (values > 0)
    for entry in catalog.states[person.state].covariates:
        if not entry.option or entry.parameter in person.measured or entry.parameter not in trajectories.quantities:
            continue
        drawn = np.log(trajectories.constants[row, valid, trajectories.quantities.index(entry.parameter)])
        if drawn.std() == 0 or np.log(values[valid]).std() == 0:
            continue
        _, powers = joint.row(entry.parameter)
        true, error = float(powers @ joint.covariance @ powers), float(powers @ joint.error @ powers)
        squared = float(np.corrcoef(drawn, np.log(values[valid]))[0, 1]) ** 2
        chance = 1 / valid.sum()
        found[entry.parameter] = max(0.0, (squared - chance) / (1 - chance)) * true / (true + error)
    return found
