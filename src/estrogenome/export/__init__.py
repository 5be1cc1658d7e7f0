"""The model and its calibration for other programs: SBML, SED-ML, COMBINE archives, PEtab."""

from estrogenome.export.bundle import model_archive, model_files
from estrogenome.export.course import course_sbml
from estrogenome.export.values import Values, of_person, of_record, of_state

__all__ = ["Values", "course_sbml", "model_archive", "model_files", "of_person", "of_record", "of_state"]
