"""Courses over time: one model loaded once, constants and starting points changed between runs.

The integrator is CVODE as libRoadRunner brings it (variable-order BDF, Hindmarsh 2005); every run starts afresh, so that a
result does not depend on the run before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from estrogenome.core.errors import ModelError
from estrogenome.trajectories.engine import load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from estrogenome.network import Network
    from estrogenome.trajectories.engine import Array

RELATIVE = 1e-10
ABSOLUTE = 1e-12


class CourseEngine:
    """One model, loaded once: runs of it with other constants and other starting points."""

    def __init__(self, network: Network) -> None:
        """Load the model.

        Raises:
            ModelError: libRoadRunner refuses it.
        """
        self._runner = load(network)
        self._model: Any = self._runner.model
        self.species: tuple[str, ...] = tuple(self._model.getFloatingSpeciesIds())
        places = {name: i for i, name in enumerate(self._model.getGlobalParameterIds())}
        self._places = {name: places[name] for name in network.structure.constants}
        self._defaults = np.array(self._model.getGlobalParameterValues(list(self._places.values())))

    def run(
        self,
        constants: Mapping[str, Array | float],
        start: Sequence[Mapping[str, float]],
        times: Array,
        *,
        relative: float = RELATIVE,
        absolute: float = ABSOLUTE,
    ) -> Array:
        """Return concentrations, shape (run, time, species), in the units of the model; a run that the integrator gives up is NaN.

        ``start`` holds, for each run, the concentrations at ``times[0]`` (those not named are 0). ``constants`` have shape (run,) or one
        value for all; the others keep the values of the SBML. ``relative`` and ``absolute`` are the tolerances of the integrator.

        Raises:
            ModelError: the model lacks a constant, or a species of ``start``.
        """
        strange = sorted({*({n for point in start for n in point} - set(self.species)), *(set(constants) - set(self._places))})
        if strange:
            raise ModelError(f"model: has no species or constant {', '.join(strange)}")
        table = np.tile(self._defaults, (len(start), 1))
        for name, values in constants.items():
            table[:, list(self._places).index(name)] = values
        integrator = self._runner.integrator
        integrator.relative_tolerance, integrator.absolute_tolerance = relative, absolute
        result = np.full((len(start), len(times), len(self.species)), np.nan)
        for i, point in enumerate(start):
            self._model.setGlobalParameterValues(list(self._places.values()), table[i])
            found = self._course(np.array([point.get(name, 0.0) for name in self.species]), times)
            if np.all(np.isfinite(found)):
                result[i] = found
        return result

    def _course(self, start: Array, times: Array) -> Array:
        self._model.setTime(float(times[0]))
        self._model.setFloatingSpeciesConcentrations(list(range(len(start))), start)
        # without it CVODE goes on with the steps and the history of the run before
        self._runner.integrator.restart(float(times[0]))
        try:
            return np.array(self._runner.simulate(times=times.tolist(), selections=[f"[{name}]" for name in self.species]))
        except RuntimeError:
            return np.full((len(times), len(start)), np.nan)


def area(times: Array, values: Array) -> Array:
    """Return the integral of ``values`` (…, time) over equally spaced ``times``, by Simpson's rule; shape (…).

    Raises:
        ValueError: the number of times is even or the times are not equally spaced.
    """
    steps = np.diff(times)
    if len(times) % 2 == 0 or not np.allclose(steps, steps[0]):
        raise ValueError("Simpson's rule needs an odd number of equally spaced times")
    weights = np.ones(len(times))
    weights[1:-1:2] = 4
    weights[2:-1:2] = 2
    return np.asarray(values @ weights * steps[0] / 3)
