"""Why a body effect is smaller than the effect on the enzyme: each reason put in in turn, in the same bodies, production held.

All steps are logarithms of folds, one value a draw:

- ``enzyme``: the enzyme's activity (weighted by flux where it has a share of several reactions).
- ``all``: the hormone if this enzyme were its only way out (or in): share and small fraction both off. An enzyme that does not touch it
  counts as a way out of fraction 0.
- ``reaction``: the hormone if the reactions that the enzyme has a share of were its only way out (or in): small fraction off.
- ``paths``: beside all other paths, at unchanged concentrations, ``(sum of sources) / (sum of removals)``: the textbook
  ``1 / (1 - fm + fm * a)``. It knows no flow limit, no return of what was removed, no competition.
- ``model``: the level in the model.

Sources and removals are gross fluxes between the pools of a hormone and everything else. ``share`` is that of the enzyme in its reactions,
``fraction`` that of the reactions in removal (or sources).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from estrogenome.core.compare_records import Reason
from estrogenome.network import compose
from estrogenome.trajectories.kernel import kernel_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.readouts import ReadoutSpec
    from estrogenome.core.course_records import Courses
    from estrogenome.core.records import ParameterSets
    from estrogenome.trajectories.kernel import Kernel, Solution

    Array = NDArray[np.float64]

SAME = 1e-9
"""A flux that changes by less counts as untouched."""
_LEVEL, _POWER, _HUNDRED = 5, 80, 100
"""Two-sided level and power of the study whose sight is told, in percent."""


@dataclass(frozen=True)
class Steps:
    """See the module; what concerns a hormone's pools is None for a readout that is no hormone's level."""

    enzyme: Array
    all: Array | None
    reaction: Array | None
    paths: Array | None
    share: float
    fraction: float | None


def steps(kernel: Kernel, before: Solution, own: Mapping[str, Array], alone: Mapping[str, Array], hormone: str) -> Steps:
    """Return the steps from enzyme to body of one contrast.

    Args:
        kernel: the model.
        before: its steady states without the change, ``draws`` of them.
        own: constants (draws,) with the change.
        alone: the same if the enzyme did the whole of its reactions.
        hormone: species whose pools are looked at; a name that is none leaves those steps out.
    """
    rates = np.array([before.fluxes.T, rates_at(kernel, own, before), rates_at(kernel, alone, before)])
    moved = np.median(np.abs(rates[2] - rates[0]), axis=1) > SAME * np.median(np.abs(rates[0]), axis=1)
    result = Steps(
        enzyme=np.log(rates[2, moved].sum(axis=0) / rates[0, moved].sum(axis=0)),
        all=None,
        reaction=None,
        paths=None,
        share=_share(rates[:, moved]),
        fraction=None,
    )
    return _through(result, net_change(kernel, hormone), rates, moved) if hormone in kernel.species else result


def explained(
    sets: ParameterSets,
    ratios: Mapping[str, Mapping[str, Array]],
    spec: ReadoutSpec,
    catalog: Catalog,
    people: int,
    answered: Courses | None,
) -> tuple[Reason, ...]:
    """Return why each gene moves a level less than its enzyme differs, at the median draw; genes that touch nothing are left out.

    Args:
        sets: the body with a random genotype, and behind it with the genotype of one gene after the other.
        ratios: gene → factor of the model → its activity over that of the random genotype, (draws,).
        spec: the level; its formula is a species.
        catalog: knowledge.
        people: in each of two groups of the study whose sight is told.
        answered: the same people followed with the axis answering; None where that was not done.
    """
    kernel = kernel_of(compose(catalog))
    known = [{n: sets.values[i, :, k] for k, n in enumerate(sets.names) if n in kernel.constants} for i in range(len(sets.samples))]
    before = kernel.solve(known[0])
    level = before.of(spec.formula)
    found = []
    for i, gene in enumerate(sets.samples[1:], 1):
        alone = known[0] | {name: known[0][name] * ratio for name, ratio in ratios[gene].items()}
        if not ratios[gene] or not _moves(kernel, before, alone):
            continue
        told = steps(kernel, before, known[i], alone, spec.formula)
        if told.all is None or told.reaction is None or told.paths is None or told.fraction is None:
            continue
        found.append(
            Reason(
                gene=gene,
                id=spec.id,
                activity=_fold(told.enzyme),
                only_way=_fold(told.all),
                share=_fold(told.reaction),
                fraction=_fold(told.paths),
                flow=_fold(np.log(kernel.solve(known[i]).of(spec.formula) / level)),
                feedback=None if answered is None else _fold(np.log(_first(answered, spec, i) / _first(answered, spec, 0))),
                fm=told.fraction,
                seen=smallest_seen(float(np.nanstd(np.log(level))), people),
                people=people,
            )
        )
    return tuple(found)


def smallest_seen(log_sd: float, people: int) -> float:
    """Return the smallest rise, as a fold, that a comparison of two groups of ``people`` finds with the stated power.

    Normal approximation (Chow, Shao and Wang, *Sample Size Calculations in Clinical Research*, comparing two means) on logarithms.
    """
    normal = NormalDist()
    z = normal.inv_cdf(1 - _LEVEL / (2 * _HUNDRED)) + normal.inv_cdf(_POWER / _HUNDRED)
    return float(np.exp(z * log_sd * np.sqrt(2 / people)))


def _moves(kernel: Kernel, before: Solution, alone: Mapping[str, Array]) -> bool:
    rates = np.array([before.fluxes.T, rates_at(kernel, alone, before)])
    return bool((np.median(np.abs(rates[1] - rates[0]), axis=1) > SAME * np.median(np.abs(rates[0]), axis=1)).any())


def _first(courses: Courses, spec: ReadoutSpec, person: int) -> Array:
    return np.asarray(courses.of(spec.formula)[person, :, 0], dtype=np.float64)


def _fold(logs: Array) -> float:
    return float(np.exp(np.nanmedian(logs)))


def rates_at(kernel: Kernel, known: Mapping[str, Array], at: Solution) -> Array:
    """Return the rates of all reactions, shape (reaction, draw), with other constants at the concentrations of ``at``."""
    values = {**at.constants, **known}
    return kernel.rates(kernel.species).at(values).values(at.concentrations.T)[: len(kernel.reactions)]


def net_change(kernel: Kernel, hormone: str) -> Array:
    """Return what each reaction changes in all pools of a hormone together; what goes between them is neither source nor removal."""
    maths = kernel.maths
    pools = {i for i, s in enumerate(maths.species) if s == hormone or s.startswith(f"{hormone}_")}
    return np.array([sum(change for species, change in changes if species in pools) for changes in maths.stoichiometry], dtype=np.float64)


def _share(rates: Array) -> float:
    """Return the enzyme's share of reactions with rates (before, with its change, with its change alone; reaction; draw)."""
    change = np.abs(rates[1:] - rates[0]).sum(axis=1)
    return float(np.median(change[0][change[1] > 0] / change[1][change[1] > 0]))


def _through(result: Steps, net: Array, rates: Array, moved: NDArray[np.bool_]) -> Steps:
    sides = (net > 0, net < 0)

    def total(row: int, chosen: NDArray[np.bool_]) -> Array:
        return np.asarray((np.abs(net[chosen])[:, None] * rates[row, chosen]).sum(axis=0), dtype=np.float64)

    def step(row: int, within: NDArray[np.bool_]) -> Array:
        logs = [np.log(total(row, s & within) / total(0, s & within)) if (s & within).any() else np.zeros(rates.shape[2]) for s in sides]
        return np.asarray(logs[0] - logs[1], dtype=np.float64)

    through = moved & (net != 0)
    if not through.any():
        # not on the hormone's way: a fraction of zero
        reaction = -np.log(rates[1, moved].sum(axis=0) / rates[0, moved].sum(axis=0))
        return replace(result, all=-result.enzyme, reaction=reaction, paths=np.zeros(rates.shape[2]), fraction=0.0)
    enzyme = np.log(rates[2, through].sum(axis=0) / rates[0, through].sum(axis=0))
    return replace(
        result,
        enzyme=enzyme,
        share=_share(rates[:, through]),
        all=step(2, moved),
        reaction=step(1, moved),
        paths=step(1, np.ones_like(moved)),
        fraction=max(float(np.median(total(0, s & moved) / total(0, s))) for s in sides),
    )
