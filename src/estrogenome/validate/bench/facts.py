"""What a bench must show whatever the unknown amounts are: facts that were read, and what follows from the structure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from estrogenome.catalog.bench import central

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estrogenome.catalog.bench import Condition, Direction, Unmoved, Yields
    from estrogenome.validate.bench.tube import Tube

AMOUNTS = (0.0, 1.0, 100.0)
"""Multiples of an enzyme's amount between which nothing may move."""
FASTER = 1.5
CLOSED = 1e-9
SAME = 1e-6
SEEN = 1e-6


@dataclass(frozen=True)
class Fact:
    """One check: under which condition, what must hold, what was found, and the source (empty: structure)."""

    condition: str
    says: str
    found: str
    holds: bool
    source: str = ""


def check(tube: Tube) -> tuple[Fact, ...]:
    """Return every fact of the bench under every condition."""
    found: list[Fact] = []
    for condition in tube.bench.conditions:
        found.append(_balance(tube, condition))
        found += [_unmoved(tube, condition, fact) for fact in tube.bench.facts.unmoved]
        found += [_yields(tube, condition, fact) for fact in tube.bench.facts.yields]
        found += list(_directions(tube, condition))
    return tuple(found)


def _name(tube: Tube, species: str) -> str:
    return tube.bench.species[species].name


def _balance(tube: Tube, condition: Condition) -> Fact:
    """Closed: the sum of all species stays. Supplied: the first species stays."""
    species, course = tube.run(condition, {})
    fed = next(iter(condition.start))
    kept = course[0, :, species.index(fed)] if condition.held else course[0].sum(axis=1)
    error = float(np.max(np.abs(kept / kept[0] - 1)))
    says = f"{_name(tube, fed)} stays where it is held" if condition.held else "the sum of all species stays (closed mass balance)"
    return Fact(condition.name, says, f"largest relative change {error:.0e}", error <= CLOSED)


def _unmoved(tube: Tube, condition: Condition, fact: Unmoved) -> Fact:
    values = central(tube.bench, condition)
    courses = []
    for enzyme in fact.enzymes:
        name = f"amount_{enzyme}"
        species, course = tube.run(condition, {name: np.array([values[name] * by for by in AMOUNTS])})
        courses.append(course[:, :, species.index(fact.species)])
    every = np.concatenate(courses)
    change = float(np.max(np.abs(every / every[0] - 1)))
    says = f"the course of {_name(tube, fact.species)} does not depend on {' and '.join(fact.enzymes)} (0 to 100 times the amount)"
    return Fact(condition.name, says, f"largest relative change {change:.0e}", change <= SAME, fact.source)


def _yields(tube: Tube, condition: Condition, fact: Yields) -> Fact:
    values = central(tube.bench, condition)
    # this enzyme alone, and this species alone: what else appears is its product
    absent = {name: np.zeros(1) for name in tube.constants if name.startswith("amount_") and name != f"amount_{fact.enzyme}"}
    level = next(iter(tube.start(condition).values()))
    present = {f"amount_{fact.enzyme}": np.array([values[f"amount_{fact.enzyme}"]])}
    species, course = tube.run(condition, absent | present, [{fact.species: level}])
    products = [s for i, s in enumerate(species) if s != fact.species and course[0, -1, i] > SEEN * level]
    says = f"{fact.enzyme} alone makes {len(fact.products)} of {_name(tube, fact.species)}"
    found = ", ".join(_name(tube, p) for p in products) or "nothing"
    return Fact(condition.name, says, found, sorted(products) == sorted(fact.products), fact.source)


def _directions(tube: Tube, condition: Condition) -> Iterator[Fact]:
    values = central(tube.bench, condition)
    base = tube.outcome(condition, {})[0]
    for fact in tube.bench.facts.directions:
        faster = {f"kcat_{r}": np.array([values[f"kcat_{r}"] * FASTER]) for r in fact.reactions}
        ratio = float(tube.outcome(condition, faster)[0] / base)
        found = "stays" if abs(ratio - 1) <= SAME else "rises" if ratio > 1 else "falls"
        wanted = "stays" if condition.held and fact.stays_where_held else fact.outcome
        yield Fact(condition.name, _says(tube, fact, wanted), f"× {ratio:.4g}", found == wanted)


def _says(tube: Tube, fact: Direction, wanted: str) -> str:
    return f"the area of {_name(tube, tube.bench.outcome)} {wanted} where {', '.join(fact.reactions)} is {FASTER:g} times as fast"
