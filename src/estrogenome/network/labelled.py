"""Tracer experiments inside one SBML: labelled copies of species and reactions, and quantities defined over them.

A labelled molecule takes every path that its unlabelled twin takes, at the same rate per molecule, and changes nothing for
anybody else. So the copy of a reaction has the same law with its own reactants and products labelled, while everything else in the law
(modifiers, assigned quantities, binding) stays that of the body. This holds for laws that are linear in their own reactants and
products, as all laws of our modules are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from estrogenome.catalog.body import LABEL, LABELLED
from estrogenome.core.errors import ModelError
from estrogenome.network.sbml import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_LABEL_UNIT = "nmol_per_day"
_NAME = re.compile(r"[A-Za-z_]\w*")


OWN, TIMES = "own_", "times_"


def with_quantities(
    sbml: str, formulas: Mapping[str, tuple[str, str]], added: Mapping[str, tuple[float, str]], products: Sequence[str] = ()
) -> str:
    """Return ``sbml`` with one assigned parameter per entry of ``formulas`` (id → formula, unit).

    A name ``X__Y`` in a formula is X (species or flux) of a body in which a labelled copy enters species Y at the rate ``label``, a
    constant of 1 nmol/day. ``added`` are constants (id → value, unit) that formulas need and the model lacks. Each constant of ``products``
    becomes ``own_<id> * times_<id>``, two constants of which the second is 1.

    Raises:
        ModelError: a formula does not parse or names what there is not.
    """
    import libsbml

    document = read(sbml)
    model = document.getModel()
    for identifier, (value, unit) in {LABEL: (1.0, _LABEL_UNIT), **added}.items():
        _parameter(model, identifier, unit, constant=True).setValue(value)
    for identifier in products:
        _split(model, identifier)
    used = {name for formula, _ in formulas.values() for name in _NAME.findall(formula) if LABELLED in name}
    ways = {reaction.getId(): _way(reaction) for reaction in model.getListOfReactions()}
    for entry in sorted({name.partition(LABELLED)[2] for name in used}):
        if model.getSpecies(entry) is None:
            raise ModelError(f"model: no species {entry} for a label to enter; mend the formula")
        _label(model, entry, {name.partition(LABELLED)[0] for name in used if name.endswith(LABELLED + entry)}, ways)
    for identifier, (formula, unit) in formulas.items():
        _assign(model, identifier, formula, unit)
    written: str = libsbml.writeSBMLToString(document)
    return written


def _split(model: Any, identifier: str) -> None:
    import libsbml

    parameter = model.getParameter(identifier)
    _parameter(model, OWN + identifier, parameter.getUnits(), constant=True).setValue(parameter.getValue())
    _parameter(model, TIMES + identifier, "dimensionless", constant=True).setValue(1.0)
    parameter.unsetValue()
    parameter.setConstant(False)
    rule = model.createAssignmentRule()
    rule.setVariable(identifier)
    rule.setMath(libsbml.parseL3Formula(f"{OWN}{identifier} * {TIMES}{identifier}"))


def _parameter(model: Any, identifier: str, unit: str, *, constant: bool) -> Any:
    parameter = model.createParameter()
    parameter.setId(identifier)
    parameter.setConstant(constant)
    parameter.setUnits(unit)
    return parameter


@dataclass(frozen=True)
class _Way:
    """What a molecule can do in a reaction: from where it takes it, and all species it joins."""

    starts: frozenset[str]
    species: tuple[str, ...]


def _way(reaction: Any) -> _Way:
    """Return the way of a reaction; it starts at its reactants, and at products that its law names, since it runs both ways then."""
    law = set(_names(reaction.getKineticLaw().getMath()))
    reactants, products = ([r.getSpecies() for r in side] for side in (reaction.getListOfReactants(), reaction.getListOfProducts()))
    return _Way(frozenset([*reactants, *(s for s in products if s in law)]), tuple(dict.fromkeys([*reactants, *products])))


def _label(model: Any, entry: str, wanted: set[str], ways: Mapping[str, _Way]) -> None:
    """Add labelled copies for a label that enters ``entry`` and is read at ``wanted`` (species and fluxes): no more than that needs.

    Those are the species that the label reaches and from which it reaches what is read; every way out of them is kept.
    """
    ends = {name for name in wanted if name not in ways} | {s for name in wanted if name in ways for s in ways[name].starts}
    before = set(_closure(sorted(ends), ways, forward=False))
    kept = [s for s in _closure([entry], ways, forward=True) if s in before]
    if not kept:
        raise ModelError(f"model: a label in {entry} never reaches {', '.join(sorted(wanted))}; mend the formula")
    ending = LABELLED + entry
    for identifier in kept:
        species = model.getSpecies(identifier).clone()
        species.unsetMetaId()
        species.unsetAnnotation()
        species.unsetName()
        species.setId(identifier + ending)
        species.setInitialConcentration(0.0)
        model.addSpecies(species)
    for identifier, way in ways.items():
        if way.starts & set(kept):
            model.addReaction(_copy(model.getReaction(identifier), set(way.species) & set(kept), ending))
    infusion = model.createReaction()
    infusion.setId(f"infuse{ending}")
    infusion.setReversible(False)
    product = infusion.createProduct()
    product.setSpecies(entry + ending)
    product.setStoichiometry(1.0)
    product.setConstant(True)
    _law(infusion, LABEL)


def _closure(begin: Sequence[str], ways: Mapping[str, _Way], *, forward: bool) -> list[str]:
    """Return the species that molecules of ``begin`` can become, or that can become these, in order of discovery."""
    found = list(begin)
    for species in found:
        for way in ways.values():
            if forward and species in way.starts:
                found += [s for s in way.species if s not in found]
            elif not forward and species in way.species:
                found += [s for s in sorted(way.starts) if s not in found]
    return found


def _names(tree: Any) -> Iterable[str]:
    if tree.isName():
        yield tree.getName()
    for i in range(tree.getNumChildren()):
        yield from _names(tree.getChild(i))


def _copy(reaction: Any, own: set[str], ending: str) -> Any:
    """Return the reaction of labelled ``own``, the species of it that have a copy; what has none leaves the labelled ones."""
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
