"""A later fit beside the body's posterior: numbers of axes, therapies and assays of which its rows say nothing (``derived/axis.json``)."""

from __future__ import annotations

from typing import Any

import numpy as np


def joined(posterior: dict[str, Any], later: dict[str, Any]) -> dict[str, Any]:
    """Return ``posterior`` with the entries of ``later`` behind its own, marked ``later``; the first's are left as they are.

    ``later`` holds how its numbers go with those of ``posterior`` (``given``: names and slopes of the logarithms) and the Cholesky factor
    of what is left where these are known.
    """
    if not later or not posterior:
        return posterior
    place = {entry["id"]: i for i, entry in enumerate(posterior["parameters"])}
    root, own = np.array(posterior["cholesky"]), np.array(later["cholesky"])
    given = [place[name] for name in later["given"]["names"]]
    follows = np.reshape(later["given"]["slopes"], (len(own), len(given))) @ root[given]
    whole = np.block([[root, np.zeros((len(root), len(own)))], [follows, own]])
    return posterior | {
        "parameters": [*posterior["parameters"], *(entry | {"later": True} for entry in later["parameters"])],
        "cholesky": whole.tolist(),
    }
