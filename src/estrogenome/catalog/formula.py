"""The closed grammar of readout formulas: names, numbers, + − × ÷ and brackets. Parsed and walked, never evaluated as code."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import numpy as np

from estrogenome.core.errors import KnowledgeError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

_OPERATIONS = {ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide}


def parse(formula: str) -> ast.expr:
    """Return the tree of a formula.

    Raises:
        KnowledgeError: it holds anything but names, numbers, + - * / and brackets.
    """
    try:
        tree = ast.parse(formula, mode="eval").body
    except (SyntaxError, ValueError, RecursionError) as error:
        raise KnowledgeError(f"formula {formula!r}: not readable; use names, numbers, + - * / and brackets") from error
    for node in ast.walk(tree):
        number = isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool)
        if not (number or isinstance(node, (ast.BinOp, ast.Name, ast.Load, *_OPERATIONS))):
            raise KnowledgeError(f"formula {formula!r}: {type(node).__name__} is not allowed; use names, numbers, + - * / and brackets")
    return tree


def names(formula: str) -> set[str]:
    """Return the names a formula uses."""
    return {node.id for node in ast.walk(parse(formula)) if isinstance(node, ast.Name)}


def evaluate(formula: str, values: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return the formula over arrays (they broadcast).

    Raises:
        KnowledgeError: a name has no value.
    """
    return np.asarray(_walk(parse(formula), formula, values), dtype=np.float64)


def _walk(node: ast.expr, formula: str, values: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64] | float:
    if isinstance(node, ast.BinOp):
        result: NDArray[np.float64] = _OPERATIONS[type(node.op)](_walk(node.left, formula, values), _walk(node.right, formula, values))
        return result
    if isinstance(node, ast.Constant):
        return float(node.value)  # type: ignore[arg-type]  # parse() lets numbers alone through
    name = node.id if isinstance(node, ast.Name) else ""
    if name not in values:
        raise KnowledgeError(f"formula {formula!r}: {name} is not in the model; name a species, a parameter or an assigned quantity")
    return values[name]
