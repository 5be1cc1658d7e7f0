"""How people of a state differ beyond what is known of them: by age and covariates, and by what nothing explains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from estrogenome.catalog.covariates import covariates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from estrogenome.catalog.load import Catalog


@dataclass(frozen=True)
class Effect:
    """One way in which bodies differ: it multiplies ``parameters`` by exp(slopes · covariates + slope · age + normal of ``log_sd``).

    A slope is that of the logarithm on the logarithm of a covariate, from its median at the mean age of the state's people; that of age
    is per year from that age.
    """

    id: str
    parameters: tuple[str, ...]
    log_sd: float
    slopes: dict[str, float]
    slope_age: float


@dataclass(frozen=True)
class Between:
    """The effects of a state, and the correlation (k, k) of what nothing explains."""

    effects: tuple[Effect, ...]
    correlation: NDArray[np.float64]
    log_medians: dict[str, float]
    age_centre: float
    ages: tuple[float, float]

    def explained(self, age: float | None, given: Mapping[str, NDArray[np.float64] | float]) -> dict[str, NDArray[np.float64]]:
        """Return, by effect, the logarithm that age and covariates ``given`` (n,) explain, shape (n,).

        Ages outside those of the people behind it count as the nearest of them; a covariate that is not given counts as its median.
        """
        years = 0.0 if age is None else min(max(age, self.ages[0]), self.ages[1]) - self.age_centre
        found = {}
        for effect in self.effects:
            parts = [slope * (np.log(given[n]) - self.log_medians[n]) for n, slope in effect.slopes.items() if n in given]
            found[effect.id] = np.asarray(sum(parts, effect.slope_age * years), dtype=np.float64)
        return found

    def multiples(self, logs: Mapping[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
        """Return parameter → what multiplies it, from the logarithms of effects."""
        found: dict[str, NDArray[np.float64]] = {}
        for effect in self.effects:
            for name in effect.parameters:
                found[name] = found.get(name, np.float64(0.0)) + logs[effect.id]
        return {name: np.exp(log) for name, log in found.items()}


def between(catalog: Catalog, state: str) -> Between:
    """Return how people of ``state`` differ."""
    entries, group, people = catalog.between["entries"], catalog.between["states"][state], catalog.population["states"][state]
    return Between(
        effects=tuple(
            Effect(
                id=name,
                parameters=tuple(entries[name]["parameters"]),
                log_sd=effect["log_sd"],
                slopes=effect["slopes"],
                slope_age=effect["slope_age"],
            )
            for name, effect in group["effects"].items()
        ),
        correlation=np.array(group["correlation"], dtype=np.float64).reshape(2 * (len(group["effects"]),)),
        log_medians=covariates(catalog, state).log_medians(),
        age_centre=people["age_centre"],
        ages=(people["ages"][0], people["ages"][1]),
    )
