"""The three to five sentences that matter most, the unusual first."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from estrogenome.core.genotype_records import CallStatus
from estrogenome.core.numbers import NBSP, interval, ordinal, percent
from estrogenome.core.report_records import Sentence
from estrogenome.core.uncertainty import worst
from estrogenome.reports.levels import explains_little
from estrogenome.reports.text import counted, inline, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from estrogenome.core.report_records import GenomeFacts, ReportedActivity, ReportedGene, ReportedReadout


@dataclass(frozen=True)
class Voice:
    """To whom a sentence speaks of the person: whose, at the start of a sentence and inside it."""

    start: str
    inside: str


PERSON = Voice("Your", "your")
CLINICIAN = Voice("This person's", "this person's")

_MOST = 5
_GENES = 2
_QUARTER = 4
_LEVELS = 1
_LOW, _HIGH = 10, 90


def summarise(
    genes: Sequence[ReportedGene], readouts: Sequence[ReportedReadout], genome: GenomeFacts, voice: Voice = PERSON
) -> tuple[Sentence, ...]:
    """Return the summary: enzymes that differ, what that moves, unusual levels, what was not seen, how little genes explain.

    An enzyme that differs from the average as it does in most people comes after what is unusual.
    """
    found = notable(genes)[:_GENES]
    rare = [(g, a) for g, a in found if g.rarer_diplotype]
    common = [(g, a) for g, a in found if not g.rarer_diplotype]
    first = [*_enzymes(rare, voice), *(() if found else _no_enzyme(genes)), *_effect(readouts, voice), *_levels(readouts, voice)]
    return tuple([*first, *_unseen(genes, genome, voice), *_enzymes(common, voice), *_share(readouts)][:_MOST])


def unusual_levels(readouts: Sequence[ReportedReadout]) -> list[ReportedReadout]:
    """Return readouts below the 10th or above the 90th percentile, the furthest out first."""
    outside = [r for r in readouts if r.percentile is not None and not _LOW <= r.percentile <= _HIGH]
    middle = (_LOW + _HIGH) // 2
    return sorted(outside, key=lambda r: -abs((r.percentile or middle) - middle))


def notable(genes: Sequence[ReportedGene]) -> list[tuple[ReportedGene, ReportedActivity]]:
    """Return genes whose enzyme clearly or probably differs, each with its furthest activity; rarer diplotypes first.

    Clearly: the 90 % interval excludes 1. Probably: the diplotype is not the most frequent one and the median is a quarter away from 1.
    """
    read = [g for g in genes if g.status is not CallStatus.NOT_ASSAYED]
    furthest = [(g, max(g.activities, key=distance)) for g in read if g.activities]
    kept = [(g, a) for g, a in furthest if a.unusual or (g.rarer_diplotype and distance(a) > math.log(1 + 1 / _QUARTER))]
    return sorted(kept, key=lambda item: (not item[0].rarer_diplotype, not item[1].unusual, -distance(item[1]), item[0].id))


def distance(activity: ReportedActivity) -> float:
    """Return how far an activity lies from 1, on the logarithmic scale."""
    return abs(math.log(activity.median)) if activity.median > 0 else math.inf


def _enzymes(found: Sequence[tuple[ReportedGene, ReportedActivity]], voice: Voice) -> Iterator[Sentence]:
    for gene, activity in found:
        claim = next((c for c in gene.claims if c.carried), None)
        name = f" ({gene.diplotypes[0].name})" if gene.diplotypes else ""
        doubt = "" if activity.unusual else " The interval includes 1, the average: it may be no different."
        if not gene.rarer_diplotype and gene.usual_probability:
            doubt += f" This is the most frequent pair ({percent(gene.usual_probability)} of the reference population)."
        yield Sentence(
            text=f"{voice.start} {gene.id}{name} works at {interval(activity.median, activity.interval90)} times the average speed "
            f"({activity.label}).{doubt}",
            evidence=(claim.enzyme, claim.body, claim.outcome) if claim else (),
            state=None if claim else activity.worst_state,
            references=activity.references,
        )


def _no_enzyme(genes: Sequence[ReportedGene]) -> Iterator[Sentence]:
    read = [g for g in genes if g.status is not CallStatus.NOT_ASSAYED and g.activities]
    if read:
        yield Sentence(
            text=f"Of the {counted(len(read), 'gene')} read, none makes an enzyme that clearly differs from the average.",
            state=worst([a.worst_state for g in read for a in g.activities]),
        )


def _effect(readouts: Sequence[ReportedReadout], voice: Voice) -> Iterator[Sentence]:
    """Say what the genotype as a whole moves most, if its interval excludes no change; where it lies too, if that is unusual."""
    moved = [r for r in readouts if r.genotype_effect]
    readout = most_moved(readouts)
    if readout and readout.genotype_effect:
        low, middle, high = sorted(readout.genotype_effect)
        unusual = any(r is readout for r in unusual_levels(readouts))
        place = f" Its place among simulated people in the same state: {ordinal(readout.percentile or 0.0)}." if unusual else ""
        yield Sentence(
            text=f"In the model {voice.inside} {inline(readout.name)} ({readout.matrix}) is "
            f"{interval(readout.median, readout.interval90, readout.unit)}: {interval(middle, (low, high))} times "
            f"what a random genotype would give in the same body.{place}",
            state=readout.worst_state,
            references=readout.references,
        )
    elif moved:
        yield Sentence(
            text=f"In the model {voice.inside} genotype moves no level or ratio clearly: every interval of its effect includes "
            "“no change”.",
            state=worst([r.worst_state for r in moved]),
        )


def most_moved(readouts: Sequence[ReportedReadout]) -> ReportedReadout | None:
    """Return the readout that the genotype moves most, of those whose interval of effect excludes no change."""
    effects = [(r, sorted(r.genotype_effect)) for r in readouts if r.genotype_effect]
    clear = [(r, e[1]) for r, e in effects if e[0] > 0 and (e[0] > 1 or e[-1] < 1)]
    return max(clear, key=lambda item: abs(math.log(item[1])))[0] if clear else None


def _levels(readouts: Sequence[ReportedReadout], voice: Voice) -> Iterator[Sentence]:
    """Say what lies furthest out, unless it was said already; or that nothing does."""
    placed = [r for r in readouts if r.percentile is not None]
    outside = unusual_levels(readouts)
    for readout in [r for r in outside if r is not most_moved(readouts)][:_LEVELS]:
        yield Sentence(
            text=f"{voice.start} simulated {inline(readout.name)} ({readout.matrix}) is "
            f"{interval(readout.median, readout.interval90, readout.unit)}, "
            f"{ordinal(readout.percentile or 0.0)} of simulated people in the same state.",
            state=readout.worst_state,
            references=readout.references,
        )
    if placed and not outside:
        yield Sentence(
            text=f"All {len(placed)} simulated levels and ratios lie between the {_LOW}th and the {_HIGH}th percentile "
            "of simulated people in the same state.",
            state=worst([r.worst_state for r in placed]),
        )


def _unseen(genes: Sequence[ReportedGene], genome: GenomeFacts, voice: Voice) -> Iterator[Sentence]:
    total = genome.observed + genome.inferred + genome.not_assayed
    if not genome.not_assayed:
        return
    dark = [g.id for g in genes if g.status is CallStatus.NOT_ASSAYED]
    names = f"; {listed(dark)} could not be read at all" if dark else ""
    yield Sentence(
        text=f"{voice.start} file does not show {genome.not_assayed} of the {total} sites{names}. "
        "What was not seen counts as unknown: it widens the intervals."
    )


def _share(readouts: Sequence[ReportedReadout]) -> Iterator[Sentence]:
    shared = [r for r in readouts if r.genotype_share is not None]
    little = [r for r in shared if explains_little(r.genotype_share)]
    if little:
        which = "all" if len(little) == len(shared) else f"{len(little)} of the {len(shared)}"
        yield Sentence(
            text=f"For {which} levels and ratios, genotype explains less than {_LOW}{NBSP}% of the spread between simulated people: "
            "the rest is everything else about a body.",
            state=worst([r.worst_state for r in little]),
        )
