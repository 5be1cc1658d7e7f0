"""Haplotypes ranked by their outcome, with the probability of the rank over what is not known.

Every haplotype is run in the same draws (common random numbers): what two haplotypes share cancels in their ratio. Each uncertain number
has a stream of its own, so a further variant or reaction changes no other draw.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from estrogenome.catalog.bench import LEVEL, canonical, constants_of, multiple_of
from estrogenome.core.uncertainty import draw, stream
from estrogenome.core.units import convert

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from estrogenome.catalog.bench import BenchVariant, Condition
    from estrogenome.catalog.schema import Quantity
    from estrogenome.validate.bench.tube import Tube

INTERVAL = (5, 50, 95)
TIE = 1e-3
"""Outcomes that differ by less than a thousandth are the same."""


@dataclass(frozen=True)
class Ranked:
    """A haplotype: names of its variants (none: the reference), and its outcome as a multiple of the reference's."""

    variants: tuple[str, ...]
    low: float
    median: float
    high: float
    first: float
    """Probability that no other haplotype has more; those that tie for it share it."""
    above_next: float | None
    """Probability that it has more than the one ranked behind it, a tie counting half; None for the last."""


@dataclass(frozen=True)
class Ranking:
    """All haplotypes of a bench under one condition, most outcome first, and how often the whole order is as listed."""

    condition: Condition
    everything: bool
    """True if kinetics, start and effects are drawn too; otherwise the amounts of enzyme alone."""
    rows: tuple[Ranked, ...]
    whole_order: float
    draws: int
    failed: int


def rank(tube: Tube, condition: Condition, *, draws: int, seed: int, everything: bool) -> Ranking:
    """Return the ranking over ``draws`` of the enzyme amounts or, with ``everything``, of all that is uncertain.

    A draw in which any haplotype could not be integrated is left out and counted in ``failed``.
    """
    where = f"bench/{tube.bench.id}/{condition.id}"

    def drawn(name: str, quantity: Quantity, free: bool) -> NDArray[np.float64]:
        if not (free or everything):
            return np.full(draws, quantity.value)
        return draw(quantity.distribution, quantity.value, quantity.spread, stream(seed, f"{where}/{name}"), draws)

    shared = {
        name: canonical(name, quantity) * drawn(name, quantity, name.startswith("amount_"))
        for name, quantity in constants_of(tube.bench, condition).items()
    }
    begin = {name: convert(1.0, q.unit, LEVEL) * drawn(f"start_{name}", q, free=False) for name, q in condition.start.items()}
    start = [{name: float(values[i]) for name, values in begin.items()} for i in range(draws)]
    effects = {v.id: multiple_of(v, condition, tube.catalog) for v in tube.bench.variants}
    sizes = {v.id: drawn(f"multiple_{v.id}", effects[v.id][1], free=False) for v in tube.bench.variants}
    haplotypes = combinations(tube.bench.variants)
    outcomes = []
    for haplotype in haplotypes:
        values = dict(shared)
        for variant in haplotype:
            for reaction in effects[variant.id][0]:
                values[f"kcat_{reaction}"] = values[f"kcat_{reaction}"] * sizes[variant.id]
        outcomes.append(tube.outcome(condition, values, start))
    table = np.array(outcomes)
    table = table[:, np.all(np.isfinite(table), axis=0)]
    ratio = table / table[haplotypes.index(())]
    order = np.argsort(-np.median(ratio, axis=1), kind="stable")
    return Ranking(
        condition=condition,
        everything=everything,
        rows=tuple(_row(haplotypes, ratio, order, place) for place in range(len(order))),
        whole_order=float(np.mean(np.all(np.diff(np.log(ratio[order]), axis=0) <= TIE, axis=0))),
        draws=draws,
        failed=draws - table.shape[1],
    )


def combinations(variants: tuple[BenchVariant, ...]) -> list[tuple[BenchVariant, ...]]:
    """Return every haplotype: of each enzyme one variant or none."""
    enzymes = dict.fromkeys(v.enzyme for v in variants)
    choices = [[None, *(v for v in variants if v.enzyme == enzyme)] for enzyme in enzymes]
    return [tuple(v for v in chosen if v is not None) for chosen in product(*choices)]


def _row(haplotypes: list[tuple[BenchVariant, ...]], ratio: NDArray[np.float64], order: NDArray[np.intp], place: int) -> Ranked:
    mine = ratio[order[place]]
    low, median, high = np.percentile(mine, INTERVAL).tolist()
    behind = ratio[order[place + 1]] if place + 1 < len(order) else None
    tied = np.log(ratio) >= np.log(ratio.max(axis=0)) - TIE
    return Ranked(
        variants=tuple(v.name for v in haplotypes[order[place]]),
        low=low,
        median=median,
        high=high,
        first=float(np.mean(tied[order[place]] / tied.sum(axis=0))),
        above_next=None if behind is None else float(np.mean(_wins(np.log(mine / behind)))),
    )


def _wins(gap: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.abs(gap) <= TIE, 1 / 2, np.where(gap > 0, 1.0, 0.0))
