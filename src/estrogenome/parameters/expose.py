"""What exposures do to the numbers of a body: inputs, quantities, factors and the activities of enzymes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from estrogenome.catalog.body import factor_name
from estrogenome.catalog.exposures import (
    ConstantAct,
    EnzymeAct,
    FactorAct,
    InputAct,
    act_numbers,
    fitted_row,
    half_dose_row,
    saturation_row,
)
from estrogenome.core.uncertainty import draw, stream, worst
from estrogenome.core.units import convert

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from estrogenome.catalog.exposures import Act, Dose
    from estrogenome.catalog.load import Catalog
    from estrogenome.core.records import Activities, Exposed
    from estrogenome.core.uncertainty import State

_PER_DAY = "nmol/d"


@dataclass(frozen=True)
class Acting:
    """One act of one exposure at its dose; ``size`` (draws,) is what it multiplies with, or nmol/d of an input."""

    by: Exposed
    act: Act
    size: NDArray[np.float64]
    state: State
    """How the least known of its numbers is known."""


def drawn_multiples(exposures: Iterable[Exposed], catalog: Catalog, draws: int, seed: int) -> dict[str, NDArray[np.float64]]:
    """Return draws (draws,) of every number of every act, each from its own stream, under its row (``act_numbers``)."""
    found = {}
    for exposed in exposures:
        for position, act in enumerate(catalog.exposures[exposed.id].acts):
            for row, q in act_numbers(exposed.id, position, act).items():
                found[row] = draw(q.distribution, q.value, q.spread, stream(seed, row), draws)
    return found


def acting(exposures: Iterable[Exposed], catalog: Catalog, multiples: Mapping[str, NDArray[np.float64]]) -> list[Acting]:
    """Return every act of ``exposures`` at its dose. ``multiples`` holds the draws (draws,) of each row of ``act_numbers``."""
    found = []
    for exposed in exposures:
        entry = catalog.exposures[exposed.id]
        for position, act in enumerate(entry.acts):
            multiple = multiples[fitted_row(exposed.id, position)]
            if isinstance(act, InputAct):
                size = multiple * _amount(exposed.dose, entry.dose)
                if act.saturation is not None and exposed.dose is not None:
                    size = size / (1 + exposed.dose / multiples[saturation_row(exposed.id, position)])
            elif act.at_dose is None or exposed.dose is None:
                size = multiple
            else:
                half = multiples[half_dose_row(exposed.id, position)] / act.at_dose if act.half_dose is not None else None
                size = at_dose(multiple, exposed.dose / act.at_dose, half)
            known = worst([q.state for q in act_numbers(exposed.id, position, act).values()])
            found.append(Acting(exposed, act, size, known))
    return found


def at_dose(multiple: NDArray[np.float64], relative: float, half: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Return the multiple at ``relative`` times the dose it is known at, shape (draws,).

    An increase grows in proportion to the dose. A decrease follows reversible inhibition, 1 / (1 + dose / half-dose), so that its
    inverse grows in proportion (Cheng and Prusoff 1973, for an inhibitor's concentration in proportion to its dose). With ``half``
    (draws,), the half-dose over the known dose, something is left at any dose: the decrease is in proportion to
    dose / (half-dose + dose), the half-dose being no more than that at which nothing would be left in the end.
    """
    safe = np.where(multiple < 1, multiple, 1.0)
    whole = 1 / safe - 1
    decrease = 1 / (1 + whole * relative)
    if half is not None:
        half = np.where(half * whole < 1, half, 1 / np.where(whole > 0, whole, 1.0))
        decrease = 1 - (1 - safe) * relative * (half + 1) / (half + relative)
    return np.where(multiple < 1, decrease, 1 + (multiple - 1) * relative)


def with_enzymes(activities: Activities, acts: Iterable[Acting]) -> Activities:
    """Return ``activities`` with those of exposed enzymes multiplied, everywhere or in the tissues of the act."""
    values = np.array(activities.values)
    for one in acts:
        if isinstance(one.act, EnzymeAct):
            for i, term in enumerate(activities.terms):
                if term.gene == one.act.id and (not one.act.tissues or term.tissue in one.act.tissues):
                    values[:, :, i] *= one.size
    return activities.model_copy(update={"values": values})


def moved(acts: Iterable[Acting], held: Mapping[str, object]) -> list[tuple[str, Acting]]:
    """Return (name of the model's quantity, act) for every act on one.

    A quantity of ``held`` was measured under the exposure and stays; what an input brings comes on top of it.
    """
    found = []
    for one in acts:
        if isinstance(one.act, FactorAct):
            found.append((factor_name(one.act.reaction, one.act.tissue), one))
        elif isinstance(one.act, InputAct) or (isinstance(one.act, ConstantAct) and one.act.id not in held):
            found.append((one.act.id, one))
    return found


def changed(value: NDArray[np.float64], one: Acting) -> NDArray[np.float64]:
    """Return a quantity under one act: an input adds, everything else multiplies."""
    return value + one.size if isinstance(one.act, InputAct) else value * one.size


def _amount(dose: float | None, of: Dose | None) -> float:
    return 1.0 if dose is None or of is None else convert(dose, of.unit, _PER_DAY, of.molar_mass)
