"""Write ``knowledge/derived/tau_in_time.json``: the variance between studies of people followed in time.

Run: ``python -m derive.tau_in_time`` (``--check`` asks whether the inputs are those it was made from). Rows of the calibration side alone. A row of the fit
in time (``derive/axis.py``) is predicted without its cohort (to first order, as in ``derive/calibrate.py``); the others, of cycling women, were
fitted to nothing in time and are predicted as they are. Deviations between studies have Student's tails (``validate/tails.py``): a model that fits most reports well and a few not at all
is what there is. tau, the scale, of a kind (level, two arms compared; of steroids, of gonadotropins) is where the probability of the errors, cohorts counting alike, times a log-normal
prior is largest; the degrees of freedom, of those in ``FREEDOMS``, are where it is largest for all kinds and cohorts together. tau is taken twice: over the cohorts that were known when the model got its shape (``derive/data/known.tsv``), then, with what they
say as the prior's centre, over those met afterwards. A model is shaped by the studies that its makers have seen; what it misses a new one by, only new ones say.
"""

from __future__ import annotations

import hashlib
import json
import math
import sys
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize_scalar

from derive.axis import TARGET as AXIS
from derive.inputs import DATA, read
from derive.posterior import KNOWLEDGE
from estrogenome.catalog.load import load_catalog
from estrogenome.catalog.load_studies import FOLDER, load_studies
from estrogenome.validate.between import kind_in_time, tau_of
from estrogenome.validate.plan import plan
from estrogenome.validate.predict import foretell
from estrogenome.validate.scoreboard import TIMED_DRAWS
from estrogenome.validate.tails import mixture
from estrogenome.validate.theta import drawn

if TYPE_CHECKING:
    from estrogenome.catalog.load import Catalog
    from estrogenome.validate.plan import Planned

OUT = KNOWLEDGE / "derived" / "tau_in_time.json"
# centre and log-sd of the prior of tau: prototypes of such models needed 0.3 to 0.45 for rows they had not seen (assumed)
CENTRE, WIDE = 0.3, 0.5
# degrees of freedom to choose from: long tails that still have a variance, up to all but normal ones
FREEDOMS = (3, 4, 6, 10, 30)

Error = tuple[str, float, float]
"""Cohort, error, variance without tau."""


def fitted_ones(planned: tuple[Planned, ...], catalog: Catalog) -> dict[str, tuple[float, float]]:
    """Return (error, variance without tau) of the rows of the fit in time, each without its cohort, as the fit wrote them."""
    before = replace(catalog, tau={**catalog.tau, "in_time": {}})
    tau = {p.row.id: tau_of(p, before) for p in planned}
    rows = json.loads(AXIS.read_text(encoding="utf-8"))["rows"]
    return {row["id"]: (row["alone_off"], row["alone_sd"] ** 2 - tau[row["id"]] ** 2) for row in rows}


def others(catalog: Catalog, have: set[str]) -> list[tuple[Planned, float, float]]:
    """Return (row, error, variance without tau) of the calibration rows in time that no fit has seen."""
    rows = [
        p for p in plan(load_studies(catalog.root / FOLDER, "calibration"), catalog, timed=True) if p.row.scored and p.row.id not in have
    ]
    told = foretell(rows, catalog, drawn(catalog, TIMED_DRAWS, 0, timed=True), seed=0)
    floors = np.broadcast_to(sum(np.mean(step**2, axis=1) for step in told.steps.values()), len(rows))
    found = []
    for p, values, floor in zip(rows, told.logs, floors, strict=True):
        finite = values[np.isfinite(values)]
        if finite.size > 1 and not p.censored:
            found.append((p, float(finite.mean() - p.target), float(finite.var() + p.printed.sampling**2 + p.calibration**2 + floor)))
    return found


def cost(rows: list[Error], tau: float, centre: float, freedom: float) -> float:
    """Return minus the log probability of rows and tau, but for a constant; a cohort counts once."""
    count: dict[str, int] = defaultdict(int)
    for cohort, _, _ in rows:
        count[cohort] += 1
    own = sum(-mixture(v, tau, freedom).log_density(e) / count[c] for c, e, v in rows)
    return own + math.log(tau / centre) ** 2 / WIDE**2 / 2


def largest(rows: list[Error], centre: float, freedom: float) -> float:
    """Return tau of rows."""
    return float(
        np.exp(minimize_scalar(lambda log: cost(rows, np.exp(log), centre, freedom), bounds=np.log((0.05, 1.5)), method="bounded").x)
    )


def told(rows: list[Error], old: set[str], freedom: float) -> dict[str, object]:
    """Return tau of a kind with what the cohorts known before and those met since say of it."""
    groups = {"known": [r for r in rows if r[0] in old], "met since": [r for r in rows if r[0] not in old]}
    tau, found = CENTRE, {}
    for name, group in groups.items():
        if group:
            tau = largest(group, tau, freedom)
            found[name] = {
                "rows": len(group),
                "cohorts": len({cohort for cohort, _, _ in group}),
                "fold_error": round(float(np.exp(np.mean([abs(e) for _, e, _ in group]))), 3),
                "tau": round(tau, 4),
            }
    return {"tau": round(tau, 4), **found}


def tails(by_kind: dict[str, list[Error]]) -> dict[int, float]:
    """Return the largest log probability of all kinds, each with its own tau, by degrees of freedom."""
    best = {f: [(rows, largest(rows, CENTRE, f)) for rows in by_kind.values()] for f in FREEDOMS}
    return {f: round(-sum(cost(rows, tau, CENTRE, f) for rows, tau in kinds), 2) for f, kinds in best.items()}


def inputs() -> dict[str, str]:
    """Return the SHA-256 of the two fits it rests on, of which the second holds its rows, and of the cohorts known before."""
    files = (OUT.parent / "posterior.json", OUT.parent / "axis.json", DATA / "known.tsv")
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def main() -> int:
    """Write or check the file."""
    if "--check" in sys.argv:
        same = OUT.is_file() and json.loads(OUT.read_text(encoding="utf-8"))["inputs"] == inputs()
        sys.stdout.write(f"tau_in_time: {'unchanged' if same else 'of another fit; run python -m derive.tau_in_time'}\n")
        return 0 if same else 1
    catalog = load_catalog()
    all_rows = plan(load_studies(catalog.root / FOLDER, "calibration"), catalog, timed=True)
    known = fitted_ones(all_rows, catalog)
    by_kind: dict[str, list[Error]] = defaultdict(list)
    for p in all_rows:
        if p.row.id in known and p.row.scored and not p.censored:
            by_kind[kind_in_time(p, catalog)].append((p.study.cohort, *known[p.row.id]))
    for p, error, variance in others(catalog, set(known)):
        by_kind[kind_in_time(p, catalog)].append((p.study.cohort, error, variance))
    old = {row["cohort"] for row in read("known.tsv")}
    probability = tails(by_kind)
    freedom = max(probability, key=lambda f: probability[f])
    kinds = {kind: told(rows, old, freedom) for kind, rows in sorted(by_kind.items())}
    content = {
        "method": "largest posterior of tau, the scale of Student's deviations, over calibration rows predicted without their cohort (derive/tau_in_time.py)",
        "inputs": inputs(),
        "freedom": freedom,
        "log_probability": probability,
        "kinds": {kind: one["tau"] for kind, one in kinds.items()},
        "from": kinds,
    }
    OUT.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
