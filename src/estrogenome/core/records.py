"""Frozen records that stages hand to each other, and how they become files.

A record is written as JSON; its bulk arrays stand beside it in one ``.npz`` of the same name. Arrays carry
leading axes (person, draw). What is the same for many people is stored once and pointed at
(``index`` arrays, in memory of the smallest type that holds their numbers), so a cohort costs little more than a person.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, GetPydanticSchema
from pydantic_core import core_schema

from estrogenome.core.numbers import interval
from estrogenome.core.uncertainty import State

if TYPE_CHECKING:
    from numpy.typing import NDArray


def _array_schema(_source: Any, _handler: Any) -> core_schema.CoreSchema:
    def frozen(value: Any) -> NDArray[Any]:
        array = np.array(value)
        array.setflags(write=False)
        return array

    return core_schema.no_info_plain_validator_function(
        frozen,
        serialization=core_schema.plain_serializer_function_ser_schema(lambda array: array.tolist(), when_used="json"),
    )


_DIPLOID = 2

if TYPE_CHECKING:
    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]
    IndexArray = NDArray[np.integer[Any]]
else:
    FloatArray = Annotated[np.ndarray, GetPydanticSchema(_array_schema)]
    IntArray = Annotated[np.ndarray, GetPydanticSchema(_array_schema)]
    IndexArray = Annotated[np.ndarray, GetPydanticSchema(_array_schema)]


class Record(BaseModel):
    """Base of all records: frozen, no unknown field accepted."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Provenance(Record):
    """Where a record comes from; nothing in it depends on the clock or the machine's paths."""

    version: str
    knowledge_version: str
    knowledge_hash: str
    input_digest: str
    model_hash: str = ""
    seed: int | None = None
    draws: int | None = None


# ---------------------------------------------------------------- the person


class Exposed(Record):
    """An exposure that a person states or a study did: an entry of ``knowledge/exposures`` and its dose in that entry's unit."""

    id: str
    dose: float | None = None


class Person(Record):
    """Whom the numbers are for. ``state`` is an entry of ``knowledge/states``.

    ``measured`` holds the person's own values of covariates (identifier → value in the covariate's unit), as they are with all
    ``exposures``: no exposure moves a measured value.
    """

    sex: str
    age: float
    state: str
    measured: dict[str, float] = {}
    exposures: tuple[Exposed, ...] = ()


# ---------------------------------------------------------------- regimens


class Regimen(Record):
    """One therapy as it is taken: ``dose`` in the unit of its file, every ``interval`` days, from day ``start`` until before ``stop``.

    Without ``interval`` it is given once, or worn without a break. ``missed`` are numbers of doses that are left out; the first is 1.
    """

    therapy: str
    dose: float
    interval: float | None = None
    start: float = 0.0
    stop: float | None = None
    missed: tuple[int, ...] = ()


# ---------------------------------------------------------------- genotypes


class SiteState(StrEnum):
    """What is known at a site."""

    OBSERVED = "observed"
    INFERRED = "inferred"
    NOT_ASSAYED = "not_assayed"


class SiteObservation(Record):
    """What one genome file says of one catalog site.

    ``compatible`` lists every allele pair (one tuple entry a chromosome copy) that the file leaves open, in the
    catalog's allele names; empty when not assayed. With ``phase_set`` the order of a pair is the order of
    the two chromosomes within that set; without it both orders are meant and pairs are stored sorted.
    A 0 at a biallelic record of a multi-allelic site therefore leaves several pairs open.
    """

    site: str
    state: SiteState
    compatible: tuple[tuple[str, ...], ...] = ()
    phase_set: str | None = None
    origin: str = ""
    flags: tuple[str, ...] = ()


class CopyObservation(Record):
    """How many copies of a gene somebody has in all: every number that is left open, or none when nothing is known."""

    gene: str
    state: SiteState
    counts: tuple[int, ...] = ()
    origin: str = ""


class Genotypes(Record):
    """Genotypes of everybody in a file at every site of the catalog.

    ``index[person, site]`` points into ``observations``; ``sites`` gives the order of the second axis.
    ``copies`` holds for each person what is known of copy numbers; empty where nobody's is.
    ``statements`` are the user's own words about the file (for example that absent means reference).
    """

    samples: tuple[str, ...]
    build: str
    sites: tuple[str, ...]
    observations: tuple[SiteObservation, ...]
    index: IndexArray
    copies: tuple[tuple[CopyObservation, ...], ...] = ()
    statements: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    provenance: Provenance

    def of(self, sample: str) -> tuple[SiteObservation, ...]:
        """Return the observations of one sample in the order of ``sites``."""
        row = self.index[self.samples.index(sample)]
        return tuple(self.observations[int(i)] for i in row)


# ---------------------------------------------------------------- diplotypes


class CallStatus(StrEnum):
    """How a diplotype came about."""

    CALLED = "called"
    AMBIGUOUS = "ambiguous"
    INFERRED = "inferred"
    PARTIAL = "partial"
    NOT_ASSAYED = "not_assayed"


class Haplotype(Record):
    """One chromosome copy of a gene: its name and its allele at each site of the gene's file, in that order."""

    name: str
    alleles: tuple[str, ...]


class DiplotypeOption(Record):
    """One compatible diplotype with its posterior weight (the weights of a gene sum to 1)."""

    haplotypes: tuple[Haplotype, ...]
    weight: float


class InferredSite(Record):
    """A pair of alleles at a site that the file leaves open, with its probability given everything else; never observed."""

    site: str
    alleles: tuple[str, ...]
    probability: float


class CopyWeight(Record):
    """One possible number of copies with its probability."""

    copies: int
    weight: float


class GeneDiplotypes(Record):
    """All compatible diplotypes of one gene, heaviest first.

    ``inferred`` are sites of that state (stated by the user); ``inferred_sites`` is what linkage says of open ones.
    ``copies`` is empty where the gene always has two; otherwise every possible number. Copies that are not read from
    the file (``copies_known`` is not *observed*) keep the shares of the reference population, or what the user stated.
    """

    gene: str
    status: CallStatus
    options: tuple[DiplotypeOption, ...]
    sites: tuple[str, ...]
    observed: tuple[str, ...] = ()
    inferred: tuple[str, ...] = ()
    not_assayed: tuple[str, ...] = ()
    inferred_sites: tuple[InferredSite, ...] = ()
    copies: tuple[CopyWeight, ...] = ()
    copies_known: SiteState | None = None
    copies_origin: str = ""

    def by_name(self) -> tuple[tuple[str, float], ...]:
        """Return (diplotype name, probability), most probable first; ties in alphabetical order.

        More copies than two are said behind the name, where their number is known.
        """
        weights: dict[str, float] = {}
        count = self.copies[0].copies if len(self.copies) == 1 and self.copies_known is not SiteState.NOT_ASSAYED else 0
        behind = f" ({count} copies)" if count > _DIPLOID else ""
        for option in self.options:
            name = "/".join(h.name for h in option.haplotypes) + behind
            weights[name] = weights.get(name, 0.0) + option.weight
        return tuple(sorted(weights.items(), key=lambda item: (-item[1], item[0])))


class Diplotypes(Record):
    """Diplotypes of everybody; ``index[person, gene]`` points into ``results``.

    ``ancestry`` is the population whose haplotype frequencies the user chose; empty: all of them alike.
    """

    samples: tuple[str, ...]
    genes: tuple[str, ...]
    results: tuple[GeneDiplotypes, ...]
    index: IndexArray
    ancestry: str = ""
    provenance: Provenance

    def of(self, sample: str) -> tuple[GeneDiplotypes, ...]:
        """Return one sample's results in the order of ``genes``."""
        return tuple(self.results[int(i)] for i in self.index[self.samples.index(sample)])


# ---------------------------------------------------------------- activities


class ActivityTerm(Record):
    """What one factor of ``Activities`` is and where it comes from.

    ``mean`` is, for each person, the exact weighted mean over that person's diplotype mixture at median effect
    sizes; ``states`` and ``sources`` are those of the effects that can act on this factor.
    """

    gene: str
    reaction: str
    tissue: str
    mean: tuple[float, ...]
    worst_state: State
    sources: tuple[str, ...] = ()


class Activities(Record):
    """Relative activities, 1 = frequency-weighted mean of the reference population.

    ``values[person, draw, term]``; the draws of an ambiguous diplotype are the mixture itself.
    """

    samples: tuple[str, ...]
    terms: tuple[ActivityTerm, ...]
    values: FloatArray
    provenance: Provenance


# ---------------------------------------------------------------- parameters, trajectories


class ParameterSets(Record):
    """Numbers for the model: ``values[person, draw, parameter]`` in the unit given for each name.

    ``person`` is whose sex, age, state and measured values they are; genotypes differ by sample.
    """

    samples: tuple[str, ...]
    person: Person
    names: tuple[str, ...]
    units: tuple[str, ...]
    states: tuple[State, ...]
    values: FloatArray
    provenance: Provenance


class RunStatus(StrEnum):
    """How a draw ended."""

    OK = "ok"
    FAILED = "failed"


class Trajectories(Record):
    """Concentrations and fluxes of each draw.

    ``concentrations[person, draw, time, species]`` in nmol/L, ``fluxes[person, draw, time, reaction]`` in nmol/day,
    ``constants[person, draw, quantity]`` (inputs and assigned quantities of the model, in their own units); a
    steady state has one time, NaN in ``times``. ``failed[person, draw]`` is 1 where no solution was found.
    """

    samples: tuple[str, ...]
    times: FloatArray
    species: tuple[str, ...]
    reactions: tuple[str, ...]
    quantities: tuple[str, ...]
    concentrations: FloatArray
    fluxes: FloatArray
    constants: FloatArray
    failed: IntArray
    worst_state: State
    provenance: Provenance


class Dosing(Record):
    """An amount of a therapy's active substance (nmol) that comes in on a day; days count from the start of the course."""

    day: float
    therapy: str
    amount: float


class Worn(Record):
    """The rate (nmol/day) at which a worn therapy gives off its substance from a day on, until the next one of that therapy."""

    day: float
    therapy: str
    rate: float


class Courses(Record):
    """Courses over time of everybody's draws in one scenario.

    ``values[person, draw, day, species]`` and ``assigned[person, draw, day, quantity]`` in the unit given for each name, at ``days``
    counted from the start. ``failed[person, draw]`` is 1 where the integrator gave up or there was nothing to start from; such draws hold
    NaN. ``events`` are the doses, the same for every draw.
    """

    samples: tuple[str, ...]
    scenario: str
    axis: str | None
    loop_closed: bool
    days: FloatArray
    species: tuple[str, ...]
    units: tuple[str, ...]
    values: FloatArray
    quantities: tuple[str, ...] = ()
    quantity_units: tuple[str, ...] = ()
    assigned: FloatArray
    events: tuple[Dosing | Worn, ...] = ()
    cycling: IntArray | None = None
    """Person × draw: 1 where the axis is a cycle and had a peak to align on; None for an axis that rests."""
    failed: IntArray
    worst_state: State
    provenance: Provenance

    def of(self, name: str) -> FloatArray:
        """Return the course of a species or quantity, shape (person, draw, day)."""
        if name in self.species:
            return self.values[..., self.species.index(name)]
        return self.assigned[..., self.quantities.index(name)]


# ---------------------------------------------------------------- readouts, report


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
    narrowing: dict[str, float] = {}
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
