"""Rest before a course: the reference body, what the axis reads of it, and the person where nothing is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estrogenome.catalog import formula
from estrogenome.catalog.axes import LOOP, starts
from estrogenome.catalog.body import FACTOR, LABEL, LABELLED
from estrogenome.core.errors import ModelError
from estrogenome.network import compose
from estrogenome.trajectories.kernel import kernel_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from estrogenome.catalog.axes import Axis
    from estrogenome.catalog.load import Catalog
    from estrogenome.network import CourseNetwork
    from estrogenome.trajectories.kernel import Solution

    Array = NDArray[np.float64]

_INPUT = "input_"
"""Begins the names of what comes into the body from outside."""


def body_at_rest(catalog: Catalog, constants: Mapping[str, Array]) -> Solution:
    """Return the steady state of the body alone, production held; ``constants`` (n,) of other models are left out."""
    kernel = kernel_of(compose(catalog))
    return kernel.solve({name: value for name, value in constants.items() if name in kernel.constants})


def references(catalog: Catalog, axis: Axis, constants: Mapping[str, Array], *, own_genotype: bool) -> dict[str, Array]:
    """Return the references of ``axis``, shape (n,): formulas over the rest of the reference body, in the same draws.

    That is this body with the mean genotype, so that every factor is 1, and nothing given; with the person's own genotype where
    ``own_genotype`` (see ``Axis.own_rest``).
    """
    size = next(iter(constants.values())).shape
    given = {name: np.zeros(size) if name.startswith(_INPUT) else value for name, value in constants.items()}
    if not own_genotype:
        given |= {name: np.ones(size) for name in given if name.startswith(FACTOR)}
    rest = body_at_rest(catalog, given)
    terms = {term: _term(rest, term) for text in axis.references.values() for term in formula.names(text)}
    return {name: np.broadcast_to(formula.evaluate(text, terms), size) for name, text in axis.references.items()}


def _term(rest: Solution, name: str) -> Array:
    """Return what a formula names, shape (n,); ``X__Y`` is X per nmol/day of a label that enters Y (``models/quantities.yaml``)."""
    if name == LABEL:
        return np.ones(rest.failed.shape)
    read, apart, entry = name.partition(LABELLED)
    return rest.tracer(entry).of(read) if apart else rest.of(name)


def begin(
    network: CourseNetwork, axis: Axis | None, constants: Mapping[str, Array], others: Mapping[str, float], body: Solution
) -> dict[str, Array]:
    """Return where each state of ``network`` begins, shape (n,): the body's rest, and the ``start`` of the axis.

    ``constants`` (n,) are set, ``others`` have the values of the SBML.
    """
    size = body.failed.shape
    found = {name: body.of(name) for name in network.structure.species if name in body.kernel.species}
    if axis is not None:
        known: dict[str, Array] = {name: np.asarray(value) for name, value in {**others, **constants}.items()}
        here = {*network.structure.species, *network.structure.evolving}
        wanted = {n for name, text in axis.starts.items() if name in here for n in formula.names(text)}
        lacking = sorted(wanted - set(known))
        if lacking:
            raise ModelError(f"axes/{axis.id}.yaml: start reads {', '.join(lacking)}, which is no constant of this course")
        found |= {name: np.broadcast_to(value, size) for name, value in starts(axis, known, here).items()}
    return found


def person_at_rest(network: CourseNetwork, constants: Mapping[str, Array], start: Mapping[str, Array]) -> Solution:
    """Return the steady state of a course in which nothing is given, searched from ``start``."""
    return kernel_of(network).solve(dict(constants), start)


def set_for(network: CourseNetwork, given: Mapping[str, Array], size: int, *, loop_closed: bool) -> dict[str, Array]:
    """Return the constants (n,) of ``network``: a value of what is replaced sets the body's own; what the course lacks is left out."""
    named = {network.resting.get(name, name): value for name, value in given.items()}
    if LOOP in network.structure.constants:
        named[LOOP] = np.full(size, float(loop_closed))
    settable = {*network.structure.constants, *network.structure.compartments}
    return {name: np.broadcast_to(value, (size,)) for name, value in named.items() if name in settable}
