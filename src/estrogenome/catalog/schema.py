"""What entries of knowledge files rest on: every number is a ``Quantity`` with a source. Beside this a module per kind of file."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from estrogenome.core.uncertainty import Distribution, State


class Entry(BaseModel):
    """Base of all entries: frozen, no unknown key accepted."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Build = Literal["GRCh37", "GRCh38"]


class Quantity(Entry):
    """A number as knowledge holds it: value, parsed unit, distribution, source with locator, and state.

    ``spread`` means what ``Distribution`` says for the shape.
    """

    value: float
    unit: str
    distribution: Distribution
    spread: Annotated[float, Field(ge=0)] = 0.0
    state: State
    source: str
    locator: str
    note: str = ""


class Source(Entry):
    """A reference. At least one of ``doi``, ``pmid``, ``url`` (data sets, standards) makes it resolvable."""

    id: str
    citation: str
    year: int
    doi: str = ""
    pmid: str = ""
    url: str = ""
    read: Literal["full text", "abstract", "table", "secondary", "data", "own"]
    """How much of it was read by whoever entered its numbers; ``own``: a definition or assumption of this project."""

    @model_validator(mode="after")
    def _resolvable(self) -> Source:
        if self.read != "own" and not (self.doi or self.pmid or self.url):
            raise ValueError(f"source {self.id} has neither doi, pmid nor url")
        return self


class Tubes(Entry):
    """The parallel-tube form of a compartment (``models/tubes.yaml``)."""

    compartment: str
    segments: Annotated[int, Field(ge=1)]
    flows: tuple[str, ...]
    """Reactions by which blood carries a species through it."""


class Parameter(Entry):
    """A row of ``parameters/*.tsv``."""

    id: str
    meaning: str
    quantity: Quantity
