"""What one genotype does to every readout, beside what others measured: ``docs/reference/variants.md`` and its figure.

Run: ``python -m derive.variants`` (``--check`` compares). Genotypes stand in ``data/variants.tsv``, findings in
``data/variants_published.tsv`` (see ``derive.findings``), reasons in ``derive.why_small``, the rule of the verdicts in ``derive.power``.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from math import exp, log
from typing import NamedTuple

import numpy as np

from derive.findings import Finding, findings
from derive.forest import Line, forest
from derive.genotypes import DRAWS, MEAN, SEED, bodies
from derive.inputs import read
from derive.kept import kept
from derive.posterior import TARGET
from derive.power import CRITICAL, DETECTABLE, LEVEL, POWER, power, verdict
from derive.why_small import FLOW, Chain, chain
from estrogenome.catalog.load import load_catalog
from estrogenome.readouts.evaluate import draws_of
from estrogenome.trajectories import simulate

DOCS = TARGET.parents[4] / "docs"
PAGE = DOCS / "reference" / "variants.md"
FIGURE = DOCS / "figures" / "variants.svg"
STATES = ("follicular", "postmenopausal", "man")
# a readout that stays within this of 1 in nine of ten draws is left out
UNMOVED = 0.05
# an enzyme effect below this (in the logarithm) has no way to lose
NOTHING = 0.02
NONE = "no readout yet"


class Compared(NamedTuple):
    """A finding with the steps of the model, the verdict and its reason."""

    finding: Finding
    chain: Chain | None
    verdict: str
    why: str


@cache
def compared() -> tuple[Compared, ...]:
    """Return every finding compared; those whose readout the catalog lacks have no chain."""
    out = []
    for finding in findings():
        row = finding.row
        if row["readout"] not in load_catalog().readouts:
            out.append(Compared(finding, None, NONE, ""))
            continue
        steps = chain(row["state"], row["readout"], row["variant"], row["against"])
        out.append(Compared(finding, steps, *verdict(finding.study, steps.model)))
    return tuple(out)


@cache
def genotypes() -> dict[str, dict[str, str]]:
    """Return the rows of the table of genotypes by id."""
    return {row["id"]: row for row in read("variants.tsv")}


def named(row: dict[str, str]) -> str:
    """Return ``GENE one against other``."""
    one, other = genotypes()[row["variant"]], genotypes()[row["against"]]
    return f"{one['gene']} {one['label']} against {other['label']}"


def shown(logs: np.ndarray | None) -> str:
    """Return draws of a log fold as ``0.98 (0.95–1.01)``."""
    if logs is None:
        return "–"
    low, middle, high = np.exp(np.nanpercentile(logs, (5, 50, 95)))
    return f"{middle:.2f} ({low:.2f}–{high:.2f})"


def single(logs: np.ndarray | None) -> str:
    """Return the median of draws of a log fold."""
    return "–" if logs is None else f"{exp(float(np.median(logs))):.2f}"


def theirs(finding: Finding) -> tuple[float, float, float] | None:
    """Return the published log fold with its 95 % interval; of a null, none."""
    effect, error = finding.study.effect, finding.study.error
    if finding.study.kind != "number" or effect is None or error is None:
        return None
    return effect - CRITICAL * error, effect, effect + CRITICAL * error


def printed(finding: Finding) -> str:
    """Return what was published as text."""
    row, known = finding.row, theirs(finding)
    if known:
        return f"{exp(known[1]):.2f} ({exp(known[0]):.2f}–{exp(known[2]):.2f})"
    if finding.study.kind == "null":
        return "no difference reported"
    implied = f", about {finding.implied:.2g} by its P" if finding.implied else ""
    return f"{row['fold']}{implied}"


def chance(finding: Finding, logs: np.ndarray | None) -> str:
    """Return the power of the study at the median of a log fold."""
    error = finding.study.error
    return "–" if error is None or logs is None else f"{float(power(float(np.median(logs)), error)[0]):.0%}"


def summary() -> list[str]:
    """Return the table of predicted against published."""
    lines = [
        "## Predicted against published",
        "",
        "| genotypes | state | readout | ours | published | study could see | found, if ours is true | verdict |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for c in compared():
        row, seen = c.finding.row, c.finding.detectable
        mark = " (input)" if row["input"] else ""
        ours = (shown(c.chain.model), chance(c.finding, c.chain.model)) if c.chain else ("–", "–")
        lines.append(
            f"| {named(row)} | {row['state']} | {row['readout']} | {ours[0]} | {printed(c.finding)} | {_limits(seen)} | {ours[1]} | "
            f"{'**' if c.verdict.startswith('incompatible') else ''}{c.verdict}{'**' if c.verdict.startswith('incompatible') else ''}{mark} |"
        )
    return lines


def _limits(seen: float | None) -> str:
    return "unknown" if seen is None else f"below {1 / seen:.2f}, above {seen:.2f}"


def gene_lines() -> list[str]:
    """Return one line a gene: verdicts, and where its sources disagree with each other."""
    lines = ["## Gene by gene", ""]
    for gene in dict.fromkeys(genotypes()[c.finding.row["variant"]]["gene"] for c in compared()):
        own = [c for c in compared() if genotypes()[c.finding.row["variant"]]["gene"] == gene]
        counts = {v: sum(c.verdict == v for c in own) for v in dict.fromkeys(c.verdict for c in own)}
        text = ", ".join(f"{n} {v}" for v, n in counts.items())
        lines.append(f"- **{gene}**: {text}.{''.join(_contradictions(own))}{''.join(_reasons(own))}")
    return lines


def _contradictions(own: list[Compared]) -> list[str]:
    """Return the readouts on which sources give different signs, a null among them."""
    signs: dict[str, dict[float, list[str]]] = {}
    for c in own:
        s = c.finding.study
        sign = 0.0 if s.effect is None else float(np.sign(s.effect))
        known = signs.setdefault(c.finding.row["readout"], {}).setdefault(sign, [])
        if c.finding.row["source"] not in known:
            known.append(c.finding.row["source"])
    words = {-1.0: "lower", 0.0: "no difference", 1.0: "higher"}
    lines = []
    for readout, by in signs.items():
        if len(by) > 1 and not set.intersection(*(set(sources) for sources in by.values())):
            told = [f"{words[sign]} ({', '.join(sources)})" for sign, sources in sorted(by.items())]
            lines.append(f" Contradictory in {readout}: {'; '.join(told)}.")
    return lines


def _reasons(own: list[Compared]) -> list[str]:
    told = {(c.finding.row["readout"], c.finding.row["source"]): c.why for c in own if c.verdict not in {"compatible", NONE}}
    return [f" {readout} of {source}: {why}." for (readout, source), why in told.items() if why]


def reasons() -> list[str]:
    """Return the table of what makes a body effect small."""
    lines = [
        "## Why a body effect is smaller than the effect on the enzyme",
        "",
        "Folds at the median, in the same bodies. *Enzyme*: its activity. *Only way*: the hormone if this enzyme were its only way out (or in). Then each",
        "reason is put in: its *share* of the reaction; the *fraction* of the hormone's removal that goes through the reaction, beside all other paths at",
        "unchanged concentrations; the *model*, where the flow of blood, return of what was removed and competing paths add. In brackets, the probability that",
        "this very study finds it. *Explained* splits the way from *only way* to *model* (in the logarithm, in this order). The last two columns switch one reason off in the",
        f"whole model: the enzyme does all of its reactions (share off), blood flows {FLOW:g} times faster (flow off). Aromatase",
        "makes little of E2 in one step: most of it comes from E1, which follows in the model alone.",
        "",
        "| genotypes | state | readout | enzyme | only way | share | fraction | model | explained: share, fraction, flow and neighbours | share off | flow off |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    seen: set[tuple[str, ...]] = set()
    for c in compared():
        row, k = c.finding.row, c.chain
        if k is None:
            continue
        key = (row["variant"], row["against"], row["state"], row["readout"])
        if key in seen:
            continue
        seen.add(key)
        steps = [f"{single(v)} ({chance(c.finding, v)})" if v is not None else "–" for v in (k.all, k.reaction, k.paths, k.model)]
        shares = f"; {k.share:.0%}", (f"; {k.fraction:.0%}" if k.fraction is not None else "")
        lines.append(
            f"| {named(row)} | {row['state']} | {row['readout']} | {single(k.enzyme)} | {steps[0]} | {steps[1]}{shares[0]} | {steps[2]}{shares[1]} | "
            f"{steps[3]} | {_explained(k)} | {single(k.alone)} | {single(k.flow)} |"
        )
    return lines


def _explained(k: Chain) -> str:
    if k.all is None or k.reaction is None or k.paths is None:
        return "–"
    steps = [abs(float(np.median(v))) for v in (k.all, k.reaction, k.paths, k.model)]
    whole = steps[0] - steps[3]
    if whole < NOTHING:
        return "nothing to explain"
    return ", ".join(f"{(a - b) / whole:.0%}".replace("-0%", "0%") for a, b in pairwise(steps))


def studies() -> list[str]:
    """Return the table of the studies behind the findings."""
    lines = [
        "## The studies",
        "",
        "People by genotype are printed, or Hardy-Weinberg shares of n at the frequency in the reference panel. The between-person log-sd is what the printed",
        "effect implies at these numbers, or as stated; *assumed* numbers are ours.",
        "",
        "| finding | n | people by genotype | log-sd | from | assay | tests | source | note |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for c in compared():
        f, row = c.finding, c.finding.row
        counts = f"{f.counts[0]:.0f}, {f.counts[1]:.0f}{'' if row['groups'] else ' by frequency'}" if f.counts else "not read"
        spread = f"{f.log_sd:.2f}" if f.log_sd else "–"
        note = "; ".join(t for t in (row["note"], f"input: {row['input']}" if row["input"] else "") if t)
        lines.append(
            f"| `{row['id']}` | {row['n'] or 'not read'} | {counts} | {spread} | {f.spread} | {row['assay']} | {row['tests'] or 'unknown'} | "
            f"{row['source']}, {row['locator']} | {note} |"
        )
    return lines


@cache
def draws(state: str) -> dict[str, dict[str, np.ndarray]]:
    """Return readout → row → draws in a hormonal state."""
    found = simulate(bodies(state), load_catalog())
    return {
        readout: {sample: draws_of(spec, found, i) for i, sample in enumerate(found.samples)}
        for readout, spec in load_catalog().readouts.items()
    }


def every_variant() -> list[str]:
    """Return the tables of all genotypes against the mean genotype."""
    lines = [
        "## Every genotype against the mean genotype",
        "",
        f"Readouts whose fold lies within {UNMOVED:.0%} of 1 at all three percentiles and in every state are left out.",
    ]
    heading = ""
    for row in genotypes().values():
        if heading != row["gene"]:
            heading = row["gene"]
            lines += ["", f"### {heading}", ""]
            for claim in dict.fromkeys(r["claim"] for r in genotypes().values() if r["gene"] == heading):
                body = load_catalog().claims[claim].body
                cited = sorted({finding.source for finding in (*body.supports, *body.contradicts)})
                lines.append(f"- Body, *{body.grade}* (`{claim}`): {body.text}{' Sources: ' + ', '.join(cited) + '.' if cited else ''}")
            lines += ["", f"| genotype | readout | {' | '.join(STATES)} |", f"|---|---|{'---|' * len(STATES)}"]
        same: dict[str, list[str]] = {}
        for readout in load_catalog().readouts:
            logs = [np.log(draws(state)[readout][row["id"]] / draws(state)[readout][MEAN]) for state in STATES]
            folds = np.exp([np.nanpercentile(v, (5, 50, 95)) for v in logs])
            if (np.abs(folds - 1) >= UNMOVED).any():
                same.setdefault(" | ".join(shown(v) for v in logs), []).append(readout)
        lines += [f"| {row['label']} | {', '.join(readouts)} | {text} |" for text, readouts in same.items()]
    return lines


def page() -> str:
    """Return the page as Markdown."""
    return (
        "\n".join(
            [
                "# What single variants do in the model",
                "",
                f"Generated by `python -m derive.variants`: {DRAWS} bodies a state, seed {SEED}, production held (open loop). A fold is one genotype against another in the same body,",
                "everything else held: median and 90 % interval, which hold the size of the effect, the share of the enzyme and the body. Nothing was fitted to",
                "the published column, but rows marked *input* are where the size of the effect came from: they are no test. *Study could see*: the folds that the study would have",
                f"found with {POWER:.0%} power at two-sided {LEVEL:.0%}; *found, if ours is true*: its probability of a significant finding. Rules: [below](#rules).",
                "",
                *summary(),
                "",
                "![Predicted and published folds](../figures/variants.svg)",
                "",
                *gene_lines(),
                "",
                *reasons(),
                "",
                "Where the signs differ, no clearance of a body with held production can give the published direction: a slower path cannot lower its own",
                "substrate. Chance, phase of the cycle, assay and feedback are left; this version can tell none of them apart.",
                "",
                "## Rules",
                "",
                f"Smallest detectable effect: {DETECTABLE:.2f} standard errors of the log fold (1.96 + 0.84; Chow, Shao and Wang, *Sample Size Calculations in Clinical Research*).",
                "Standard error: log-sd × √(1/n₁ + 1/n₂) for two groups, log-sd / √(2p(1−p)n) per copy for a trend.",
                "",
                "- *compatible*: a number that differs from our median by less than 1.96 joint errors; a null whose study could not see our whole 90 % interval; a",
                "  direction on whose side our whole interval lies.",
                "- *incompatible in size* or *in sign*: the number is farther off, on the same or the other side of 1 (by our median); a null that would have seen our whole interval.",
                f"- *cannot tell*: anything between; or an incompatible finding whose P, corrected for the tests that its paper names (Šidák), is above {LEVEL:g}.",
                "",
                *studies(),
                "",
                *every_variant(),
            ]
        )
        + "\n"
    )


def figure() -> str:
    """Return the forest plot."""
    lines = []
    for c in compared():
        row, study = c.finding.row, c.finding.study
        if c.chain is None:
            continue
        low, middle, high = (float(v) for v in np.percentile(c.chain.model, (5, 50, 95)))
        one = genotypes()[row["variant"]]
        sign = {"direction": study.effect, "null": 0.0}.get(study.kind)
        seen = log(c.finding.detectable) if c.finding.detectable else None
        label = f"{one['gene']} {one['label']} · {row['readout']} · {row['source']}"
        lines.append(Line(label, (low, middle, high), theirs(c.finding), sign, seen, c.verdict))
    return forest(
        lines,
        "Predicted and published folds by genotype",
        "Rows as in the table; the axis is logarithmic; arrows are directions without a size, open circles nulls.",
    )


def main() -> int:
    """Write or check the page and its figure."""
    return kept("variants", {PAGE: page(), FIGURE: figure()})


if __name__ == "__main__":
    raise SystemExit(main())
