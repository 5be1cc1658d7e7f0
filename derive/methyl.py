"""Make ``knowledge/parameters/methyl_response.tsv``: how SAM, SAH and glutathione of the liver answer to what supplies them.

The full model (``derive/data/reed2008.xml``, 34 states) is run to its steady state with one lever moved at a time. Its answer is reduced to
``ln(x / x at the reference) = e ln(lever) + c ln(lever)^2``, by least squares over the range of the lever (logarithmic grid). What the
reduction misses is told in ``docs/explanation/methyl.md`` and held by ``tests/reproduce/methyl``.

``python -m derive.methyl`` writes the file; with ``--check`` it compares (status 1 where they differ).
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import roadrunner

from derive.kept import kept

DATA = Path(__file__).parent / "data"
TARGET = Path(__file__).parents[1] / "src" / "estrogenome" / "knowledge" / "parameters" / "methyl_response.tsv"
POINTS = 9
HOURS = 20_000.0
SEEN = 0.03
STATES = {"SAM": "[sam]", "SAH": "[sah]", "GSH": "[c_gsh]"}
FOLATES = ("c_5mf", "c_2cf", "c_1cf", "c_10f", "c_dhf", "c_thf", "m_thf", "m_2cf", "m_1cf", "m_10f")
# log-sd of an elasticity, as a share of it: another model (nijhout2004) of a part of it answers up to twice as strongly
DOUBT = 0.3


@dataclass(frozen=True)
class Lever:
    """A constant of our model, what it moves in the full one, and the range over which the reduction is fitted."""

    name: str
    meaning: str
    moves: tuple[str, ...]
    range: tuple[float, float]


LEVERS = (
    Lever("supply_methionine", "methionine from the blood", ("b_met_basal",), (0.5, 1.4)),
    Lever("supply_folate", "folate of the liver", tuple(f"[{name}]" for name in FOLATES), (0.4, 2.0)),
    Lever("supply_betaine", "betaine of the liver", ("[BET]",), (0.3, 2.0)),
    Lever("supply_cysteine", "cysteine from the blood", ("V_oCys_b_basal",), (0.3, 2.0)),
    Lever("load_oxidative", "hydrogen peroxide of the liver", ("[H2O2]",), (0.5, 2.0)),
    Lever("factor_reduction_folate_liver", "activity of methylenetetrahydrofolate reductase", ("Vm_MTHFR",), (0.2, 2.0)),
    Lever("factor_remethylation_liver", "activity of methionine synthase", ("Vm_MS",), (0.3, 2.0)),
)


def full() -> Any:
    """Return the full model, loaded."""
    roadrunner.Logger.setLevel(roadrunner.Logger.LOG_ERROR)
    runner = roadrunner.RoadRunner(str(DATA / "reed2008.xml"))
    runner.integrator.relative_tolerance = runner.integrator.absolute_tolerance = 1e-10
    return runner


def settled(runner: Any, levers: dict[str, float]) -> dict[str, float]:
    """Return SAM, SAH and GSH (umol/L) at the steady state with ``levers`` (name → multiple) moved."""
    runner.resetToOrigin()
    for lever in LEVERS:
        for name in lever.moves:
            runner[name] = runner[name] * levers.get(lever.name, 1.0)
    end = runner.simulate(0, HOURS, 3, list(STATES.values()))
    if np.max(np.abs(end[-1] / end[-2] - 1)) > 1e-6:
        raise SystemExit(f"derive/methyl.py: no steady state at {levers}")
    return dict(zip(STATES, end[-1].tolist(), strict=True))


def response(runner: Any, lever: Lever) -> dict[str, tuple[float, float, float]]:
    """Return, per state, the elasticity, the curvature and the largest relative error of the reduction."""
    low, high = np.log(lever.range)
    at = np.exp(np.linspace(low, high, POINTS))
    base = settled(runner, {})
    runs = [settled(runner, {lever.name: x}) for x in at.tolist()]
    design = np.stack([np.log(at), np.log(at) ** 2], axis=1)
    found = {}
    for state in STATES:
        exact = np.array([run[state] / base[state] for run in runs])
        (e, c), *_ = np.linalg.lstsq(design, np.log(exact), rcond=None)
        found[state] = (float(e), float(c), float(np.max(np.abs(np.exp(design @ [e, c]) / exact - 1))))
    return found


def table() -> str:
    """Return the parameter table; a response below 3 % over the whole range is left out of it and of the model."""
    runner = full()
    rows = ["id\tmeaning\tvalue\tunit\tdistribution\tspread\tstate\tsource\tlocator\tnote"]
    for lever in LEVERS:
        for state, (e, c, error) in response(runner, lever).items():
            span = max(abs(e * x + c * x * x) for x in np.log(lever.range))
            if span < SEEN:
                continue
            where = f"steady states of the model at {lever.range[0]:g} to {lever.range[1]:g} times; made by derive/methyl.py"
            note = f"largest error of the reduction {100 * error:.1f} %"
            doubt = "spread assumed: a model of the liver, not people"
            first = [f"{e:.3f}", "1", "normal", f"{DOUBT * abs(e):.3f}", "transferred", "reed2008", where, f"{note}; {doubt}"]
            second = [f"{c:.3f}", "1", "fixed", "0", "transferred", "reed2008", where, note]
            rows.append(
                "\t".join([f"elasticity_{state}_{lever.name}", f"{state} of the liver to {lever.meaning}: slope of the logarithms", *first])
            )
            rows.append(
                "\t".join([f"curvature_{state}_{lever.name}", f"{state} of the liver to {lever.meaning}: their second order", *second])
            )
    return "\n".join(rows) + "\n"


def main() -> int:
    """Write or check the table."""
    return kept("methyl", {TARGET: table()})


if __name__ == "__main__":
    sys.exit(main())
