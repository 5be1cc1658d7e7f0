"""A model without what nothing asked for depends on.

A name needs what its formula names; a species needs every reaction that takes or makes it, and all that their rates name. What is made
beside it in such a reaction, and needed by nothing, is left out of the reaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from estrogenome.core.errors import ModelError
from estrogenome.network.layer import names_in
from estrogenome.network.sbml import read

if TYPE_CHECKING:
    from collections.abc import Iterable


def pruned(sbml: str, keep: Iterable[str]) -> str:
    """Return ``sbml`` with ``keep`` and all that it depends on; compartments stay where a species does.

    Raises:
        ModelError: a name of ``keep`` is nothing of the model.
    """
    import libsbml

    document = read(sbml)
    model = document.getModel()
    wanted = set(keep)
    unknown = sorted(name for name in wanted if model.getElementBySId(name) is None)
    if unknown:
        raise ModelError(f"model: has no {', '.join(unknown)}; keep names of the model")
    needs = _needs(model)
    needed: set[str] = set()
    waiting = wanted
    while waiting:
        needed |= waiting
        waiting = {n for name in waiting for n in needs.get(name, ())} - needed
    _remove(model, needed)
    written: str = libsbml.writeSBMLToString(document)
    return written


def _needs(model: Any) -> dict[str, set[str]]:
    found = {rule.getVariable(): names_in(rule.getMath()) for rule in model.getListOfRules()}
    for species in model.getListOfSpecies():
        found[species.getId()] = {species.getCompartment()}
    for reaction in model.getListOfReactions():
        found[reaction.getId()] = names_in(reaction.getKineticLaw().getMath())
        for reference in _references(reaction):
            found.setdefault(reference.getSpecies(), set()).add(reaction.getId())
    for event in model.getListOfEvents():
        for assignment in event.getListOfEventAssignments():
            found.setdefault(assignment.getVariable(), set()).update(names_in(assignment.getMath()), names_in(event.getTrigger().getMath()))
    return found


def _references(reaction: Any) -> list[Any]:
    return [*reaction.getListOfReactants(), *reaction.getListOfProducts()]


def _remove(model: Any, needed: set[str]) -> None:
    for reaction in list(model.getListOfReactions()):
        if reaction.getId() not in needed:
            model.removeReaction(reaction.getId())
            continue
        for side in (reaction.getListOfReactants(), reaction.getListOfProducts()):
            for i in reversed(range(len(side))):
                if side[i].getSpecies() not in needed:
                    side.remove(i)
    for variable in [rule.getVariable() for rule in model.getListOfRules()]:
        if variable not in needed:
            model.removeRuleByVariable(variable)
    for listed, remove in (
        (model.getListOfSpecies(), model.removeSpecies),
        (model.getListOfParameters(), model.removeParameter),
        (model.getListOfCompartments(), model.removeCompartment),
    ):
        for identifier in [element.getId() for element in listed]:
            if identifier not in needed:
                remove(identifier)
