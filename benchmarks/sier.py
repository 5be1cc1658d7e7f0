"""Our predictions beside those of Sier 2017 (a PBPK model of estradiol), on rows that both can answer.

Usage: ``estrogenome validate --side calibration --format json > board.json; python benchmarks/sier.py board.json [--side calibration]``.

The SBML of Sier 2017 (BioModels MODEL1711210002) could not be had here, so its model is **not run**. Its liver kinetics and binding
constants had been read (``data/sier2017.tsv``) and are enough for its clearance: unbound intrinsic clearance is so large (one step carries
99.8 % of it) that the liver takes up whatever flows in, and clearance is the liver's flow, whatever the volume of its cells. The flow
itself was not read: a blood flow of 1.45 L/min is assumed, once counted as it stands and once as plasma; the reading that fits a row better
counts. Levels under treatment and volumes need its absorption and partition constants: they are left to whoever has the SBML. The only
figure for its whole, 1.94 (geometric mean fold error of nine rows at the most generous reading), was told and not made here.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import sys
from pathlib import Path
from typing import Any

from estrogenome.catalog.load import load_catalog
from estrogenome.catalog.load_studies import FOLDER, load_studies
from estrogenome.core.errors import KnowledgeError
from estrogenome.core.units import convert

DATA = Path(__file__).parent / "data" / "sier2017.tsv"
TOLD = 1.94
# dissociation constants as read in its SBML (nmol/L); levels of SHBG and albumin (nmol/L) of a woman
BINDING = ((60.0, 1.5), (623_000.0, 17_000.0))
BLOOD_FLOW = 1.45 * 1440
HAEMATOCRIT = 0.45
CELLS = 1.5
GROUPS = ("level", "clearance", "volume")


def intrinsic() -> dict[str, float]:
    """Return first-order clearance per litre of hepatocytes by enzyme, in L/d/L."""
    with DATA.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader((line for line in stream if not line.startswith("#")), delimiter="\t"))
    found: dict[str, float] = {}
    for row in rows:
        per_minute = float(row["concentration"]) * float(row["kcat"]) / (float(row["Km"]) * 1e3)
        found[row["enzyme"]] = found.get(row["enzyme"], 0.0) + per_minute * 1440
    return found


def clearance(flow: float, cells: float = CELLS) -> float:
    """Return the clearance (L/d) of a well-stirred liver of ``flow`` (L/d) with ``cells`` litres of hepatocytes."""
    unbound = 1 / (1 + sum(level / constant for level, constant in BINDING))
    taken = unbound * sum(intrinsic().values()) * cells
    return flow * taken / (flow + taken)


def readings() -> dict[str, float]:
    """Return its clearance of E2 (L/d) at both readings of the flow."""
    return {"whole blood": clearance(BLOOD_FLOW), "plasma": clearance(BLOOD_FLOW * (1 - HAEMATOCRIT))}


def group_of(row: dict[str, Any], treated: dict[tuple[str, str], bool]) -> str | None:
    """Return which of its outputs a row asks for, or None: E2 alone, in people, absolute, with a treatment where it is a level."""
    if row["against"] or not (row["scored"] or row["use"] == "input"):
        return None
    if row["readout"] == "mcr_e2":
        return "clearance"
    if row["readout"].startswith("volume_e2"):
        return "volume"
    return "level" if row["readout"] == "e2" and treated.get((row["study"], row["arm"]), False) else None


def fold(rows: list[tuple[str, float]]) -> float:
    """Return the geometric mean fold error of (cohort, |log error|): mean within a cohort, then over cohorts."""
    cohorts: dict[str, list[float]] = {}
    for cohort, error in rows:
        cohorts.setdefault(cohort, []).append(error)
    return math.exp(sum(sum(e) / len(e) for e in cohorts.values()) / len(cohorts))


def error_of_sier(row: dict[str, Any]) -> float | None:
    """Return |log error| of the better reading, or None where the row's unit is not L/d (per body size)."""
    try:
        published = convert(float(row["published"]), row["unit"], "L/d")
    except KnowledgeError:
        return None
    return min(abs(math.log(value / published)) for value in readings().values())


def compare(board: dict[str, Any], treated: dict[tuple[str, str], bool]) -> list[str]:
    """Return the table: per group, rows, our fold error and theirs on the same rows."""
    lines = [f"{'group':10s} {'rows':>4s} {'ours':>6s} {'Sier 2017':>9s}"]
    for group in GROUPS:
        rows = [row for row in board["rows"] if group_of(row, treated) == group]
        if group == "clearance":
            both = [(row, error) for row in rows if (error := error_of_sier(row)) is not None]
            rows = [row for row, _ in both]
            theirs = f"{fold([(row['cohort'], error) for row, error in both]):.2f}" if both else "-"
        else:
            theirs = "not run"
        ours = f"{fold([(row['cohort'], abs(row['log_error'])) for row in rows]):.2f}" if rows else "-"
        lines.append(f"{group:10s} {len(rows):4d} {ours:>6s} {theirs:>9s}")
    flows = ", ".join(f"{value:.0f} L/d ({name})" for name, value in readings().items())
    return [*lines, f"Sier 2017, clearance rebuilt from its liver kinetics: {flows}; told of its whole: {TOLD} on nine rows."]


def treatments(side: str) -> dict[tuple[str, str], bool]:
    """Return, per (study, arm), whether estradiol is given; files of the other side are not read."""
    found = {}
    catalog = load_catalog()
    for study in load_studies(catalog.root / FOLDER, side).studies:  # type: ignore[arg-type]
        for name, arm in study.arms.items():
            step, given = arm, arm.exposures
            while given is None and step.base:
                step = study.arms[step.base]
                given = step.exposures
            found[study.id, name] = any("estradiol" in exposure.id for exposure in given or ())
    return found


def main() -> int:
    """Print the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("board", type=Path, help="output of estrogenome validate --format json")
    parser.add_argument("--side", choices=("calibration", "check", "all"), default="calibration", help="side of the rows in it")
    arguments = parser.parse_args()
    board = json.loads(arguments.board.read_text(encoding="utf-8"))
    print("\n".join(compare(board, treatments(arguments.side))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
