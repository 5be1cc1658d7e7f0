"""Courses over time: one model loaded once, constants and starting points changed between runs.

The integrator is CVODE as libRoadRunner brings it (variable-order BDF, Hindmarsh 2005); every run starts afresh, so that a
result does not depend on the run before it. Between doses it is left alone: at each, the amount is put into the therapy's depots, or the
rate of what is worn is set, and it starts again.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from estrogenome.core.course_records import Dosing
from estrogenome.core.errors import ModelError
from estrogenome.network import CourseNetwork
from estrogenome.trajectories.engine import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from estrogenome.core.course_records import Worn
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
        self._floating: tuple[str, ...] = tuple(self._model.getFloatingSpeciesIds())
        self.species: tuple[str, ...] = (*self._floating, *network.structure.evolving)
        """Names of what evolves: species, then quantities with a rate of their own."""
        self._everywhere = {name: i for i, name in enumerate(self._model.getGlobalParameterIds())}
        self._places = {name: self._everywhere[name] for name in network.structure.constants}
        self._evolving = [self._everywhere[name] for name in network.structure.evolving]
        self._columns = {name: i for i, name in enumerate(self._places)}
        self._defaults = np.array(self._model.getGlobalParameterValues(list(self._places.values())))
        self._depots, self._worn = (network.depots, network.worn) if isinstance(network, CourseNetwork) else ({}, {})

    @property
    def constants(self) -> tuple[str, ...]:
        """Names of what a run may set."""
        return tuple(self._places)

    @property
    def defaults(self) -> dict[str, float]:
        """What a run may set, with the values that stand in the SBML."""
        return dict(zip(self._places, self._defaults.tolist(), strict=True))

    def run(
        self,
        constants: Mapping[str, Array | float],
        start: Sequence[Mapping[str, float]],
        times: Array,
        *,
        events: Iterable[Dosing | Worn] = (),
        names: Sequence[str] | None = None,
        relative: float = RELATIVE,
        absolute: float = ABSOLUTE,
        progress: Callable[[int], None] | None = None,
    ) -> Array:
        """Return courses, shape (run, time, name), in the units of the model; a run that the integrator gives up is NaN.

        Args:
            constants: values of shape (run,) or one value for all; the others keep the values of the SBML.
            start: for each run, the concentrations at ``times[0]`` (those not named are 0).
            times: days, rising. What is read at the time of a dose is the state just before it.
            events: doses and rates, the same for all runs, none before ``times[0]``.
            names: species and assigned quantities to return; by default all of ``species``.
            relative: tolerance of the integrator.
            absolute: the same.
            progress: called with the number of runs that are done, after each.

        Raises:
            ModelError: the model lacks a constant, a species of ``start``, a name or a therapy, or a dose is before the first time.
        """
        asked = self.species if names is None else tuple(names)
        known = {*self.species, *self._everywhere}
        strange = sorted(
            {*({n for p in start for n in p} - set(self.species)), *(set(constants) - set(self._places)), *(set(asked) - known)}
        )
        if strange:
            raise ModelError(f"model: has no species or constant {', '.join(strange)}")
        given = self._given(events, times)
        table = np.tile(self._defaults, (len(start), 1))
        for name, values in constants.items():
            table[:, self._columns[name]] = values
        integrator = self._runner.integrator
        integrator.relative_tolerance, integrator.absolute_tolerance = relative, absolute
        selections = [f"[{name}]" if name in self._floating else name for name in asked]
        result = np.full((len(start), len(times), len(asked)), np.nan)
        for i, point in enumerate(start):
            begun = np.array([point.get(name, 0.0) for name in self.species])
            found = None
            # a run without a start is lost, and CVODE would only take long to say so
            if np.all(np.isfinite(begun)) and not np.any(np.isnan(table[i])):
                self._model.setGlobalParameterValues(list(self._places.values()), table[i])
                found = self._course(begun, times, given, selections)
            if found is not None and np.all(np.isfinite(found)):
                result[i] = found
            if progress is not None:
                progress(i + 1)
        return result

    def _given(self, events: Iterable[Dosing | Worn], times: Array) -> list[tuple[float, list[Dosing | Worn]]]:
        """Return the events by day, in order; those at the last time or behind it change nothing."""
        by_day: dict[float, list[Dosing | Worn]] = {}
        for event in events:
            if event.therapy not in (self._depots if isinstance(event, Dosing) else self._worn):
                raise ModelError(f"model: therapy {event.therapy} is not in it, or not given that way; compose the course with it")
            if event.day < times[0]:
                raise ModelError(f"model: {event.therapy} on day {event.day:g}, before the course begins; begin the course earlier")
            if event.day < times[-1]:
                by_day.setdefault(event.day, []).append(event)
        return sorted(by_day.items())

    def _course(self, start: Array, times: Array, given: list[tuple[float, list[Dosing | Worn]]], selections: list[str]) -> Array | None:
        first, last = float(times[0]), float(times[-1])
        self._model.setTime(first)
        split = len(self._floating)
        self._model.setFloatingSpeciesConcentrations(list(range(split)), start[:split])
        if self._evolving:
            self._model.setGlobalParameterValues(self._evolving, start[split:])
        stops = [(first, []), *given] if not given or given[0][0] > first else given
        result = np.empty((len(times), len(selections)))
        for i, (day, events) in enumerate(stops):
            end = stops[i + 1][0] if i + 1 < len(stops) else last
            for event in events:
                self._give(event)
            # without it CVODE goes on with the steps and the history of the run, or of the dose, before
            self._runner.integrator.restart(day)
            inner = np.flatnonzero((times > day) & (times <= end))
            grid = [day, *times[inner].tolist()]
            if grid[-1] < end:
                grid.append(end)
            try:
                found = np.array(self._runner.simulate(times=grid, selections=selections))
            except RuntimeError:
                return None
            if i == 0:
                result[0] = found[0]
            result[inner] = found[1 : len(inner) + 1]
        return result

    def _give(self, event: Dosing | Worn) -> None:
        if not isinstance(event, Dosing):
            name = self._worn[event.therapy]
            if name in self._everywhere:
                self._model.setGlobalParameterValues([self._everywhere[name]], [event.rate])
            return
        places = [self._floating.index(name) for name in self._depots[event.therapy]]
        # what was asked for may not depend on a therapy that is given: then it has no depot here
        if places:
            amounts = self._model.getFloatingSpeciesAmounts(places)
            self._model.setFloatingSpeciesAmounts(places, [amount + event.amount for amount in amounts])


@lru_cache(maxsize=8)
def engine_of(network: Network) -> CourseEngine:
    """Return the engine of a composed course; loaded once per model, which takes longer than many a run."""
    return CourseEngine(network)


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
