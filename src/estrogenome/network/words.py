"""The model in words: a reaction by what becomes what, a formula as people write it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from estrogenome.network.compose import compose
from estrogenome.network.maths import Number, Operation, Symbol, read_maths, symbols

if TYPE_CHECKING:
    from collections.abc import Container

    from estrogenome.catalog.load import Catalog
    from estrogenome.network.maths import Expression, Maths

_ONE, _BOTH = "→", "⇄"
_INFIX = {"add": " + ", "subtract": " − ", "multiply": " · ", "divide": " / ", "power": "^", "less": " < ", "less_equal": " ≤ ",
          "equal": " = ", "not_equal": " ≠ ", "and": " and ", "or": " or "}  # fmt: skip
_RANK = {"or": 0, "and": 1, "less": 2, "less_equal": 2, "equal": 2, "not_equal": 2, "add": 3, "subtract": 3, "multiply": 4, "divide": 4,
         "negate": 5, "power": 6}  # fmt: skip
_HIGHEST = 7
_NAMES = {"sqrt": "√", "log": "ln", "minimum": "min", "maximum": "max"}
_TIGHT = {"subtract", "divide", "power"}


def reaction_names(catalog: Catalog) -> dict[str, str]:
    """Return, per reaction of the model, what becomes what and where, then the verb its identifier begins with.

    The words are those of the species: ``lead → gold, crucible (transmute)``; between two places ``lead: crucible ⇄ mould (flow)``; what
    has no species on one side is ``new gold`` or ``lead lost``.
    """
    maths = maths_of(catalog)
    words = [_parted(str(catalog.annotations["species"].get(s, {}).get("name", s))) for s in maths.species]
    found = {}
    for reaction, changes, rate in zip(maths.reactions, maths.stoichiometry, maths.rates, strict=True):
        sources = [words[i] for i, change in changes if change < 0]
        products = [words[i] for i, change in changes if change > 0]
        back = any(maths.species[i] in symbols(rate) for i, change in changes if change > 0)
        verb = reaction.partition("_")[0].rstrip("0123456789")
        found[reaction] = f"{_becomes(sources, products, _BOTH if back else _ONE)} ({verb})"
    return found


def formula_text(expression: Expression, species: Container[str]) -> str:
    """Return a formula for reading: ``k · [A] / (1 + [B])``; concentrations stand in brackets."""
    if isinstance(expression, Number):
        return f"{expression.value:g}"
    if isinstance(expression, Symbol):
        return f"[{expression.name}]" if expression.name in species else expression.name
    operator, arguments = expression.operator, expression.arguments
    if operator in _INFIX:
        rank = _RANK[operator]
        left = _bracketed(arguments[0], species, rank + (operator == "power"))
        right = _bracketed(arguments[1], species, rank + (operator in _TIGHT))
        return f"{left}{_INFIX[operator]}{right}"
    if operator == "negate":
        return f"−{_bracketed(arguments[0], species, _RANK[operator])}"
    if operator == "where":
        condition, yes, no = (formula_text(a, species) for a in arguments)
        return f"({yes} if {condition}, else {no})"
    return f"{_NAMES.get(operator, operator)}({', '.join(formula_text(a, species) for a in arguments)})"


def _bracketed(expression: Expression, species: Container[str], least: int) -> str:
    text = formula_text(expression, species)
    rank = _RANK.get(expression.operator, _HIGHEST) if isinstance(expression, Operation) else _HIGHEST
    return f"({text})" if rank < least else text


@lru_cache(maxsize=4)
def _maths(sbml: str) -> Maths:
    return read_maths(sbml)


def maths_of(catalog: Catalog) -> Maths:
    """Return the mathematics of the catalog's model; read once."""
    return _maths(compose(catalog).sbml)


def _parted(name: str) -> tuple[str, str]:
    """Return a species' name as (substance, place)."""
    substance, _, place = name.rpartition(" in ")
    return (substance, place.removeprefix("the ")) if substance else (name, "")


def _becomes(sources: list[tuple[str, str]], products: list[tuple[str, str]], arrow: str) -> str:
    where = {place for _, place in (*sources, *products)}
    left, right = (" + ".join(dict.fromkeys(name for name, _ in side)) for side in (sources, products))
    if len(where) == 1:
        place = next(iter(where))
        what = f"{left} {arrow} {right}" if left and right else f"{left} lost" if left else f"new {right}"
        return f"{what}, {place}" if place else what
    if left == right and len(sources) == len(products) == 1:
        return f"{left}: {sources[0][1]} {arrow} {products[0][1]}"
    whole = (" + ".join(f"{name}, {place}" if place else name for name, place in side) for side in (sources, products))
    return f" {arrow} ".join(whole)
