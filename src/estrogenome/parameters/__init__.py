"""Stage: Activities and a Person → ParameterSets."""

from estrogenome.parameters.personalize import personalize
from estrogenome.parameters.protocol import schedule
from estrogenome.parameters.timed import with_course

__all__ = ["personalize", "schedule", "with_course"]
