"""The model: Antimony modules of ``knowledge/models`` composed to one annotated SBML. Sole importer of antimony and libsbml."""

from estrogenome.network.compose import Network, compose

__all__ = ["Network", "compose"]
