"""The variance between studies (tau²) by class of row: what was estimated from calibration rows, or the prior where nothing was.

A class is family of assay / readout / route; classes of one kind (level, two arms compared, label) are pooled towards that kind. All
rows of one cohort and class share one deviation. Beside it, blanks of assays differ between laboratories (``validate/floor.py``).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from estrogenome.catalog.load import Catalog
    from estrogenome.validate.plan import Planned


def is_reference(planned: Planned, catalog: Catalog) -> bool:
    """Say whether a row comes from the survey that gives the model's people their covariates."""
    return planned.study.source == catalog.population.get("source")


def blank_of(catalog: Catalog) -> float:
    """Return the log-sd of an assay's blank between laboratories: what calibration rows said, else its prior."""
    found = catalog.tau.get("blank")
    return float(catalog.parameters["tau_blank"].quantity.value if found is None else found)


def kind_in_time(planned: Planned, catalog: Catalog) -> str:
    """Return the kind of a row in time: level or two arms compared, of what the body has or of what an axis alone has."""
    return f"{planned.kind}/axis" if planned.spec.id in catalog.axis_readouts else planned.kind


def tau_of(planned: Planned, catalog: Catalog) -> float:
    """Return the log-sd between studies of a row: that of its class, else of its kind, else the prior of the kind.

    A row in time has that of its kind in time. The survey that the model's people are taken from has a small one of its own.
    """
    in_time = catalog.tau.get("in_time", {}) if planned.timed else {}
    if kind_in_time(planned, catalog) in in_time:
        return float(in_time[kind_in_time(planned, catalog)])
    if is_reference(planned, catalog):
        return catalog.parameters["tau_reference"].quantity.value
    found = catalog.tau.get("classes", {}).get(f"{planned.kind}:{planned.group}")
    if found is None:
        found = catalog.tau.get("kinds", {}).get(planned.kind)
    return float(catalog.parameters[f"tau_{planned.kind}"].quantity.value if found is None else found)


def freedom_of(planned: Planned, catalog: Catalog) -> float:
    """Return the degrees of freedom of the deviation whose scale is ``tau_of``: infinite, which is normal, but for kinds in time."""
    in_time = planned.timed and kind_in_time(planned, catalog) in catalog.tau.get("in_time", {})
    return float(catalog.tau["freedom_in_time"]) if in_time else math.inf


def one_laboratory(rows: Sequence[Planned]) -> NDArray[np.bool_]:
    """Return, shape (rows, rows), which rows share a laboratory: those of one cohort, assay and readout."""
    _, number = np.unique([f"{p.study.cohort}\t{p.row.assay}\t{p.row.readout}" for p in rows], return_inverse=True)
    return np.asarray(np.equal.outer(number, number))
