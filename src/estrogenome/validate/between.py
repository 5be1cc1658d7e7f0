"""The variance between studies (tau²) by class of row: what was estimated from calibration rows, or the prior where nothing was.

A class is family of assay / readout / route; classes of one kind (level, two arms compared, label) are pooled towards that kind. All
rows of one cohort and class share one deviation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from estrogenome.catalog.load import Catalog
    from estrogenome.validate.plan import Planned

    Array = NDArray[np.float64]


def tau_of(planned: Planned, catalog: Catalog) -> float:
    """Return the log-sd between studies of a row: that of its class, else of its kind, else the prior of the kind."""
    found = catalog.tau.get("classes", {}).get(f"{planned.kind}:{planned.group}")
    if found is None:
        found = catalog.tau.get("kinds", {}).get(planned.kind)
    return float(catalog.parameters[f"tau_{planned.kind}"].quantity.value if found is None else found)


def error_covariance(rows: Sequence[Planned], tau: Sequence[float]) -> Array:
    """Return the covariance (rows, rows) of log residuals at the true parameters: sampling, laboratory and what a cohort shares."""
    key = [(p.study.cohort, p.kind, p.group) for p in rows]
    same = np.array([[a == b for b in key] for a in key], dtype=np.float64).reshape(len(rows), len(rows))
    own = np.array([p.printed.sampling**2 + p.calibration**2 for p in rows])
    return np.asarray(same * np.outer(tau, tau) + np.diag(own), dtype=np.float64)
