"""One person in several scenarios over time, in the same draws."""

from __future__ import annotations

import math
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from estrogenome.activities import gene_by_gene, infer_activities, population_activities
from estrogenome.catalog.axes import cycle_of, fitting_axes
from estrogenome.catalog.body import factor_name
from estrogenome.catalog.formula import names
from estrogenome.catalog.given import given, in_words, longest_interval
from estrogenome.catalog.load import load_catalog
from estrogenome.catalog.person import checked_person
from estrogenome.catalog.regimens import parse_regimens
from estrogenome.parameters import personalize, schedule, with_course
from estrogenome.pipeline.reading import called
from estrogenome.readouts import Runs, names_in_time, side_by_side, told, window_of
from estrogenome.reports import interpret_comparison
from estrogenome.trajectories import explained, follow_courses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from estrogenome.catalog.load import Catalog
    from estrogenome.core.compare_records import Compared, Comparison, Reason
    from estrogenome.core.course_records import Courses, Dosing, Worn
    from estrogenome.core.records import Activities, ParameterSets, Person

    Fraction = Callable[[str, float], None]


BASELINE = "baseline"
"""The scenario that is always there: nothing is given."""
_PER_DAY, _MOST_TIMES = 6, 700
_LOOP_DRAWS = 60
"""Draws in which a random genotype is followed beside this person's own."""
_GENES, _SEEN_FROM = 8, 50
"""How many genes have their reasons told, of those whose activity differs by more than a fiftieth."""


def compare(
    path: Path | str,
    person: Person,
    scenarios: Mapping[str, Iterable[str]],
    *,
    days: float = 84.0,
    loop: str = "both",
    axes: Iterable[str] | None = None,
    sample: str | None = None,
    catalog: Catalog | None = None,
    draws: int = 100,
    seed: int = 0,
    callable_bed: Path | None = None,
    absent_is_reference: bool = False,
    ancestry: str | None = None,
    copies: Mapping[str, int] | None = None,
    progress: Fraction | None = None,
) -> Comparison:
    """Follow one person of a genome file through several scenarios, in the same draws, and lay them side by side.

    Args:
        path: as in ``analyze``.
        person: sex, age and hormonal state, own values, exposures.
        scenarios: name → regimens as text (``catalog/regimens.py``); ``baseline``, in which nothing is given, is put first.
        days: how long.
        loop: ``closed`` (the axis answers), ``open`` (its drive is held) or ``both``.
        axes: entries of ``knowledge/axes``; all that fit the state by default, their spread being model uncertainty.
        sample: as in ``analyze``, as are the arguments behind it.
        catalog: knowledge to use; the package's own by default.
        draws: joint draws of everything uncertain, under each axis.
        seed: the same seed gives the same bytes.
        callable_bed: see ``analyze``.
        absent_is_reference: see ``analyze``.
        ancestry: see ``analyze``.
        copies: see ``analyze``.
        progress: called with what is being done and the share that is done.

    Raises:
        EstrogenomeError: with one line that names the mend.
    """
    catalog = catalog or load_catalog()
    person = checked_person(person, catalog)
    tell = progress or _nothing
    texts = {BASELINE: ()} | {name: tuple(parts) for name, parts in scenarios.items()}
    regimens = {name: tuple(r for text in parts for r in parse_regimens(catalog, text)) for name, parts in texts.items()}
    events = {name: schedule(catalog, parts, days) for name, parts in regimens.items()}
    asked = None if axes is None else tuple(axes)
    chosen = fitting_axes(catalog, person.state, asked, person.exposures)
    loop = loop if chosen else "open"
    tell("calling diplotypes", 0.0)
    genotypes, diplotypes = called(
        path,
        catalog,
        sample=sample,
        callable_bed=callable_bed,
        absent_is_reference=absent_is_reference,
        ancestry=ancestry,
        copies=copies,
    )
    own = infer_activities(diplotypes, catalog, draws=draws, seed=seed)
    plan = _Plan(catalog, days, seed, loop, chosen)
    whose = {"": _bodies(own, own, person, catalog, seed)}
    if loop == "both":
        others = population_activities(catalog, people=draws, seed=seed, label="a")
        whose["other_"] = _bodies(others, own, person, catalog, seed, _LOOP_DRAWS)
    window = window_of([longest_interval(r) for r in regimens.values()], days=days, cycle=cycle_of(catalog, chosen))
    found = []
    for place, (name, parts) in enumerate(regimens.items()):

        def share(what: str, part: float, place: int = place, name: str = name) -> None:
            tell(f"simulating {name}{what}", (place + part) / len(regimens))

        runs = Runs(
            name=name,
            regimens=texts[name],
            words=tuple(in_words(catalog, regimen) for regimen in parts),
            given=given(catalog, events[name], days),
            longest=longest_interval(parts),
            **_followed(name, whose, events[name], plan, share),
        )
        model = (*runs.closed, *runs.open)[0].provenance
        found.append(told(runs, person, catalog, window, loop))
    tell("writing the report", 1.0)
    used = {axis: catalog.axes[axis].name for axis in chosen}
    small = _reasons(own, others, person, plan) if loop == "both" else ()
    numbers = side_by_side(found, person, days=days, loop=loop, axes=used, reasons=small, provenance=model)
    return interpret_comparison(numbers, genotypes, diplotypes, catalog, _options(texts, numbers, asked))


@dataclass(frozen=True)
class _Plan:
    """What all scenarios of a comparison share."""

    catalog: Catalog
    days: float
    seed: int
    loop: str
    axes: tuple[str, ...]


def _bodies(
    activities: Activities, own: Activities, person: Person, catalog: Catalog, seed: int, some: int | None = None
) -> tuple[ParameterSets, ParameterSets]:
    """Return draws of the person with these activities, and those of which the axis reads its references; the first ``some``.

    References are those of the person's own genotype without exposures, whatever the activities: who measured a level measured what
    the axis makes of that genotype, and another one in the same body moves away from it.
    """
    people, draws, _ = activities.values.shape
    bare = person.model_copy(update={"exposures": ()})
    sets = personalize(activities, person, catalog, draws=draws, seed=seed)
    reference = personalize(own, bare, catalog, draws=draws, seed=seed)
    values = np.repeat(reference.values[:, :some], people, axis=0)
    return (
        sets.model_copy(update={"values": sets.values[:, :some]}),
        reference.model_copy(update={"samples": sets.samples, "values": values}),
    )


def _followed(
    name: str, whose: Mapping[str, tuple[ParameterSets, ParameterSets]], events: Sequence[Dosing | Worn], plan: _Plan, tell: Fraction
) -> dict[str, tuple[Courses, ...]]:
    """Return the courses of one scenario: by genotype and loop, one an axis."""
    therapies = {event.therapy for event in events}
    times = _times(plan.days, [event.day for event in events])
    loops = {"closed": ("closed",), "open": ("open",), "both": ("closed", "open")}[plan.loop]
    steps = [(of, loop, axis) for of in whose for loop in loops for axis in plan.axes or (None,)]
    found: dict[str, tuple[Courses, ...]] = {}
    for step, (of, loop, axis) in enumerate(steps):

        def share(done: int, total: int, step: int = step, loop: str = loop) -> None:
            tell(f", {loop} loop", (step + done / total) / len(steps))

        sets, reference = (with_course(s, plan.catalog, axis=axis, therapies=therapies, seed=plan.seed) for s in whose[of])
        course = follow_courses(
            sets,
            plan.catalog,
            times,
            scenario=name,
            axis=axis,
            events=events,
            # of another genotype only what it is compared in is needed
            keep=names_in_time(plan.catalog, axis, therapies, plan.catalog.panel.loop if of else None),
            loop_closed=loop == "closed",
            reference=reference,
            progress=share,
        )
        found[of + loop] = (*found.get(of + loop, ()), course)
    return found


def _reasons(own: Activities, others: Activities, person: Person, plan: _Plan) -> tuple[Reason, ...]:
    """Return why the genes that differ most move a level so little: at rest, and where a steady axis answers."""
    catalog, panel = plan.catalog, plan.catalog.panel
    terms = {gene: [i for i, term in enumerate(own.terms) if term.gene == gene] for gene in catalog.genes}
    # a random person without a copy has nothing to be compared with
    ratios = {
        gene: {i: np.divide(own.values[0, :, i], b, out=np.ones_like(b), where=b > 0) for i in where for b in [others.values[0, :, i]]}
        for gene, where in terms.items()
        if where
    }
    middle = {gene: [float(np.median(ratio)) for ratio in of.values()] for gene, of in ratios.items()}
    size = {gene: max(abs(math.log(m)) if m > 0 else math.inf for m in of) for gene, of in middle.items()}
    genes = sorted((g for g in size if size[g] * _SEEN_FROM > 1), key=lambda g: -size[g])[:_GENES]
    sets, reference = _bodies(gene_by_gene(others, own, genes), own, person, catalog, plan.seed, _LOOP_DRAWS)
    steady = next((axis for axis in plan.axes if catalog.axes[axis].kind == "steady"), None)
    spec = catalog.readouts[panel.reasons]
    answered = None
    if steady is not None:
        timed, at_rest = (with_course(s, catalog, axis=steady, therapies=(), seed=plan.seed) for s in (sets, reference))
        answered = follow_courses(timed, catalog, [0.0, 1.0], axis=steady, keep=names(spec.formula), reference=at_rest)
    factors = {
        gene: {factor_name(own.terms[i].reaction, own.terms[i].tissue): ratio[:_LOOP_DRAWS] for i, ratio in ratios[gene].items()}
        for gene in genes
    }
    return explained(sets, factors, spec, catalog, panel.people, answered)


def _times(days: float, doses: Iterable[float]) -> NDArray[np.float64]:
    """Return the days at which courses are read: evenly spaced, and at every dose, where the value is that before it."""
    number = min(_MOST_TIMES, max(_MOST_TIMES // _PER_DAY, round(days * _PER_DAY)))
    return np.unique(np.concatenate([np.linspace(0.0, days, number + 1), [day for day in doses if day < days]]))


def _options(texts: Mapping[str, tuple[str, ...]], numbers: Compared, axes: Iterable[str] | None) -> str:
    """Return the words of the command line that make a comparison again, behind those of the person."""
    words = ["--days", f"{numbers.days:g}", "--loop", numbers.loop]
    for name, parts in texts.items():
        if name != BASELINE:
            words += ["--scenario", f"{name}={'+'.join(parts)}"]
    for axis in axes or ():
        words += ["--cycle", axis]
    return shlex.join([*words, "--seed", str(numbers.provenance.seed), "--draws", str(numbers.provenance.draws)])


def _nothing(_stage: str, _share: float) -> None:
    """Say nothing."""
