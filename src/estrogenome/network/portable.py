"""The composed model as a file for other programs: values, a start, names, identifiers and a note on where it comes from."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

from estrogenome.core.errors import ModelError
from estrogenome.network.sbml import read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_IDENTIFIERS = "http://identifiers.org/"
_NO_UNIT = "dimensionless"


@dataclass(frozen=True)
class Dressing:
    """What a model is given before it leaves: nothing in it depends on the clock or the machine."""

    name: str
    notes: Sequence[str]
    """Paragraphs of plain text."""
    values: Mapping[str, float]
    """Constant or compartment → value in the model's unit."""
    start: Mapping[str, float] = field(default_factory=dict)
    """Species → initial concentration, nmol/L."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Identifier → words for people."""
    properties: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Constant → ``collection/accession`` of the proteins whose property it is."""


def portable(sbml: str, dressing: Dressing) -> str:
    """Return ``sbml`` dressed.

    Raises:
        ModelError: a value or a start is for something that the model lacks.
    """
    import libsbml

    document = read(sbml)
    model = document.getModel()
    model.setName(dressing.name)
    # nothing here has a length or an area, and COPASI warns where no unit of them is set
    model.setLengthUnits(_NO_UNIT)
    model.setAreaUnits(_NO_UNIT)
    paragraphs = "".join(f"<p>{escape(text)}</p>" for text in dressing.notes)
    model.setNotes(f'<body xmlns="http://www.w3.org/1999/xhtml">{paragraphs}</body>')
    for identifier, value in {**dressing.values, **dressing.start}.items():
        _set(model, identifier, value)
    for identifier, words in dressing.names.items():
        element = model.getElementBySId(identifier)
        if element is not None and not element.getName():
            element.setName(words)
    for identifier, accessions in dressing.properties.items():
        element = model.getElementBySId(identifier)
        if element is not None and accessions:
            _property_of(element, accessions)
    written: str = libsbml.writeSBMLToString(document)
    return written


def _set(model: Any, identifier: str, value: float) -> None:
    if (parameter := model.getParameter(identifier)) is not None:
        parameter.setValue(value)
    elif (compartment := model.getCompartment(identifier)) is not None:
        compartment.setSize(value)
    elif (species := model.getSpecies(identifier)) is not None:
        species.setInitialConcentration(value)
    else:
        raise ModelError(f"model: has no {identifier}; name a constant, a compartment or a species")


def _property_of(element: Any, accessions: Sequence[str]) -> None:
    import libsbml

    element.setMetaId(f"meta_{element.getId()}")
    term = libsbml.CVTerm()
    term.setQualifierType(libsbml.BIOLOGICAL_QUALIFIER)
    term.setBiologicalQualifierType(libsbml.BQB_IS_PROPERTY_OF)
    for accession in accessions:
        term.addResource(_IDENTIFIERS + accession)
    element.addCVTerm(term)
