"""A later fit beside the body's posterior: numbers of axes, therapies and assays of which its rows say nothing (``derived/axis.json``)."""

from __future__ import annotations

from typing import Any

import numpy as np


def joined(posterior: dict[str, Any], later: dict[str, Any]) -> dict[str, Any]:
    """Return ``posterior`` with the entries of ``later`` behind its own, marked ``later``; what is in both stays the first's."""
    if not later or not posterior:
        return posterior
    have = {entry["id"] for entry in posterior["parameters"]}
    new = [i for i, entry in enumerate(later["parameters"]) if entry["id"] not in have]
    root, other = np.array(posterior["cholesky"]), np.array(later["cholesky"])
    # the rows that stay give the root of their own covariance
    own = np.linalg.cholesky((other @ other.T)[np.ix_(new, new)])
    whole = np.block([[root, np.zeros((len(root), len(new)))], [np.zeros((len(new), root.shape[1])), own]])
    return posterior | {
        "parameters": [*posterior["parameters"], *(later["parameters"][i] | {"later": True} for i in new)],
        "cholesky": whole.tolist(),
    }
