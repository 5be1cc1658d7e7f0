"""Stage: Activities and a Person → ParameterSets."""

from estrogenome.parameters.personalize import personalize
from estrogenome.parameters.timed import with_course

__all__ = ["personalize", "with_course"]
