"""One person at rest: from a genome file, or from a record on the way, to readouts and the report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from estrogenome.activities import infer_activities, population_activities
from estrogenome.catalog.load import load_catalog
from estrogenome.catalog.person import checked_person
from estrogenome.core.errors import PersonError
from estrogenome.core.records import Activities, ParameterSets
from estrogenome.core.select import one
from estrogenome.core.uncertainty import Origin, again
from estrogenome.parameters import personalize
from estrogenome.pipeline.reading import called
from estrogenome.readouts import measure, origins
from estrogenome.reports import interpret
from estrogenome.trajectories import simulate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from estrogenome.catalog.load import Catalog
    from estrogenome.core.genotype_records import Diplotypes, Genotypes
    from estrogenome.core.readout_records import Origins, Readouts
    from estrogenome.core.records import Person, Trajectories
    from estrogenome.reports import Report

    Progress = Callable[[str], None]


@dataclass(frozen=True)
class Course:
    """From activities to readouts: the records of one simulated person, None for those before the one entered with."""

    activities: Activities | None
    parameters: ParameterSets | None
    trajectories: Trajectories
    readouts: Readouts


@dataclass(frozen=True)
class Analysis:
    """The report and every record on the way to it."""

    person: Person
    genotypes: Genotypes
    diplotypes: Diplotypes
    activities: Activities
    parameters: ParameterSets
    trajectories: Trajectories
    readouts: Readouts
    origins: Origins
    report: Report


def analyze(
    path: Path | str,
    person: Person,
    *,
    sample: str | None = None,
    catalog: Catalog | None = None,
    draws: int = 200,
    seed: int = 0,
    callable_bed: Path | None = None,
    absent_is_reference: bool = False,
    ancestry: str | None = None,
    copies: Mapping[str, int] | None = None,
    population: int = 400,
    progress: Progress | None = None,
) -> Analysis:
    """Take one person of a genome file all the way to a report.

    Args:
        path: VCF, BCF or a table of genotypes; plain, gzipped or in a zip.
        person: sex, age and hormonal state.
        sample: which person of a file of several.
        catalog: knowledge to use; the package's own by default.
        draws: joint draws of everything uncertain.
        seed: the same seed gives the same bytes.
        callable_bed: regions in which an absent record means reference, by the user's statement.
        absent_is_reference: the same statement for the whole file.
        ancestry: population whose haplotype frequencies are used; all of them alike by default.
        copies: how many copies of a gene the person has, by the user's statement; for genes whose number varies.
        population: people in each of the two simulated reference populations.
        progress: called with the name of each stage before it starts.

    Raises:
        EstrogenomeError: with one line that names the mend.
    """
    catalog = catalog or load_catalog()
    person = checked_person(person, catalog)
    tell = progress or _silent
    tell("calling diplotypes")
    genotypes, diplotypes = called(
        path,
        catalog,
        sample=sample,
        callable_bed=callable_bed,
        absent_is_reference=absent_is_reference,
        ancestry=ancestry,
        copies=copies,
    )
    tell("inferring enzyme activities")
    activities = infer_activities(diplotypes, catalog, draws=draws, seed=seed)
    tell("simulating this person")
    parameters = personalize(activities, person, catalog, draws=draws, seed=seed)
    trajectories = simulate(parameters, catalog)
    tell("simulating the population")
    other = infer_activities(diplotypes, catalog, draws=draws, seed=again(seed))
    redrawn = _redrawn(activities, other, person, catalog, draws=draws, seed=seed)
    readouts = _measured(trajectories, person, catalog, people=population, seed=seed)
    split = origins(trajectories, redrawn, catalog)
    tell("writing the report")
    report = interpret(person, genotypes, diplotypes, activities, readouts, catalog, origins=split)
    return Analysis(person, genotypes, diplotypes, activities, parameters, trajectories, readouts, split, report)


def follow(
    start: Diplotypes | Activities | ParameterSets,
    person: Person,
    *,
    sample: str | None = None,
    catalog: Catalog | None = None,
    draws: int = 200,
    seed: int = 0,
    population: int = 400,
    progress: Progress | None = None,
) -> Course:
    """Enter the flow with a record and follow it to the readouts; ``draws`` counts only where none were made before.

    Raises:
        EstrogenomeError: with one line that names the mend.
    """
    catalog = catalog or load_catalog()
    person = checked_person(person, catalog)
    tell = progress or _silent
    activities: Activities | None = None
    if isinstance(start, ParameterSets):
        parameters = one(start, sample)
        if parameters.person != person:
            made = parameters.person
            whose = f"a {made.sex} aged {made.age:g}, {made.state}"
            raise PersonError(f"the parameters are of {whose}; give that person, or start from diplotypes")
    else:
        if isinstance(start, Activities):
            activities = one(start, sample)
        else:
            tell("inferring enzyme activities")
            activities = infer_activities(one(start, sample), catalog, draws=draws, seed=seed)
        tell("simulating this person")
        parameters = personalize(activities, person, catalog, draws=activities.values.shape[1], seed=seed)
    trajectories = simulate(parameters, catalog)
    tell("simulating the population")
    readouts = _measured(trajectories, person, catalog, people=population, seed=seed)
    return Course(activities, parameters, trajectories, readouts)


def _redrawn(
    activities: Activities, other: Activities, person: Person, catalog: Catalog, *, draws: int, seed: int
) -> dict[Origin, Trajectories]:
    """Return the person simulated again with one origin of uncertainty drawn anew; ``other`` holds the activities for that of enzymes."""
    starts = {origin: other if origin is Origin.ENZYMES else activities for origin in Origin}
    return {o: simulate(personalize(s, person, catalog, draws=draws, seed=seed, redrawn=o), catalog) for o, s in starts.items()}


def _measured(trajectories: Trajectories, person: Person, catalog: Catalog, *, people: int, seed: int) -> Readouts:
    """Measure against two populations of the same state, with typical covariates, that differ in genotype alone.

    The effect of genotype is taken in this person's own bodies: where covariates were measured, random genotypes are simulated
    with them too.
    """
    typical = person.model_copy(update={"measured": {}})
    one_genotype, another = (population_activities(catalog, people=people, seed=seed, label=label) for label in ("a", "b"))
    first, second = (simulate(personalize(g, typical, catalog, draws=people, seed=seed), catalog) for g in (one_genotype, another))
    bodies = simulate(personalize(one_genotype, person, catalog, draws=people, seed=seed), catalog) if person.measured else first
    return measure(trajectories, catalog, population=first, alternative=second, bodies=bodies, whose=person)


def _silent(_stage: str) -> None:
    """Say nothing."""
