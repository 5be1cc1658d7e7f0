"""The mathematics of a model as plain data: rates, stoichiometry, assignment rules and constants, read from its SBML.

An ``Expression`` is a number, a name, or an operation on expressions; a closed list of operations (``OPERATIONS``), nothing is
ever evaluated as text. A parameter with a rate rule is one more species. What a steady state cannot mean (time, events) is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from estrogenome.core.errors import ModelError
from estrogenome.network.sbml import read

if TYPE_CHECKING:
    from collections.abc import Iterator

OPERATIONS = {
    "add": 2,
    "subtract": 2,
    "multiply": 2,
    "divide": 2,
    "negate": 1,
    "power": 2,
    "sqrt": 1,
    "exp": 1,
    "log": 1,
    "minimum": 2,
    "maximum": 2,
    "less": 2,
    "less_equal": 2,
    "equal": 2,
    "not_equal": 2,
    "and": 2,
    "or": 2,
    "not": 1,
    "where": 3,
}
"""Operation → number of arguments. ``log`` is natural; ``where(condition, if true, if false)``; a condition is 1 or 0."""

CHANGE = "change_"
"""Begins the name of what a rate rule does, where that stands among reactions."""


@dataclass(frozen=True)
class Number:
    """A number that stands in a formula."""

    value: float


@dataclass(frozen=True)
class Symbol:
    """A species (nmol/L), a constant, a compartment (L) or an assigned quantity."""

    name: str


@dataclass(frozen=True)
class Operation:
    """One of ``OPERATIONS`` on expressions."""

    operator: str
    arguments: tuple[Expression, ...]


Expression = Number | Symbol | Operation


@dataclass(frozen=True)
class Maths:
    """What a model computes.

    A parameter with a rate rule stands behind the species, and its change, ``change_<name>``, behind the reactions.

    A reaction's rate is in nmol/day and ``stoichiometry`` says, per reaction, which species (by position) it changes and by how much per
    unit of rate. ``rules`` stand in an order in which each needs only earlier ones. ``constants`` are all other names (compartments
    among them) with the values in the SBML.
    """

    species: tuple[str, ...]
    reactions: tuple[str, ...]
    rates: tuple[Expression, ...]
    stoichiometry: tuple[tuple[tuple[int, float], ...], ...]
    rules: tuple[tuple[str, Expression], ...]
    constants: dict[str, float]


def read_maths(sbml: str) -> Maths:
    """Return the mathematics of an SBML model.

    Raises:
        ModelError: it holds what has no place in a steady state of concentrations, or an operation that is not in ``OPERATIONS``.
    """
    import libsbml

    document = read(sbml)
    options = libsbml.ConversionProperties()
    options.addOption("expandFunctionDefinitions", True)
    if document.convert(options) != libsbml.LIBSBML_OPERATION_SUCCESS:
        raise ModelError("model: its functions cannot be written out; check the Antimony modules")
    model = document.getModel()
    _refuse(model)
    rules = {rule.getVariable(): _expression(rule.getMath(), f"rule of {rule.getVariable()}") for rule in model.getListOfRules()}
    changes = {rule.getVariable(): rules.pop(rule.getVariable()) for rule in model.getListOfRules() if rule.isRate()}
    species = (*(s.getId() for s in model.getListOfSpecies()), *changes)
    constants = {c.getId(): float(c.getSize()) for c in model.getListOfCompartments()}
    constants |= {p.getId(): float(p.getValue()) for p in model.getListOfParameters() if p.getId() not in {*rules, *changes}}
    reactions = list(model.getListOfReactions())
    maths = Maths(
        species=species,
        reactions=(*(r.getId() for r in reactions), *(CHANGE + name for name in changes)),
        rates=(*(_rate(r) for r in reactions), *changes.values()),
        stoichiometry=(*(_stoichiometry(r, species) for r in reactions), *(((species.index(name), 1.0),) for name in changes)),
        rules=tuple(_ordered(rules)),
        constants=constants,
    )
    known = {*species, *constants, *rules}
    formulas = [*maths.rates, *rules.values()]
    unknown = sorted({name for formula in formulas for name in symbols(formula)} - known)
    if unknown:
        raise ModelError(f"model: a formula uses {', '.join(unknown)}, which is neither a species nor a parameter; check the modules")
    return maths


def symbols(expression: Expression) -> frozenset[str]:
    """Return every name that stands in ``expression``."""
    if isinstance(expression, Symbol):
        return frozenset({expression.name})
    if isinstance(expression, Operation):
        return frozenset().union(*(symbols(a) for a in expression.arguments))
    return frozenset()


def _refuse(model: Any) -> None:
    """Refuse what the steady state of concentrations in fixed volumes cannot hold."""
    ruled = {r.getVariable() for r in model.getListOfRules()}
    found = {
        "events": [e.getId() for e in model.getListOfEvents()],
        "initial assignments": [a.getSymbol() for a in model.getListOfInitialAssignments()],
        "rate rules of species or compartments, or algebraic rules": [
            r.getVariable() or "an algebraic one"
            for r in model.getListOfRules()
            if not (r.isAssignment() or (r.isRate() and model.getParameter(r.getVariable()) is not None))
        ],
        "species set by a rule, held or in amounts (make them parameters)": [
            s.getId()
            for s in model.getListOfSpecies()
            if s.getId() in ruled
            or s.getBoundaryCondition()
            or s.getConstant()
            or s.getHasOnlySubstanceUnits()
            or s.isSetConversionFactor()
        ],
        "reactions without a rate law or with parameters of their own": [
            r.getId() for r in model.getListOfReactions() if not r.isSetKineticLaw() or r.getKineticLaw().getNumLocalParameters()
        ],
    }
    for what, names in found.items():
        if names:
            raise ModelError(f"model: no steady state is defined with {what}: {', '.join(sorted(names))}")


def _rate(reaction: Any) -> Expression:
    return _expression(reaction.getKineticLaw().getMath(), f"rate of {reaction.getId()}")


def _stoichiometry(reaction: Any, species: tuple[str, ...]) -> tuple[tuple[int, float], ...]:
    net: dict[int, float] = {}
    for references, sign in ((reaction.getListOfReactants(), -1.0), (reaction.getListOfProducts(), 1.0)):
        for reference in references:
            position = species.index(reference.getSpecies())
            net[position] = net.get(position, 0.0) + sign * float(reference.getStoichiometry())
    return tuple((position, change) for position, change in sorted(net.items()) if change)


def _ordered(rules: dict[str, Expression]) -> Iterator[tuple[str, Expression]]:
    waiting = dict(rules)
    while waiting:
        ready = [name for name, formula in waiting.items() if not symbols(formula) & waiting.keys()]
        if not ready:
            raise ModelError(f"model: these rules need each other: {', '.join(sorted(waiting))}")
        for name in ready:
            yield name, waiting.pop(name)


def _expression(node: Any, where: str) -> Expression:
    """Return a libSBML syntax tree as an ``Expression``."""
    import libsbml

    kind = node.getType()
    if node.isNumber():
        return Number(float(node.getValue()))
    constants = {libsbml.AST_CONSTANT_PI, libsbml.AST_CONSTANT_E, libsbml.AST_CONSTANT_TRUE, libsbml.AST_CONSTANT_FALSE}
    if kind in constants:
        return Number(float(node.getValue()))
    if kind == libsbml.AST_NAME:
        return Symbol(node.getName())
    arguments = tuple(_expression(node.getChild(i), where) for i in range(node.getNumChildren()))
    if kind == libsbml.AST_FUNCTION_PIECEWISE:
        return _piecewise(arguments, where)
    if kind == libsbml.AST_MINUS and len(arguments) == 1:
        return Operation("negate", arguments)
    if kind == libsbml.AST_FUNCTION_ROOT and arguments[:1] == (Number(2.0),):
        return Operation("sqrt", arguments[-1:])
    if kind == libsbml.AST_FUNCTION_ROOT:
        return Operation("power", (arguments[1], Operation("divide", (Number(1.0), arguments[0]))))
    if kind == libsbml.AST_FUNCTION_LOG:
        return Operation("divide", (Operation("log", arguments[1:]), Operation("log", arguments[:1])))
    operator, swap = _operators().get(kind, ("", False))
    if not operator:
        raise ModelError(f"model: {where}: '{libsbml.formulaToL3String(node)}' is no operation that we know; {', '.join(OPERATIONS)} are")
    return _folded(operator, arguments[::-1] if swap else arguments, where)


def _operators() -> dict[int, tuple[str, bool]]:
    """Return libSBML's kind of node → (our operation, with its arguments exchanged)."""
    import libsbml

    return {
        libsbml.AST_PLUS: ("add", False),
        libsbml.AST_MINUS: ("subtract", False),
        libsbml.AST_TIMES: ("multiply", False),
        libsbml.AST_DIVIDE: ("divide", False),
        libsbml.AST_POWER: ("power", False),
        libsbml.AST_FUNCTION_POWER: ("power", False),
        libsbml.AST_FUNCTION_EXP: ("exp", False),
        libsbml.AST_FUNCTION_LN: ("log", False),
        libsbml.AST_FUNCTION_MIN: ("minimum", False),
        libsbml.AST_FUNCTION_MAX: ("maximum", False),
        libsbml.AST_RELATIONAL_LT: ("less", False),
        libsbml.AST_RELATIONAL_LEQ: ("less_equal", False),
        libsbml.AST_RELATIONAL_GT: ("less", True),
        libsbml.AST_RELATIONAL_GEQ: ("less_equal", True),
        libsbml.AST_RELATIONAL_EQ: ("equal", False),
        libsbml.AST_RELATIONAL_NEQ: ("not_equal", False),
        libsbml.AST_LOGICAL_AND: ("and", False),
        libsbml.AST_LOGICAL_OR: ("or", False),
        libsbml.AST_LOGICAL_NOT: ("not", False),
    }


# operations that SBML lets stand with any number of arguments, and what they are with none
_MANY = {"add": Number(0.0), "multiply": Number(1.0), "minimum": None, "maximum": None, "and": Number(1.0), "or": Number(0.0)}


def _folded(operator: str, arguments: tuple[Expression, ...], where: str) -> Expression:
    if operator in _MANY:
        start = arguments[0] if arguments else _MANY[operator]
        if start is not None:
            for argument in arguments[1:]:
                start = Operation(operator, (start, argument))
            return start
    if len(arguments) != OPERATIONS[operator]:
        raise ModelError(f"model: {where}: {operator} takes {OPERATIONS[operator]} arguments, not {len(arguments)}")
    return Operation(operator, arguments)


def _piecewise(arguments: tuple[Expression, ...], where: str) -> Expression:
    """Return ``value, condition, …, otherwise`` as nested choices."""
    if len(arguments) % 2 == 0:
        raise ModelError(f"model: {where}: a piecewise formula needs a last value for all other cases")
    result = arguments[-1]
    for i in range(len(arguments) - 3, -1, -2):
        result = Operation("where", (arguments[i + 1], arguments[i], result))
    return result
