"""A SED-ML file (Level 1 Version 4) that asks for the model's steady state and a table of all concentrations."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMESPACE = "http://sed-ml.org/sed-ml/level1/version4"
_LANGUAGE = "urn:sedml:language:sbml.level-3.version-2"
_SBML = "http://www.sbml.org/sbml/level3/version2/core"
_ROOT_FINDING = "KISAO:0000407"
"""Steady state by a root-finding method."""


def sedml(model: str, species: Mapping[str, str]) -> bytes:
    """Return SED-ML for the SBML file ``model``; ``species`` are identifiers and names of what the table holds."""
    root = ET.Element("sedML", {"xmlns": _NAMESPACE, "xmlns:sbml": _SBML, "level": "1", "version": "4"})
    models = ET.SubElement(root, "listOfModels")
    ET.SubElement(models, "model", {"id": "body", "name": "estrogenome body", "language": _LANGUAGE, "source": model})
    steady = ET.SubElement(ET.SubElement(root, "listOfSimulations"), "steadyState", {"id": "steady_state"})
    ET.SubElement(steady, "algorithm", {"kisaoID": _ROOT_FINDING})
    tasks = ET.SubElement(root, "listOfTasks")
    ET.SubElement(tasks, "task", {"id": "find_steady_state", "modelReference": "body", "simulationReference": "steady_state"})
    generators = ET.SubElement(root, "listOfDataGenerators")
    report = ET.Element("report", {"id": "concentrations", "name": "steady-state concentrations, nmol/L"})
    columns = ET.SubElement(report, "listOfDataSets")
    for identifier, name in species.items():
        generator = ET.SubElement(generators, "dataGenerator", {"id": f"get_{identifier}", "name": name})
        _variable(generator, identifier)
        ET.SubElement(columns, "dataSet", {"id": f"column_{identifier}", "label": identifier, "dataReference": f"get_{identifier}"})
    ET.SubElement(root, "listOfOutputs").append(report)
    ET.indent(root)
    text: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _variable(generator: ET.Element, identifier: str) -> None:
    variables = ET.SubElement(generator, "listOfVariables")
    target = f"/sbml:sbml/sbml:model/sbml:listOfSpecies/sbml:species[@id='{identifier}']"
    ET.SubElement(variables, "variable", {"id": f"value_{identifier}", "target": target, "taskReference": "find_steady_state"})
    math = ET.SubElement(generator, "math", {"xmlns": "http://www.w3.org/1998/Math/MathML"})
    ET.SubElement(math, "ci").text = f" value_{identifier} "
