"""Write the fit of people in time, ``knowledge/derived/axis.json``: the axes of men and of women after menopause, and what is given to both.

Run: ``python -m derive.axis`` (``--check`` asks whether the inputs are those of the committed fit, ``--anew`` begins at the priors,
``--again`` where the committed fit ended). Well over half an hour of one core.

Rows, unknowns, errors and optimum stand in ``derive.axis_fit``; ``derive.settle`` then ends steady rows and rows in time together. All numbers of the body's
posterior as both leave them (``body``) and those that only time tells (``parameters``) are written with one covariance; ``catalog/later_fit.py`` brings the body's posterior up to date with it.
"""

from __future__ import annotations

import hashlib
import json
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from derive.axis_fit import (
    Fit,
    Unknown,
    before_the_axis,
    fit,
    model_of,
    of_the_body,
    off,
    rows_in_time,
)
from derive.axis_tells import predictions, profiles, together
from derive.calibrate import left_out
from derive.posterior import KNOWLEDGE
from derive.settle import settled
from estrogenome.catalog.load_studies import FOLDER, SPLIT, load_studies
from estrogenome.validate.scoreboard import shown

if TYPE_CHECKING:
    from estrogenome.validate.plan import Planned

TARGET = KNOWLEDGE / "derived" / "axis.json"


def inputs() -> dict[str, str]:
    """Return the SHA-256 of every input; study files of the calibration side as one."""
    found = {}
    studies = load_studies(KNOWLEDGE / FOLDER, "calibration").studies
    together = hashlib.sha256()
    for path in [KNOWLEDGE / FOLDER / SPLIT, *(KNOWLEDGE / FOLDER / f"{study.id}.yaml" for study in studies)]:
        together.update(path.read_bytes())
    found["studies"] = together.hexdigest()
    for kind in ("axes", "therapies", "assays", "models", "parameters"):
        digest = hashlib.sha256()
        for path in sorted((KNOWLEDGE / kind).iterdir()):
            digest.update(path.read_bytes())
        found[kind] = digest.hexdigest()
    found["posterior.json"] = hashlib.sha256((TARGET.parent / "posterior.json").read_bytes()).hexdigest()
    return found


def named(found: Fit) -> tuple[list[int], list[int], dict[str, str]]:
    """Return which unknowns the body's posterior holds, which it does not, and the body's name of a share that it lends to a therapy."""
    lender = {e["id"]: e["lent"] for e in found.catalog.posterior["parameters"] if "lent" in e}
    held = {e["id"] for e in of_the_body()["parameters"]}
    body = [i for i, u in enumerate(found.unknowns) if lender.get(u.row, u.row) in held]
    return body, [i for i in range(len(found.unknowns)) if i not in body], lender


def said(u: Unknown, lender: dict[str, Any], log_median: float, log_sd: float) -> dict[str, object]:
    """Return one number as it is written; what the body's posterior lends (``lender``, its entry there) has its name and meaning there."""
    return {
        "id": lender.get("id", u.row),
        "kind": u.kind,
        "meaning": lender.get("meaning", u.meaning),
        "unit": u.unit,
        "median": float(f"{np.exp(log_median):.7g}"),
        "log_sd": round(float(log_sd), 4),
        "prior_median": u.median,
        "prior_log_sd": round(float(u.log_sd), 4),
        "source": "posterior",
        "state": "fitted",
    }


def written(found: Fit, before: np.ndarray) -> dict[str, object]:
    """Return the fit as it is written; ``before`` are the logarithms (n,) that the priors predict."""
    error = np.sqrt(found.plain)
    (body, own, lender), alone = named(found), left_out(found)
    # a cohort is predicted by the others with the deviation of any cohort, not with what its own errors have made of it
    alone_sd = np.sqrt(alone["sd"] ** 2 - np.diag(found.errors) + found.plain)
    spread = np.sqrt(np.diag(found.covariance))
    held = {e["id"]: e for e in of_the_body()["parameters"]}

    def numbers(which: list[int]) -> list[dict[str, object]]:
        return [said(u, held.get(lender.get(u.row, u.row), {}), found.x[i], spread[i]) for i in which for u in (found.unknowns[i],)]

    def number(p: Planned, log: float) -> float | None:
        return float(f"{shown(p, float(log)):.4g}") if np.isfinite(log) else None

    return {
        "method": "Gauss-Newton in the logarithm with log-normal priors, those of the body its posterior; Laplace covariance (derive/axis.py)",
        "inputs": inputs(),
        "not_predicted": found.left_out,
        "body": numbers(body),
        "parameters": numbers(own),
        "cholesky": [[round(float(v), 6) for v in line] for line in np.linalg.cholesky(found.covariance[np.ix_(body + own, body + own)])],
        "rows": [
            {
                "id": p.row.id,
                "study": p.study.id,
                "cohort": p.study.cohort,
                "source": p.study.source,
                "state": p.arm.state.id,
                "quantity": p.row.readout,
                "arm": p.row.arm,
                "against": p.row.against or "",
                "assay": p.row.assay,
                "value": p.row.value,
                "unit": p.row.unit,
                "log_sd": round(float(error[i]), 4),
                "before": number(p, before[i]),
                "before_off": round(float(off((p,), before[i : i + 1])[0]), 4),
                "fitted": number(p, found.predicted[i]),
                "off": round(float(off((p,), found.predicted[i : i + 1])[0]), 4),
                "z": round(float(off((p,), found.predicted[i : i + 1])[0] / error[i]), 2),
                "alone": number(p, p.target - alone["error"][i]),
                "alone_off": round(float(-alone["error"][i]), 4),
                "alone_sd": round(float(alone_sd[i]), 4),
                "locator": p.row.locator,
            }
            for i, p in enumerate(found.rows)
        ],
    }


def beside(found: Fit) -> list[dict[str, object]]:
    """Return what the fit says of the rows that it did not use."""
    _, others = rows_in_time(found.catalog)
    logs = model_of(found.catalog, others, found.unknowns)(found.x[None])[:, 0] if others else ()
    return [
        {"id": p.row.id, "study": p.study.id, "use": p.row.use, "value": p.row.value, "fitted": float(f"{shown(p, float(m)):.4g}")}
        for p, m in zip(others, logs, strict=True)
    ]


def tell(line: str) -> None:
    """Show progress."""
    print(line, file=sys.stderr, flush=True)


def main() -> int:
    """Write or check the file."""
    if "--check" in sys.argv:
        committed = json.loads(TARGET.read_text(encoding="utf-8"))
        wrong = sorted(name for name, digest in inputs().items() if committed["inputs"].get(name) != digest)
        sys.stdout.write(f"axis: {f'{wrong[0]} changed; run python -m derive.axis' if wrong else 'unchanged'}\n")
        return 1 if wrong else 0
    begun = {}
    if TARGET.is_file() and "--anew" not in sys.argv:
        old = json.loads(TARGET.read_text(encoding="utf-8"))
        begun = {p["id"]: p["median"] for p in (*old["body"], *old["parameters"])}
        begun |= {e["id"]: begun[e["lent"]] for e in before_the_axis().posterior["parameters"] if e.get("lent") in begun}
    again = "--again" in sys.argv
    begin = fit(tell, begun, **({"steps": 0} if again else {}))
    before = model_of(begin.catalog, begin.rows, begin.unknowns)(begin.centre[None])[:, 0]
    found = settled(begin, tell, begun if again else None)
    modelled = model_of(found.catalog, found.rows, found.unknowns)
    content = written(found, before)
    # kept at once: what follows takes as long again
    TARGET.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    content["profiles"] = profiles(found, modelled, lambda predicted: off(found.rows, predicted))
    content["together"] = together(found.catalog, found)
    content["predictions"] = predictions(found.catalog, found)
    content["beside"] = beside(found)
    TARGET.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
