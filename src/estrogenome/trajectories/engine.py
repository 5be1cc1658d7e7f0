"""What solves the model: a small protocol, and libRoadRunner behind it.

The default for steady states is the batch kernel (``kernel.py``). libRoadRunner reads the same SBML by itself: tests compare the two, and
courses in time are its work.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from estrogenome.core.errors import ModelError
from estrogenome.trajectories.steady import steady_state

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from estrogenome.network import Network

    Array = NDArray[np.float64]


@dataclass(frozen=True)
class SteadyStates:
    """Steady states of n draws: ``concentrations`` (n, species; nmol/L), ``fluxes`` (n, reactions; nmol/day), ``assigned`` (n, quantities).

    ``failed`` (n,) marks draws without a non-negative steady state; they hold NaN.
    """

    concentrations: Array
    fluxes: Array
    assigned: Array
    failed: NDArray[np.bool_]


class Engine(Protocol):
    """What ``simulate`` needs of a solver. Orders are those of ``species``, ``reactions`` and ``quantities``."""

    @property
    def species(self) -> tuple[str, ...]:
        """Names of concentrations."""

    @property
    def reactions(self) -> tuple[str, ...]:
        """Names of fluxes."""

    @property
    def quantities(self) -> tuple[str, ...]:
        """Names of assigned quantities."""

    def solve(self, constants: Mapping[str, Array | float]) -> SteadyStates:
        """Return the steady states at constants of shape (n,), or of one value for all; the others keep the values of the SBML.

        Raises:
            ModelError: a name is no constant of the model, or the shapes differ.
        """


def number_of_draws(constants: Mapping[str, Array | float]) -> int:
    """Return n of constants of shape (n,) or of one value.

    Raises:
        ModelError: the shapes differ.
    """
    try:
        (draws,) = np.broadcast_shapes((1,), *(np.shape(value) for value in constants.values()))
    except ValueError as error:
        raise ModelError("model: constants must have one value, or as many as there are draws") from error
    return int(draws)


def load(network: Network) -> Any:
    """Return the model, loaded by libRoadRunner.

    Raises:
        ModelError: libRoadRunner refuses it.
    """
    # remarks of its solver would stand on standard output, between what a command prints; a course that fails is counted without them
    os.environ.setdefault("SUNLOGGER_WARNING_FILENAME", os.devnull)
    import roadrunner

    roadrunner.Logger.setLevel(roadrunner.Logger.LOG_ERROR)
    try:
        return roadrunner.RoadRunner(network.sbml)
    except RuntimeError as error:
        raise ModelError(f"model: libRoadRunner refuses it: {str(error).splitlines()[0]}") from error


class RoadRunnerEngine:
    """libRoadRunner: one draw after the other by Newton's method on its rates."""

    def __init__(self, network: Network) -> None:
        """Load the model.

        Raises:
            ModelError: libRoadRunner refuses it.
        """
        self._runner = load(network)
        self._model: Any = self._runner.model
        self.species = tuple(self._model.getFloatingSpeciesIds())
        self.reactions = tuple(self._model.getReactionIds())
        self.quantities = network.structure.assigned
        self._places = {name: i for i, name in enumerate(self._model.getGlobalParameterIds())}
        constants = [self._places[name] for name in network.structure.constants]
        self._defaults = dict(
            zip(network.structure.constants, np.array(self._model.getGlobalParameterValues(constants)).tolist(), strict=True)
        )
        self._all = list(range(len(self.species)))

    def solve(self, constants: Mapping[str, Array | float]) -> SteadyStates:
        """Return the steady states at constants of shape (n,), or of one value for all; the others keep the values of the SBML.

        Raises:
            ModelError: a name is no constant of the model, or the shapes differ.
        """
        unknown = sorted(set(constants) - set(self._defaults))
        if unknown:
            raise ModelError(f"model: has no constant {', '.join(unknown)}")
        draws = number_of_draws(constants)
        table = np.stack(
            [np.broadcast_to(np.asarray(v, dtype=np.float64), (draws,)) for v in (self._defaults | dict(constants)).values()], axis=1
        )
        places = [self._places[name] for name in self._defaults]
        assigned = [self._places[name] for name in self.quantities]
        found = SteadyStates(
            concentrations=np.full((draws, len(self.species)), np.nan),
            fluxes=np.full((draws, len(self.reactions)), np.nan),
            assigned=np.full((draws, len(self.quantities)), np.nan),
            failed=np.ones(draws, dtype=np.bool_),
        )
        for draw, values in enumerate(table):
            self._model.setGlobalParameterValues(places, values)
            # every draw starts at zero: a result must not depend on the draw before it
            point = steady_state(self._rates, np.zeros(len(self.species)))
            if point is not None:
                found.failed[draw] = False
                found.concentrations[draw] = point
                found.fluxes[draw] = self._model.getReactionRates()
                found.assigned[draw] = self._model.getGlobalParameterValues(assigned)
        return found

    def _rates(self, concentrations: Array) -> Array:
        """Return dc/dt (nmol/L/day) at ``concentrations``, shape (species,)."""
        self._model.setFloatingSpeciesConcentrations(self._all, concentrations)
        return np.array(self._model.getFloatingSpeciesConcentrationRates())
