"""The solver behind a small protocol: set constants, ask for rates, get a steady state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from estrogenome.core.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


class Engine(Protocol):
    """What ``simulate`` needs of a solver. Orders are those of ``species``, ``reactions`` and ``quantities``."""

    species: tuple[str, ...]
    reactions: tuple[str, ...]
    quantities: tuple[str, ...]

    def set_constants(self, values: NDArray[np.float64]) -> None:
        """Set the constants named at construction."""

    def rates(self, concentrations: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return dc/dt (nmol/L/day) at ``concentrations``, shape (species,)."""

    def fluxes(self) -> NDArray[np.float64]:
        """Return reaction rates (nmol/day) where ``rates`` was last asked, shape (reactions,)."""

    def assigned(self) -> NDArray[np.float64]:
        """Return the assigned quantities where ``rates`` was last asked, shape (quantities,)."""


class RoadRunnerEngine:
    """libRoadRunner: any SBML, loaded once, constants changed between draws."""

    def __init__(self, sbml: str, constants: Sequence[str], quantities: Sequence[str]) -> None:
        """Load ``sbml``; ``constants`` are the parameters that ``set_constants`` sets, ``quantities`` those to read back.

        Raises:
            ModelError: libRoadRunner refuses the model, or it lacks one of the names.
        """
        import roadrunner

        roadrunner.Logger.setLevel(roadrunner.Logger.LOG_ERROR)
        try:
            self._runner = roadrunner.RoadRunner(sbml)
        except RuntimeError as error:
            raise ModelError(f"model: libRoadRunner refuses it: {str(error).splitlines()[0]}") from error
        self._model: Any = self._runner.model
        self.species = tuple(self._model.getFloatingSpeciesIds())
        self.reactions = tuple(self._model.getReactionIds())
        self.quantities = tuple(quantities)
        known = {name: i for i, name in enumerate(self._model.getGlobalParameterIds())}
        missing = sorted({*constants, *quantities} - set(known))
        if missing:
            raise ModelError(f"model: has no parameter {', '.join(missing)}")
        self._constants = [known[name] for name in constants]
        self._assigned = [known[name] for name in quantities]
        self._all = list(range(len(self.species)))

    def set_constants(self, values: NDArray[np.float64]) -> None:
        """Set the constants named at construction."""
        self._model.setGlobalParameterValues(self._constants, values)

    def rates(self, concentrations: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return dc/dt (nmol/L/day) at ``concentrations``, shape (species,)."""
        self._model.setFloatingSpeciesConcentrations(self._all, concentrations)
        return np.array(self._model.getFloatingSpeciesConcentrationRates())

    def fluxes(self) -> NDArray[np.float64]:
        """Return reaction rates (nmol/day) where ``rates`` was last asked, shape (reactions,)."""
        return np.array(self._model.getReactionRates())

    def assigned(self) -> NDArray[np.float64]:
        """Return the assigned quantities where ``rates`` was last asked, shape (quantities,)."""
        return np.array(self._model.getGlobalParameterValues(self._assigned))
