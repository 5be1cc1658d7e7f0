"""Drugs and smoke as probes of the body, and its consistency with itself and with tracers: ``docs/reference/probes.md``.

Run: ``python -m derive.probes`` (``--check`` compares). Studies are those of the calibration side, read and predicted as the scoreboard does;
what an exposure is taken to do stands in ``knowledge/exposures``. Study rows: ``derive.probed``. Consistency rows: ``derive.consistency``. Words on what is off: ``derive.reasons``.
"""

from __future__ import annotations

import numpy as np

from derive import why_small
from derive.bodies import DRAWS, SEED, Doses, body, constants, of, solved, theta
from derive.consistency import checks, enanthate, patch_arithmetic
from derive.kept import kept
from derive.posterior import TARGET
from derive.probed import INPUT, PROBES, acts, bold, fold, reasons, results, text
from derive.published import ERRORS, HOLDS, MISS, NEAR
from estrogenome.catalog.exposures import InputAct
from estrogenome.catalog.load import load_catalog
from estrogenome.parameters.expose import at_dose
from estrogenome.trajectories import reasons as why_less

PAGE = TARGET.parents[4] / "docs" / "reference" / "probes.md"
# mg/d of the two arms, by the abstract of galbraith1989, with the published labelled share over that before
CIMETIDINE = {1600.0: 19.7 / 31.7, 800.0: 24.5 / 36.8}
PM, MAN = "postmenopausal", "man"


def section(probe: str) -> list[str]:
    """Return what a probe is taken to do, predicted beside published, and what explains what is off."""
    heading, exposures, _ = PROBES[probe]
    lines = [f"## {heading}", "", *acts(exposures)]
    lines += [
        "| row | study | readout | assay | published | body alone: median (90 %) | number of such a study: 90 % | verdict |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for r in results()[probe]:
        row = r.planned.row
        what = f"{row.readout}, {row.arm}" + (f" against {row.against}" if row.against else "")
        below = "beyond " if row.below else ""
        unit = "" if row.unit == "1" else f" {row.unit}"
        published = "no difference" if row.use == "null" else f"{below}{row.value:g}{unit}"
        lines.append(
            f"| `{r.id}` | {r.planned.study.id}, n = {row.n or r.planned.arm.n or 'not printed'} | {what} | {row.assay} | {published} | "
            f"{r.body[1]:.3g} ({r.body[0]:.3g} to {r.body[2]:.3g}) | {r.study[0]:.3g} to {r.study[1]:.3g} | {bold(r.verdict)} |"
        )
    return [*lines, "", *reasons([r.id for r in results()[probe]])]


def cimetidine() -> list[str]:
    """Return why E2 moves so little: each reason put in, and what a full stop would do."""
    high = max(CIMETIDINE)
    doses: Doses = (("cimetidine", high),)
    before, own = body(MAN), constants(MAN, doses)
    rates = np.array(
        [
            before.solution.fluxes.T,
            why_less.rates_at(
                before.solution.kernel, {n: v for n, v in own.items() if n in before.solution.kernel.constants}, before.solution
            ),
        ]
    )
    moved = np.median(np.abs(rates[1] - rates[0]), axis=1) > why_less.SAME * np.median(np.abs(rates[0]), axis=1)
    removed = why_less.net_change(before.solution.kernel, "E2") < 0
    total = [rates[i, removed].sum(axis=0) for i in (0, 1)]
    through = [rates[i, removed & moved].sum(axis=0) for i in (0, 1)]
    said = all(e.dose is not None for r in results()["cimetidine"] for e in r.planned.arm.exposures)
    unsaid = "" if said else " (the study file gives none, so that its rows are predicted at 1200 mg/d)"
    acting = load_catalog().exposures["cimetidine"].acts
    enzymes = [
        at_dose(theta()[f"exposure/cimetidine/{i}"], high / act.at_dose)
        for i, act in enumerate(acting)
        if not isinstance(act, InputAct) and act.at_dose
    ]
    fast = {n: v * why_small.FLOW for n, v in own.items() if n.startswith("Q_")}
    flow = solved(own | fast).solution.of("E2") / solved(constants(MAN) | fast).solution.of("E2")
    lines = [
        f"At the doses of the abstract{unsaid}:",
        "",
        "| mg/d | labelled share 2-hydroxylated, published | ours | E2 |",
        "|---|---|---|---|",
        *(
            f"| {dose:g} | {share:.3f} | {text(fold((('cimetidine', dose),), (), MAN, 'dose_2oh'))} | {text(fold((('cimetidine', dose),), (), MAN, 'e2'))} |"
            for dose, share in CIMETIDINE.items()
        ),
        "",
        f"Why E2 moves so little, each reason put in (in the same bodies, {high:g} mg/d):",
        "",
        "| step | E2, fold |",
        "|---|---|",
        f"| the most inhibited enzyme were the only way out of E2 | {text(1 / np.min(enzymes, axis=0))} |",
        f"| all inhibited reactions were the only way out: the drug reaches {text(through[1] / through[0])} of their rate | {text(through[0] / through[1])} |",
        f"| beside the other paths, at unchanged levels: these reactions are {np.median(through[0] / total[0]):.0%} of E2's removal | {text(total[0] / total[1])} |",
        f"| the model: flow of blood, return of E1 and E1S, neighbours | {text(fold(doses, (), MAN, 'e2'))} |",
        f"| the model with blood that flows {why_small.FLOW:g} times faster | {text(flow)} |",
        "",
    ]
    target = CIMETIDINE[high]
    needed = inhibition(target)
    level, share = scaled(needed)
    stopped, _ = scaled(0.0)
    lines += [
        f"What would have to be: 2-hydroxylation at {needed:.2f} of its rate in every tissue gives the published {target:.2f} of the labelled share ({share:.2f}); E2 then rises by "
        f"{level - 1:.1%}, with no 2-hydroxylation at all by {stopped - 1:.1%} (centre of every parameter). Slower 2-hydroxylation alone "
        + ("gives" if stopped >= 1.2 else "cannot give")
        + " the published 20 %: E1 and E1S are made of what the liver does not hydroxylate, and leave by other ways. What else cimetidine does to a gonad or its axis is not in this version;",
        "nine men are few, and the number is printed as *about*.",
        "",
    ]
    return lines


def scaled(rate: float) -> tuple[float, float]:
    """Return (E2, labelled 2-hydroxylated share) of a man whose 2-hydroxylation runs at ``rate``, over those of the same man before."""
    known = constants(MAN, middle=True)
    slow = solved(known | {n: np.full(1, rate) for n in known if n.startswith("factor_hydroxylation_2_")})
    before = body(MAN, middle=True)
    return float((of(slow, "e2") / of(before, "e2"))[0]), float((of(slow, "dose_2oh") / of(before, "dose_2oh"))[0])


def inhibition(target: float) -> float:
    """Return the rate of 2-hydroxylation that gives ``target`` times the labelled share, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if scaled(middle)[1] > target else (middle, high)
    return (low + high) / 2


# readout → assay, of the residuals
RESIDUALS = ("H1-311", "H1-312", "H1-313", "H1-315", "H1-316", "H1-317", "DIX-e2-ana", "DIX-e2-let", "DIX-e1s-ana", "DIX-e1s-let")
MOLAR = {"e1": 270.37, "e2": 272.38, "e1s": 350.43}


def residuals() -> list[str]:
    """Return what is left by tracer, in the body and in the assay, and which blank would make the published residual of it."""
    lines = [
        "What is left, in per cent of before. The body is linear after menopause (every estrogen is made by aromatase, factor for factor), so that E1, E2 and E1S fall as the",
        "tracer does. *Assay*: gain × level + blank. *Blank needed*: what the assay must read where there is nothing, so that the body's residual becomes the published one.",
        "",
        "| row | drug | hormone | tracer | body | assay | published | blank of the assay, pmol/L | blank needed, pmol/L |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    rows = {r.id: r.planned for r in results()["inhibitors"]}
    needs: dict[str, list[float]] = {}
    for name in RESIDUALS:
        row, arm = rows[name].row, rows[name].arm
        doses: Doses = tuple((e.id, e.dose) for e in arm.exposures)
        drug = doses[0][0]
        left = 1 + row.value / 100
        before, after = of(body(PM), row.readout), of(body(PM, doses), row.readout)
        gain, blank = (theta().get(f"assay/{row.assay}/{row.readout}/{part}") for part in ("gain", "blank"))
        gain = np.ones(1) if gain is None else gain
        blank = np.zeros(1) if blank is None else blank
        pmol = 1e3 / MOLAR[row.readout]
        need = (left * gain * before - gain * after) / (1 - left) * pmol
        needs.setdefault(row.readout, []).append(float(np.median(need)))
        own = "none" if not blank.any() else text(blank * pmol)
        lines.append(
            f"| `{name}` | {drug} | {row.readout} | {100 * np.median(fold(doses, (), PM, 'rho_a4_e1')):.2g} | {100 * np.median(after / before):.2g} | "
            f"{text(100 * (gain * after + blank) / (gain * before + blank))} | {100 * left:.3g} | {own} | {text(need)} |"
        )
    lines.append("")
    for hormone, found in needs.items():
        lines.append(f"- {hormone}: one blank would have to be {min(found):.2g} to {max(found):.2g} pmol/L, depending on the row.")
    lines += [
        "",
        "The printed sensitivities (E1 7 to 10 of 80 pmol/L, E2 2 to 3 of 20; by GC-MS 79 % of E2 and 70 % of E1 under anastrozole lie below the limit) are of that size: residuals of E1",
        "and E2 by immunoassay are floors, and E1S and the tracer say what the drug does. A negative blank says that no floor can make the published number of ours.",
        "",
    ]
    return lines


def men() -> list[str]:
    """Return what the gonad makes of E2 in the man of the model."""
    made = body(MAN).solution
    gonad = made.of("secrete_E2_gonad")
    share = gonad / (gonad + made.of("aromatise_T_periphery"))
    return [
        f"Of the E2 that is made as E2 in the man of the model the gonad makes {text(100 * share)} %. Its inhibition there is assumed, and its secretion is held: that the gonad is driven harder",
        "while T rises by half (as in these men) is not in this version. T is given in these arms, not predicted.",
        "",
    ]


def smoking() -> list[str]:
    """Return smoke by route, and how far the enzyme alone can go."""
    oral: Doses = (("estradiol_oral", 2.0),)
    skin: Doses = (("estradiol_patch", 50.0),)
    smoke: Doses = (("smoking", None),)
    lines = [
        "| CYP1A2 activity | labelled share 2-hydroxylated | E2, 2 mg by mouth | E2, patch of 50 ug/d | E2, none taken |",
        "|---|---|---|---|---|",
    ]
    lines.append(f"| as drawn | {' | '.join(text(v) for v in _smoke(oral, skin, smoke))} |")
    for times in (3.0, 10.0, 100.0):
        row = []
        for doses, readout in (((), "dose_2oh"), (oral, "e2"), (skin, "e2"), ((), "e2")):
            after = solved(constants(PM, doses + smoke, middle=True, instead=(("exposure/smoking/0", times),)))
            row.append(float((of(after, readout) / of(body(PM, doses, middle=True), readout))[0]))
        lines.append(f"| ×{times:g} | {' | '.join(f'{v:.3g}' for v in row)} |")
    return [
        "Smokers over non-smokers in the same bodies:",
        "",
        *lines,
        "",
        f"By mouth E2 falls further than through the skin, as published. To halve it by mouth CYP1A2 alone would have to be ×{halving(oral, smoke):.1f}; smokers have ×{load_catalog().exposures['smoking'].acts[0].multiple.value:g}. The gut lets a few per cent",
        "of a dose pass as E2, and what it makes of the rest comes back as E1 and E1S, through the liver's enzymes again and again: so this enzyme counts for more by mouth. What smoke does in the gut",
        "(CYP1A1 alone here, with an assumed share of what the gut hydroxylates), dose and adherence are left.",
        "",
    ]


def halving(oral: Doses, smoke: Doses) -> float:
    """Return the CYP1A2 activity that halves E2 under an oral dose, at the centre of every parameter, by bisection in the logarithm."""
    before = of(body(PM, oral, middle=True), "e2")[0]
    low, high = 1.0, 1000.0
    for _ in range(40):
        middle = (low * high) ** 0.5
        after = of(solved(constants(PM, oral + smoke, middle=True, instead=(("exposure/smoking/0", middle),))), "e2")[0]
        low, high = (low, middle) if after < before / 2 else (middle, high)
    return float((low * high) ** 0.5)


def _smoke(oral: Doses, skin: Doses, smoke: Doses) -> list[np.ndarray]:
    pairs = (((), "dose_2oh"), (oral, "e2"), (skin, "e2"), ((), "e2"))
    return [fold(doses + smoke, doses, PM, readout) for doses, readout in pairs]


def rifampicin() -> list[str]:
    """Return what induction does; no published number of a person was read."""
    drug: Doses = (("rifampicin", None),)
    oral: Doses = (("estradiol_oral", 2.0),)
    skin: Doses = (("estradiol_patch", 50.0),)
    woman = "follicular"
    rate = constants(woman, drug)["factor_hydroxylation_2_liver"]
    enzymes = constants(woman, drug, instead=tuple((f"exposure/rifampicin/{i}", v) for i, v in enumerate((4.0, 4.0, 1.0, 1.0))))
    lines = ["## Rifampicin: induction", "", *acts(("rifampicin",)), "| readout | with over without: median (90 %) |", "|---|---|"]
    lines += [
        f"| rate of 2-hydroxylation in the liver per E2 | {text(rate)} |",
        f"| the same, CYP3A4 ×4 and nothing else | {text(enzymes['factor_hydroxylation_2_liver'])} |",
        *(
            f"| {readout}, women with cycles | {text(fold(drug, (), woman, readout))} |"
            for readout in ("mcr_e2", "e2", "e1", "e1s", "dose_2oh", "dose_4oh", "dose_16oh", "urine_2ohe1")
        ),
        f"| e2, men | {text(fold(drug, (), MAN, 'e2'))} |",
        f"| e2, 2 mg by mouth after menopause | {text(fold(oral + drug, oral, PM, 'e2'))} |",
        f"| e2, patch of 50 ug/d after menopause | {text(fold(skin + drug, skin, PM, 'e2'))} |",
        "",
        "Published: the liver's 2-hydroxylation of estrogens ×4 under rifampicin is widely quoted; the paper was not reached, so that it is *recalled* and not scored. Our rate of 2-hydroxylation "
        + ("is below that" if np.percentile(rate, 95) < 4 else "reaches that within its interval")
        + f": CYP3A4 makes {text(100 * theta()['share/CYP3A4/hydroxylation_2/liver'])} % of it at rest (by inhibitors in microsomes), and ×4 of that part is not ×4 of the whole.",
        "The direction (more 2-hydroxylation, less E2, most by mouth) comes out. SHBG is not moved by this exposure.",
        "",
    ]
    return lines


def consistency() -> list[str]:
    """Return the table of consistency rows by group."""
    lines = [
        "## Consistency",
        "",
        f"A row *holds* when our median lies within {ERRORS:g} standard errors of the published number (inside a printed range); it is *near* when it does not and our 90 % interval meets",
        "that of the publication, a *miss* when they do not meet. Where a source prints no error the defaults of the scoreboard stand in (ten people, log-sd 0.25; marked *default*).",
        "Clearances are compared at the source's body surface. Rows marked *input* set a parameter. Transfer constants among estrogens: `tests/reproduce/tracer`.",
    ]
    group = ""
    for c in checks():
        if c.group != group:
            group = c.group
            lines += [
                "",
                f"### {group}",
                "",
                "| row | what | published | must lie between | ours: median (90 %) | unit | verdict | source |",
                "|---|---|---|---|---|---|---|---|",
            ]
        low, high = c.published.limits()
        printed = (
            f"{c.published.value:.4g}" + (f" (SE {c.published.error:.3g})" if c.published.error is not None else " (default)")
            if c.published.value is not None
            else "range"
        )
        mark = "; input" if c.published.sets else ""
        below, middle, above = c.interval
        lines.append(
            f"| `{c.id}` | {c.what} | {printed} | {low:.3g}–{high:.3g} | {middle:.3g} ({below:.3g}–{above:.3g}) | {c.unit} | {bold(c.verdict)} | {c.published.where}{mark} |"
        )
    constant, own = enanthate(constant=True), enanthate()
    lines += [
        "",
        *reasons([c.id for c in checks()]),
        f"The patch: all of 100 ug/d over our clearance is {text(patch_arithmetic())} pg/mL against 66 observed, so that {66 / float(np.median(patch_arithmetic())):.2f} of the label would have to arrive,",
        "if the published rise is read as it is (an immunoassay).",
        "",
        f"Enanthate: T at 600 over 25 mg a week is {ratio(own, 600, 25):.1f} in the model, {ratio(constant, 600, 25):.1f} at one clearance for all doses, 9.4 published; 600 over 125 mg {ratio(own, 600, 125):.1f}, {ratio(constant, 600, 125):.1f} and 4.4.",
        "",
        "2-hydroxyestrone (clearance 89 600 L/d, more than the heart pumps: red cells methylate it) cannot be asked: the model has no unconjugated 2-hydroxyestrone in plasma.",
        "",
        "Held by tests to 1e-9: production rate = clearance × level equals what all sources give through their transfer constants, for E2, E1, E1S, T, A4, DHT and P4 in every state; every mole",
        "that is made, swallowed or infused is found in a pool or has left, at the steady state and at every time of a course of ten days. Held to 1e-6: NumPy, libRoadRunner and COPASI.",
        "",
    ]
    return lines


def ratio(levels: dict[int, np.ndarray], one: int, other: int) -> float:
    """Return the median of T at one dose over that at another."""
    return float(np.median(levels[one] / levels[other]))


def summary() -> list[str]:
    """Return how many rows hold."""
    lines = ["| | holds | near | miss | input |", "|---|---|---|---|---|"]
    parts = [(PROBES[p][0], [r.verdict for r in found]) for p, found in results().items()] + [
        ("Consistency", [c.verdict for c in checks()])
    ]
    lines += [f"| {name} | {' | '.join(str(found.count(v)) for v in (HOLDS, NEAR, MISS, INPUT))} |" for name, found in parts]
    return [*lines, ""]


def page() -> str:
    """Return the page as Markdown."""
    lines = [
        "# Probes and consistency",
        "",
        f"Generated by `python -m derive.probes`: {DRAWS} draws of everything uncertain, seed {SEED}. Typical bodies, production held (open loop). Studies of the calibration side alone.",
        "",
        "A study row *holds* when the published number lies in the 90 % interval of the body alone (constants, size of the exposure, gain and blank of the assay); it is *near* when it lies outside it",
        "but inside that of such a study, which adds variance between studies and sampling (what the scoreboard scores), and a *miss* when it lies outside both. *Input*: the size of the exposure came from it.",
        "",
        *summary(),
        *section("cimetidine"),
        *cimetidine(),
        *section("inhibitors"),
        *residuals(),
        *section("men"),
        *men(),
        *section("smoking"),
        *smoking(),
        *rifampicin(),
        *consistency(),
    ]
    return "\n".join(lines).rstrip() + "\n"


def main() -> int:
    """Write or check the page."""
    return kept("probes", {PAGE: page()})


if __name__ == "__main__":
    raise SystemExit(main())
