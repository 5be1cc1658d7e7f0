"""The model as a batch of NumPy operations: steady states of many draws at once, and how they answer to an input.

``Kernel(network).solve({"name of a constant": array of n values or one value, …})`` gives a ``Solution``; constants that are not
named keep the values of the SBML. Of a solution:

- ``solution.of("name")``, shape (n,): a concentration (nmol/L), a flux (nmol/day) or an assigned quantity;
- ``solution.failed``, shape (n,): draws without a steady state; they hold NaN;
- ``solution.response("name").of("other")``: the change of ``other`` per unit of a constant, or per nmol/day put into a species;
- ``solution.tracer("name").of("other")``: the same for a label that is too little to change anything: binding, competition and every
  other assigned quantity that is not linear in the concentrations stay as they are. Of a label put into a species, 1/response of
  itself is the metabolic clearance rate (L/day), and the response of another species times that one's clearance rate is the transfer
  constant.

The operations are made from the formulas of the SBML, the Jacobian by exact derivatives; nothing of any one model is written here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from estrogenome.core.errors import ModelError
from estrogenome.network import read_maths
from estrogenome.trajectories.engine import SteadyStates, number_of_draws
from estrogenome.trajectories.graph import Graph
from estrogenome.trajectories.newton import solve_each, steady_states
from estrogenome.trajectories.rates import Rates

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from estrogenome.network import Network
    from estrogenome.trajectories.graph import Value

    Array = NDArray[np.float64]

# draws at a time: bounds memory; no power of two, which would put a matrix's rows onto the same lines of the cache
_CHUNK = 500


class Kernel:
    """One model, ready to be solved for any number of draws. Orders are those of ``species``, ``reactions`` and ``quantities``."""

    def __init__(self, network: Network) -> None:
        """Read the model's formulas and take their derivatives.

        Raises:
            ModelError: the model holds what has no place in a steady state.
        """
        self.maths = read_maths(network.sbml)
        self.species = self.maths.species
        self.reactions = self.maths.reactions
        self.quantities = network.structure.assigned
        self.constants = self.maths.constants
        self._parts: dict[object, Rates] = {}
        self._modulating: dict[frozenset[str], frozenset[str]] = {}

    def solve(
        self, constants: Mapping[str, NDArray[np.float64] | float], start: Mapping[str, NDArray[np.float64] | float] | None = None
    ) -> Solution:
        """Return the steady states of n draws.

        Args:
            constants: values of constants or compartments, each of shape (n,) or one value for all draws.
            start: where the search begins, in the same shapes; what is not named begins at zero.

        Raises:
            ModelError: a name is no constant or species of the model, or the shapes differ.
        """
        unknown = sorted({*(set(constants) - set(self.constants)), *(set(start or {}) - set(self.species))})
        if unknown:
            raise ModelError(f"model: has no constant {', '.join(unknown)}")
        draws = number_of_draws(constants)
        begin = np.zeros((len(self.species), draws))
        for name, value in (start or {}).items():
            begin[self.species.index(name)] = value
        given = {name: np.asarray(value, dtype=np.float64) for name, value in constants.items()}
        values: dict[str, Value] = {**self.constants, **{n: v if v.size != 1 else float(v.reshape(())) for n, v in given.items()}}
        rates = self.rates(self.species)
        concentrations = np.empty((draws, len(self.species)))
        computed = np.empty((draws, len(rates.rows)))
        failed = np.empty(draws, dtype=np.bool_)
        for chunk in chunks(draws):
            part = cut(values, chunk)
            system = rates.at(part)
            found, failed[chunk] = steady_states(system.net_rates, len(self.species), chunk.stop - chunk.start, begin[:, chunk])
            concentrations[chunk] = found.T
            computed[chunk] = system.values(found).T
        computed[failed] = np.nan
        split = len(self.reactions)
        place = {name: split + i for i, (name, _) in enumerate(self.maths.rules)}
        return Solution(
            kernel=self,
            constants=values,
            concentrations=concentrations,
            fluxes=computed[:, :split],
            assigned=computed[:, [place[name] for name in self.quantities]],
            failed=failed,
        )

    def rates(self, names: tuple[str, ...], held: frozenset[str] = frozenset()) -> Rates:
        """Return the model's rates with derivatives with respect to ``names`` while the assigned quantities ``held`` stand still."""
        key = (names, held)
        if key not in self._parts:
            self._parts[key] = Rates(self.maths, names, held)
        return self._parts[key]

    def modulating(self, names: frozenset[str]) -> frozenset[str]:
        """Return the assigned quantities that are not linear in ``names``: a label finds them as they are."""
        if names in self._modulating:
            return self._modulating[names]
        graph, known, held = Graph(), dict[str, int](), set[str]()
        for name, formula in self.maths.rules:
            node = graph.lower(formula, known)
            if graph.is_linear(node, names):
                known[name] = node
            else:
                held.add(name)
        self._modulating[names] = frozenset(held)
        return self._modulating[names]


@dataclass(frozen=True)
class Response:
    """Change per unit of an input: ``concentrations`` (n, species), ``fluxes`` (n, reactions), ``assigned`` (n, quantities)."""

    kernel: Kernel
    concentrations: Array
    fluxes: Array
    assigned: Array

    def of(self, name: str) -> Array:
        """Return the change of a species, reaction or assigned quantity, shape (n,)."""
        return _pick(self, name)


@dataclass(frozen=True)
class Solution(SteadyStates):
    """Steady states, the constants they belong to, and how they answer."""

    kernel: Kernel
    constants: Mapping[str, Value]

    def of(self, name: str) -> Array:
        """Return a concentration, flux, assigned quantity or constant by name, shape (n,)."""
        if name in self.constants:
            return np.broadcast_to(np.asarray(self.constants[name]), self.failed.shape)
        return _pick(self, name)

    def response(self, name: str) -> Response:
        """Return the change of everything per unit of a constant, or per nmol/day put into a species.

        Raises:
            ModelError: ``name`` is neither.
        """
        return self._respond(name, frozenset(), frozenset())

    def tracer(self, name: str) -> Response:
        """Return what a label does, per unit of a constant or per nmol/day put into a species (see the module).

        Raises:
            ModelError: ``name`` is neither, or a rate is not linear in the concentrations where assigned quantities stand still.
        """
        species = frozenset(self.kernel.species)
        held = self.kernel.modulating(species)
        system = self.kernel.rates(self.kernel.species, held)
        if system.bent:
            raise ModelError(f"model: a label has no one rate in {', '.join(system.bent)}; put the saturation into an assigned quantity")
        return self._respond(name, held, held if name in species else self.kernel.modulating(frozenset({name})))

    def _respond(self, name: str, held: frozenset[str], held_input: frozenset[str]) -> Response:
        kernel = self.kernel
        if name not in {*kernel.species, *kernel.constants}:
            raise ModelError(f"model: has no species or constant {name}")
        inner = kernel.rates(kernel.species, held)
        direct = None if name in kernel.species else kernel.rates((name,), held_input)
        draws = len(self.failed)
        levels = np.empty((draws, len(kernel.species)))
        rows = np.empty((draws, len(inner.rows)))
        values = {**self.constants, **{n: self.assigned[:, i] for i, n in enumerate(kernel.quantities)}}
        with np.errstate(all="ignore"):
            for chunk in chunks(draws):
                part, points = cut(values, chunk), self.concentrations[chunk].T
                gradient = inner.at(part).gradient(points)
                drive = np.zeros((len(inner.rows), 1, points.shape[1])) if direct is None else direct.at(part).gradient(points)
                push = inner.net(drive)
                if direct is None:
                    push[kernel.species.index(name)] = 1.0
                jacobian = np.ascontiguousarray(np.moveaxis(inner.net(gradient), -1, 0))
                change = -solve_each(jacobian, np.moveaxis(push, -1, 0))
                levels[chunk] = change[:, :, 0]
                rows[chunk] = np.einsum("rsn,ns->nr", gradient, change[:, :, 0]) + drive[:, 0].T
        split = len(kernel.reactions)
        place = {rule: split + i for i, (rule, _) in enumerate(kernel.maths.rules)}
        return Response(kernel, levels, rows[:, :split], rows[:, [place[q] for q in kernel.quantities]])


@lru_cache(maxsize=128)
def kernel_of(network: Network) -> Kernel:
    """Return the kernel of a composed model; made once per model."""
    return Kernel(network)


def chunks(draws: int) -> Iterator[slice]:
    """Yield the draws in pieces."""
    for start in range(0, draws, _CHUNK):
        yield slice(start, min(start + _CHUNK, draws))


def cut(values: Mapping[str, Value], chunk: slice) -> dict[str, Value]:
    """Return the values of a piece of the draws."""
    return {name: value[chunk] if isinstance(value, np.ndarray) else value for name, value in values.items()}


def _pick(of: Response | Solution, name: str) -> Array:
    kernel = of.kernel
    for names, values in ((kernel.species, of.concentrations), (kernel.reactions, of.fluxes), (kernel.quantities, of.assigned)):
        if name in names:
            return values[:, names.index(name)]
    raise ModelError(f"model: has no species, reaction or quantity {name}")
