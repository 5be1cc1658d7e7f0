"""``estrogenome validate``: studies predicted and scored, the fitted model beside its priors and beside no model at all."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from estrogenome.catalog.load_studies import FOLDER, load_studies
from estrogenome.catalog.studies import AREAS
from estrogenome.validate.baselines import group_mean, no_change
from estrogenome.validate.between import freedom_of, tau_of
from estrogenome.validate.plan import IN_TIME, plan, waiting
from estrogenome.validate.predict import foretell
from estrogenome.validate.score import scored, summarise
from estrogenome.validate.theta import drawn, drawn_from_priors

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.load_studies import Wanted
    from estrogenome.validate.plan import Planned
    from estrogenome.validate.score import Scored
    from estrogenome.validate.theta import Theta

SIDES = ("calibration", "check")
ANSWERS = frozenset({"d", "g"})
"""Areas in which something answers: to what is given, or to itself."""
TIMED_DRAWS = 60
"""Draws in which people are followed in time: a course takes a second, and a spread of log values needs no more of them."""


def validate(
    catalog: Catalog,
    folder: Path | None = None,
    *,
    side: Wanted = "all",
    draws: int = 200,
    seed: int = 0,
    timed: bool = True,
    apart: Mapping[str, Collection[str]] | None = None,
    tell: Callable[[str], None] = lambda _stage: None,
) -> dict[str, Any]:
    """Return the scoreboard of the studies in ``folder`` (the catalog's own by default): ``rows`` and ``summary``.

    Args:
        catalog: knowledge to predict with.
        folder: study files, with ``split.csv`` beside them or without; all of them count as check then.
        side: which cohorts are read at all. With ``calibration`` no file of the check side is parsed.
        draws: joint draws of everything uncertain.
        seed: the same seed gives the same numbers.
        timed: whether people are followed in time too, with at most ``TIMED_DRAWS`` draws; that takes minutes.
        apart: names of sets of cohorts of the check side that are summed up by themselves as well, under ``apart``.
        tell: called with the name of each step before it starts.

    Raises:
        KnowledgeError: a study file cannot be read or names what is not there; one line.
    """
    tell("reading studies")
    studies = load_studies(folder or catalog.root / FOLDER, side)
    rows = plan(studies, catalog) + (plan(studies, catalog, timed=True) if timed else ())
    # group means come from calibration rows, those of this project where a folder of somebody else's has none
    calibration = [p for p in rows if p.side == "calibration"]
    if side == "check" or (folder and not calibration):
        own = load_studies(catalog.root / FOLDER, "calibration")
        calibration = [*plan(own, catalog), *plan(own, catalog, timed=True)]
    tell("predicting with the fitted model")
    fitted, reasons = _scored(rows, catalog, drawn(catalog, draws, seed, timed=timed), seed)
    if not timed:
        reasons |= dict.fromkeys(waiting(studies, catalog), IN_TIME)
    tell("predicting with the priors")
    prior, _ = _scored(rows, catalog, drawn_from_priors(catalog, draws, seed, timed=timed), seed)
    return {
        "rows": [_report(row, prior.get(name)) for name, row in fitted.items()],
        "not_predicted": [{"id": name, "reason": reason} for name, reason in reasons.items()],
        "summary": {name: _side(name, fitted, prior, calibration, seed) for name in SIDES},
        "apart": {name: _side("check", fitted, prior, calibration, seed, of) for name, of in (apart or {}).items()},
        "others": _others(fitted, seed),
        "settings": {
            "side": side,
            "draws": draws,
            "seed": seed,
            "timed": timed,
            "knowledge": catalog.version,
            "tau": "fitted" if catalog.tau else "prior",
        },
    }


def _scored(rows: Sequence[Planned], catalog: Catalog, theta: Theta, seed: int) -> tuple[dict[str, Scored], dict[str, str]]:
    """Return the scored rows and why a row has none; people are followed in time in the first of the draws alone."""
    first = {name: value[:TIMED_DRAWS] for name, value in theta.items()}
    found: dict[str, Scored | None] = {}
    reasons: dict[str, str] = {}
    for part, draws in (([p for p in rows if not p.timed], theta), ([p for p in rows if p.timed], first)):
        if part:
            told = foretell(part, catalog, draws, seed=seed)
            each = zip(part, told.logs, told.floors.tolist(), strict=True)
            found |= {
                p.row.id: scored(p, v, tau_of(p, catalog), f, freedom_of(p, catalog)) for p, v, f in each if p.row.id not in told.reasons
            }
            reasons |= told.reasons
    return {name: row for name, row in found.items() if row is not None}, reasons


def _side(
    side: str,
    fitted: Mapping[str, Scored],
    prior: Mapping[str, Scored],
    calibration: Sequence[Planned],
    seed: int,
    cohorts: Collection[str] | None = None,
) -> dict[str, Any]:
    rows = [r for r in fitted.values() if r.planned.side == side and r.planned.row.scored]
    rows = [r for r in rows if cohorts is None or r.planned.study.cohort in cohorts]
    before = [prior[r.planned.row.id] for r in rows if r.planned.row.id in prior]
    areas = sorted({r.planned.row.area for r in rows})
    answers = [r for r in rows if r.planned.row.area in ANSWERS]
    return summarise(rows, seed) | {
        "answers": summarise(answers, seed)
        | {
            "kinds": {kind: summarise([r for r in answers if r.planned.kind == kind], seed) for kind in ("level", "ratio")},
            "baselines": {"calibration_group_mean": group_mean(answers, calibration), "no_change": no_change(answers, calibration)},
        },
        "prior": summarise(before, seed),
        "areas": {area: {"name": AREAS[area]} | summarise([r for r in rows if r.planned.row.area == area], seed) for area in areas},
        "baselines": {"calibration_group_mean": group_mean(rows, calibration), "no_change": no_change(rows, calibration)},
    }


def _others(fitted: Mapping[str, Scored], seed: int) -> dict[str, Any]:
    """Return what stands outside the summary: rows that set something, nulls, variants, and rows whose paper was not read."""
    found: dict[str, list[Scored]] = {}
    for row in fitted.values():
        if not row.planned.row.scored:
            name = row.planned.row.use if row.planned.row.use != "score" else row.planned.row.evidence
            found.setdefault(name, []).append(row)
    return {name: summarise(rows, seed) for name, rows in sorted(found.items())}


def _report(row: Scored, prior: Scored | None) -> dict[str, Any]:
    planned, given = row.planned, row.planned.row
    low, high = row.interval
    return {
        "id": given.id,
        "study": planned.study.id,
        "cohort": planned.study.cohort,
        "side": planned.side,
        "area": given.area,
        "use": given.use,
        "evidence": given.evidence,
        "scored": given.scored,
        "readout": given.readout,
        "assay": given.assay,
        "arm": given.arm,
        "against": given.against,
        "statistic": given.statistic,
        "class": f"{planned.kind}:{planned.group}",
        "at": given.at.model_dump(exclude_none=True) if given.at else None,
        "published": given.value,
        "unit": given.unit,
        "predicted_median": shown(planned, row.mean),
        "low90": shown(planned, low),
        "high90": shown(planned, high),
        "log_low": low - planned.target,
        "log_middle": row.mean - planned.target,
        "log_high": high - planned.target,
        "fold_error": math.exp(abs(row.error)),
        "log_error": row.error,
        "inside": row.inside,
        "censored": planned.censored,
        "log_score": row.log_score,
        "prior_fold_error": None if prior is None else math.exp(abs(prior.error)),
        "tau_share": row.tau / row.variance,
        "sampling_share": row.sampling / row.variance,
        "parameter_share": row.parameters / row.variance,
        "assay_share": row.calibration / row.variance,
        "floor_share": row.floor / row.variance,
        "failed_draws": row.failed,
        "marks": list(planned.marks),
    }


def shown(planned: Planned, log_value: float) -> float:
    """Return a predicted logarithm as the number the row would print."""
    if planned.row.statistic == "percent_change":
        return (math.exp(log_value) - 1) * 100
    size = math.exp(log_value) / planned.scale
    return -size if planned.difference and planned.row.value < 0 else size
