"""The variance that rows of one cohort and class, or of one laboratory, share, and its evidence.

tau is where, with the model linear about the optimum and the parameters integrated out, log N(y − f + J (θ − µ); 0, J Σ Jᵀ + R(tau)) plus the log
prior of tau is largest (MacKay 1992; Harville 1974 for the case without prior); the log-sd of blanks is found with it. So tau knows the degrees of
freedom that the fit takes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

from estrogenome.validate.plan import KINDS, Planned

if TYPE_CHECKING:
    from estrogenome.catalog.load import Catalog

# the name of the log-sd of blanks among those of classes
BLANK = "blank"


class Groups:
    """Which rows share a deviation, and the evidence of its size."""

    def __init__(self, rows: tuple[Planned, ...], anchored: tuple[bool, ...] = ()) -> None:
        anchor = np.array(anchored or [False] * len(rows))
        self.names = sorted({f"{p.kind}:{p.group}" for p in rows})
        of = np.array([self.names.index(f"{p.kind}:{p.group}") for p in rows])
        cohort = np.array([p.study.cohort for p in rows])
        shared = (of[:, None] == of) & (cohort[:, None] == cohort)
        self.masks = [shared & (of == i)[:, None] & ~anchor[:, None] for i in range(len(self.names))]
        self.kind = np.array([KINDS.index(name.partition(":")[0]) for name in self.names])

    def start(self, catalog: Catalog, classes: dict[str, float] | None = None) -> np.ndarray:
        """Return log tau of each kind, its prior centre, of each class, and of blanks: as given, else that of the kind, else the prior's."""
        kinds = [np.log(catalog.parameters[f"tau_{k}"].quantity.value) for k in KINDS]
        given = {name: np.log(value) for name, value in (classes or {}).items()}
        each = (given.get(name, kinds[k]) for name, k in zip(self.names, self.kind, strict=True))
        return np.array([*kinds, *each, given.get(BLANK, np.log(catalog.parameters["tau_blank"].quantity.value))])

    def covariance(self, logs: np.ndarray, blanks: np.ndarray) -> np.ndarray:
        """Return the covariance (n, n) of what cohorts share; ``blanks`` (n, n) is that by blanks, per log-variance of these."""
        tau = np.exp(logs[len(KINDS) : -1])
        return np.asarray(np.sum([t**2 * mask for t, mask in zip(tau, self.masks, strict=True)], axis=0) + np.exp(2 * logs[-1]) * blanks)

    def evidence(self, residual: np.ndarray, known: np.ndarray, start: np.ndarray, catalog: Catalog, blanks: np.ndarray) -> np.ndarray:
        """Return the log tau (kinds, classes, blanks) of the largest evidence; ``known`` is the rest of the covariance."""
        prior = self.start(catalog)
        centre = prior[: len(KINDS)]
        wide, narrow = (catalog.parameters[f"tau_log_sd{n}"].quantity.value for n in ("", "_class"))

        def cost(logs: np.ndarray) -> tuple[float, np.ndarray]:
            total = known + self.covariance(logs, blanks)
            root = np.linalg.cholesky(total)
            inverse = np.linalg.solve(root.T, np.linalg.solve(root, np.eye(len(total))))
            alpha = inverse @ residual
            value = float(np.log(np.diag(root)).sum() + residual @ alpha / 2)
            slope = np.outer(alpha, alpha) - inverse
            gradient = np.zeros(len(logs))
            for i, mask in enumerate(self.masks):
                gradient[len(KINDS) + i] = -np.exp(2 * logs[len(KINDS) + i]) * float(slope[mask].sum())
            gradient[-1] = -np.exp(2 * logs[-1]) * float((slope * blanks).sum()) + (logs[-1] - prior[-1]) / wide**2
            kinds, classes = logs[: len(KINDS)], logs[len(KINDS) : -1]
            value += float(((logs[-1] - prior[-1]) / wide) ** 2) / 2
            value += float((((kinds - centre) / wide) ** 2).sum() + (((classes - kinds[self.kind]) / narrow) ** 2).sum()) / 2
            gradient[: len(KINDS)] += (kinds - centre) / wide**2
            pull = (classes - kinds[self.kind]) / narrow**2
            gradient[len(KINDS) : -1] += pull
            np.subtract.at(gradient, self.kind, pull)
            return value, gradient

        return np.asarray(minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": 200}).x)

    def named(self, logs: np.ndarray) -> tuple[dict[str, float], dict[str, float]]:
        """Return tau by kind and by class."""
        tau = np.exp(logs)
        return dict(zip(KINDS, tau.tolist(), strict=False)), dict(zip(self.names, tau[len(KINDS) : -1].tolist(), strict=True))

    def seen(self, catalog: Catalog, logs: np.ndarray) -> Catalog:
        """Return the catalog with this log-sd of blanks: over steps of that size their effect is taken."""
        return replace(catalog, tau={BLANK: self.blank(logs)})

    @staticmethod
    def blank(logs: np.ndarray) -> float:
        """Return the log-sd of blanks between laboratories."""
        return float(np.exp(logs[-1]))
