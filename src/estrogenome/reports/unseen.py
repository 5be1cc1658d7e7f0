"""What could not be seen, what would narrow it most, and questions to bring to a clinician."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estrogenome.core.genotype_records import CallStatus, SiteState
from estrogenome.core.numbers import interval, number, percent, with_unit
from estrogenome.core.report_records import Gap
from estrogenome.core.units import convert
from estrogenome.reports.levels import explains_little
from estrogenome.reports.summary import PERSON, Voice, notable, unusual_levels
from estrogenome.reports.text import clean, counted, inline, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.states import Covariate, HormonalState
    from estrogenome.core.records import Person
    from estrogenome.core.report_records import ReportedGene, ReportedReadout

_SHOWN = 3
_QUESTIONS = 6
_DIGITS = 3
_HUNDRED, _WORTH = 100, 5
_LISTING = (
    "A file that lists these sites, also where they equal the reference: a sequence written with all sites (a genomic VCF) or a "
    "clinical panel. If your file comes from a whole-genome sequence and lists only differences, ask whoever made it where it was "
    "called, and state that (--callable, --absent-is-reference)."
)


def gaps(genes: Sequence[ReportedGene], missing: Sequence[Covariate], failed: Sequence[str]) -> tuple[Gap, ...]:
    """Return everything that could not be seen, with what would show it."""
    return (*_not_assayed(genes), *_ambiguous(genes), *_uncounted(genes), *_hidden(genes), *_rest(missing, failed))


def missing_values(person: Person, state: HormonalState | None) -> tuple[Covariate, ...]:
    """Return the covariates that the person could have given and did not; what follows from others is not asked for."""
    given = set(person.measured)
    own = [c for c in (state.covariates if state else ()) if c.option and not c.powers]
    return tuple(c for c in own if not {c.option, c.parameter} & given)


def given_values(person: Person, state: HormonalState | None, catalog: Catalog) -> tuple[str, ...]:
    """Return the person's own values that the state takes, and the exposures they state, in words."""
    own = [(c, person.measured.get(c.parameter, person.measured.get(c.option))) for c in (state.covariates if state else ())]
    values = [f"{c.name} {with_unit(number(_shown(c, value), _DIGITS), c.shown or c.unit)}" for c, value in own if value is not None]
    for exposed in person.exposures:
        entry = catalog.exposures.get(exposed.id)
        name, unit = (entry.name, entry.dose.unit if entry.dose else "") if entry else (clean(exposed.id), "")
        values.append(name if exposed.dose is None else f"{name} {with_unit(number(exposed.dose, _DIGITS), unit)}")
    return tuple(values)


def _shown(covariate: Covariate, value: float) -> float:
    return convert(value, covariate.unit, covariate.shown or covariate.unit, covariate.molar_mass)


def narrows_most(
    genes: Sequence[ReportedGene], readouts: Sequence[ReportedReadout], missing: Sequence[Covariate], voice: Voice = PERSON
) -> str:
    """Return the one sentence on what would narrow this report most."""
    shares = [r.genotype_share for r in readouts if r.genotype_share is not None]
    dark = [g for g in genes if g.status in (CallStatus.NOT_ASSAYED, CallStatus.PARTIAL) and g.activities]
    named = own_values_that_narrow(readouts, missing)
    if named:
        words = [f"{covariate.name} ({percent(share)} of the variance of {inline(readout.name)})" for covariate, readout, share in named]
        return f"{voice.start} own values that would narrow this report most: {listed(words)}."
    if missing and (not dark or (shares and explains_little(max(shares)))):
        why = f": genotype explains at most {percent(max(shares))} of the spread of any number here" if shares else ""
        return f"{voice.start} own values ({listed(c.name for c in missing)}) would narrow this report most{why}."
    if dark:
        gene = max(dark, key=lambda g: max(_width(a.interval90) for a in g.activities))
        widest = max(gene.activities, key=lambda a: _width(a.interval90))
        stands = interval(widest.median, widest.interval90)
        return f"A file that shows {gene.id} would narrow this report most: its activity now stands at {stands} times the average."
    return ""


def own_values_that_narrow(
    readouts: Sequence[ReportedReadout], missing: Sequence[Covariate]
) -> list[tuple[Covariate, ReportedReadout, float]]:
    """Return the values not given that would take most away of some level's variance, each with that level and share; largest first."""
    found = []
    for covariate in missing:
        levels = [r for r in readouts if r.kind == "level" and covariate.parameter in r.narrowing]
        readout = max(levels, key=lambda r: r.narrowing[covariate.parameter], default=None)
        if readout is not None and readout.narrowing[covariate.parameter] * _HUNDRED >= _WORTH:
            found.append((covariate, readout, readout.narrowing[covariate.parameter]))
    return sorted(found, key=lambda item: -item[2])[:_SHOWN]


def questions(genes: Sequence[ReportedGene], readouts: Sequence[ReportedReadout], missing: Sequence[Covariate]) -> tuple[str, ...]:
    """Return questions a person may bring to a clinician, from what is unusual or was not seen."""
    found = [
        f"My genome file points to {gene.id} {gene.diplotypes[0].name}. Should an accredited laboratory confirm this, "
        "and would it matter for anything I take or plan to take?"
        for gene, _activity in notable(genes)[:2]
        if gene.diplotypes
    ]
    for readout in unusual_levels(readouts)[:2]:
        where = "low" if (readout.percentile or 0.0) < 50 else "high"
        found.append(
            f"A simulation puts my {inline(readout.name)} on the {where} side for people in my state. "
            f"Is there a reason to measure it, by this assay: {readout.assay}?"
        )
    dark = [g.id for g in genes if g.status is CallStatus.NOT_ASSAYED and g.activities]
    if dark:
        which = "it" if len(dark) == 1 else "them"
        found.append(f"My file does not show {listed(dark)}. Is there a reason in my case to have {which} tested?")
    if missing:
        found.append(f"Do I have earlier results for {listed(c.name for c in missing)}, and may I have a copy with the name of the assay?")
    found.append("Which of these numbers, if any, would change a decision that we have to make?")
    return tuple(found[:_QUESTIONS])


def _width(bounds: tuple[float, float]) -> float:
    """Return how far apart the bounds of an activity are: differences, not ratios, are what a flux feels."""
    low, high = bounds
    return high - low


def _not_assayed(genes: Sequence[ReportedGene]) -> Iterator[Gap]:
    whole = [g for g in genes if g.sites and all(s.state is SiteState.NOT_ASSAYED for s in g.sites)]
    if whole:
        number = sum(len(g.sites) for g in whole)
        whose = "its" if len(whole) == 1 else "their"
        sites = f"{whose} one site was not" if number == 1 else f"none of {whose} {counted(number, 'site')} was"
        yield Gap(text=f"{listed(g.id for g in whole)}: {sites} assayed.", mend=_LISTING)
    for gene in genes:
        dark = [s for s in gene.sites if s.state is SiteState.NOT_ASSAYED]
        if not dark or gene in whole:
            continue
        names = [f"{s.name} ({s.id})" for s in dark[:_SHOWN]]
        more = [f"{len(dark) - _SHOWN} more"] if len(dark) > _SHOWN else []
        yield Gap(text=f"{gene.id}: {listed([*names, *more])} not assayed.", mend=_LISTING)


def _ambiguous(genes: Sequence[ReportedGene]) -> Iterator[Gap]:
    for gene in genes:
        if gene.status is CallStatus.AMBIGUOUS and len(gene.diplotypes) > 1:
            options = [f"{d.name} ({percent(d.probability)})" for d in gene.diplotypes[:_SHOWN]]
            yield Gap(
                text=f"{gene.id}: your file fits {listed(options, 'or')}; the simulation uses all of them, each with its weight.",
                mend="A file that tells the two chromosome copies apart (phased or long-read).",
            )
    inferred = [g.id for g in genes if any(s.state is SiteState.INFERRED for s in g.sites)]
    if inferred:
        number_of_sites = sum(s.state is SiteState.INFERRED for g in genes for s in g.sites)
        verb = "was" if number_of_sites == 1 else "were"
        yield Gap(
            text=f"{counted(number_of_sites, 'site').capitalize()} of {listed(inferred)} {verb} inferred, not read.",
            mend="A file that reads them directly.",
        )


def _uncounted(genes: Sequence[ReportedGene]) -> Iterator[Gap]:
    names = [gene.id for gene in genes if gene.copies_known is SiteState.NOT_ASSAYED]
    if names:
        yield Gap(
            text=f"How many copies of {listed(names)} you have is not in your file; the shares of the population are used.",
            mend=f"A file with copy-number records, or your own knowledge: --copies {names[0]}=N.",
        )


def _hidden(genes: Sequence[ReportedGene]) -> Iterator[Gap]:
    hidden = [f"{gene.id} ({listed(inline(u) for u in gene.unseen)})" for gene in genes if gene.unseen]
    if hidden:
        yield Gap(
            text=f"No genotype file of this kind shows all variation: {listed(hidden)}. It is part of the intervals.",
            mend="A test that measures the enzyme or the variation itself.",
        )


def _rest(missing: Sequence[Covariate], failed: Sequence[str]) -> Iterator[Gap]:
    if missing:
        yield Gap(
            text=f"Your own values of {listed(c.name for c in missing)} were not given; those of people in your state were drawn instead.",
            mend="Your own values, given with " + ", ".join(f'--measured "{c.option}=… {c.shown or c.unit}"' for c in missing) + ".",
        )
    if failed:
        yield Gap(
            text=f"{listed(failed)} could not be computed: the model had no solution in any draw.",
            mend="Another seed, or a report to the project.",
        )
    yield Gap(
        text="Numbers are steady states: no day of a cycle, no time of day, no therapy.", mend="A model with time; this version has none."
    )
