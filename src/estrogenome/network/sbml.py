"""SBML: what stands in a model, its values and annotations, and what libSBML thinks of its units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from estrogenome.core.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Mapping

_LEVEL, _VERSION = 3, 2
_IDENTIFIERS = "http://identifiers.org/"


@dataclass(frozen=True)
class Structure:
    """Identifiers of a model by kind; ``constants`` are parameters that a person or a draw may set, ``evolving`` those with a rate rule."""

    species: tuple[str, ...]
    reactions: tuple[str, ...]
    compartments: tuple[str, ...]
    constants: tuple[str, ...]
    assigned: tuple[str, ...]
    units: dict[str, str]
    evolving: tuple[str, ...] = ()


def read(sbml: str) -> Any:
    """Return the libSBML document of ``sbml`` in Level 3 Version 2.

    Raises:
        ModelError: it is no SBML, or cannot become Level 3 Version 2.
    """
    import libsbml

    document = libsbml.readSBMLFromString(sbml)
    if document.getModel() is None:
        raise ModelError("model: not readable as SBML; check the Antimony modules")
    if not document.setLevelAndVersion(_LEVEL, _VERSION, False):
        raise ModelError("model: cannot become SBML Level 3 Version 2; check the Antimony modules")
    return document


def compartments_of(model: Any) -> list[str]:
    """Return the identifiers of all compartments of a libSBML model."""
    return [c.getId() for c in model.getListOfCompartments()]


def describe(sbml: str) -> Structure:
    """Return what stands in a model, each kind in document order."""
    model = read(sbml).getModel()
    ruled = {rule.getVariable(): rule.isRate() for rule in model.getListOfRules()}
    parameters = list(model.getListOfParameters())
    return Structure(
        species=tuple(s.getId() for s in model.getListOfSpecies()),
        reactions=tuple(r.getId() for r in model.getListOfReactions()),
        compartments=tuple(c for c in compartments_of(model) if c in {s.getCompartment() for s in model.getListOfSpecies()}),
        constants=tuple(p.getId() for p in parameters if p.getId() not in ruled),
        assigned=tuple(p.getId() for p in parameters if not ruled.get(p.getId(), True)),
        units={p.getId(): p.getUnits() for p in parameters},
        evolving=tuple(p.getId() for p in parameters if ruled.get(p.getId(), False)),
    )


def annotate(sbml: str, values: Mapping[str, float], annotations: Mapping[str, Any]) -> str:
    """Return ``sbml`` with values, SBO terms, identifiers.org annotations and names.

    ``annotations`` holds ``species`` and ``compartments`` (id → name, is: [collection:accession]) and ``reactions`` (prefix of the id →
    sbo).
    """
    import libsbml

    document = read(sbml)
    model = document.getModel()
    for unused in sorted(set(compartments_of(model)) - {s.getCompartment() for s in model.getListOfSpecies()}):
        model.removeCompartment(unused)
    for parameter in model.getListOfParameters():
        if parameter.getId() in values:
            parameter.setValue(values[parameter.getId()])
            parameter.setConstant(True)
    for compartment in model.getListOfCompartments():
        compartment.setSize(values[compartment.getId()])
        _name(compartment, annotations["compartments"].get(compartment.getId(), {}))
    for species in model.getListOfSpecies():
        species.setInitialConcentration(0.0)
        _name(species, annotations["species"].get(species.getId(), {}))
    for reaction in model.getListOfReactions():
        for prefix, sbo in annotations["reactions"].items():
            if reaction.getId().startswith(prefix):
                reaction.setSBOTerm(sbo)
    written: str = libsbml.writeSBMLToString(document)
    return written


def _name(element: Any, entry: Mapping[str, Any]) -> None:
    import libsbml

    if "name" in entry:
        element.setName(entry["name"])
    if "is" not in entry:
        return
    element.setMetaId(f"meta_{element.getId()}")
    term = libsbml.CVTerm()
    term.setQualifierType(libsbml.BIOLOGICAL_QUALIFIER)
    term.setBiologicalQualifierType(libsbml.BQB_IS)
    for resource in entry["is"]:
        term.addResource(_IDENTIFIERS + resource)
    element.addCVTerm(term)


def complaints(sbml: str) -> list[tuple[str, str]]:
    """Return libSBML's (severity, message) on ``sbml`` with unit consistency on; modelling-practice notes are left out."""
    import libsbml

    document = libsbml.readSBMLFromString(sbml)
    document.setConsistencyChecks(libsbml.LIBSBML_CAT_UNITS_CONSISTENCY, True)
    document.setConsistencyChecks(libsbml.LIBSBML_CAT_MODELING_PRACTICE, False)
    document.checkConsistency()
    document.checkConsistencyWithStrictUnits()
    found = [document.getError(i) for i in range(document.getNumErrors())]
    return sorted({(e.getSeverityAsString(), e.getMessage().strip().replace("\n", " ")) for e in found})
