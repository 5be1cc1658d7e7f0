"""A bench ready to run: its model composed, its constants by name, its outcome as an area under the curve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estrogenome.catalog.bench import LEVEL, TIME, central
from estrogenome.core.units import convert
from estrogenome.network import compose_bench
from estrogenome.trajectories import CourseEngine, area

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from estrogenome.catalog.bench import Bench, Condition
    from estrogenome.catalog.load import Catalog

POINTS = 61


class Tube:
    """One bench; every run starts from central values, of which some are replaced."""

    def __init__(self, bench: Bench, catalog: Catalog) -> None:
        """Compose the model of ``bench``.

        Raises:
            ModelError: the model cannot be composed or lacks a value.
        """
        self.bench, self.catalog = bench, catalog
        self._network = compose_bench(bench, catalog)
        self.constants = self._network.structure.constants
        self._courses = CourseEngine(self._network)

    @property
    def sbml(self) -> str:
        """Return the model as SBML, with the central values of the first condition."""
        return self._network.sbml

    def times(self, condition: Condition) -> NDArray[np.float64]:
        """Return the equally spaced times of a run, in days, shape (time,)."""
        return np.linspace(0.0, convert(condition.duration.value, condition.duration.unit, TIME), POINTS)

    def start(self, condition: Condition) -> dict[str, float]:
        """Return the central concentrations at the start, in nmol/L."""
        return {name: convert(q.value, q.unit, LEVEL) for name, q in condition.start.items()}

    def run(
        self, condition: Condition, replaced: Mapping[str, NDArray[np.float64]], start: Sequence[Mapping[str, float]] | None = None
    ) -> tuple[tuple[str, ...], NDArray[np.float64]]:
        """Return the species and their courses (run, time, species) in nmol/L.

        ``replaced`` holds values (run,) of constants, in the model's units (nmol/L, 1/d); ``start`` the concentrations of each run at
        time 0, by default those of the condition. Without either there is one run.
        """
        runs = len(start) if start is not None else max((len(v) for v in replaced.values()), default=1)
        begin = start if start is not None else [self.start(condition)] * runs
        values = central(self.bench, condition) | dict(replaced)
        return self._courses.species, self._courses.run(values, begin, self.times(condition))

    def outcome(
        self, condition: Condition, replaced: Mapping[str, NDArray[np.float64]], start: Sequence[Mapping[str, float]] | None = None
    ) -> NDArray[np.float64]:
        """Return the area under the curve of the outcome (nmol·d/L) of each run, shape (run,); arguments as for ``run``."""
        species, course = self.run(condition, replaced, start)
        return area(self.times(condition), course[:, :, species.index(self.bench.outcome)])
