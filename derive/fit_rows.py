"""What the fit of the body takes: its rows, its unknowns with their priors, and the catalog before it.

Unknowns are the rows of ``derive/data/priors.tsv``, and the multiples of exposures and observation models of assays that a row depends on (their
files hold the priors). A row that contradicts others of its own report stands in ``not_fitted.tsv``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from derive.inputs import read
from derive.model import HORMONAL_STATES
from estrogenome.catalog.exposures import act_numbers, observed_row
from estrogenome.catalog.like import lend_fit
from estrogenome.catalog.load_studies import FOLDER, load_studies
from estrogenome.catalog.studies import Study
from estrogenome.core.uncertainty import Distribution
from estrogenome.validate.plan import Planned, plan
from estrogenome.validate.theta import quantities

if TYPE_CHECKING:
    from estrogenome.catalog.load import Catalog


COHORT = "NHANES-2021-23"
SURVEY = "even"
FITTED_USES = {"score", "input", "binding"}
FITTED_EVIDENCE = {"read", "computed", "secondary"}


@dataclass(frozen=True)
class Unknown:
    """One fitted quantity: ``row`` is its name in the posterior; the prior is log-normal."""

    row: str
    meaning: str
    unit: str
    median: float
    log_sd: float


def key(prior: dict[str, str]) -> str:
    """Return the posterior's name of a prior row: ``id`` or ``id@state``."""
    return prior["id"] + ("@" + prior["by_state"] if prior["by_state"] else "")


def before_the_fit(catalog: Catalog) -> Catalog:
    """Return the catalog with the priors in place of the posterior, so that a fit never needs what it writes."""
    priors = read("priors.tsv")
    entries = [
        {
            "id": key(p),
            "meaning": p["meaning"],
            "unit": p["unit"],
            "median": float(p["median"]),
            "log_sd": float(p["log_sd"]),
            "prior_median": float(p["median"]),
            "prior_log_sd": float(p["log_sd"]),
            "source": "posterior",
            "state": "assumed",
        }
        for p in priors
    ]
    posterior = {"parameters": entries, "cholesky": np.diag([e["log_sd"] for e in entries]).tolist(), "rows": []}
    return replace(catalog, posterior=lend_fit(catalog.states, posterior), digest=catalog.digest + "/priors", tau={})


def survey(catalog: Catalog) -> Study:
    """Return the people of the survey that set the covariates (even numbers alone), one arm a state, as a study: medians of their levels.

    The survey's study file holds both halves and is not fitted: the other half is kept to look at.
    """
    groups = {state: group for state, group in catalog.population["states"].items() if state in HORMONAL_STATES}
    middle = catalog.population["quantile_levels"].index(0.5)
    rows = [
        {
            "id": f"even-{state}-{name}",
            "area": "b",
            "readout": name.lower(),
            "assay": "serum_lcms_sulfate" if name == "E1S" else "serum_lcms",
            "arm": state,
            "statistic": "median",
            "value": level["quantiles"][middle],
            "unit": catalog.population["unit"],
            "spread": {"type": "SDln", "value": level["log_sd"]},
            "n": group["n"],
            "locator": "knowledge/derived/population.json",
            "evidence": "computed",
        }
        for state, group in groups.items()
        for name, level in group["levels"].items()
    ]
    arms = {state: {"state": state, "age": group["age_centre"]} for state, group in groups.items()}
    source = catalog.population["source"]
    return Study.model_validate({"id": SURVEY, "source": source, "cohort": COHORT, "title": "even numbers", "arms": arms, "rows": rows})


def fitted_rows(catalog: Catalog) -> tuple[tuple[Planned, ...], dict[str, str]]:
    """Return the rows of the fit, and why others are not in it, by their id."""
    studies = load_studies(catalog.root / FOLDER, "calibration")
    own = survey(catalog)
    apart = {r["id"]: r["reason"] for r in read("not_fitted.tsv")}
    apart |= {r.id: "the survey's even half stands for it" for s in studies.studies if s.cohort == COHORT for r in s.rows}
    planned = plan(replace(studies, studies=(own, *studies.studies)), catalog)
    rows = (p for p in planned if p.row.use in FITTED_USES and p.row.evidence in FITTED_EVIDENCE)
    return tuple(p for p in rows if p.row.id not in apart), apart


def unknowns(catalog: Catalog, rows: tuple[Planned, ...]) -> tuple[Unknown, ...]:
    """Return what is fitted: every prior row, and exposures and observation models that a row depends on."""
    used = {
        row
        for p in rows
        for a in (p.arm, p.against)
        if a
        for e in a.exposures
        for i, act in enumerate(catalog.exposures[e.id].acts)
        for row in act_numbers(e.id, i, act)
    }
    used |= {observed_row(p.row.assay, p.row.readout, part) for p in rows for part in ("gain", "blank")}
    found = [Unknown(key(p), p["meaning"], p["unit"], float(p["median"]), float(p["log_sd"])) for p in read("priors.tsv")]
    for row, q in quantities(catalog):
        if row in used and q.distribution is Distribution.LOGNORMAL and q.spread > 0:
            found.append(Unknown(row, row.replace("/", " "), q.unit, q.value, q.spread))
    return tuple(found)


def aliases(catalog: Catalog, names: set[str]) -> dict[str, str]:
    """Return, for each row that a state borrows, the fitted row it follows."""
    found = {}
    for state in catalog.states.values():
        for name in names:
            base, _, where = name.partition("@")
            own = f"{base}@{state.id}"
            if state.like and where == state.like and own not in names:
                found[own] = name
    return found
