"""Expressions of a model as one graph in which nothing stands twice, with exact derivatives.

A node is a position in the list of operations; its arguments stand before it, so the list is its own order of evaluation.
Derivatives are taken by the rules of the calculus, with sums and products of 0 and 1 written away, so that a rate that does not
depend on a species leaves no trace in the Jacobian.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estrogenome.network import Number, Symbol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from estrogenome.network import Expression

    Value = NDArray[np.float64] | float

_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.true_divide,
    "negate": np.negative,
    "power": np.power,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "log": np.log,
    "minimum": np.minimum,
    "maximum": np.maximum,
    "less": np.less,
    "less_equal": np.less_equal,
    "equal": np.equal,
    "not_equal": np.not_equal,
    "and": np.logical_and,
    "or": np.logical_or,
    "not": np.logical_not,
    "where": np.where,
}
_CONDITIONS = frozenset({"less", "less_equal", "equal", "not_equal", "and", "or", "not"})


class Graph:
    """Nodes of expressions; the methods return positions of nodes."""

    def __init__(self) -> None:
        self.operations: list[tuple[str, tuple[int, ...]]] = []
        self.values: dict[int, float] = {}
        self.names: dict[int, str] = {}
        self.support: list[frozenset[str]] = []
        self._known: dict[object, int] = {}
        self._derivatives: dict[tuple[int, str], int] = {}

    def number(self, value: float) -> int:
        """Return the node of a number."""
        node = self._node(("number", value), (), frozenset())
        self.values[node] = value
        return node

    def symbol(self, name: str) -> int:
        """Return the node of a name."""
        node = self._node(("symbol", name), (), frozenset({name}))
        self.names[node] = name
        return node

    def lower(self, expression: Expression, known: Mapping[str, int]) -> int:
        """Return the node of an expression in which the names of ``known`` stand for those nodes."""
        if isinstance(expression, Number):
            return self.number(expression.value)
        if isinstance(expression, Symbol):
            return known[expression.name] if expression.name in known else self.symbol(expression.name)
        return self.apply(expression.operator, *(self.lower(a, known) for a in expression.arguments))

    def apply(self, operator: str, *arguments: int) -> int:
        """Return the node of an operation, simpler where that is exact."""
        if all(a in self.values for a in arguments):
            with np.errstate(all="ignore"):
                return self.number(float(_FUNCTIONS[operator](*(self.values[a] for a in arguments))))
        simpler = self._simpler(operator, arguments)
        if simpler is not None:
            return simpler
        return self._node(operator, arguments, frozenset().union(*(self.support[a] for a in arguments)))

    def derivative(self, node: int, name: str) -> int:
        """Return the node of the derivative of ``node`` with respect to a name."""
        if name not in self.support[node]:
            return self.number(0.0)
        found = self._derivatives.get((node, name))
        if found is None:
            found = self._derivatives[node, name] = self._differentiate(node, name)
        return found

    def is_linear(self, node: int, names: frozenset[str]) -> bool:
        """Return whether ``node`` is linear in ``names`` together: no derivative depends on one of them."""
        return not any(self.support[self.derivative(node, name)] & names for name in names & self.support[node])

    def _node(self, operator: object, arguments: tuple[int, ...], support: frozenset[str]) -> int:
        key = (operator, arguments)
        if key not in self._known:
            self._known[key] = len(self.operations)
            self.operations.append((str(operator), arguments))
            self.support.append(support)
        return self._known[key]

    def _simpler(self, operator: str, arguments: tuple[int, ...]) -> int | None:
        """Return a node that stands for the operation, or None."""
        values = [self.values.get(a) for a in arguments]
        first, last = arguments[0], arguments[-1]
        if operator == "power":
            return self._power(first, values[-1])
        if operator == "multiply" and 0.0 in values:
            return self.number(0.0)
        if (operator == "add" and values[0] == 0) or (operator == "multiply" and values[0] == 1):
            return last
        if (operator in {"add", "subtract"} and values[-1] == 0) or (operator in {"multiply", "divide"} and values[-1] == 1):
            return first
        if operator == "subtract" and values[0] == 0:
            return self.apply("negate", last)
        if operator == "divide" and values[0] == 0:
            return first
        if operator == "where" and arguments[1] == arguments[2]:
            return last
        return None

    def _power(self, base: int, exponent: float | None) -> int | None:
        if exponent == 0:
            return self.number(1.0)
        if exponent == 1:
            return base
        if exponent == 2:
            return self.apply("multiply", base, base)
        return None

    def _differentiate(self, node: int, name: str) -> int:
        operator, arguments = self.operations[node]
        if node in self.names:
            return self.number(1.0)
        if operator in _CONDITIONS:
            return self.number(0.0)
        changes = [self.derivative(a, name) for a in arguments]
        one = self.number(1.0)
        a, b, da, db = arguments[0], arguments[-1], changes[0], changes[-1]
        match operator:
            case "add" | "subtract" | "negate":
                return self.apply(operator, *changes)
            case "multiply":
                return self.apply("add", self.apply("multiply", da, b), self.apply("multiply", a, db))
            case "divide":
                return self.apply("divide", self.apply("subtract", da, self.apply("multiply", node, db)), b)
            case "power":
                lower = self.apply("multiply", b, self.apply("power", a, self.apply("subtract", b, one)))
                by_base = self.apply("multiply", lower, da)
                if name not in self.support[b]:
                    return by_base
                return self.apply("add", by_base, self.apply("multiply", self.apply("multiply", node, self.apply("log", a)), db))
            case "sqrt":
                return self.apply("divide", da, self.apply("add", node, node))
            case "exp":
                return self.apply("multiply", node, da)
            case "log":
                return self.apply("divide", da, a)
            case "minimum" | "maximum":
                order = (a, b) if operator == "minimum" else (b, a)
                return self.apply("where", self.apply("less", *order), da, db)
            case _:
                return self.apply("where", a, changes[1], changes[2])


class Tape:
    """Some nodes of a graph, ready to be computed for many draws at once.

    What depends on constants alone is computed once (``prepare``), the rest again for each set of values of ``varying`` (``run``).
    """

    def __init__(self, graph: Graph, results: Sequence[int], varying: frozenset[str]) -> None:
        needed: set[int] = set()
        stack = list(results)
        while stack:
            node = stack.pop()
            if node not in needed:
                needed.add(node)
                stack += graph.operations[node][1]
        self._graph = graph
        self._results = tuple(results)
        self._still = [n for n in sorted(needed) if not graph.support[n] & varying]
        self._moving = [n for n in sorted(needed) if graph.support[n] & varying]
        read = {a for n in self._moving for a in graph.operations[n][1]} | set(results)
        self._kept = [n for n in self._still if n in read]

    def prepare(self, symbols: Mapping[str, Value]) -> dict[int, Value]:
        """Return what does not vary, given the values of all names that do not."""
        values = self._compute(self._still, {}, symbols)
        return {n: values[n] for n in self._kept}

    def run(self, prepared: Mapping[int, Value], symbols: Mapping[str, Value]) -> list[Value]:
        """Return the results, given ``prepared`` and the values of the names that vary."""
        values = self._compute(self._moving, dict(prepared), symbols)
        return [values[n] for n in self._results]

    def _compute(self, nodes: Sequence[int], values: dict[int, Value], symbols: Mapping[str, Value]) -> dict[int, Value]:
        graph = self._graph
        for node in nodes:
            if node in graph.values:
                values[node] = graph.values[node]
            elif node in graph.names:
                values[node] = symbols[graph.names[node]]
            else:
                operator, arguments = graph.operations[node]
                values[node] = _FUNCTIONS[operator](*(values[a] for a in arguments))
        return values
