"""Readouts of each person: what an assay would report, with intervals, percentile and the part of genotype."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estrogenome.core.errors import KnowledgeError
from estrogenome.core.readout_records import Readout, Readouts
from estrogenome.readouts.compare import fold_change, percentile, quantiles
from estrogenome.readouts.decompose import narrowing, total_effect
from estrogenome.readouts.evaluate import draws_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.readouts import ReadoutSpec
    from estrogenome.core.records import Person, Trajectories

_SUMMARY = (5, 25, 50, 75, 95)
_POPULATION = (1, 5, 25, 50, 75, 95, 99)
_FLUX = (5, 50, 95)


def measure(
    trajectories: Trajectories,
    catalog: Catalog,
    population: Trajectories | None = None,
    alternative: Trajectories | None = None,
    bodies: Trajectories | None = None,
    whose: Person | None = None,
) -> Readouts:
    """Return every readout of the catalog for everybody.

    ``population`` and ``alternative`` hold one row each whose draws are simulated people of the same state; they differ in genotype alone.
    Without them percentile and the part of genotype are None. ``bodies`` holds random genotypes in the very bodies of
    ``trajectories``, draw by draw (same seed, same covariates): the effect of genotype is measured against it; ``population`` by
    default, which is right where nothing was measured. Where it is told ``whose`` numbers they are, each readout says what own values
    would narrow.
    """
    bodies = bodies or population
    readouts = []
    for person in range(len(trajectories.samples)):
        found = [_readout(spec, person, trajectories, population, alternative, bodies) for spec in catalog.readouts.values()]
        if whose is not None:
            values = [draws_of(spec, trajectories, person) for spec in catalog.readouts.values()]
            own = [narrowing(v, trajectories, person, whose, catalog) for v in values]
            found = [r.model_copy(update={"narrowing": n}) for r, n in zip(found, own, strict=True)]
        readouts.append(tuple(found))
    return Readouts(
        samples=trajectories.samples,
        readouts=tuple(readouts),
        fluxes=tuple(_fluxes(trajectories, person, catalog) for person in range(len(trajectories.samples))),
        provenance=trajectories.provenance,
    )


def _readout(
    spec: ReadoutSpec,
    person: int,
    own: Trajectories,
    population: Trajectories | None,
    alternative: Trajectories | None,
    bodies: Trajectories | None,
) -> Readout:
    values = draws_of(spec, own, person)
    summary = quantiles(values, _SUMMARY)
    people = draws_of(spec, population, 0) if population else None
    others = draws_of(spec, alternative, 0) if alternative else None
    return Readout(
        id=spec.id,
        name=spec.name,
        matrix=spec.matrix,
        assay=spec.assay,
        unit=spec.unit,
        median=summary[2],
        interval50=(summary[1], summary[3]),
        interval90=(summary[0], summary[4]),
        percentile=percentile(summary[2], people) if people is not None else None,
        population_quantiles=quantiles(people, _POPULATION) if people is not None else (),
        genotype_share=total_effect(people, others) if people is not None and others is not None else None,
        genotype_effect=fold_change(values, draws_of(spec, bodies, 0)) if bodies is not None else None,
        failed_draws=int(own.failed[person].sum()),
        worst_state=own.worst_state,
        sources=spec.sources,
    )


def _fluxes(trajectories: Trajectories, person: int, catalog: Catalog) -> dict[str, tuple[float, float, float]]:
    """Return the interval of every reaction and of every arrow of the map, whose reactions are summed draw by draw."""
    draws: NDArray[np.float64] = trajectories.fluxes[person, trajectories.failed[person] == 0, -1]
    flux = {reaction: draws[:, i] for i, reaction in enumerate(trajectories.reactions)}
    for edge in catalog.pathway.edges:
        unknown = [r for r in edge.reactions if r not in flux]
        if unknown:
            raise KnowledgeError(
                f"models/map.yaml: arrow {edge.id} stands for {unknown[0]}, which the model lacks; mend the map or the model"
            )
    arrows = {edge.id: np.sum([flux[r] for r in edge.reactions], axis=0) for edge in catalog.pathway.edges}
    return {name: _interval(values) for name, values in (flux | arrows).items()}


def _interval(values: NDArray[np.float64]) -> tuple[float, float, float]:
    low, middle, high = np.percentile(values, _FLUX)
    return float(low), float(middle), float(high)
