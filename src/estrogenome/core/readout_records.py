"""Records of readouts: numbers as an assay would report them, and where their uncertainty comes from."""

from __future__ import annotations

from pydantic import Field

from estrogenome.core.numbers import interval
from estrogenome.core.records import Provenance, Record
from estrogenome.core.uncertainty import State


class Readout(Record):
    """One number of one person, in one matrix, as one assay would report it."""

    id: str
    name: str
    matrix: str
    assay: str
    unit: str
    median: float
    interval50: tuple[float, float]
    interval90: tuple[float, float]
    percentile: float | None
    population_quantiles: tuple[float, ...]
    """1st, 5th, 25th, 50th, 75th, 95th and 99th percentile of the simulated population of the same state."""
    genotype_share: float | None
    """Share of the variance (log scale) in that population which genotype explains."""
    genotype_effect: tuple[float, float, float] | None = None
    """Median and 90 % interval of this genotype's fold change against a random genotype in the same body."""
    narrowing: dict[str, float] = Field(default_factory=dict)
    """Covariate that was not given → share of the variance of the logarithm which the person's own value would take away."""
    failed_draws: int
    worst_state: State
    sources: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the number for a person: ``name: median (90 %: low–high) unit``."""
        return f"{self.name}: {interval(self.median, self.interval90, self.unit)}"


class Origins(Record):
    """Where uncertainty comes from: per person, readout → origin → share of the variance of the logarithm (total effect)."""

    samples: tuple[str, ...]
    shares: tuple[dict[str, dict[str, float]], ...]
    provenance: Provenance


class Readouts(Record):
    """Readouts of everybody, one tuple a person, and the fluxes of the pathway map."""

    samples: tuple[str, ...]
    readouts: tuple[tuple[Readout, ...], ...]
    fluxes: tuple[dict[str, tuple[float, float, float]], ...]
    """Per person: reaction, or arrow of the map → (5th, 50th, 95th percentile) in nmol/day."""
    provenance: Provenance
