"""What a file of ``therapies/`` may say: how something given is released, where it arrives, and what it does there."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from estrogenome.catalog.schema import Entry, Quantity
from estrogenome.core.units import convert

Kind = Literal["dosed", "worn"]
Steps = Annotated[tuple[Quantity, ...], Field(max_length=6)]


class TherapyDose(Entry):
    """In what the label weighs a dose. ``plausible`` is the range of one dose in ``unit`` that is believed; 0 is always taken."""

    unit: str
    """Of an amount where the therapy is dosed, of an amount per day where it is worn."""
    molar_mass: Annotated[float, Field(gt=0)] | None = None
    """In g/mol, of what the label weighs: an ester where it weighs the ester. One mole of it is one mole of the active substance."""
    nmol_per_unit: Quantity | None = None
    """Instead of the molar mass where the unit is one of biological activity."""
    plausible: tuple[float, float]

    @model_validator(mode="after")
    def _whole(self) -> TherapyDose:
        if not 0 < self.plausible[0] <= self.plausible[1]:
            raise ValueError("dose.plausible must go from low to high, above 0")
        if (self.molar_mass is None) == (self.nmol_per_unit is None):
            raise ValueError("dose takes molar_mass or nmol_per_unit, one of them")
        return self


class Every(Entry):
    """How many days may lie between two doses."""

    plausible: tuple[float, float]

    @model_validator(mode="after")
    def _ordered(self) -> Every:
        if not 0 < self.plausible[0] <= self.plausible[1]:
            raise ValueError("every.plausible must go from low to high, above 0")
        return self


class Release(Entry):
    """One part of a dose on its way: ``share`` of its moles goes through a chain of first-order compartments into an input of the model."""

    into: str
    """Constant of the model, in nmol/d, that it adds to."""
    share: Quantity
    """Of the dose; absolute bioavailability where it is the only release."""
    chain: Steps
    """Rate constants (1/d) of the compartments in order; the dose enters the first, what leaves the last arrives. Empty, for what is worn:
    it arrives as it is delivered."""
    saturation: Quantity | None = None
    """Pace of release, in the dose's unit per day, at which half of ``share`` is left: it is divided by 1 + pace / saturation. The pace is
    what leaves the chain at the moment, of all doses together, before the share. Absent: the share holds at every dose."""


class Drug(Entry):
    """One compartment for what the body's model does not hold, with first-order absorption; its volume is over bioavailability."""

    absorption: Quantity
    """1/d, of what is dosed; what is worn goes in at its rate through the same step."""
    elimination: Quantity
    """1/d"""
    volume: Quantity
    """L"""
    unbound: Quantity
    """Share of the plasma concentration that acts."""


class Inhibition(Entry):
    """Slows a reaction: its factor in each tissue is divided by 1 + C/Ki, where C is the unbound concentration of the drug (nmol/L)."""

    on: Literal["inhibition"]
    reaction: str
    tissues: Annotated[tuple[str, ...], Field(min_length=1)]
    Ki: Quantity


class Addition(Entry):
    """Adds to a quantity of the model or a handle of the axes: emax C/(C50 + C), or in proportion, slope C."""

    on: Literal["quantity"]
    id: str
    emax: Quantity | None = None
    C50: Quantity | None = None
    slope: Quantity | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Addition:
        if (self.emax is None) != (self.C50 is None) or (self.emax is None) == (self.slope is None):
            raise ValueError("an act on a quantity takes emax and C50 together, or slope")
        return self


class Fold(Entry):
    """Multiplies a quantity of the model with 1 + most C/(C50 + C), where most is ``emax`` (above -1), or ``left`` less 1.

    With ``turnover`` the drug destroys what it acts on, in proportion to C and to what is there, and the body makes that anew at this pace:
    the share lost moves by turnover ((1 - lost) C/C50 - lost) and stands for C/(C50 + C). It ends there under a constant C, is lost as
    fast as the drug is strong, and returns at its own pace however much was given (indirect response with irreversible inactivation,
    Sharma and Jusko 1996).
    """

    on: Literal["fold"]
    id: str
    also: tuple[str, ...] = ()
    """Further quantities that fall with the first, by the same numbers: one enzyme makes them all."""
    emax: Quantity | None = None
    left: Quantity | None = None
    """What is left of the quantity at the most of the drug."""
    C50: Quantity
    turnover: Quantity | None = None
    """1/d, of what the drug destroys. Absent: the drug acts while it is there."""

    @model_validator(mode="after")
    def _one_most(self) -> Fold:
        if (self.emax is None) == (self.left is None):
            raise ValueError("an act that multiplies takes emax or left, one of them")
        return self


TherapyAct = Annotated[Inhibition | Addition | Fold, Field(discriminator="on")]


def acted(act: TherapyAct) -> tuple[str, ...]:
    """Return what an act is on: the reaction that it inhibits, or its quantities."""
    if isinstance(act, Inhibition):
        return (act.reaction,)
    return (act.id, *(act.also if isinstance(act, Fold) else ()))


class Label(Entry):
    """A regimen as it is labelled, for pages and protocols; nobody is ever offered it."""

    dose: str
    every: str = ""
    """Time between doses; empty where it is worn without a break, or given once."""
    source: str
    locator: str


class Therapy(Entry):
    """Something given at times (``dosed``) or worn for a while at a rate (``worn``): a patch, a ring, a pellet.

    A row ``therapy/<id>/<path>`` of the posterior replaces the number at that path, such as ``therapy/<id>/releases/0/share``.
    """

    id: str
    name: str
    plain: str
    aliases: tuple[str, ...] = ()
    route: Literal["mouth", "skin", "vagina", "injection", "under the skin", "inhibitor", "inducer", "other"]
    """How it comes in or acts; studies of one route err alike."""
    kind: Kind
    dose: TherapyDose
    every: Every
    releases: tuple[Release, ...] = ()
    drug: Drug | None = None
    acts: tuple[TherapyAct, ...] = ()
    labels: tuple[Label, ...] = ()
    limits: str
    """One sentence on what is not known."""

    @model_validator(mode="after")
    def _whole(self) -> Therapy:
        if not self.releases and self.drug is None:
            raise ValueError("a therapy has releases, a drug, or both")
        if bool(self.acts) != (self.drug is not None):
            raise ValueError("acts are those of the drug's concentration: give both or none")
        if self.kind == "dosed" and any(not release.chain for release in self.releases):
            raise ValueError("a dose needs a chain of at least one compartment to be released from")
        return self


class Protocol(Entry):
    """A named list of regimens as they are labelled or were studied. It is simulated, never proposed."""

    id: str
    name: str
    plain: str
    states: tuple[str, ...]
    """Hormonal states of the people whom the source describes."""
    regimens: Annotated[tuple[str, ...], Field(min_length=1)]
    sources: Annotated[tuple[str, ...], Field(min_length=1)]
    locator: str


def nmol(therapy: Therapy, dose: float) -> float:
    """Return a dose in the therapy's unit in nmol, or in nmol/d where it is worn.

    Raises:
        KnowledgeError: the unit cannot become moles.
    """
    if therapy.dose.nmol_per_unit is not None:
        return dose * therapy.dose.nmol_per_unit.value
    return convert(dose, therapy.dose.unit, "nmol/d" if therapy.kind == "worn" else "nmol", therapy.dose.molar_mass)


def unit_per_day(therapy: Therapy) -> str:
    """Return the unit of the dose per day; that of what is worn is one already."""
    return therapy.dose.unit if therapy.kind == "worn" else f"{therapy.dose.unit}/d"


def numbers(therapy: Therapy) -> dict[str, Quantity]:
    """Return every number of a therapy under its row ``therapy/<id>/<path>``, positions counted from 0."""
    found: dict[str, Quantity] = {}

    def collect(path: str, value: object) -> None:
        if isinstance(value, Quantity):
            found[path] = value
        elif isinstance(value, Entry):
            for name in type(value).model_fields:
                collect(f"{path}/{name}", getattr(value, name))
        elif isinstance(value, tuple):
            for position, item in enumerate(value):
                collect(f"{path}/{position}", item)

    collect(f"therapy/{therapy.id}", therapy)
    return found
