"""Tracer experiments inside one SBML: labelled copies of species and reactions, and quantities defined over them.

A labelled molecule takes every path that its unlabelled twin takes, at the same rate per molecule, and changes nothing for
anybody else. So the copy of a reaction has the same law with its own reactants and products labelled, while everything else in the law
(modifiers, assigned quantities, binding) stays that of the body. This holds for laws that are linear in their own reactants and
products, as all laws of our modules are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from estrogenome.catalog.body import LABEL, LABELLED
from estrogenome.core.errors import ModelError
from estrogenome.network.sbml import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LABEL_UNIT = "nmol_per_day"
_NAME = re.compile(r"[A-Za-z_]\w*")


def with_quantities(sbml: str, formulas: Mapping[str, tuple[str, str]], added: Mapping[str, tuple[float, str]]) -> str:
    """Return ``sbml`` with one assigned parameter per entry of ``formulas`` (id → formula, unit).

    A name ``X__Y`` in a formula is X (species or flux) of a body in which a labelled copy enters species Y at the rate ``label``, a
    constant of 1 nmol/day. ``added`` are constants (id → value, unit) that formulas need and the model lacks.

    Raises:
        ModelError: a formula does not parse or names what there is not.
    """
    import libsbml

    document = read(sbml)
    model = document.getModel()
    for identifier, (value, unit) in {LABEL: (1.0, _LABEL_UNIT), **added}.items():
        _parameter(model, identifier, unit, constant=True).setValue(value)
    used = {name for formula, _ in formulas.values() for name in _NAME.findall(formula)}
    for entry in sorted({name.partition(LABELLED)[2] for name in used if LABELLED in name}):
        if model.getSpecies(entry) is None:
            raise ModelError(f"model: no species {entry} for a label to enter; mend the formula")
        _label(model, entry)
    for identifier, (formula, unit) in formulas.items():
        _assign(model, identifier, formula, unit)
    written: str = libsbml.writeSBMLToString(document)
    return written


def _parameter(model: Any, identifier: str, unit: str, *, constant: bool) -> Any:
    parameter = model.createParameter()
    parameter.setId(identifier)
    parameter.setConstant(constant)
    parameter.setUnits(unit)
    return parameter


def _label(model: Any, entry: str) -> None:
    """Add the labelled copies of all species that a label entering ``entry`` reaches, and of the reactions between them."""
    reached = _reached(model, entry)
    for identifier in reached:
        species = model.getSpecies(identifier).clone()
        species.unsetMetaId()
        species.unsetAnnotation()
        species.unsetName()
        species.setId(f"{identifier}{LABELLED}{entry}")
        species.setInitialConcentration(0.0)
        model.addSpecies(species)
    for reaction in list(model.getListOfReactions()):
        if LABELLED not in reaction.getId() and set(_starts(reaction)) & set(reached):
            model.addReaction(_copy(reaction, set(reached), f"{LABELLED}{entry}"))
    infusion = model.createReaction()
    infusion.setId(f"infuse{LABELLED}{entry}")
    infusion.setReversible(False)
    product = infusion.createProduct()
    product.setSpecies(f"{entry}{LABELLED}{entry}")
    product.setStoichiometry(1.0)
    product.setConstant(True)
    _law(infusion, LABEL)


def _reached(model: Any, entry: str) -> tuple[str, ...]:
    """Return the species that a molecule entering ``entry`` can become, in order of discovery."""
    found = [entry]
    for species in found:
        for reaction in model.getListOfReactions():
            if species in _starts(reaction):
                found += [s for s in _species(reaction) if s not in found]
    return tuple(found)


def _species(reaction: Any) -> list[str]:
    return [r.getSpecies() for r in (*reaction.getListOfReactants(), *reaction.getListOfProducts())]


def _starts(reaction: Any) -> list[str]:
    """Return from where a molecule can take this reaction: its reactants, and products that its law names (it runs both ways)."""
    law = set(_names(reaction.getKineticLaw().getMath()))
    return [r.getSpecies() for r in reaction.getListOfReactants()] + [
        r.getSpecies() for r in reaction.getListOfProducts() if r.getSpecies() in law
    ]


def _names(tree: Any) -> Iterable[str]:
    if tree.isName():
        yield tree.getName()
    for i in range(tree.getNumChildren()):
        yield from _names(tree.getChild(i))


def _copy(reaction: Any, reached: set[str], ending: str) -> Any:
    own = set(_species(reaction)) & reached
    copy = reaction.clone()
    copy.unsetMetaId()
    copy.unsetAnnotation()
    copy.setId(reaction.getId() + ending)
    for references in (copy.getListOfReactants(), copy.getListOfProducts()):
        for i in reversed(range(len(references))):
            if references[i].getSpecies() in own:
                references[i].setSpecies(references[i].getSpecies() + ending)
            else:
                references.remove(i)
    math = copy.getKineticLaw().getMath().deepCopy()
    for species in own:
        math.renameSIdRefs(species, species + ending)
    copy.getKineticLaw().setMath(math)
    return copy


def _law(reaction: Any, formula: str) -> None:
    import libsbml

    reaction.createKineticLaw().setMath(libsbml.parseL3Formula(formula))


def _assign(model: Any, identifier: str, formula: str, unit: str) -> None:
    """Add a parameter assigned ``formula``; fluxes in it are written out, since not every program reads reactions in formulas."""
    import libsbml

    math = libsbml.parseL3Formula(formula)
    if math is None:
        raise ModelError(f"model: formula of {identifier} is not readable: {formula}")
    for name in sorted(set(_names(math))):
        if (reaction := model.getReaction(name)) is not None:
            law = reaction.getKineticLaw().getMath().deepCopy()
            if math.isName():
                math = law
            else:
                math.replaceIDWithFunction(name, law)
        elif model.getElementBySId(name) is None:
            raise ModelError(f"model: {name} in the formula of {identifier} is nothing of the model")
    _parameter(model, identifier, unit, constant=False)
    rule = model.createAssignmentRule()
    rule.setVariable(identifier)
    rule.setMath(math)
