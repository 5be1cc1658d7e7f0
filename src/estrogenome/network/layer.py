"""One model laid over another: what the upper one assigns or evolves replaces what the lower one holds by that name.

The lower one's own stays as ``resting_<name>``. Its assignments to names that end in ``_baseline`` speak of the undisturbed person, so they
read ``resting_<name>``; and where they read an assigned quantity that follows from a replaced one, they read a copy of it that does not.

An upper layer that acts on what stands there *now*, as a drug does, takes what the lower one assigns as ``untreated_<name>``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from estrogenome.core.errors import ModelError
from estrogenome.network.sbml import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

RESTING = "resting_"
UNTREATED = "untreated_"
"""Begins the name of what an upper layer replaced before and the next replaces again."""
_BASELINE = "_baseline"


def lay_over(lower: str, upper: str, *, units_of: Mapping[str, str] | None = None, acting: bool = False) -> tuple[str, dict[str, str]]:
    """Return ``lower`` with ``upper`` over it, and the replaced names with the names under which the lower one's own stay.

    ``units_of`` gives parameters of ``upper`` that state no unit the unit of another name (parameter → name). ``acting`` says that
    ``upper`` acts on what stands there now (see ``own_name``).

    Raises:
        ModelError: ``upper`` assigns a species of ``lower``, replaces what evolves there, or has a reaction of the same name.
    """
    import libsbml

    document, added = read(lower), read(upper)
    model, above = document.getModel(), added.getModel()
    replaced = _replaced(model, above)
    names = {name: own_name(model, name, acting=acting) for name in sorted(replaced)}
    _keep_at_rest(model, names)
    for name, own in names.items():
        model.getParameter(name).setId(own)
        if (rule := model.getAssignmentRule(name)) is not None:
            rule.setVariable(own)
    for parameter in above.getListOfParameters():
        like = (units_of or {}).get(parameter.getId(), parameter.getId())
        own = model.getParameter(names.get(like, like))
        if not parameter.isSetUnits() and own is not None:
            parameter.setUnits(own.getUnits())
    _merge(model, above)
    written: str = libsbml.writeSBMLToString(document)
    return written, names


def _replaced(model: Any, above: Any) -> set[str]:
    ruled = {rule.getVariable() for rule in above.getListOfRules()}
    moved = {
        reference.getSpecies()
        for reaction in above.getListOfReactions()
        for side in (reaction.getListOfReactants(), reaction.getListOfProducts())
        for reference in side
    }
    twice = sorted(name for name in ruled if model.getSpecies(name) is not None)
    if twice:
        raise ModelError(f"model: a module assigns the species {', '.join(twice)}; let a reaction change it")
    found = {name for name in ruled | moved if model.getParameter(name) is not None}
    again = sorted(name for name in found if model.getRateRule(name) is not None)
    if again:
        raise ModelError(f"model: {', '.join(again)} evolves already and is replaced again; act on what it follows")
    return found


def own_name(model: Any, name: str, *, acting: bool) -> str:
    """Return the name under which the model's own quantity stays once it is replaced.

    ``resting_<name>``; but ``untreated_<name>`` where that stands already, and of what the model assigns where the upper layer is
    ``acting``: it goes on to follow everything else.
    """
    now = model.getElementBySId(RESTING + name) is not None or (acting and model.getAssignmentRule(name) is not None)
    return (UNTREATED if now else RESTING) + name


def _keep_at_rest(model: Any, names: dict[str, str]) -> None:
    """Let every assignment that speaks of the undisturbed person read what stays of ``names``, directly and through other assignments."""
    rules = {rule.getVariable(): rule for rule in model.getListOfRules() if rule.isAssignment()}
    reads = {variable: names_in(rule.getMath()) for variable, rule in rules.items()}
    moved = set(names)
    while more := {v for v, used in reads.items() if used & moved} - moved:
        moved |= more
    own = {name: kept for name, kept in names.items() if kept.startswith(RESTING)}
    speaking = [v for v in rules if v.endswith(_BASELINE) or v.startswith(RESTING) or v in own]
    reached = set(speaking)
    while more := {u for v in reached for u in reads.get(v, ()) if u in rules and u in moved} - reached:
        reached |= more
    resting = dict(own)
    for variable in sorted(reached - set(speaking)):
        resting[variable] = _copied(model, variable, RESTING + variable)
    for variable in (*speaking, *(resting[v] for v in sorted(reached - set(speaking)))):
        _rename(model.getAssignmentRule(variable), resting)


def _copied(model: Any, variable: str, name: str) -> str:
    parameter, rule = model.getParameter(variable).clone(), model.getAssignmentRule(variable).clone()
    parameter.setId(name)
    parameter.unsetMetaId()
    rule.setVariable(name)
    model.addParameter(parameter)
    model.addRule(rule)
    return name


def _rename(rule: Any, names: Mapping[str, str]) -> None:
    math = rule.getMath().deepCopy()
    for name, own in names.items():
        math.renameSIdRefs(name, own)
    rule.setMath(math)


def _merge(model: Any, above: Any) -> None:
    _add_new(model, above.getListOfUnitDefinitions(), model.getUnitDefinition, model.addUnitDefinition)
    _add_new(model, above.getListOfFunctionDefinitions(), model.getElementBySId, model.addFunctionDefinition)
    for listed, add in (
        (above.getListOfCompartments(), model.addCompartment),
        (above.getListOfSpecies(), model.addSpecies),
        (above.getListOfParameters(), model.addParameter),
    ):
        _add_new(model, listed, model.getElementBySId, add)
    for rule in above.getListOfRules():
        model.addRule(rule)
    for reaction in above.getListOfReactions():
        if model.getElementBySId(reaction.getId()) is not None:
            raise ModelError(f"model: {reaction.getId()} stands twice; rename the reaction of the module")
        model.addReaction(reaction)


def _add_new(_model: Any, listed: Iterable[Any], have: Any, add: Any) -> None:
    for element in listed:
        if have(element.getId()) is None:
            add(element)


def names_in(tree: Any) -> set[str]:
    """Return the names in a libSBML formula."""
    own = {tree.getName()} if tree.isName() else set()
    return own.union(*(names_in(tree.getChild(i)) for i in range(tree.getNumChildren())))
