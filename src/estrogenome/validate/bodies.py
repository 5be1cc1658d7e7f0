"""The constants of the model for an arm of a study: a typical person of its state and age, with what the arm says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estrogenome.activities import group_activities, population_activities
from estrogenome.catalog.between import between
from estrogenome.catalog.body import FACTOR, rows_at
from estrogenome.catalog.covariates import covariates
from estrogenome.core.errors import KnowledgeError
from estrogenome.parameters.draw import differences, own_covariates
from estrogenome.parameters.expose import acting, changed, moved, with_enzymes
from estrogenome.parameters.scale import factors
from estrogenome.validate.genotype import diplotypes_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from estrogenome.catalog.arms import FullArm
    from estrogenome.catalog.load import Catalog
    from estrogenome.core.records import Exposed

    Array = NDArray[np.float64]


def arm_constants(
    arm: FullArm, catalog: Catalog, theta: Mapping[str, Array], names: Collection[str], seed: int | None, where: str
) -> dict[str, Array]:
    """Return the constants (draws,) of the model for a typical person of ``arm``, and what else formulas of readouts may name.

    The mean of a study has no variance between people in it: covariates that the arm does not give are the medians of its state at its
    age, given those it does; every activity that it does not give is that of the mean genotype. ``names`` are the constants of the
    model; without a ``seed`` effects of alleles are at their medians.

    Raises:
        KnowledgeError: the arm's genotype cannot be had from the reference panel.
    """
    draws = max(value.size for value in theta.values())
    values = rows_at(theta, arm.state.id)
    typical = typical_covariates(arm, catalog)
    multiples = explained_multiples(arm, catalog, typical)
    values |= {name: values[name] * multiple for name, multiple in multiples.items() if name in values}
    values |= {name: np.array([value]) for name, value in typical.items()}
    acts = acting(arm.exposures, catalog, theta)
    values |= {n: np.ones(1) for n in names if n.startswith(FACTOR)}
    if arm.exposures or arm.genotype:
        known = {gene: diplotypes_of(gene, given, catalog, where) for gene, given in arm.genotype.items()}
        activities = with_enzymes(group_activities(known, catalog, draws=draws, seed=seed), acts)
        values |= {name: value[0] for name, value in factors(activities, theta).items()}
    for exposed in arm.exposures:
        for name, one in moved((a for a in acts if a.by == exposed), _held(arm, exposed)):
            if name not in values:
                raise KnowledgeError(f"{where}: exposure {exposed.id} acts on {name}, which the model lacks; mend the exposure")
            values[name] = changed(values[name], one)
    return values


def typical_covariates(arm: FullArm, catalog: Catalog) -> dict[str, float]:
    """Return the covariates of a typical person of ``arm``, in the covariate's unit.

    What the arm gives is taken as it is. The others are conditional log-medians, given what was measured without exposures (regression on
    the joint log-normal distribution of the state's people).
    """
    joint = covariates(catalog, arm.state.id, arm.age)
    logs = joint.log_median
    plain = {name: value for name, (value, under) in arm.covariates.items() if not under}
    known = [name for name in (*joint.names, *joint.derived) if name in plain]
    if known:
        # means of a group: the error of one sample is not in them
        offset, rows = (np.array(part) for part in zip(*(joint.row(n) for n in known), strict=True))
        gain = joint.covariance @ rows.T @ np.linalg.pinv(rows @ joint.covariance @ rows.T)
        logs = logs + gain @ (np.log([plain[n] for n in known]) - offset - rows @ logs)
    typical = {n: float(np.exp(a + b @ logs)) for n in (*joint.names, *joint.derived) for a, b in [joint.row(n)]}
    return typical | {name: value for name, (value, _) in arm.covariates.items()}


def explained_multiples(arm: FullArm, catalog: Catalog, typical: Mapping[str, float]) -> dict[str, Array]:
    """Return parameter → what multiplies it in a typical person of ``arm``, by age and covariates.

    A covariate that was measured under an exposure says nothing of the person without it and counts as its median.
    """
    how = between(catalog, arm.state.id)
    moved = {name for name, (_, under) in arm.covariates.items() if under}
    return how.multiples(how.explained(arm.age, {name: value for name, value in typical.items() if name not in moved}))


def people_constants(
    arm: FullArm, catalog: Catalog, theta: Mapping[str, Array], names: Collection[str], people: int, seed: int
) -> dict[str, Array]:
    """Return the constants (people,) of different people of the state and age of ``arm``, without its exposures and genotype.

    ``theta`` holds one draw: what differs is between people alone.
    """
    values = {name: np.broadcast_to(value, (people,)) for name, value in rows_at(theta, arm.state.id).items()}
    age = arm.age if arm.age is not None else catalog.population["states"][arm.state.id]["age_centre"]
    own = own_covariates(catalog, arm.state.id, age, {}, people, seed)
    multiples = differences(catalog, arm.state.id, age, own, people, seed)
    values |= {name: values[name] * multiple for name, multiple in multiples.items() if name in values} | own
    everybody = population_activities(catalog, people=people, seed=seed, label="people")
    values |= {n: np.ones(people) for n in names if n.startswith(FACTOR)}
    return values | {name: value[0] for name, value in factors(everybody, theta).items()}


def _held(arm: FullArm, exposed: Exposed) -> dict[str, float]:
    return {name: value for name, (value, under) in arm.covariates.items() if exposed in under}
