"""From the numbers of a comparison to everything its page says: sentences in two voices, statements with sources, limits, methods."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from estrogenome.catalog.scenarios import concerns, does
from estrogenome.core.compare_records import Comparison, Consequence
from estrogenome.core.numbers import interval, number, percent, with_unit
from estrogenome.core.report_records import Sentence
from estrogenome.core.uncertainty import worst
from estrogenome.reports.assemble import genome_facts, texts
from estrogenome.reports.claims import graded
from estrogenome.reports.methods import person_options
from estrogenome.reports.references import Numbering, glossary
from estrogenome.reports.summary import CLINICIAN, PERSON, Voice
from estrogenome.reports.text import clean, counted, inline, listed
from estrogenome.reports.unseen import given_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from estrogenome.catalog import scenarios as s
    from estrogenome.catalog.load import Catalog
    from estrogenome.core.compare_records import Compared, CourseReadout, Difference, ScenarioCourse
    from estrogenome.core.genotype_records import Diplotypes, Genotypes

_NAMED = 2
_MOST = 9
_SCENARIOS = 4
"""Scenarios of which the summary names levels; those of more stand in the tables."""
_TENTH = 10
_SELDOM = 20
"""A level is spoken of where more than one body in this many averages beyond it, or nine bodies of ten do not stay on this side of it."""
_SHORT = 16
_SURE = frozenset({"strong", "moderate"})
_PLACES = {"body": "body", "outcome": "health"}


def interpret_comparison(compared: Compared, genotypes: Genotypes, diplotypes: Diplotypes, catalog: Catalog, command: str) -> Comparison:
    """Return everything the page of a comparison says.

    Args:
        compared: its numbers.
        genotypes: what the file showed, of one person.
        diplotypes: what was called from it.
        catalog: knowledge: words, statements, sources.
        command: words of the command line behind the person's options.

    Raises:
        KnowledgeError: a cited source is missing.
    """
    numbering = Numbering(catalog.sources)
    person = compared.person
    state = catalog.states.get(person.state)
    consequences = tuple(_consequences(compared, catalog, numbering))
    for scenario in compared.scenarios.values():
        for readout in scenario.readouts:
            numbering.cite_all(readout.sources)
    words = ["--sex", person.sex, "--age", f"{person.age:g}", *person_options(person, state, catalog)]
    made = Comparison(
        **{name: getattr(compared, name) for name in type(compared).model_fields},
        state_name=state.name if state else clean(person.state),
        genome=genome_facts(genotypes, genotypes.samples[0], diplotypes.ancestry),
        given=given_values(person, state, catalog),
        summary=tuple(_summary(compared, catalog, consequences, PERSON))[:_MOST],
        clinical=tuple(_summary(compared, catalog, consequences, CLINICIAN))[:_MOST],
        consequences=consequences,
        limits=tuple(_limits(compared, catalog)),
        methods=tuple(_methods(compared, catalog)),
        command=f"estrogenome compare FILE {shlex.join(words)} {command} --out DIR",
        references=numbering.references(),
        glossary=(),
    )
    return made.model_copy(update={"glossary": glossary(catalog.terms.values(), texts(made))})


# ---------------------------------------------------------------- summary


def _summary(compared: Compared, catalog: Catalog, consequences: Iterable[Consequence], voice: Voice) -> Iterator[Sentence]:
    first, *others = compared.scenarios.values()
    for scenario in others[:_SCENARIOS] or [first]:
        yield from _levels(scenario, first, compared, catalog, voice)
    yield from _beyond(compared, catalog)
    yield from _established(compared, consequences)
    yield from _cycles(compared)
    yield from _undetermined(compared)
    yield from _genotype(compared, voice)


def _levels(scenario: ScenarioCourse, first: ScenarioCourse, compared: Compared, catalog: Catalog, voice: Voice) -> Iterator[Sentence]:
    named = [r for r in (_of(scenario, name) for name in catalog.panel.plots[:_NAMED]) if r]
    if not named:
        return
    parts = []
    for readout in named:
        text = f"{inline(readout.name)} averages {interval(readout.median, readout.interval90, readout.unit)}"
        change = _difference(compared, scenario.name, first.name, readout.id)
        if change:
            text += f", {interval(change.ratio_median, change.ratio_interval90)} times “{first.name}”"
        parts.append(text)
    yield Sentence(
        text=f"In the simulation of “{scenario.name}”, {voice.inside} {'; '.join(parts)}.",
        state=max((r.worst_state for r in named), key=list(type(named[0].worst_state)).index),
    )


def _beyond(compared: Compared, catalog: Catalog) -> Iterator[Sentence]:
    """Say where a level lies too low or too high more often than in one body of ten; both sides in the same words."""
    for entry in catalog.consequences.values():
        if not entry.threshold or _said_before(entry, catalog):
            continue
        concerned = [compared.scenarios[name] for name in _about(entry, compared, catalog)]
        found = [(s, r, b) for s in concerned for r in s.readouts for b in r.beyond if b.statement == entry.id]
        there = [(s, r, b) for s, r, b in found if b.probability * _TENTH >= 1]
        if not there:
            continue
        _, readout, level = there[0]
        where = listed(f"“{s.name}” in {percent(b.probability)} of bodies" for s, _, b in there)
        yield Sentence(
            text=f"The average {inline(readout.name)} lies {level.side} {with_unit(number(level.level), readout.unit)} under {where}: "
            f"see “{entry.name}” below.",
            state=readout.worst_state,
        )


def _said_before(entry: s.Consequence, catalog: Catalog) -> bool:
    """Say whether a statement before this one speaks of the same level."""
    earlier = list(catalog.consequences.values())[: list(catalog.consequences).index(entry.id)]
    return any(_level(other) == _level(entry) for other in earlier)


def _level(entry: s.Consequence) -> tuple[str, str, float, str] | None:
    one = entry.threshold
    return (one.readout, one.side, one.at.value, one.at.unit) if one else None


def _established(compared: Compared, consequences: Iterable[Consequence]) -> Iterator[Sentence]:
    """Name what is well supported of what is given, in the body or for health: nobody should have to scroll for it."""
    sure = [c for c in consequences if not c.numbers and any(s.grade in _SURE for s in c.levels if s.level != "enzyme")]
    if sure:
        treated = {name for name, scenario in compared.scenarios.items() if scenario.given}
        said = []
        for one in sure:
            grades = [f"{_PLACES[s.level]}: {s.grade}" for s in one.levels if s.level in _PLACES]
            where = "" if treated <= set(one.scenarios) else f"under {listed(f'“{name}”' for name in one.scenarios)}; "
            said.append(f"“{one.name}” ({where}{', '.join(grades)})")
        yield Sentence(text=f"Known from studies of what is given; this model does not compute it: {'; '.join(said)}. See below.")


def _cycles(compared: Compared) -> Iterator[Sentence]:
    """Say how long the cycle is and whether it is lost, for each scenario, by model of the axis where these differ."""
    parts = []
    for scenario in compared.scenarios.values():
        if scenario.cycling:
            shares = [f"{percent(share)} ({compared.axes[axis]})" for axis, share in scenario.cycling.items()]
            kept = f"a rhythm in {listed(shares)} of bodies"
            length = scenario.cycle_length
            days = f"{interval(length.median, length.interval90)} days, " if length else "no cycle of which a length could be told; "
            parts.append(f"“{scenario.name}” {days}{kept}")
    if parts:
        yield Sentence(text=f"Length of the cycle: {'; '.join(parts)}. A rhythm that is lost here is no birth control.")


def _undetermined(compared: Compared) -> Iterator[Sentence]:
    for scenario in compared.scenarios.values():
        marked = [r for r in scenario.readouts if r.undetermined]
        if marked:
            yield Sentence(
                text=f"Undetermined under “{scenario.name}”: {listed(inline(r.name) for r in marked)}. {marked[0].undetermined}",
                state=marked[0].worst_state,
            )


def _genotype(compared: Compared, voice: Voice) -> Iterator[Sentence]:
    for effect in compared.loops[:1]:
        if effect.open and effect.closed:
            held, answered = (interval(e.median, e.interval90) for e in (effect.open, effect.closed))
            clear = not effect.closed.interval90[0] <= 1 <= effect.closed.interval90[-1]
            opening = "moves" if clear else "does not clearly move"
            yield Sentence(
                text=f"{voice.start} genotype {opening} {inline(effect.name)} in the model: {held} times that of a random genotype in the "
                f"same bodies with production held, {answered} times when the axis answers (“{effect.scenario}”).",
                state=worst([r.worst_state for s in compared.scenarios.values() for r in s.readouts if r.id == effect.id]),
            )


def _of(scenario: ScenarioCourse, identifier: str) -> CourseReadout | None:
    return next((r for r in scenario.readouts if r.id == identifier), None)


def _difference(compared: Compared, a: str, b: str, identifier: str) -> Difference | None:
    return next((d for d in compared.differences if (d.a, d.b, d.id) == (a, b, identifier)), None)


# ---------------------------------------------------------------- statements


def _about(entry: s.Consequence, compared: Compared, catalog: Catalog) -> tuple[str, ...]:
    """Return the scenarios that a statement concerns: those that give what it is about, all where it is about a level alone."""
    found = []
    for name, scenario in compared.scenarios.items():
        done = does(catalog.therapies[g] for g in {given.therapy for given in scenario.given})
        if (done or entry.threshold) and concerns(entry, compared.person.sex, done):
            found.append(name)
    return tuple(found)


def _consequences(compared: Compared, catalog: Catalog, numbering: Numbering) -> Iterator[Consequence]:
    """Yield the statements that concern a scenario in which something is given."""
    treated = {name for name, scenario in compared.scenarios.items() if scenario.given}
    for entry in catalog.consequences.values():
        about = _about(entry, compared, catalog)
        numbers = tuple(_level_texts(entry, about, compared))
        near = not entry.threshold or any(_nears(entry, compared.scenarios[name]) for name in treated & set(about))
        if treated & set(about) and near and (numbers or not entry.threshold):
            yield Consequence(
                id=entry.id,
                name=entry.name,
                claim=entry.claim,
                scenarios=about,
                numbers=numbers,
                levels=tuple(graded(level, getattr(entry, level), numbering) for level in ("enzyme", "body", "outcome")),
            )


def _nears(entry: s.Consequence, scenario: ScenarioCourse) -> bool:
    """Say whether the level that a statement speaks of is reached at all; too low and too high by the same rule."""
    return any(
        beyond.probability * _SELDOM > 1 or beyond.share_of_time.interval90[-1] > 0
        for readout in scenario.readouts
        for beyond in readout.beyond
        if beyond.statement == entry.id
    )


def _level_texts(entry: s.Consequence, about: Sequence[str], compared: Compared) -> Iterator[str]:
    for name in about:
        for readout in compared.scenarios[name].readouts:
            for beyond in readout.beyond:
                if beyond.statement == entry.id:
                    share = beyond.share_of_time
                    time = f"{percent(share.median)} ({percent(share.interval90[0])}–{percent(share.interval90[1])})"
                    yield (
                        f"“{name}”: {beyond.side} {with_unit(number(beyond.level), readout.unit)} during {time} of the time, on average "
                        f"in {percent(beyond.probability)} of bodies."
                    )


# ---------------------------------------------------------------- limits, methods


def _limits(compared: Compared, catalog: Catalog) -> Iterator[str]:
    yield (
        "These are simulations of scenarios that somebody typed. They are not advice: nothing here says what to take, how much, or "
        "whether. Talk with a clinician before you start, change or stop anything."
    )
    if len(compared.axes) > 1:
        yield (
            f"{len(compared.axes)} models of the axis fit this state ({listed(compared.axes.values())}); each interval holds both, and "
            "their spread is what no model settles."
        )
    if any(scenario.cycling for scenario in compared.scenarios.values()):
        yield (
            "The models of the cycle were made from women whose cycles are regular. A lost rhythm is no birth control, and a kept one "
            "no sign that an egg is released."
        )
    used = dict.fromkeys(g.therapy for scenario in compared.scenarios.values() for g in scenario.given)
    for therapy in used:
        entry = catalog.therapies[therapy]
        yield f"{entry.name[:1].upper()}{entry.name[1:]}: {entry.limits}"
    readouts = [r for scenario in compared.scenarios.values() for r in scenario.readouts]
    for why in dict.fromkeys(r.undetermined for r in readouts if r.undetermined):
        yield f"Undetermined: {why}"
    failed = max((r.failed_draws for r in readouts), default=0)
    if failed:
        verb = "is" if failed == 1 else "are"
        yield f"{counted(failed, 'draw').capitalize()} had no solution in some scenario and {verb} left out."
    yield ("Levels are as the named assay reports them. An immunoassay can read low levels too high; compare numbers of one laboratory.")


def _methods(compared: Compared, catalog: Catalog) -> Iterator[str]:
    readouts = next(iter(compared.scenarios.values())).readouts
    start, end = readouts[0].window if readouts else (0.0, compared.days)
    yield (
        f"{counted(compared.provenance.draws or 0, 'draw')} of everything uncertain (enzymes, constants of the body, what differs "
        f"between people, constants of the axis and of the therapies) were followed over {compared.days:g} days in "
        f"{counted(len(compared.scenarios), 'scenario')}; every scenario uses the same draws, so that differences are paired and what is "
        "common to both cancels."
    )
    answer = "its drive is held (open loop)" if compared.loop == "open" else "its answer is part of the numbers (closed loop)"
    yield (
        f"The axis: {listed(compared.axes.values())}; {answer}. Open loop holds the signals of the pituitary at what they were at rest, so "
        "that gonads go on as before."
    )
    for axis in (catalog.axes[name] for name in compared.axes if name in catalog.axes):
        if axis.settle:
            yield (
                f"{axis.name[:1].upper()}{axis.name[1:]}: run for {axis.settle.days:g} days beforehand. Day 0 is put so that the peak "
                f"of {axis.settle.align} falls on day {axis.settle.cycle_day:g} in every body that cycles."
            )
    yield (
        f"Levels are means over days {start:g} to {end:g}, the same for all scenarios; peak and trough are the highest and the lowest "
        "value in that window. A course has settled when its mean over the longest interval between doses stays within a tenth of "
        "the last one. "
        "Ratios and probabilities are taken draw by draw."
    )
    if compared.loops:
        yield (
            "The effect of genotype compares this genotype with a random one of the reference population in the same draws. What the axis "
            "takes back is 1 − log(closed) / log(open), in draws whose open effect is above one in a hundred."
        )
    if compared.reasons:
        yield (
            "Reasons are put in one after the other, at the median draw: the enzyme as the only way in or out; its share of its "
            "reactions; the fraction of the hormone's removal or source that runs through them, at unchanged concentrations; flow "
            "of blood, return and "
            "neighbours, which is the body with production held; the axis. What a study would see is the smallest difference found with "
            "power 80 % at two-sided 5 %, from the spread between simulated people."
        )
    digest = compared.provenance.model_hash[:_SHORT] or "without digest"
    yield f"Model {digest}; quantiles are of draws, not of a sampling distribution."
