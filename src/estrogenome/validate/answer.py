"""From a solved arm to what the study's assay would report: readout, tracer number, observation model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from estrogenome.catalog import formula
from estrogenome.catalog.exposures import observed_row
from estrogenome.catalog.readouts import TracerSpec
from estrogenome.catalog.studies import NO_LIMIT
from estrogenome.core.uncertainty import Distribution
from estrogenome.core.units import factor, parse_amount

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.readouts import ReadoutSpec
    from estrogenome.catalog.studies import Row
    from estrogenome.trajectories import Kernel, Response, Solution

    Array = NDArray[np.float64]


@dataclass
class Answers:
    """The steady states of one arm, with its answers to labels as far as they were asked for."""

    solution: Solution
    beside: Mapping[str, Array]
    """What formulas of readouts may name besides the model: rows of the parameter tables."""
    _labels: dict[str, Response] = field(default_factory=dict)

    def readout(self, spec: ReadoutSpec | TracerSpec, per_day: bool = False) -> Array:
        """Return the true number (draws,) in the unit of ``spec``; with ``per_day`` without what its formula divides by."""
        if isinstance(spec, TracerSpec):
            return self._tracer(spec) * factor(spec.formula_unit, spec.unit, spec.molar_mass)
        values = {name: self._value(name) for name in formula.names(spec.formula)}
        true = formula.evaluate(spec.formula, values) * factor(spec.formula_unit, spec.unit, spec.molar_mass)
        return true * self._value(spec.per) if per_day else true

    def _value(self, name: str) -> Array:
        kernel = self.solution.kernel
        inside = name in kernel.constants or name in kernel.species or name in kernel.reactions or name in kernel.quantities
        return self.beside[name] if name in self.beside and not inside else self.solution.of(name)

    def _label(self, name: str) -> Response:
        if name not in self._labels:
            self._labels[name] = self.solution.tracer(name)
        return self._labels[name]

    def _clearance(self, name: str) -> Array:
        return 1 / self._label(name).of(name)

    def _tracer(self, spec: TracerSpec) -> Array:
        label = self._label(spec.label)
        if spec.of == "clearance":
            return self._clearance(spec.label)
        if spec.of == "production":
            return self._clearance(spec.label) * self.solution.of(spec.label)
        if spec.of == "transfer":
            return label.of(spec.to) * self._clearance(spec.to)
        if spec.of == "conversion":
            return label.of(spec.to) / label.of(spec.over or spec.label)
        constants = self.solution.constants
        used = formula.names(spec.formula)
        return formula.evaluate(spec.formula, {n: self.solution.of(n) if n in constants else label.of(n) for n in used})


def answers(values: Mapping[str, Array], kernel: Kernel, names: Collection[str]) -> Answers:
    """Return the steady states at ``values``; ``names`` are the constants of the model among them."""
    return Answers(kernel.solve({n: v for n, v in values.items() if n in names}), {n: v for n, v in values.items() if n not in names})


def reported(
    true: Array, spec: ReadoutSpec | TracerSpec, assay: str, catalog: Catalog, theta: Mapping[str, Array], own_blank: float = 1.0
) -> Array:
    """Return what ``assay`` reads of the true number: gain x value + blank, in the readout's unit; ``own_blank`` multiplies the blank."""
    observation = catalog.assays[assay].observes.get(spec.id)
    if observation is None:
        return true
    if observation.gain is not None:
        true = true * theta[observed_row(assay, spec.id, "gain")]
    if observation.blank is not None:
        blank = theta[observed_row(assay, spec.id, "blank")] * own_blank
        true = true + blank * factor(observation.blank.unit, spec.unit, spec.molar_mass)
    return true


def has_blank(spec: ReadoutSpec | TracerSpec, assay: str, catalog: Catalog) -> bool:
    """Say whether ``assay`` reads something where there is nothing."""
    observation = catalog.assays[assay].observes.get(spec.id)
    return observation is not None and observation.blank is not None


def limit(row: Row, spec: ReadoutSpec | TracerSpec, catalog: Catalog) -> tuple[float, float] | None:
    """Return the limit of quantification of a row in the readout's unit and its log-sd between laboratories, None where there is none.

    What the row prints holds, else the limit of its assay; there is none where the study estimated what lies below it.
    """
    if row.limit == NO_LIMIT:
        return None
    if row.limit is not None:
        number, unit = parse_amount(row.limit)
        return number * factor(unit, spec.unit, spec.molar_mass), 0.0
    observation = catalog.assays[row.assay].observes.get(spec.id)
    if observation is None or observation.limit is None:
        return None
    usual = observation.limit
    spread = usual.spread if usual.distribution is Distribution.LOGNORMAL else 0.0
    return usual.value * factor(usual.unit, spec.unit, spec.molar_mass), spread
