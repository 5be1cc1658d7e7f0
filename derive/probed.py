"""Rows of studies of drugs and smoke, predicted as the scoreboard predicts them, each with its verdict; and what exposures are taken to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from derive.bodies import SEED, Doses, body, of, theta
from derive.consistency import checks
from derive.published import HOLDS, MISS, NEAR
from derive.reasons import REASONS
from estrogenome.catalog.exposures import EnzymeAct, FactorAct, InputAct
from estrogenome.catalog.load import load_catalog
from estrogenome.catalog.load_studies import FOLDER, Studies, load_studies
from estrogenome.validate.between import freedom_of, tau_of
from estrogenome.validate.plan import Planned, plan
from estrogenome.validate.predict import foretell
from estrogenome.validate.score import scored
from estrogenome.validate.scoreboard import shown

INPUT = "input"
# probe → (heading, exposures, study rows), what the exposure's size came from among them
PROBES: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "cimetidine": ("Cimetidine in men", ("cimetidine",), ("PR083", "PR084", "PR085-E2", "PR085-U")),
    "inhibitors": (
        "Anastrozole and letrozole after menopause",
        ("anastrozole", "letrozole"),
        (
            "H1-310",
            "H1-311",
            "H1-312",
            "H1-313",
            "H1-314",
            "H1-315",
            "H1-316",
            "H1-317",
            "DIX-e2-ana",
            "DIX-e2-let",
            "DIX-e1s-ana",
            "DIX-e1s-let",
            "WIL-E2",
        ),
    ),
    "men": (
        "Aromatase inhibitors in men",
        ("anastrozole", "letrozole", "exemestane"),
        ("H1-024", "H1-030", "H1-017", "H1-018", "H1-001", "H1-002", "H1-007", "H1-008", "H1-061", "H1-063", "DEB-E2-LET"),
    ),
    "smoking": (
        "Smoking: by mouth and through the skin",
        ("smoking",),
        ("MIC-1", "H3146", "H3147", "H3149", "H3150", "H3153", "H3154", "H3156", "H3158"),
    ),
}


@dataclass(frozen=True)
class Result:
    """A study row: our 5th, 50th and 95th percentile of the body alone, the 90 % interval of the study's number, all as printed."""

    planned: Planned
    body: tuple[float, float, float]
    study: tuple[float, float]
    verdict: str

    @property
    def id(self) -> str:
        """The row."""
        return self.planned.row.id


@cache
def results() -> dict[str, tuple[Result, ...]]:
    """Return probe → rows, predicted as the scoreboard predicts them."""
    catalog = load_catalog()
    everything = load_studies(catalog.root / FOLDER, "calibration")
    wanted = {row for _, _, rows in PROBES.values() for row in rows}
    some = tuple(s for s in everything.studies if wanted & {r.id for r in s.rows})
    rows = [p for p in plan(Studies(some, everything.split), catalog) if p.row.id in wanted]
    told = foretell(rows, catalog, theta(), seed=SEED)
    if told.reasons or wanted != {p.row.id for p in rows}:
        raise SystemExit(f"probes: no prediction of {', '.join(sorted(told.reasons or wanted - {p.row.id for p in rows}))}")
    found = {p.row.id: _result(p, values, floor) for p, values, floor in zip(rows, told.logs, told.floors.tolist(), strict=True)}
    return {probe: tuple(found[row] for row in ids) for probe, (_, _, ids) in PROBES.items()}


def _result(planned: Planned, logs: np.ndarray, floor: float) -> Result:
    row = scored(planned, logs, tau_of(planned, load_catalog()), floor, freedom_of(planned, load_catalog()))
    if row is None:
        raise SystemExit(f"probes: no draw of {planned.row.id}")
    own = tuple(float(v) for v in np.nanpercentile(logs, (5, 50, 95)))
    alone = own[0] <= row.bound if planned.censored else own[0] <= planned.target <= own[2]
    # a null is no number: it stands where the study's interval holds it
    alone = alone or planned.row.use == "null"
    verdict = INPUT if planned.row.use == "prior" else HOLDS if alone and row.inside else NEAR if row.inside else MISS
    low, middle, high = sorted(shown(planned, v) for v in own)
    least, most = sorted(shown(planned, v) for v in row.interval)
    return Result(planned, (low, middle, high), (least, most), verdict)


def off() -> dict[str, str]:
    """Return id → verdict of every row of the page that does not hold."""
    rows = [(r.id, r.verdict) for found in results().values() for r in found] + [(c.id, c.verdict) for c in checks()]
    return {name: verdict for name, verdict in rows if verdict in {NEAR, MISS}}


def text(values: np.ndarray) -> str:
    """Return draws as ``0.98 (0.95–1.01)``."""
    low, middle, high = np.nanpercentile(values, (5, 50, 95))
    return f"{middle:.3g} ({low:.3g}–{high:.3g})"


def fold(after: Doses, before: Doses, state: str, readout: str) -> np.ndarray:
    """Return a readout under exposures over that under others in the same bodies, (draws,)."""
    return np.asarray(of(body(state, after), readout) / of(body(state, before), readout))


def taken(exposures: tuple[str, ...]) -> Iterator[str]:
    """Yield a line per act: what an exposure is taken to do."""
    for name in exposures:
        entry = load_catalog().exposures[name]
        for act in entry.acts:
            if isinstance(act, EnzymeAct):
                on = f"{act.id} in {' and '.join(act.tissues)}" if act.tissues else act.id
            elif isinstance(act, FactorAct):
                on = f"{act.reaction} in {act.tissue}"
            else:
                on = act.id
            at = f" at {act.at_dose:g} {entry.dose.unit}" if not isinstance(act, InputAct) and act.at_dose and entry.dose else ""
            q = act.multiple
            yield f"| {entry.name} | {on} | ×{q.value:g}{at} (log-sd {q.spread:g}) | {q.state} | {q.source}, {q.locator} |"


def acts(exposures: tuple[str, ...]) -> list[str]:
    """Return the table of what exposures are taken to do."""
    return ["| exposure | acts on | multiple | state | from |", "|---|---|---|---|---|", *taken(exposures), ""]


def bold(verdict: str) -> str:
    """Return a verdict, a miss in bold."""
    return f"**{verdict}**" if verdict == MISS else verdict


def reasons(ids: list[str]) -> list[str]:
    """Return a line for every row of ``ids`` that is off."""
    told: dict[str, list[str]] = {}
    for name in ids:
        if name in off():
            told.setdefault(REASONS.get(name, "not explained."), []).append(f"`{name}` ({off()[name]})")
    return [*(f"- {', '.join(names)}: {why}" for why, names in told.items()), ""] if told else []
