"""Rates of a model and their derivatives, computed for many draws at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estrogenome.trajectories.graph import Graph, Tape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from estrogenome.network import Maths
    from estrogenome.trajectories.graph import Value

    Array = NDArray[np.float64]


class Rates:
    """Rates of all reactions, values of all rules, and derivatives of both with respect to some names."""

    def __init__(self, maths: Maths, names: tuple[str, ...], held: frozenset[str]) -> None:
        graph, known = Graph(), dict[str, int]()
        rules = []
        for name, formula in maths.rules:
            rules.append(graph.lower(formula, known))
            if name not in held:
                known[name] = rules[-1]
        rates = [graph.lower(formula, known) for formula in maths.rates]
        moving = frozenset(maths.species)
        self.bent = tuple(r for r, node in zip(maths.reactions, rates, strict=True) if not graph.is_linear(node, moving))
        self.rows = (*rates, *rules)
        self.entries = [
            (row, column)
            for row, node in enumerate(self.rows)
            for column, name in enumerate(names)
            if name in graph.support[node] and graph.values.get(graph.derivative(node, name)) != 0
        ]
        self.maths = maths
        self.width = len(names)
        slopes = [graph.derivative(self.rows[row], names[column]) for row, column in self.entries]
        self.reactions_alone = Tape(graph, (*rates, *slopes[: sum(row < len(rates) for row, _ in self.entries)]), moving)
        self.everything = Tape(graph, self.rows, moving)
        self.slopes = Tape(graph, slopes, moving)

    def at(self, constants: Mapping[str, Value]) -> System:
        """Return the rates at constants of shape (n,)."""
        return System(self, constants)

    def net(self, per_row: Array) -> Array:
        """Return what ``per_row`` (rows, …) of the reactions changes in each species (species, …), by stoichiometry."""
        out = np.zeros((len(self.maths.species), *per_row.shape[1:]))
        for row, changes in enumerate(self.maths.stoichiometry):
            for species, change in changes:
                out[species] += change * per_row[row]
        return out


class System:
    """Rates of a chunk of draws."""

    def __init__(self, rates: Rates, constants: Mapping[str, Value]) -> None:
        self._rates = rates
        self._constants = constants
        self._prepared = rates.reactions_alone.prepare(constants)

    def net_rates(self, points: Array, columns: NDArray[np.int64]) -> tuple[Array, Array, Array]:
        """Return what ``newton.steady_states`` asks for, of the draws ``columns`` (m,)."""
        rates, maths = self._rates, self._rates.maths
        prepared = {
            node: value[columns] if isinstance(value, np.ndarray) and value.ndim else value for node, value in self._prepared.items()
        }
        results = rates.reactions_alone.run(prepared, dict(zip(maths.species, points, strict=True)))
        size, draws = points.shape
        net, moved, jacobian = np.zeros((size, draws)), np.zeros((size, draws)), np.zeros((size, size, draws))
        for changes, rate in zip(maths.stoichiometry, results, strict=False):
            for species, change in changes:
                net[species] += change * rate
                moved[species] += np.abs(change * rate)
        for (row, column), slope in zip(rates.entries, results[len(maths.reactions) :], strict=False):
            for species, change in maths.stoichiometry[row]:
                jacobian[species, column] += change * slope
        return net, moved, np.ascontiguousarray(np.moveaxis(jacobian, -1, 0))

    def values(self, points: Array) -> Array:
        """Return rates of reactions, then values of rules, shape (rows, m)."""
        return self._filled(self._rates.everything, points, len(self._rates.rows))

    def gradient(self, points: Array) -> Array:
        """Return the derivatives of all rows, shape (rows, names, m)."""
        rates = self._rates
        out = np.zeros((len(rates.rows), rates.width, points.shape[1]))
        for (row, column), value in zip(rates.entries, self._filled(rates.slopes, points, len(rates.entries)), strict=True):
            out[row, column] = value
        return out

    def _filled(self, tape: Tape, points: Array, count: int) -> Array:
        out = np.empty((count, points.shape[1]))
        with np.errstate(all="ignore"):
            results = tape.run(tape.prepare(self._constants), dict(zip(self._rates.maths.species, points, strict=True)))
        for i, value in enumerate(results):
            out[i] = value
        return out
