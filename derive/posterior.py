"""Write the fit of the body: ``knowledge/derived/posterior.json``, and ``tau.json``, the variance between studies beside it.

Run: ``python -m derive.posterior``, from the priors; ``--again`` from where the committed fit ended, after the differences between people were made with it
(``derive/between.py``), which move it a little; ``--check`` asks whether what is committed is still the optimum of its inputs. The method stands in ``derive/calibrate.py``. Inputs: ``derive/data/priors.tsv``, the study files of the calibration side, exposures and assays (the priors of what
they say), and the model.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from derive.calibrate import Calibrated, Liver, calibrate, calibrated, left_out
from derive.express import expressed
from derive.fit_rows import SURVEY, before_the_fit, fitted_rows
from derive.groups import BLANK
from derive.inputs import DATA
from estrogenome.catalog.load import load_catalog
from estrogenome.catalog.load_studies import FOLDER
from estrogenome.network import compose
from estrogenome.validate.plan import Planned
from estrogenome.validate.scoreboard import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

KNOWLEDGE = Path(__file__).parent.parent / "src" / "estrogenome" / "knowledge"
TARGET = KNOWLEDGE / "derived" / "posterior.json"
TAU = KNOWLEDGE / "derived" / "tau.json"
# what the committed optimum may lie off a fresh one, in posterior standard deviations of each number; of tau in the logarithm
SAME = 0.1


def inputs() -> dict[str, str]:
    """Return the SHA-256 of every input, the study files with fitted rows as one."""
    catalog = before_the_fit(load_catalog())
    fitted, _ = fitted_rows(catalog)
    together = hashlib.sha256()
    for study in sorted({p.study.id for p in fitted} - {SURVEY}):
        together.update((KNOWLEDGE / FOLDER / f"{study}.yaml").read_bytes())
    found = {"studies": together.hexdigest()}
    found |= {name: hashlib.sha256((DATA / name).read_bytes()).hexdigest() for name in ("priors.tsv", "not_fitted.tsv")}
    found["population.json"] = hashlib.sha256((TARGET.parent / "population.json").read_bytes()).hexdigest()
    # assays of a matrix that no row is measured in say nothing to the fit
    measured = {catalog.assays[p.row.assay].matrix for p in fitted}
    for kind in ("exposures", "assays", "models", "tracers"):
        digest = hashlib.sha256()
        for path in sorted((KNOWLEDGE / kind).iterdir()):
            if kind != "assays" or catalog.assays[path.stem].matrix in measured:
                digest.update(path.read_bytes())
        found[kind] = digest.hexdigest()
    return found


def row(planned: Planned, predicted: float, error: float, alone: float, others: dict[str, object]) -> dict[str, object]:
    """Return one row of the fit as it is written: ``log_sd`` is its whole error, ``z`` its residual in it, ``left_out`` without its cohort.

    ``others`` is the row as other programs can take it (``derive/express.py``).
    """
    given = planned.row
    return {
        "id": given.id,
        "study": planned.study.id,
        "cohort": planned.study.cohort,
        "source": planned.study.source,
        "state": planned.arm.state.id,
        "arm": given.arm,
        "against": given.against or "",
        "quantity": given.readout,
        "assay": given.assay,
        "statistic": given.statistic,
        "value": given.value,
        "unit": given.unit,
        "log_sd": round(error, 4),
        "evidence": given.evidence,
        "locator": given.locator,
        "fitted": float(f"{shown(planned, predicted):.4g}"),
        "z": round((predicted - planned.target) / error, 2),
        "left_out": float(f"{shown(planned, planned.target - alone):.4g}"),
    } | others


def posterior(fit: Calibrated) -> dict[str, object]:
    """Return the posterior as it is written."""
    spread = np.sqrt(np.diag(fit.covariance))
    error = np.sqrt(np.diag(fit.errors))
    alone = left_out(fit)["error"]
    catalog = before_the_fit(load_catalog())
    fitted, constants = {u.row for u in fit.unknowns}, compose(catalog).structure.constants
    others = [expressed(p, float(m), catalog, fitted, constants) for p, m in zip(fit.rows, fit.predicted, strict=True)]
    return {
        "method": "Gauss-Newton in the logarithm with log-normal priors; Laplace covariance; errors of rows hold what cohorts share (derive/calibrate.py)",
        "inputs": inputs(),
        "not_predicted": fit.not_predicted,
        "parameters": [
            {
                "id": u.row,
                "meaning": u.meaning,
                "unit": u.unit,
                "median": float(f"{np.exp(v):.7g}"),
                "log_sd": round(float(s), 4),
                "prior_median": u.median,
                "prior_log_sd": u.log_sd,
                "source": "posterior",
                "state": "fitted",
            }
            for u, v, s in zip(fit.unknowns, fit.x, spread, strict=True)
        ],
        "cholesky": [[round(float(v), 6) for v in line] for line in np.linalg.cholesky(fit.covariance)],
        "rows": [
            row(p, float(m), float(e), float(a), o) for p, m, e, a, o in zip(fit.rows, fit.predicted, error, alone, others, strict=True)
        ],
    }


def tau(fit: Calibrated) -> dict[str, object]:
    """Return the variance between studies as it is written."""
    count = dict.fromkeys(fit.classes, 0)
    for p in fit.rows:
        count[f"{p.kind}:{p.group}"] += 1
    return {
        "method": "evidence of the linearised fit with the parameters integrated out; classes pooled towards their kind (derive/calibrate.py)",
        "inputs": inputs(),
        "kinds": {name: round(value, 4) for name, value in fit.tau.items()},
        "classes": {name: round(value, 4) for name, value in fit.classes.items()},
        "blank": round(fit.blank, 4),
        "rows": count,
    }


def taus_of(beside: Mapping[str, Any]) -> dict[str, float]:
    """Return tau by class, that of blanks among them, of ``tau.json``."""
    return {**beside["classes"], **{name: beside[name] for name in (BLANK,) if name in beside}}


def fit(liver: Liver) -> dict[str, object]:
    """Return the posterior of another form of the model: same rows, priors and tau, from where the package's own fit ended."""
    committed, beside = (json.loads(path.read_text(encoding="utf-8")) for path in (TARGET, TAU))
    return posterior(
        calibrate(start={p["id"]: p["median"] for p in committed["parameters"]}, taus_from=taus_of(beside), liver=liver, rounds=0)
    )


def once_more() -> Calibrated:
    """Return the fit begun where the committed one ended."""
    committed, beside = (json.loads(path.read_text(encoding="utf-8")) for path in (TARGET, TAU))
    return calibrated(tuple((p["id"], p["median"]) for p in committed["parameters"]), tuple(taus_of(beside).items()))


def differs() -> list[str]:
    """Return what of the committed files is not what their inputs give; the fit starts at the committed optimum, so this is quick."""
    committed, beside = (json.loads(path.read_text(encoding="utf-8")) for path in (TARGET, TAU))
    found = [name for file in (committed, beside) for name, digest in inputs().items() if file["inputs"].get(name) != digest]
    if found:
        return sorted(set(found))
    medians, fit = {p["id"]: p["median"] for p in committed["parameters"]}, once_more()
    spread = np.sqrt(np.diag(fit.covariance))
    off = [u.row for u, v, s in zip(fit.unknowns, fit.x, spread, strict=True) if abs(v - np.log(medians[u.row])) > SAME * s]
    now, then = {**fit.classes, BLANK: fit.blank}, taus_of(beside)
    return off + [name for name, value in now.items() if abs(np.log(value / then[name])) > SAME]


def main() -> int:
    """Write or check the two files."""
    if "--check" in sys.argv:
        wrong = differs()
        sys.stdout.write(f"posterior: {f'differs in {wrong[0]}; run python -m derive.posterior' if wrong else 'unchanged'}\n")
        return 1 if wrong else 0
    fit = once_more() if "--again" in sys.argv else calibrated()
    for path, content in ((TARGET, posterior(fit)), (TAU, tau(fit))):
        path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
