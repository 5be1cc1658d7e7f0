"""Everything uncertain that a prediction of a study rests on, as one mapping from the name of a row to its draws.

Rows are those of the parameter tables and of the posterior (``name``, ``name@state``), numbers of exposures
(``exposure/<id>/<position>`` and behind), observation models (``assay/<id>/<readout>/gain`` and ``…/blank``) and shares of enzymes
(``share/<enzyme>/<reaction>/<tissue>``). A fit hands its own values to the same prediction: all of shape (draws,).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estrogenome.catalog.axes import axis_rows
from estrogenome.catalog.body import fitted
from estrogenome.catalog.exposures import act_numbers, observed_row
from estrogenome.catalog.therapies import numbers
from estrogenome.core.uncertainty import draw, stream
from estrogenome.parameters.scale import share_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.schema import Quantity

    Array = NDArray[np.float64]
    Theta = dict[str, Array]


def drawn(catalog: Catalog, draws: int, seed: int, *, timed: bool = False) -> Theta:
    """Return draws of the fitted posterior and of everything it does not hold, from the streams that a person's numbers use."""
    theta = _independent(catalog, draws, seed, timed=timed)
    posterior = fitted(catalog)
    z = np.array([stream(seed, f"posterior/{n}").standard_normal(draws) for n in posterior.names])
    logs = posterior.log_median[:, None] + posterior.cholesky @ z
    return theta | dict(zip(posterior.names, np.exp(logs), strict=True))


def drawn_from_priors(catalog: Catalog, draws: int, seed: int, *, timed: bool = False) -> Theta:
    """Return draws from the priors of the fit and of everything it does not hold."""
    theta = _independent(catalog, draws, seed, timed=timed)
    for entry in catalog.posterior["parameters"]:
        name, _, state = entry["id"].partition("@")
        # a state that borrows its numbers has the lender's draws
        lender = catalog.states[state].like if state in catalog.states else ""
        key = f"{name}@{lender}" if lender else entry["id"]
        z = stream(seed, f"posterior/{key}").standard_normal(draws)
        theta[entry["id"]] = entry["prior_median"] * np.exp(entry["prior_log_sd"] * z)
    return theta


def central(catalog: Catalog, *, timed: bool = False) -> Theta:
    """Return the middle of everything, one draw."""
    theta = {row: np.array([q.value]) for row, q in quantities(catalog, timed=timed)}
    posterior = fitted(catalog)
    return theta | {name: np.exp(log[None]) for name, log in zip(posterior.names, posterior.log_median, strict=True)}


def quantities(catalog: Catalog, *, timed: bool = False) -> Iterator[tuple[str, Quantity]]:
    """Yield (row, quantity) for everything a prediction rests on but the posterior; with ``timed`` axes and therapies too."""
    for row, parameter in catalog.parameters.items():
        yield row, parameter.quantity
    for exposure in catalog.exposures.values():
        for position, act in enumerate(exposure.acts):
            yield from act_numbers(exposure.id, position, act).items()
    for assay in catalog.assays.values():
        for readout, observation in assay.observes.items():
            for part in ("gain", "blank"):
                quantity = getattr(observation, part)
                if quantity is not None:
                    yield observed_row(assay.id, readout, part), quantity
    for enzyme in catalog.catalysts.values():
        for catalysis in enzyme.catalyses:
            yield share_row(enzyme.id, catalysis.reaction, catalysis.tissue), catalysis.share
    if timed:
        yield from _in_time(catalog)


def _in_time(catalog: Catalog) -> Iterator[tuple[str, Quantity]]:
    """Yield the numbers of axes, ``name@state``, but those that differ between people, and of therapies."""
    for axis in catalog.axes.values():
        for state in axis.states:
            rows = axis_rows(catalog, axis, state)
            yield from ((f"{name}@{state}", row.quantity) for name, row in rows.items() if name not in axis.people)
    for therapy in catalog.therapies.values():
        yield from numbers(therapy).items()


def _independent(catalog: Catalog, draws: int, seed: int, *, timed: bool) -> Theta:
    parameters = set(catalog.parameters)
    return {
        row: draw(q.distribution, q.value, q.spread, stream(seed, f"parameter/{row}" if row in parameters else row), draws)
        for row, q in quantities(catalog, timed=timed)
    }
