"""The model: Antimony modules of ``knowledge/models`` composed to one annotated SBML, and its mathematics as plain data.

Sole importer of antimony and libsbml.
"""

from estrogenome.network.compose import Network, compose
from estrogenome.network.maths import Expression, Maths, Number, Operation, Symbol, read_maths

__all__ = ["Expression", "Maths", "Network", "Number", "Operation", "Symbol", "compose", "read_maths"]
