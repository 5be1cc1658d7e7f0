"""What long tails between studies make of a fit's errors: a cohort that lies far from all others counts for less.

Student's t with ``FREEDOM`` degrees of freedom is a normal distribution whose variance is divided by a Gamma variable, the weight. Given the errors of a fit the weight
has an expectation; fit and weights alternate (Lange, Little and Taylor 1989, doi 10.1080/01621459.1989.10478852).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

# derive/tau_in_time.py finds three or four for people in time
FREEDOM = 4.0
_ROUNDS = 50


def weights(error: np.ndarray, shared: np.ndarray, rest: np.ndarray, groups: Sequence[Hashable], freedom: float = FREEDOM) -> np.ndarray:
    """Return the weight (n,) of each row's group, near one for a group where its deviation was to be expected.

    Args:
        error: errors of the fit (n,).
        shared: log-sd (n,) of the deviation that a group shares.
        rest: covariance (n, n) of everything else.
        groups: the group of each row.
        freedom: degrees of freedom of the deviation.
    """
    found = np.ones(len(error))
    for group in set(groups):
        at = np.array([i for i, g in enumerate(groups) if g == group])
        sure = np.linalg.solve(rest[np.ix_(at, at)], np.stack([shared[at], error[at]], axis=1))
        told, pull = shared[at] @ sure[:, 0], shared[at] @ sure[:, 1]
        weight = 1.0
        for _ in range(_ROUNDS):
            # the deviation, in its own log-sd, is normal given the weight: its mean and variance
            precision = weight + told
            weight = (freedom + 1) / (freedom + (pull / precision) ** 2 + 1 / precision)
        found[at] = weight
    return found
