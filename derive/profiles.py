"""Write ``docs/reference/identifiability.md``: the profile likelihood of every fitted number (practical identifiability).

Run: ``python -m derive.profiles`` (``--check`` asks whether the page was made from the committed fit). Method: one unknown is held at a
distance from the optimum, all others are fitted anew; the cost that the rows and the other priors then have, above its least, is the
profile (Raue et al. 2009, Bioinformatics 25:1923). Its own prior is left out, so that the profile says what rows say. The others are
found by Gauss-Newton steps with the Jacobian of the optimum, each step cut in half until it lowers the cost, all points side by side.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from derive.calibrate import Calibrated, calibrate, model_of
from derive.fit_rows import before_the_fit
from derive.kept import stamped
from derive.optimum import misfit
from derive.posterior import TARGET, TAU, taus_of
from estrogenome.catalog.load import load_catalog

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "identifiability.md"
# distances at which the profile is taken: in prior standard deviations, on either side
AT = (0.5, 1.0, 1.645)
# the 90 % point of chi-squared with one degree of freedom
LIMIT = 2.706
STEPS = 12
# a step that lowers no cost by more than this ends the search
SETTLED = 0.01
HALVINGS = 6


@dataclass(frozen=True)
class Profile:
    """One unknown: cost of rows and other priors above its least at each of ``AT`` below and above the optimum; ``failed`` points are NaN."""

    row: str
    meaning: str
    narrowed: float
    """Posterior over prior standard deviation."""
    below: tuple[float, ...]
    above: tuple[float, ...]

    @property
    def verdict(self) -> str:
        """Say whether the rows bound the number within its prior's 90 % interval: on both sides, one, or neither."""
        low, high = (
            np.nanmax(side) >= LIMIT if np.isfinite(side).any() else False for side in (np.array(self.below), np.array(self.above))
        )
        if low and high:
            return "bounded"
        return "from below" if low else "from above" if high else "no"


def profiles(fit: Calibrated, tell: Callable[[str], None] = lambda _line: None) -> tuple[Profile, ...]:
    """Return the profile of every unknown of ``fit``."""
    k = len(fit.unknowns)
    centre, sd = np.log([u.median for u in fit.unknowns]), np.array([u.log_sd for u in fit.unknowns])
    steps = np.array([-a for a in AT] + list(AT))
    held = np.repeat(np.arange(k), len(steps))
    own = np.zeros((len(held), k))
    own[np.arange(len(held)), held] = 1
    # start: where the others go in the quadratic about the optimum
    x = fit.x + (fit.covariance[held].T / fit.covariance[held, held]).T * (np.tile(steps, k) * sd[held])[:, None]
    catalog = before_the_fit(load_catalog())
    modelled = model_of(catalog, fit.rows, tuple(u.row for u in fit.unknowns))
    off, _ = misfit(fit.rows)
    root = np.linalg.cholesky(fit.errors)

    def cost(points: np.ndarray, which: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        error = off(modelled(points)[0].T)
        white = np.linalg.solve(root, error.T)
        return (white**2).sum(axis=0) + ((((points - centre) / sd) ** 2) * (1 - own[which])).sum(axis=1), error

    now, error = cost(x, np.arange(len(held)))
    weight = np.linalg.solve(fit.errors, fit.jacobian)
    for number in range(STEPS):
        slope = error @ weight + (x - centre) / sd**2 * (1 - own)
        # the step of the others with one unknown held: the covariance without the held one's share
        step = -(slope @ fit.covariance)
        step += ((slope * fit.covariance[held]).sum(axis=1) / fit.covariance[held, held])[:, None] * fit.covariance[held]
        moved = np.zeros(len(held), dtype=bool)
        size = np.ones(len(held))
        gain = 0.0
        for _ in range(HALVINGS):
            alive = np.flatnonzero(~moved)
            new, its_error = cost(x[alive] + size[alive, None] * step[alive], alive)
            better = new < now[alive]
            which = alive[better]
            gain = max(gain, float((now[which] - new[better]).max(initial=0.0)))
            x[which] += size[which, None] * step[which]
            now[which], error[which] = new[better], its_error[better]
            moved[which] = True
            size[~moved] /= 2
            if moved.all():
                break
        tell(f"step {number + 1}: largest gain {gain:.3f}")
        if gain < SETTLED:
            break
    white = np.linalg.solve(root, off(fit.predicted[None])[0])
    at_best = float(white @ white) + (((fit.x - centre) / sd) ** 2).sum()
    rise = (now - (at_best - ((fit.x[held] - centre[held]) / sd[held]) ** 2)).reshape(k, -1)
    spread = np.sqrt(np.diag(fit.covariance))
    half = len(AT)
    return tuple(
        Profile(u.row, u.meaning, float(spread[i] / sd[i]), tuple(rise[i, :half].tolist()), tuple(rise[i, half:].tolist()))
        for i, u in enumerate(fit.unknowns)
    )


def committed() -> Calibrated:
    """Return the committed fit: the optimum, with its Jacobian and errors."""
    posterior, tau = (json.loads(path.read_text(encoding="utf-8")) for path in (TARGET, TAU))
    return calibrate(start={p["id"]: p["median"] for p in posterior["parameters"]}, taus_from=taus_of(tau), rounds=0)


def digest() -> str:
    """Return the digest of the fit that a page is made from: medians and spreads to three digits."""
    posterior = json.loads(TARGET.read_text(encoding="utf-8"))
    text = " ".join(f"{p['id']} {p['median']:.3g} {p['log_sd']:.3g}" for p in posterior["parameters"])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def page(found: tuple[Profile, ...]) -> str:
    """Return the page as it is written."""
    count = {v: sum(p.verdict == v for p in found) for v in ("bounded", "from below", "from above", "no")}
    lines = [
        "# Which fitted numbers the rows can tell",
        "",
        f"Generated by `python -m derive.profiles` from the committed fit (`{digest()}`).",
        "",
        "Each number is held away from its optimum by 0.5, 1 and 1.645 standard deviations of its prior, everything else is fitted anew, and",
        "its own prior is left out: the rise of the cost is what the rows have against it. *Bounded*: a rise of 2.71 (90 %) on both sides within",
        "the prior's 90 % interval. A number that is not bounded keeps its prior on that side; the report's intervals hold that.",
        "",
        f"Of {len(found)} numbers {count['bounded']} are bounded, {count['from below']} from below alone, {count['from above']} from above alone,",
        f"{count['no']} not at all.",
        "",
        "| number | what it is | posterior / prior sd | -1.645 | -1 | -0.5 | +0.5 | +1 | +1.645 | rows bound it |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for p in sorted(found, key=lambda p: p.narrowed):
        cells = [*reversed(p.below), *p.above]
        shown = " | ".join("failed" if not np.isfinite(c) else f"{max(c, 0.0):.1f}" for c in cells)
        lines.append(f"| `{p.row}` | {p.meaning} | {p.narrowed:.2f} | {shown} | {p.verdict} |")
    return "\n".join([*lines, ""])


def main() -> int:
    """Write the page, or say whether it belongs to the committed fit."""
    return stamped("profiles", PAGE, f"(`{digest()}`)", lambda: page(profiles(committed(), lambda line: print(line, file=sys.stderr))))


if __name__ == "__main__":
    raise SystemExit(main())
