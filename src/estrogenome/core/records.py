"""Frozen records that stages hand to each other, and how they become files: what all of them rest on, the person, and the body.

A record is written as JSON; its bulk arrays stand beside it in one ``.npz`` of the same name. Arrays carry
leading axes (person, draw). What is the same for many people is stored once and pointed at
(``index`` arrays, in memory of the smallest type that holds their numbers), so a cohort costs little more than a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, GetPydanticSchema
from pydantic_core import core_schema

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
