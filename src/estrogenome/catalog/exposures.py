"""What a file of ``exposures/`` may say: what acts on a body from outside at steady state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator

from estrogenome.catalog.schema import Entry, Quantity
from estrogenome.core.errors import KnowledgeError, PersonError
from estrogenome.core.records import Exposed
from estrogenome.core.units import convert, parse_amount

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estrogenome.catalog.load import Catalog


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
    """Brings substance into the body: nmol/d = dose in nmol/d x ``multiple`` (a share); ``multiple`` in nmol/d where there is no dose.

    With ``saturation`` the share falls with the dose: it is divided by 1 + dose / saturation.
    """

    on: Literal["input"]
    id: str
    multiple: Quantity
    saturation: Quantity | None = None
    """Dose, in its own unit, at which half of the share is left; a release of a therapy has the same. Absent: the share is constant."""


class ConstantAct(Entry):
    """Multiplies a quantity of the model, unless the person's own value of it was measured: that holds with all exposures."""

    on: Literal["constant"]
    id: str
    multiple: Quantity
    at_dose: Annotated[float, Field(gt=0)] | None = None
    """Dose at which ``multiple`` holds (see ``Exposure``); absent: at every dose."""
    half_dose: Quantity | None = None
    """Dose, in its own unit, at which a decrease is half of the most it can be (see ``Exposure``)."""


class FactorAct(Entry):
    """Multiplies one reaction in one tissue."""

    on: Literal["factor"]
    reaction: str
    tissue: str
    multiple: Quantity
    at_dose: Annotated[float, Field(gt=0)] | None = None
    half_dose: Quantity | None = None


class EnzymeAct(Entry):
    """Multiplies the activity of an enzyme (a file of ``genes/`` or ``enzymes/``) in every reaction of which it has a share."""

    on: Literal["enzyme"]
    id: str
    tissues: tuple[str, ...] = ()
    """Where it acts; empty: everywhere."""
    multiple: Quantity
    at_dose: Annotated[float, Field(gt=0)] | None = None
    half_dose: Quantity | None = None


Act = Annotated[InputAct | ConstantAct | FactorAct | EnzymeAct, Field(discriminator="on")]


class Exposure(Entry):
    """Something that acts on a body from outside at steady state. Stated by a person or done in a study, never proposed.

    An act with ``at_dose`` changes with the dose: an increase in proportion to it, a decrease as reversible inhibition does (the inverse
    grows in proportion). Where something is left at any dose, a decrease has a ``half_dose``: it grows as dose / (half_dose + dose), as the
    therapy of the same name does under a steady dose. A fitted row ``exposure/<id>/<position of the act>`` of the posterior replaces the
    act's ``multiple``, one with ``/saturation`` or ``/half_dose`` behind it that number.
    """

    id: str
    name: str
    plain: str
    aliases: tuple[str, ...] = ()
    route: Literal["mouth", "skin", "vagina", "injection", "inhibitor", "inducer", "other"] = "other"
    """How it comes in or acts; studies of one route err alike."""
    dose: Dose | None = None
    """Absent: the exposure has one strength. Who does not state a dose has the one that the acts are known at."""
    silences_gonads: bool = False
    """The gonads are gone or rest whatever the pituitary does: in time no axis answers."""
    acts: Annotated[tuple[Act, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _doses(self) -> Exposure:
        if self.dose is None and any(getattr(act, "at_dose", None) is not None for act in self.acts):
            raise ValueError("at_dose, but the exposure has no dose; give dose, or remove at_dose")
        if self.dose is None and any(isinstance(act, InputAct) and act.saturation for act in self.acts):
            raise ValueError("saturation, but the exposure has no dose; give dose, or remove saturation")
        if any(getattr(act, "half_dose", None) is not None and getattr(act, "at_dose", None) is None for act in self.acts):
            raise ValueError("half_dose, but no at_dose; say at which dose multiple holds, or remove half_dose")
        return self


def observed_row(assay: str, readout: str, part: str) -> str:
    """Return the posterior's name for a part (``gain``, ``blank``) of an observation model."""
    return f"assay/{assay}/{readout}/{part}"


def fitted_row(exposure: str, position: int) -> str:
    """Return the posterior's name for the multiple of one act."""
    return f"exposure/{exposure}/{position}"


def saturation_row(exposure: str, position: int) -> str:
    """Return the posterior's name for the saturation of one act."""
    return f"{fitted_row(exposure, position)}/saturation"


def half_dose_row(exposure: str, position: int) -> str:
    """Return the posterior's name for the half-dose of one act."""
    return f"{fitted_row(exposure, position)}/half_dose"


def act_numbers(exposure: str, position: int, act: Act) -> dict[str, Quantity]:
    """Return every number of one act under its row."""
    found = {fitted_row(exposure, position): act.multiple}
    if isinstance(act, InputAct) and act.saturation is not None:
        found[saturation_row(exposure, position)] = act.saturation
    if not isinstance(act, InputAct) and act.half_dose is not None:
        found[half_dose_row(exposure, position)] = act.half_dose
    return found


def parse_dose(exposure: Exposure, text: str | None, where: str) -> float | None:
    """Return the dose in the exposure's own unit; ``text`` is a number with a unit, such as ``2 mg/d``.

    Without ``text`` the dose is None: the acts hold as their files say. What brings substance in cannot do without.

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
        if any(isinstance(act, InputAct) for act in exposure.acts):
            raise PersonError(f"{where}: {exposure.id} needs a dose; {mend}")
        return None
    try:
        number, given = parse_amount(text)
        value = convert(number, given or unit, unit, exposure.dose.molar_mass)
    except (ValueError, KnowledgeError) as error:
        raise PersonError(f"{where}: dose {text} of {exposure.id} is not a number in {unit}; {mend}") from error
    if not low <= value <= high:
        raise PersonError(f"{where}: dose {text} of {exposure.id} is out of range; {mend}")
    return value


def stated_exposures(catalog: Catalog, texts: Iterable[str]) -> tuple[Exposed, ...]:
    """Return the exposures that a person states, each a name or alias, with its dose behind a colon where it has one.

    Raises:
        PersonError: a name is not known or stands twice, or a dose is missing, not wanted or out of range.
    """
    names = {name.lower(): entry for entry in catalog.exposures.values() for name in (entry.id, *entry.aliases)}
    found: dict[str, Exposed] = {}
    for text in texts:
        name, _, dose = (part.strip() for part in text.partition(":"))
        entry = names.get(name.lower())
        if entry is None:
            raise PersonError(f"--exposure {text}: {name} is not known; {offered(catalog)}")
        if entry.id in found:
            raise PersonError(f"--exposure {text}: {entry.id} stands twice; give it once, with the whole dose")
        found[entry.id] = Exposed(id=entry.id, dose=parse_dose(entry, dose or None, f"--exposure {text}"))
    return tuple(found.values())


def known_exposures(catalog: Catalog, exposures: Iterable[Exposed]) -> None:
    """Check exposures that come from a record.

    Raises:
        PersonError: one is in no file, stands twice, or has a dose that is missing, not wanted or out of range.
    """
    seen: set[str] = set()
    for one in exposures:
        entry = catalog.exposures.get(one.id)
        if entry is None or one.id in seen:
            raise PersonError(f"exposure {one.id} {'stands twice' if one.id in seen else 'is not known'}; {offered(catalog)}")
        seen.add(one.id)
        unit = entry.dose.unit if entry.dose else ""
        parse_dose(entry, None if one.dose is None else f"{one.dose!r} {unit}", "exposures")


def offered(catalog: Catalog) -> str:
    """Return what there is, with the unit of its dose."""
    each = (f"{entry.id}:{entry.dose.unit}" if entry.dose else entry.id for entry in catalog.exposures.values())
    return f"there is {', '.join(each) or 'none'}"
