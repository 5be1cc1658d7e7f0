"""What a file about a hormonal state may say, its covariates included, and for which conditions no numbers are given."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from estrogenome.catalog.schema import Entry, Quantity


class Covariate(Entry):
    """Something about a person that numbers depend on: a level, a measure of the body. Its distribution is in ``derived/population.json``.

    One that follows from others has ``powers`` and no distribution of its own: value = scale x product of covariate^power.
    """

    parameter: str
    name: str
    unit: str
    plausible: tuple[float, float]
    """Own values outside are refused."""
    option: str = ""
    """Name under which a person may give it (``--measured "option=value unit"``)."""
    molar_mass: float | None = None
    """In g/mol; lets a person give it in units of mass as well."""
    shown: str = ""
    """Unit in which people know it; ``unit`` by default."""
    powers: dict[str, float] = Field(default_factory=dict)
    scale: Quantity | None = None

    @model_validator(mode="after")
    def _whole(self) -> Covariate:
        if bool(self.powers) != (self.scale is not None):
            raise ValueError(f"covariate {self.parameter}: powers and scale go together; give both or none")
        return self


class HormonalState(Entry):
    """Gonads and current hormones of a person. Numbers for a state are rows ``parameter@state`` of tables and fits."""

    id: str
    name: str
    sexes: tuple[str, ...]
    ages: tuple[float, float]
    gonads: Literal["testes", "ovaries", "none"]
    plain: str
    aliases: tuple[str, ...] = ()
    like: str = ""
    """State whose numbers are used until this one has its own."""
    covariates: tuple[Covariate, ...] = ()


class Refusal(Entry):
    """A condition for which no numbers are given, and what is possible instead."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    reason: str
    instead: str
