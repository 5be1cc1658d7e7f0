"""The body's posterior brought up to date by a later fit (``derived/axis.json``), whose rows tell some of its numbers and others besides.

Both fits are log-normal. The later one holds, jointly, numbers of the first (its prior was theirs) and its own. What it did not hold
of the first follows by regression, and keeps what is independent of those: a joint normal after something was learnt of a part of it.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def joined(posterior: dict[str, Any], later: dict[str, Any]) -> dict[str, Any]:
    """Return ``posterior`` after ``later``: its own entries moved, those that only ``later`` has behind them, marked ``later``.

    ``later`` holds ``body`` (b entries of ``posterior`` as it has them), ``parameters`` (m of its own) and the Cholesky factor
    (b + m, b + m) of the covariance of their logarithms. A moved entry says under ``alone`` what it was before (median, log_sd).
    """
    if not later or not posterior:
        return posterior
    place = {entry["id"]: i for i, entry in enumerate(posterior["parameters"])}
    told = [place[entry["id"]] for entry in later["body"]]
    root, learnt = np.array(posterior["cholesky"]), np.array(later["cholesky"])
    covariance = root @ root.T
    gain = covariance[:, told] @ np.linalg.inv(covariance[np.ix_(told, told)])
    before = np.log([entry["median"] for entry in posterior["parameters"]])
    moved = before + gain @ (np.log([entry["median"] for entry in later["body"]]) - before[told])
    # what the later rows say nothing of, what they do, and their own numbers: independent, so that the roots stand side by side
    count = len(told)
    whole = np.block([[root - gain @ root[told], gain @ learnt[:count]], [np.zeros((len(learnt) - count, len(root))), learnt[count:]]])
    lower = np.linalg.cholesky(whole @ whole.T)
    spread = np.linalg.norm(lower, axis=1)
    entries = [
        entry | {"median": float(np.exp(median)), "log_sd": float(sd), "alone": {name: entry[name] for name in ("median", "log_sd")}}
        for entry, median, sd in zip(posterior["parameters"], moved, spread, strict=False)
    ]
    return posterior | {
        "parameters": [*entries, *(entry | {"later": True} for entry in later["parameters"])],
        "cholesky": lower.tolist(),
    }
