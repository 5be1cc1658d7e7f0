"""The two cores of the cycle over the body, and genotype through the loop: ``docs/reference/cycles.md`` and its figure.

Run: ``python -m derive.cycles`` (``--check`` compares). Untouched women by phase against NHANES, the clearance of E2 changed with the loop
open and closed (both cores, and the axis of a man), E2 given without end and taken away, and who follows the open loop (``derive.followed``).
"""

from __future__ import annotations

import csv
import gzip
import re
import sys
from functools import cache
from pathlib import Path

import numpy as np

from derive.curves import Curve, Panel, figure
from derive.followed import (
    CORES,
    FOLLICULAR,
    LUTEAL,
    RATIOS,
    READ,
    UNITS,
    after_menopause,
    at_clearances,
    by_phase,
    central,
    constant_estradiol,
    drawn,
    follow,
    mean,
    of_men,
    peaks,
)
from derive.population import DATA, belongs, number
from derive.survey import weighted_quantile

DOCS = Path(__file__).parent.parent / "docs"
PAGE = DOCS / "reference" / "cycles.md"
FIGURE = DOCS / "figures" / "cycles.svg"
COLUMNS = {"LH": "lh_miu_ml", "FSH": "fsh_miu_ml", "E2": "e2_pg_ml", "P4": "p4_ng_dl"}
DRAWS = 40


@cache
def ranges() -> dict[tuple[str, str], tuple[float, float, float]]:
    """Return (state, quantity) → 5th, 50th and 95th percentile of NHANES women with an even number, weighted, in the units of ``UNITS``."""
    with gzip.open(DATA, "rt", encoding="utf-8") as stream:
        rows = [r for r in csv.DictReader(stream) if int(r["seqn"]) % 2 == 0]
    found = {}
    for state in ("follicular", "luteal", "postmenopausal"):
        group = [r for r in rows if belongs(r) == state]
        for name, column in COLUMNS.items():
            x, w = (np.array([number(r, c) for r in group]) for c in (column, "weight"))
            use = np.isfinite(x) & (w > 0)
            found[state, name] = tuple(weighted_quantile(x[use], w[use], (0.05, 0.5, 0.95)) / (100 if name == "P4" else 1))
    return found


def buffered(closed: float, opened: float) -> str:
    """Return the share of a change (logarithm) that the loop takes back, in percent."""
    return "" if abs(np.log(opened)) < 0.01 else f"{100 * (1 - np.log(closed) / np.log(opened)):.0f}"


def untouched() -> list[str]:
    """Return the table of untouched women by phase."""
    found = {axis: follow(axis, central(axis, "follicular")) for axis in CORES}
    seen = {axis: by_phase(f) for axis, f in found.items()}
    out = ["| phase | | " + " | ".join(CORES.values()) + " | NHANES, 5 to 95 % (median) |", "|---|---|" + "---|" * (len(CORES) + 1)]
    for state in ("follicular", "luteal"):
        for name in READ:
            low, middle, high = ranges()[state, name]
            cells = " | ".join(f"{seen[axis][state, name]:.3g}" for axis in CORES)
            out.append(f"| {state} | {name}, {UNITS[name]} | {cells} | {low:.3g} to {high:.3g} ({middle:.3g}) |")
    out.append("| | days between peaks of LH | " + " | ".join(f"{f.periods(0).mean():.1f}" for f in found.values()) + " | |")
    out.append("| | highest LH, IU/L | " + " | ".join(f"{f.courses['LH'].max():.0f}" for f in found.values()) + " | |")
    return out


def through_the_loop() -> tuple[list[str], str]:
    """Return the table of clearances, and the figure."""
    out = [
        "| clearance of E2 | | days | mean E2 | highest P4 | E2 times | open loop: E2 times | taken back, % |",
        "|---|---|---|---|---|---|---|---|",
    ]
    times: dict[str, list[float]] = {}
    opened: list[float] = []
    for axis, name in CORES.items():
        runs = {closed: at_clearances(axis, central(axis, "follicular"), closed=closed) for closed in (True, False)}
        levels = {closed: np.array([mean(f, i, "E2") for i in range(len(RATIOS))]) for closed, f in runs.items()}
        change = {closed: level / level[RATIOS.index(1.0)] for closed, level in levels.items()}
        times[name], opened = change[True].tolist(), change[False].tolist()
        for i, ratio in enumerate(RATIOS):
            f = runs[True]
            days, p4 = f.periods(i).mean() if len(f.periods(i)) else float("nan"), f.courses["P4"][i].max()
            out.append(
                f"| × {ratio:g} | {name} | {days:.1f} | {levels[True][i]:.0f} | {p4:.0f} | {change[True][i]:.2f} | {change[False][i]:.2f} "
                f"| {buffered(change[True][i], change[False][i])} |"
            )
    men = {closed: of_men(closed=closed) for closed in (True, False)}
    for i, ratio in enumerate(RATIOS):
        out.append(f"| × {ratio:g} | man | | | | {men[True][i]:.2f} | {men[False][i]:.2f} | {buffered(men[True][i], men[False][i])} |")
    courses = [follow(axis, central(axis, "follicular"), days=56.0) for axis in CORES]
    panels = [
        Panel(
            "E2 over that at the usual clearance",
            "clearance of E2, times the usual",
            (0.7, 0.85, 1.0, 1.15, 1.3),
            (0.6, 0.8, 1.0, 1.2, 1.4, 1.6),
            [
                Curve("a", "Röblitz", RATIOS, times["Röblitz"]),
                Curve("b", "Selgrade", RATIOS, times["Selgrade"]),
                Curve("c", "man", RATIOS, men[True].tolist()),
                Curve("open", "open", RATIOS, opened),
            ],
        ),
        *(
            Panel(
                title,
                "days; LH peaks on day 14",
                (0, 14, 28, 42, 56),
                ticks,
                [
                    Curve(kind, words, f.days.tolist(), f.courses[name][0].tolist())
                    for kind, words, f in zip("ab", CORES.values(), courses, strict=True)
                ],
            )
            for title, name, ticks in (("E2, pg/mL", "E2", (0, 100, 200, 300, 400)), ("P4, ng/mL", "P4", (0, 5, 10, 15, 20, 25)))
        ),
    ]
    return out, figure(
        panels, "Genotype through the loop", "E2 against its clearance with the loop open and closed, and two settled cycles of both cores."
    )


def drawn_women() -> list[str]:
    """Return the table of draws: who keeps ovulating when the clearance changes."""
    out = ["| | × 0.7 | × 1.3 | days between peaks at × 1, 5 to 95 % |", "|---|---|---|---|"]
    for axis, name in CORES.items():
        values = drawn(axis, "follicular", DRAWS)
        found = at_clearances(axis, values, (0.7, 1.0, 1.3), closed=True, days=112.0)
        at = [np.array([found.ovulates(i) for i in range(k * DRAWS, (k + 1) * DRAWS)]) for k in range(3)]
        lost = [int(np.sum(at[1] & ~now)) for now in (at[0], at[2])]
        periods = [found.periods(i).mean() for i in range(DRAWS, 2 * DRAWS) if found.ovulates(i) and len(found.periods(i))]
        low, high = np.quantile(periods, (0.05, 0.95))
        out.append(f"| {name} | {lost[0]} of {int(at[1].sum())} | {lost[1]} of {int(at[1].sum())} | {low:.1f} to {high:.1f} |")
    return out


def estradiol_without_end() -> list[str]:
    """Return the table of E2 given without end and taken away."""
    out = [
        "| E2 given, pg/mL without a cycle | | mean E2 | LH, median (highest) | FSH | highest P4 | first peak of LH after the end, days | days between later peaks |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for level in (20.0, 50.0, 100.0, 150.0, 200.0):
        for axis, name in CORES.items():
            on, off = constant_estradiol(axis, level)
            late = slice(len(on.days) // 2, None)
            lh, fsh, e2, p4 = (on.courses[n][0, late] for n in READ)
            after = off.days[peaks(off.courses["LH"][0])]
            first = f"{after[0]:.0f}" if len(after) else "none"
            later = f"{np.diff(after[-4:]).mean():.1f}" if len(after) > 4 else ""
            out.append(
                f"| {level:g} | {name} | {e2.mean():.0f} | {np.median(lh):.1f} ({lh.max():.0f}) | {fsh.mean():.1f} | {p4.max():.1f} | {first} | {later} |"
            )
    return out


def menopause() -> list[str]:
    """Return the table of women after menopause with E2 through the skin."""
    doses = (0.0, 25.0, 50.0, 100.0)
    levels = after_menopause(doses)
    out = ["| E2 that arrives, ug a day | E2, pg/mL | FSH, IU/L | LH, IU/L |", "|---|---|---|---|"]
    out += [f"| {d:g} | {levels['E2'][i]:.1f} | {levels['FSH'][i]:.0f} | {levels['LH'][i]:.0f} |" for i, d in enumerate(doses)]
    for name in ("FSH", "LH"):
        low, middle, high = ranges()["postmenopausal", name]
        out.append(
            f"| NHANES, {name}: 5 to 95 % (median) | | {f'{low:.0f} to {high:.0f} ({middle:.0f})'} | |"
            if name == "FSH"
            else f"| NHANES, LH | | | {low:.0f} to {high:.0f} ({middle:.0f}) |"
        )
    return out


def open_loop() -> list[str]:
    """Return the table of those whom no axis answers: E2 at a changed clearance with the loop closed over that with it open."""
    out = ["| | × 0.7 | × 1.3 |", "|---|---|---|"]
    cells = [
        float((after_menopause((0.0,), clearance=r)["E2"] / after_menopause((0.0,), clearance=r, closed=False)["E2"])[0])
        for r in (0.7, 1.3)
    ]
    out.append(f"| after menopause, or without ovaries | {cells[0]:.3f} | {cells[1]:.3f} |")
    for axis, name in CORES.items():
        values = central(axis, "follicular") | {"gonadotropin_suppression": np.array([0.01])}
        levels = {
            c: [mean(f, i, "E2") for i in range(3)] for c in (True, False) for f in [at_clearances(axis, values, (0.7, 1.0, 1.3), closed=c)]
        }
        cells = [levels[True][i] / levels[True][1] / (levels[False][i] / levels[False][1]) for i in (0, 2)]
        out.append(f"| LH and FSH suppressed to a hundredth, {name} | {cells[0]:.3f} | {cells[1]:.3f} |")
    return out


def page() -> tuple[str, str]:
    """Return the page as Markdown, and the figure."""
    clearances, drawing = through_the_loop()
    text = f"""# The cycle, and genotype through the loop

Generated by `python -m derive.cycles`: medians of all numbers, the mean genotype. Two published cores drive the same body; what each is made of, and what was replaced, stands in
[the axis of women](../explanation/axis_female.md). Where they disagree nobody knows better: the difference is part of what is uncertain.

## Untouched women
Medians over all hours of six settled cycles; a phase is told by P4 as in NHANES (below {FOLLICULAR:g} and above {LUTEAL:g} ng/mL), women of 20 to 44 with an even number.

{chr(10).join(untouched())}

## Clearance of E2
Every removal of E2 alike. With the loop open the ovary goes on as in the usual body; with it closed the pituitary sees what stands in blood.

![E2 against its clearance, and the cycles of both cores](../figures/cycles.svg)

{chr(10).join(clearances)}

Closed lies below open in every one: the axis takes a part of the change back. How much, the cores do not agree on, and a study that finds no effect of a genotype on E2 in
women with cycles can owe that to the loop alone by this much.

Of {DRAWS} draws of everything (body and axis, three cycles each), those that ovulate at the usual clearance and no longer at a changed one:

{chr(10).join(drawn_women())}

## E2 given without end
180 days of E2 at a constant rate from one day of a cycle on (read over the second half), then none for 280.

{chr(10).join(estradiol_without_end())}

## After menopause
{chr(10).join(menopause())}

## Who follows the open loop
E2 at a changed clearance, the change with the loop closed over that with it open: 1 where nothing answers.

{chr(10).join(open_loop())}
"""
    return text, drawing


def numbers(text: str) -> list[float]:
    """Return the numbers of a page."""
    return [float(n) for n in re.findall(r"(?<![\w.-])\d+(?:\.\d+)?", text)]


def main() -> int:
    """Write or check the page and the figure."""
    text, drawing = page()
    if "--check" in sys.argv:
        committed = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
        ours, theirs = numbers(text), numbers(committed)
        same = len(ours) == len(theirs) and np.allclose(ours, theirs, rtol=0.03, atol=0.11)
        sys.stdout.write(f"cycles: {'unchanged' if same else 'differs; run python -m derive.cycles'}\n")
        return 0 if same else 1
    PAGE.write_text(text, encoding="utf-8")
    FIGURE.write_text(drawing, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
