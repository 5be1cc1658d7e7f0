"""What a file of ``knowledge/benches/`` may say: an assay in a tube, with the model ``benches/<id>.ant`` beside it.

The model's constants are named after the file's entries: ``amount_<enzyme>``, ``kcat_<reaction>``, ``Km_<reaction>``, ``saturable`` and
``held``. It is composed alone, never into the body.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator

from estrogenome.catalog.schema import Entry, Quantity
from estrogenome.core.errors import KnowledgeError
from estrogenome.core.units import convert

if TYPE_CHECKING:
    from estrogenome.catalog.load import Catalog

LEVEL, RATE, TIME = "nmol/L", "1/d", "d"


class Named(Entry):
    """A species of the bench: its name and, where known, what it is (collection/accession)."""

    name: str
    found_as: Annotated[tuple[str, ...], Field(alias="is")] = ()


class Kinetics(Entry):
    """Turnover number and Michaelis constant of one reaction."""

    kcat: Quantity
    Km: Quantity


class BenchReaction(Entry):
    """A reaction of the model; ``kinetics`` by name of a set of constants, the first being used where a set has none of its own."""

    id: str
    enzyme: str
    kinetics: dict[str, Kinetics]


class Reading(Entry):
    """What a variant does to ``reactions``: a multiple of kcat, own or of an effect in the gene's file."""

    reactions: tuple[str, ...]
    multiple: Quantity | None = None
    effect: str = ""

    @model_validator(mode="after")
    def _one(self) -> Reading:
        if (self.multiple is None) == (not self.effect):
            raise ValueError("give either multiple or effect")
        return self


class BenchVariant(Entry):
    """A variant of one enzyme, with one reading or more of its size; the enzyme is a gene of the catalog."""

    id: str
    enzyme: str
    name: str
    readings: dict[str, Reading]


class Condition(Entry):
    """How the bench is run: for how long, from what, with how much enzyme, which constants and which reading of variants."""

    id: str
    name: str
    plain: str
    duration: Quantity
    held: bool = False
    """True if what is consumed of the first species is supplied again."""
    kinetics: str
    reading: str
    start: dict[str, Quantity]
    amounts: dict[str, Quantity]


class Unmoved(Entry):
    """That a species' course does not depend on the amounts of these enzymes."""

    species: str
    enzymes: tuple[str, ...]
    source: str
    locator: str


class Yields(Entry):
    """What one enzyme alone makes of one species."""

    species: str
    enzyme: str
    products: tuple[str, ...]
    source: str
    locator: str


class Direction(Entry):
    """Whether the outcome rises or falls where these reactions get faster."""

    reactions: tuple[str, ...]
    outcome: Literal["rises", "falls"]
    stays_where_held: bool = False
    """True if it does so only by using up the first species: where that is supplied again, the outcome stays."""


class Facts(Entry):
    """What the bench must show: read facts (``unmoved``, ``yields``) and what follows from the structure (``directions``)."""

    unmoved: tuple[Unmoved, ...] = ()
    yields: tuple[Yields, ...] = ()
    directions: tuple[Direction, ...] = ()


class Bench(Entry):
    """One assay. ``law`` is the rate law of every reaction; ``outcome`` the species whose area under the curve ranks haplotypes."""

    id: str
    name: str
    plain: str
    law: Literal["michaelis_menten", "first_order"]
    species: dict[str, Named]
    reactions: tuple[BenchReaction, ...]
    conditions: tuple[Condition, ...]
    variants: tuple[BenchVariant, ...]
    outcome: str
    facts: Facts
    missing: tuple[str, ...] = ()
    """Numbers that were looked for and not found, in plain words."""
    sources: tuple[str, ...] = ()


def constants_of(bench: Bench, condition: Condition) -> dict[str, Quantity]:
    """Return the model's uncertain constants under a condition: amounts and kinetics, each in its own unit."""
    found = {f"amount_{name}": quantity for name, quantity in condition.amounts.items()}
    for reaction in bench.reactions:
        kinetics = reaction.kinetics.get(condition.kinetics) or next(iter(reaction.kinetics.values()))
        found |= {f"kcat_{reaction.id}": kinetics.kcat, f"Km_{reaction.id}": kinetics.Km}
    return found


def settings_of(bench: Bench, condition: Condition) -> dict[str, float]:
    """Return the switches of the model: the rate law, and whether the first species is supplied."""
    return {"saturable": float(bench.law == "michaelis_menten"), "held": float(condition.held)}


def canonical(name: str, quantity: Quantity) -> float:
    """Return what a number of the constant ``name`` is multiplied with to be in the model's unit (nmol/L, 1/d)."""
    return convert(1.0, quantity.unit, RATE if name.startswith("kcat_") else LEVEL)


def central(bench: Bench, condition: Condition) -> dict[str, float]:
    """Return all constants of the model at their central values, in the model's units."""
    return {n: q.value * canonical(n, q) for n, q in constants_of(bench, condition).items()} | settings_of(bench, condition)


def multiple_of(variant: BenchVariant, condition: Condition, catalog: Catalog) -> tuple[tuple[str, ...], Quantity]:
    """Return the reactions that a variant acts on under a condition's reading, and the multiple of their kcat.

    Raises:
        KnowledgeError: the gene's file has no such effect.
    """
    reading = variant.readings[condition.reading]
    if reading.multiple is not None:
        return reading.reactions, reading.multiple
    for effect in catalog.genes[variant.enzyme].effects:
        if effect.id == reading.effect:
            return reading.reactions, effect.multiple
    raise KnowledgeError(f"benches: {variant.id}: genes/{variant.enzyme}.yaml has no effect {reading.effect}; name one of its effects")
