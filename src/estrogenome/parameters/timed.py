"""A person's numbers for a course: those of the axis and of the therapies beside those of the body."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estrogenome.catalog.axes import AGE, axis_of, axis_rows
from estrogenome.catalog.body import constant_of, fitted_at
from estrogenome.catalog.therapies import numbers
from estrogenome.core.errors import ModelError
from estrogenome.core.suggest import known
from estrogenome.core.uncertainty import Distribution, State, draw, stream
from estrogenome.parameters.draw import body

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.schema import Quantity
    from estrogenome.core.records import ParameterSets


def with_course(
    sets: ParameterSets, catalog: Catalog, *, axis: str | None, therapies: Iterable[str], seed: int, central: bool = False
) -> ParameterSets:
    """Return ``sets`` with the constants of ``axis`` and ``therapies`` behind them, shape (person, draw, parameter).

    Each number draws from its own stream, the same for everybody and in every scenario: two scenarios under one seed differ in what is
    given alone. A number that was fitted comes from the joint posterior of the body. ``central`` takes every number's value instead.

    Raises:
        KnowledgeError: the axis is not known.
        ModelError: a therapy is not known.
    """
    people, draws, _ = sets.values.shape
    state = sets.person.state
    rows: dict[str, tuple[str, Quantity]] = {}
    if axis is not None:
        for name, row in axis_rows(catalog, axis_of(catalog, axis), state).items():
            rows[name] = (f"parameter/{name}", row.quantity)
    for identifier in sorted(set(therapies)):
        if identifier not in catalog.therapies:
            raise ModelError(f"therapy {identifier} is not known; {known(identifier, catalog.therapies)}")
        rows |= {constant_of(path): (path, quantity) for path, quantity in numbers(catalog.therapies[identifier]).items()}
    fitted = _medians(catalog, state) if central else body(catalog, state, draws, seed)
    stated = {entry["id"].partition("@")[0]: State(entry["state"]) for entry in catalog.posterior.get("parameters", ())}
    values: dict[str, NDArray[np.float64]] = {}
    states: dict[str, State] = {}
    for name, (row_name, q) in rows.items():
        key = row_name if row_name in fitted else name
        shape, spread = (Distribution.FIXED, 0.0) if central else (q.distribution, q.spread)
        values[name] = (
            np.broadcast_to(fitted[key], (draws,)) if key in fitted else draw(shape, q.value, spread, stream(seed, row_name), draws)
        )
        states[name] = stated.get(key, q.state) if key in fitted else q.state
    if AGE in values:
        values[AGE] = np.full(draws, sets.person.age)
    names = tuple(sorted(set(values) - set(sets.names)))
    if not names:
        return sets
    units = {constant: q.unit for constant, (_, q) in rows.items()}
    added = np.broadcast_to(np.stack([values[name] for name in names], axis=1), (people, draws, len(names)))
    return sets.model_copy(
        update={
            "names": (*sets.names, *names),
            "units": (*sets.units, *(units[name] for name in names)),
            "states": (*sets.states, *(states[name] for name in names)),
            "values": np.concatenate([sets.values, added], axis=2),
        }
    )


def _medians(catalog: Catalog, state: str) -> dict[str, NDArray[np.float64]]:
    return {name: np.asarray(entry["median"]) for name, entry in fitted_at(catalog, state).items()}
