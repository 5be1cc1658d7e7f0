"""The parallel-tube form of a compartment, made from the well-stirred one.

A well-stirred compartment holds one concentration. In a tube the concentration falls along the way of the blood (Pang and Rowland 1977;
the tube is approached by n well-stirred segments in series). What blood carries enters the first segment, passes
from each to the next and leaves the last. All else, reactions and exchange by transport, is spread evenly over the segments. So with one
segment nothing changes. The names of species and reactions that are split stay: they are the mean, and the sum, of the segments.

The segments share the compartment's volume symbol: right for steady states, which are all this form is made for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from estrogenome.core.errors import ModelError
from estrogenome.network.sbml import read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estrogenome.catalog.schema import Tubes

_LEVEL, _RATE = "nmol_per_L", "nmol_per_day"


def in_tubes(sbml: str, tubes: Tubes) -> str:
    """Return ``sbml`` with the compartment of ``tubes`` in its segments.

    Raises:
        ModelError: a flow is no reaction that carries a species from elsewhere into the compartment.
    """
    import libsbml

    document = read(sbml)
    model = document.getModel()
    inside = [s.getId() for s in model.getListOfSpecies() if s.getCompartment() == tubes.compartment]
    carried = [_carried(model, flow, inside) for flow in tubes.flows]
    segments = range(1, tubes.segments + 1)
    sums: dict[str, list[str]] = {}
    for flow in tubes.flows:
        sums[flow] = _along(model, flow, segments)
    for reaction in [r.getId() for r in model.getListOfReactions()]:
        if reaction not in {part for parts in sums.values() for part in parts}:
            parts = _spread(model, reaction, inside, carried, segments)
            if parts:
                sums[reaction] = parts
    for species in inside:
        original = model.getSpecies(species)
        for i in segments:
            copy = original.clone()
            copy.setId(_in(species, i))
            copy.unsetMetaId()
            model.addSpecies(copy)
        model.removeSpecies(species)
    _assign(model, {s: f"({' + '.join(_in(s, i) for i in segments)})/({tubes.segments} dimensionless)" for s in inside}, _LEVEL)
    _assign(model, {name: " + ".join(f"({law})" for law in laws) for name, laws in _laws(model, sums).items()}, _RATE)
    written: str = libsbml.writeSBMLToString(document)
    return written


def _in(name: str, segment: int) -> str:
    return f"{name}_{segment}"


def _carried(model: Any, flow: str, inside: list[str]) -> str:
    reaction = model.getReaction(flow)
    if reaction is None or reaction.getNumProducts() != 1 or reaction.getProduct(0).getSpecies() not in inside:
        raise ModelError(f"models/tubes.yaml: {flow} carries nothing into the compartment; name a reaction that does")
    name: str = reaction.getProduct(0).getSpecies()
    return name


def _along(model: Any, flow: str, segments: range) -> list[str]:
    """Replace a flow by its way through the segments; return the reactions that bring in (first) and out (last)."""
    reaction = model.getReaction(flow)
    outside, carried = reaction.getReactant(0).getSpecies(), reaction.getProduct(0).getSpecies()
    stations = [outside, *(_in(carried, i) for i in segments), outside]
    names = [f"{flow}_in", *(_in(flow, i) for i in segments[:-1]), f"{flow}_out"]
    for name, start, end in zip(names, stations, stations[1:], strict=False):
        # what leaves a station is the rate at which it would leave if nothing stood at the other end
        law = _law(reaction, {carried: f"0 {_LEVEL}", outside: start})
        _react(model, name, start, end, law)
    model.removeReaction(flow)
    return [names[0], names[-1]]


def _spread(model: Any, name: str, inside: list[str], carried: list[str], segments: range) -> list[str]:
    """Spread a reaction over the segments; return its parts, none where it stays as it is."""
    reaction = model.getReaction(name)
    sides = [[r.getSpecies() for r in side] for side in (reaction.getListOfReactants(), reaction.getListOfProducts())]
    law = set(_names(reaction.getKineticLaw().getMath()))
    if not {*sides[0], *sides[1]} & set(inside):
        return []
    if not law & set(inside) and set(sides[1]) & set(carried):
        for product in reaction.getListOfProducts():
            if product.getSpecies() in inside:
                product.setSpecies(_in(product.getSpecies(), segments[0]))
        return []
    parts = []
    for i in segments:
        copy = reaction.clone()
        copy.unsetMetaId()
        copy.setId(_in(name, i))
        for side in (copy.getListOfReactants(), copy.getListOfProducts()):
            for reference in side:
                if reference.getSpecies() in inside:
                    reference.setSpecies(_in(reference.getSpecies(), i))
        formula = _law(reaction, {s: _in(s, i) for s in inside})
        _set_law(copy.getKineticLaw(), f"({formula})/({len(segments)} dimensionless)")
        model.addReaction(copy)
        parts.append(copy.getId())
    model.removeReaction(name)
    return parts


def _names(tree: Any) -> set[str]:
    own = {tree.getName()} if tree.isName() else set()
    return own.union(*(_names(tree.getChild(i)) for i in range(tree.getNumChildren())))


def _law(reaction: Any, replaced: Mapping[str, str]) -> str:
    """Return the formula of a reaction's rate with names ``replaced`` by formulas, all at once."""
    import libsbml

    math = reaction.getKineticLaw().getMath().deepCopy()
    hold = {name: f"replaced_{i}" for i, name in enumerate(replaced)}
    for name, other in hold.items():
        math.renameSIdRefs(name, other)
    for name, formula in replaced.items():
        new = libsbml.parseL3Formula(formula)
        if new.isName():
            math.renameSIdRefs(hold[name], formula)
        else:
            math.replaceIDWithFunction(hold[name], new)
    text: str = libsbml.formulaToL3String(math)
    return text


def _react(model: Any, name: str, start: str, end: str, law: str) -> None:
    reaction = model.createReaction()
    reaction.setId(name)
    reaction.setReversible(False)
    for reference, species in ((reaction.createReactant(), start), (reaction.createProduct(), end)):
        reference.setSpecies(species)
        reference.setStoichiometry(1.0)
        reference.setConstant(True)
    _set_law(reaction.createKineticLaw(), law)


def _set_law(kinetic: Any, formula: str) -> None:
    import libsbml

    kinetic.setMath(libsbml.parseL3Formula(formula))


def _laws(model: Any, sums: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return, per name, the formulas whose sum it is; of a flow, what goes in less what goes out."""
    import libsbml

    found = {}
    for name, parts in sums.items():
        laws = [libsbml.formulaToL3String(model.getReaction(p).getKineticLaw().getMath()) for p in parts]
        found[name] = [laws[0], f"-1 dimensionless*({laws[1]})"] if parts[0].endswith("_in") else laws
    return found


def _assign(model: Any, formulas: Mapping[str, str], unit: str) -> None:
    import libsbml

    for name, formula in formulas.items():
        parameter = model.createParameter()
        parameter.setId(name)
        parameter.setConstant(False)
        parameter.setUnits(unit)
        rule = model.createAssignmentRule()
        rule.setVariable(name)
        rule.setMath(libsbml.parseL3Formula(formula))
