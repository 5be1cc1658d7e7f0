"""What a file of ``exposures/`` may say: what acts on a body from outside at steady state."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from estrogenome.catalog.schema import Entry, Quantity
from estrogenome.core.errors import KnowledgeError, PersonError
from estrogenome.core.units import convert, parse_amount


class Dose(Entry):
    """In what an exposure's dose is counted. ``plausible`` is its range in ``unit``; whatever lies outside is refused."""

    unit: str
    molar_mass: float | None = None
    """In g/mol; needed where an act is an input of the model and the unit is one of mass."""
    plausible: tuple[float, float]

    @model_validator(mode="after")
    def _ordered(self) -> Dose:
        if not 0 < self.plausible[0] <= self.plausible[1]:
            raise ValueError("dose.plausible must go from low to high, above 0")
        return self


class InputAct(Entry):
    """Brings substance into the body: nmol/d = dose in nmol/d x ``multiple`` (a share); ``multiple`` in nmol/d where there is no dose."""

    on: Literal["input"]
    id: str
    multiple: Quantity


class ConstantAct(Entry):
    """Multiplies a quantity of the model, unless the person's own value of it was measured: that holds with all exposures."""

    on: Literal["constant"]
    id: str
    multiple: Quantity
    at_dose: Annotated[float, Field(gt=0)] | None = None
    """Dose at which ``multiple`` holds (see ``Exposure``); absent: at every dose."""


class FactorAct(Entry):
    """Multiplies one reaction in one tissue."""

    on: Literal["factor"]
    reaction: str
    tissue: str
    multiple: Quantity
    at_dose: Annotated[float, Field(gt=0)] | None = None


class EnzymeAct(Entry):
    """Multiplies the activity of an enzyme (a file of ``genes/`` or ``enzymes/``) in every reaction of which it has a share."""

    on: Literal["enzyme"]
    id: str
    tissues: tuple[str, ...] = ()
    """Where it acts; empty: everywhere."""
    multiple: Quantity
    at_dose: Annotated[float, Field(gt=0)] | None = None


Act = Annotated[InputAct | ConstantAct | FactorAct | EnzymeAct, Field(discriminator="on")]


class Exposure(Entry):
    """Something that acts on a body from outside at steady state. Stated by a person or done in a study, never proposed.

    An act with ``at_dose`` changes with the dose: an increase in proportion to it, a decrease as reversible inhibition does (the inverse
    grows in proportion). A fitted row ``exposure/<id>/<position of the act>`` of the posterior replaces the act's ``multiple``.
    """

    id: str
    name: str
    plain: str
    aliases: tuple[str, ...] = ()
    dose: Dose | None = None
    """Absent: the exposure has one strength."""
    acts: Annotated[tuple[Act, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _doses(self) -> Exposure:
        if self.dose is None and any(getattr(act, "at_dose", None) is not None for act in self.acts):
            raise ValueError("at_dose, but the exposure has no dose; give dose, or remove at_dose")
        return self


def fitted_row(exposure: str, position: int) -> str:
    """Return the posterior's name for the multiple of one act."""
    return f"exposure/{exposure}/{position}"


def parse_dose(exposure: Exposure, text: str | None, where: str) -> float | None:
    """Return the dose in the exposure's own unit; ``text`` is a number with a unit, such as ``2 mg/d``.

    Raises:
        PersonError: a dose is missing, not wanted, not readable, or outside the plausible range; ``where`` begins the message.
    """
    if exposure.dose is None:
        if text:
            raise PersonError(f"{where}: {exposure.id} takes no dose; leave out {text}")
        return None
    low, high = exposure.dose.plausible
    unit = exposure.dose.unit
    mend = f"give {low:g} to {high:g} {unit}"
    if not text:
        raise PersonError(f"{where}: {exposure.id} needs a dose; {mend}")
    try:
        number, given = parse_amount(text)
        value = convert(number, given or unit, unit, exposure.dose.molar_mass)
    except (ValueError, KnowledgeError) as error:
        raise PersonError(f"{where}: dose {text} of {exposure.id} is not a number in {unit}; {mend}") from error
    if not low <= value <= high:
        raise PersonError(f"{where}: dose {text} of {exposure.id} is out of range; {mend}")
    return value
