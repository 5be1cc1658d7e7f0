"""The model: Antimony modules of ``knowledge/models`` composed to one annotated SBML, and its mathematics as plain data.

Sole importer of antimony and libsbml.
"""

from estrogenome.network.bench import compose_bench
from estrogenome.network.compose import Network, compose
from estrogenome.network.course import CourseNetwork, compose_course
from estrogenome.network.maths import Expression, Maths, Number, Operation, Symbol, read_maths

__all__ = [
    "CourseNetwork",
    "Expression",
    "Maths",
    "Network",
    "Number",
    "Operation",
    "Symbol",
    "compose",
    "compose_bench",
    "compose_course",
    "read_maths",
]
