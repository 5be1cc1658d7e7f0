"""Why a body effect is smaller than the effect on the enzyme: each reason switched off in turn, in the same bodies.

Of one genotype against another in a hormonal state: the steps of ``estrogenome.trajectories.reasons``, and

- ``model``: the readout in the model.
- ``alone``: the model where the enzyme does the whole of its reactions: share off.
- ``flow``: the model where blood flows ``FLOW`` times faster: flow limit off.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import numpy as np

from derive.genotypes import activities, bodies
from estrogenome.catalog.body import factor_name
from estrogenome.catalog.formula import evaluate, names
from estrogenome.catalog.load import load_catalog
from estrogenome.network import compose
from estrogenome.trajectories import Kernel, Solution, kernel_of
from estrogenome.trajectories.reasons import SAME, steps

FLOW = 1000.0


class Chain(NamedTuple):
    """See the module; what concerns a hormone's pools is None for a readout that is no hormone's level."""

    enzyme: np.ndarray
    all: np.ndarray | None
    reaction: np.ndarray | None
    paths: np.ndarray | None
    model: np.ndarray
    alone: np.ndarray
    flow: np.ndarray
    share: float
    fraction: float | None


@cache
def kernel() -> Kernel:
    """Return the kernel of the package's model."""
    return kernel_of(compose(load_catalog()))


def constants(state: str, sample: str) -> dict[str, np.ndarray]:
    """Return the constants of one person, (draws,) each."""
    sets = bodies(state)
    person = sets.samples.index(sample)
    return {name: sets.values[person, :, i] for i, name in enumerate(sets.names)}


def solve(known: Mapping[str, np.ndarray]) -> Solution:
    """Return the steady states at constants, of which the model may lack some (those that only readouts use)."""
    return kernel().solve({name: value for name, value in known.items() if name in kernel().constants})


@cache
def solved(state: str, sample: str) -> Solution:
    """Return the steady states of one person."""
    return solve(constants(state, sample))


def readout(name: str, solution: Solution, known: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return a readout's formula over a solution, in the formula's unit."""
    formula = load_catalog().readouts[name].formula
    return np.asarray(evaluate(formula, {n: known[n] if n in known else solution.of(n) for n in names(formula)}))


def chain(state: str, name: str, variant: str, against: str) -> Chain:
    """Return the steps from enzyme to body of one contrast."""
    base, own = constants(state, against), constants(state, variant)
    ratios = enzyme_ratios(variant, against)
    alone = base | {n: base[n] * ratios[n] for n in ratios if n in base}
    fast = {n: v * FLOW for n, v in base.items() if n.startswith("Q_")}
    before = solved(state, against)

    def fold(after: Mapping[str, np.ndarray], since: Solution) -> np.ndarray:
        return np.asarray(np.log(readout(name, solve(after), base) / readout(name, since, base)))

    hormone = load_catalog().readouts[name].formula
    found = steps(kernel(), before, own, alone, hormone)
    return Chain(
        enzyme=found.enzyme,
        all=found.all,
        reaction=found.reaction,
        paths=found.paths,
        model=fold(own, before),
        alone=fold(alone, before),
        flow=fold(own | fast, solve(base | fast)),
        share=found.share,
        fraction=found.fraction,
    )


def enzyme_ratios(variant: str, against: str) -> dict[str, np.ndarray]:
    """Return, per factor of the model, the activity of the enzyme that differs between two people, as a ratio (draws,)."""
    people = activities()
    one, other = people.samples.index(variant), people.samples.index(against)
    return {
        factor_name(term.reaction, term.tissue): people.values[one, :, i] / people.values[other, :, i]
        for i, term in enumerate(people.terms)
        if not np.allclose(people.values[one, :, i], people.values[other, :, i], rtol=SAME)
    }
