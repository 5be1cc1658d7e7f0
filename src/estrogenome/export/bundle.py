"""Everything that leaves: the SBML, what runs it, and the calibration, as files or as one archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estrogenome.export.dress import NAME, notes, sbml_of
from estrogenome.export.omex import omex
from estrogenome.export.petab import problem
from estrogenome.export.sedml import sedml
from estrogenome.export.values import Values, of_state
from estrogenome.network import compose

if TYPE_CHECKING:
    from estrogenome.catalog.load import Catalog

MODEL = "model.xml"
RUN = "simulation.sedml"


def model_files(catalog: Catalog, values: Values | None = None) -> dict[str, bytes]:
    """Return name → content: the SBML with ``values`` (the reference state by default), SED-ML, and the PEtab problem.

    The problem is that of the catalog's calibration, whatever ``values`` are. The same knowledge and values give the same bytes.
    """
    values = values or of_state(catalog)
    names = {s: catalog.annotations["species"].get(s, {}).get("name", s) for s in compose(catalog).structure.species}
    files = {MODEL: sbml_of(catalog, values).encode(), RUN: sedml(MODEL, names)}
    return files | {name: text.encode() for name, text in problem(catalog).files.items()}


def model_archive(catalog: Catalog, values: Values | None = None) -> bytes:
    """Return the same files as one COMBINE archive."""
    values = values or of_state(catalog)
    return omex(model_files(catalog, values), master=RUN, title=NAME, description=" ".join(notes(catalog, values.whose)))
