"""Why a body effect is smaller than the effect on the enzyme: each reason switched off in turn, in the same bodies.

Of one genotype against another in a hormonal state, logarithms of folds, one value a draw:

- ``enzyme``: the enzyme's activity (weighted by flux where it has a share of several reactions).
- ``all``: the hormone if this enzyme were its only way out (or in): share and small fraction both off. An enzyme that does not touch it
  counts as a way out of fraction 0.
- ``reaction``: the hormone if the reactions that the enzyme has a share of were its only way out (or in): small fraction off.
- ``paths``: beside all other paths, at unchanged concentrations, ``(sum of sources) / (sum of removals)``: the textbook
  ``1 / (1 - fm + fm * a)``. It knows no flow limit, no return of what was removed, no competition.
- ``model``: the readout in the model.
- ``alone``: the model where the enzyme does the whole of its reactions: share off.
- ``flow``: the model where blood flows ``FLOW`` times faster: flow limit off.

Sources and removals are gross fluxes between the pools of a hormone and everything else. ``share`` is that of the enzyme in its reactions, ``fraction``
that of the reactions in removal (or sources).
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

FLOW = 1000.0
# a flux that changes by less counts as untouched
SAME = 1e-9


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
    return evaluate(formula, {n: known[n] if n in known else solution.of(n) for n in names(formula)})


def chain(state: str, name: str, variant: str, against: str) -> Chain:
    """Return the steps from enzyme to body of one contrast."""
    base, own = constants(state, against), constants(state, variant)
    ratios = enzyme_ratios(variant, against)
    alone = base | {n: base[n] * ratios[n] for n in ratios if n in base}
    fast = {n: v * FLOW for n, v in base.items() if n.startswith("Q_")}
    before = solved(state, against)

    def fold(after: Mapping[str, np.ndarray], since: Solution) -> np.ndarray:
        return np.log(readout(name, solve(after), base) / readout(name, since, base))

    rates = np.array([before.fluxes.T, rates_at(own, before), rates_at(alone, before)])
    moved = np.median(np.abs(rates[2] - rates[0]), axis=1) > SAME * np.median(np.abs(rates[0]), axis=1)
    result = Chain(
        enzyme=np.log(rates[2, moved].sum(axis=0) / rates[0, moved].sum(axis=0)),
        all=None,
        reaction=None,
        paths=None,
        model=fold(own, before),
        alone=fold(alone, before),
        flow=fold(own | fast, solve(base | fast)),
        share=_share(rates[:, moved]),
        fraction=None,
    )
    hormone = load_catalog().readouts[name].formula
    return _through(result, hormone, rates, moved) if hormone in kernel().species else result


def enzyme_ratios(variant: str, against: str) -> dict[str, np.ndarray]:
    """Return, per factor of the model, the activity of the enzyme that differs between two people, as a ratio (draws,)."""
    people = activities()
    one, other = people.samples.index(variant), people.samples.index(against)
    return {
        factor_name(term.reaction, term.tissue): people.values[one, :, i] / people.values[other, :, i]
        for i, term in enumerate(people.terms)
        if not np.allclose(people.values[one, :, i], people.values[other, :, i], rtol=SAME)
    }


def rates_at(known: Mapping[str, np.ndarray], at: Solution) -> np.ndarray:
    """Return the rates of all reactions, shape (reaction, draw), with other constants at the concentrations of ``at``."""
    values = {**at.constants, **known}
    return kernel().rates(kernel().species).at(values).values(at.concentrations.T)[: len(kernel().reactions)]


def _share(rates: np.ndarray) -> float:
    """Return the enzyme's share of reactions with rates (before, with its change, with its change alone; reaction; draw)."""
    change = np.abs(rates[1:] - rates[0]).sum(axis=1)
    return float(np.median(change[0][change[1] > 0] / change[1][change[1] > 0]))


def net_change(hormone: str) -> np.ndarray:
    """Return what each reaction changes in all pools of a hormone together; what goes between them is neither source nor removal."""
    maths = kernel().maths
    pools = {i for i, s in enumerate(maths.species) if s == hormone or s.startswith(f"{hormone}_")}
    return np.array([sum(change for species, change in changes if species in pools) for changes in maths.stoichiometry])


def _through(result: Chain, hormone: str, rates: np.ndarray, moved: np.ndarray) -> Chain:
    net = net_change(hormone)
    sides = (net > 0, net < 0)

    def total(row: int, chosen: np.ndarray) -> np.ndarray:
        return (np.abs(net[chosen])[:, None] * rates[row, chosen]).sum(axis=0)

    def step(row: int, within: np.ndarray) -> np.ndarray:
        logs = [np.log(total(row, s & within) / total(0, s & within)) if (s & within).any() else np.zeros(rates.shape[2]) for s in sides]
        return logs[0] - logs[1]

    through = moved & (net != 0)
    if not through.any():
        # not on the hormone's way: a fraction of zero
        reaction = -np.log(rates[1, moved].sum(axis=0) / rates[0, moved].sum(axis=0))
        return result._replace(all=-result.enzyme, reaction=reaction, paths=np.zeros(rates.shape[2]), fraction=0.0)
    enzyme = np.log(rates[2, through].sum(axis=0) / rates[0, through].sum(axis=0))
    result = result._replace(enzyme=enzyme, share=_share(rates[:, through]))
    return result._replace(
        all=step(2, moved),
        reaction=step(1, moved),
        paths=step(1, np.ones_like(moved)),
        fraction=max(float(np.median(total(0, s & moved) / total(0, s))) for s in sides),
    )
