"""Stage: Activities and a Person → ParameterSets."""

from estrogenome.parameters.personalize import personalize

__all__ = ["personalize"]
