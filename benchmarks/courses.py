"""Courses in time: a man's twelve weeks under weekly testosterone and a twice-weekly inhibitor, and ten cycles of each core.

Usage: ``python benchmarks/courses.py [--draws N] [--single N] [--processes N]``. Beside our run stands the plain way with libRoadRunner,
in the same call: the whole model with its doses as SBML events, reset and set name by name for each draw. Ends with status 1 where a
limit is missed or the two disagree.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from typing import TYPE_CHECKING

import numpy as np

from estrogenome.activities import population_activities
from estrogenome.catalog.load import load_catalog
from estrogenome.catalog.regimens import parse_regimens
from estrogenome.core.records import Person
from estrogenome.export.course import in_runs
from estrogenome.network import compose_course
from estrogenome.network.periodic import with_events
from estrogenome.parameters import personalize, with_course
from estrogenome.parameters.protocol import schedule
from estrogenome.trajectories import follow_courses, prepared

if TYPE_CHECKING:
    from estrogenome.catalog.load import Catalog
    from estrogenome.core.records import ParameterSets

REGIMENS = "testosterone_cypionate:100mg/7d+anastrozole:0.5mg/3.5d"
WEEKS, CYCLES, DAY_OF_CYCLE = 12, 10, 28
ASKED = ("E2", "E1", "E1S", "T", "LH", "FSH", "SHBG")
ASKED_CYCLE = ("E2", "P4", "LH", "FSH")
RELATIVE = 1e-8
# seconds on two cores
LIMIT_THERAPY, LIMIT_CYCLES = 10.0, 30.0
AGREE = 1e-4


def people(catalog: Catalog, axis: str, therapies: set[str], draws: int) -> ParameterSets:
    """Return draws of people in the middle of the ages of the axis' first state, each with a genotype."""
    state = catalog.states[catalog.axes[axis].states[0]]
    person = Person(sex=state.sexes[0], age=sum(state.ages) / len(state.ages), state=state.id)
    # one person of many draws: the genotypes are those of the population
    genotypes = population_activities(catalog, people=draws, seed=0, label="bench")
    return with_course(personalize(genotypes, person, catalog, draws=draws, seed=0), catalog, axis=axis, therapies=therapies, seed=0)


def work() -> float:
    """Return the seconds of CPU that this process and its ended children have used: what a busy machine does not stretch."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def told(done: int, total: int) -> None:
    """Say how far it is, where somebody looks."""
    if sys.stderr.isatty():
        print(f"\r  {done}/{total} ", end="" if done < total else "\r", file=sys.stderr, flush=True)


def therapy(catalog: Catalog, axis: str, draws: int, single: int, processes: int | None) -> bool:
    """Print the times of the course under therapy; return whether it keeps the limit."""
    regimens = parse_regimens(catalog, REGIMENS)
    therapies = {regimen.therapy for regimen in regimens}
    sets, days = people(catalog, axis, therapies, draws), np.linspace(0.0, 7.0 * WEEKS, 2 * 7 * WEEKS + 1)
    events = schedule(catalog, regimens, float(days[-1]))
    compose_course(catalog, axis, therapies, keep=ASKED)
    start, begun = time.perf_counter(), work()
    found = follow_courses(sets, catalog, days, axis=axis, events=events, keep=ASKED, relative=RELATIVE, processes=processes, progress=told)
    took, spent = time.perf_counter() - start, work() - begun
    theirs, plain = plainly(catalog, sets, axis, days, single)
    apart = float(np.nanmax(np.abs(plain / found.values[0, :single] - 1)))
    kept = took <= LIMIT_THERAPY and apart <= AGREE
    print(f"{axis}, {REGIMENS}, {WEEKS} weeks, {draws} draws, relative tolerance {RELATIVE:g}: {int(found.failed.sum())} failed")
    each, plain_each = took / draws, theirs / single
    print(f"  ours                     {took:7.2f} s   limit {LIMIT_THERAPY:g} s; {each * 1e3:.0f} ms a draw; {spent:.1f} s of CPU in all")
    print(f"  plain libRoadRunner loop {plain_each * draws:7.2f} s   {single} draws measured; {plain_each / each:.1f} times ours")
    print(f"  largest difference      {apart:8.1g}   limit {AGREE:g}")
    return kept


def plainly(catalog: Catalog, sets: ParameterSets, axis: str, days: np.ndarray, single: int) -> tuple[float, np.ndarray]:
    """Return the seconds that a plain loop takes for ``single`` draws, and their courses (draw, day, species)."""
    import roadrunner

    regimens = parse_regimens(catalog, REGIMENS)
    few = sets.model_copy(update={"values": sets.values[:, :single]})
    ready = prepared(few, catalog, axis=axis, therapies={regimen.therapy for regimen in regimens})
    doses = [dose for regimen in regimens for dose in in_runs(catalog, regimen)]
    runner = roadrunner.RoadRunner(with_events(ready.network, doses))
    runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = RELATIVE, ready.tolerances["absolute"]
    floating = set(runner.model.getFloatingSpeciesIds())
    evolving = [name for name in ASKED if name in ready.engine.species]
    selections = [f"[{name}]" if name in floating else name for name in evolving]
    # resetAll() lets the events of time 0 happen: what they put into a depot must stay
    depots = {name for names in ready.network.depots.values() for name in names}
    courses = []
    start = time.perf_counter()
    for draw in range(single):
        runner.resetAll()
        for name, values in ready.constants.items():
            runner[name] = values[draw]
        for name, value in zip(ready.engine.species, ready.states[draw], strict=True):
            if name in depots:
                continue
            runner[f"[{name}]" if name in floating else name] = value
        courses.append(np.array(runner.simulate(0, float(days[-1]), len(days), selections=selections)))
    return time.perf_counter() - start, np.array(courses)


def cycles(catalog: Catalog, axis: str, draws: int, processes: int | None) -> bool:
    """Print the time of cycles with their settling; return whether it keeps the limit."""
    sets, days = people(catalog, axis, set(), draws), np.linspace(0.0, CYCLES * DAY_OF_CYCLE, 4 * CYCLES * DAY_OF_CYCLE + 1)
    start, begun = time.perf_counter(), work()
    found = follow_courses(sets, catalog, days, axis=axis, keep=ASKED_CYCLE, relative=RELATIVE, processes=processes, progress=told)
    took, spent = time.perf_counter() - start, work() - begun
    settled = catalog.axes[axis].settle
    cycling = 0 if found.cycling is None else int(found.cycling.sum())
    each = took / draws
    days_left_out, failed = settled.days if settled else 0, int(found.failed.sum())
    print(f"{axis}, {CYCLES} cycles after {days_left_out:g} days of settling, {draws} draws: {cycling} cycle, {failed} failed")
    print(f"  ours                    {took:8.2f} s   limit {LIMIT_CYCLES:g} s; {each * 1e3:.0f} ms a draw; {spent:.1f} s of CPU in all")
    return took <= LIMIT_CYCLES


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--single", type=int, default=10, help="draws of the plain loop")
    parser.add_argument("--processes", type=int, default=None)
    options = parser.parse_args()
    catalog = load_catalog()
    steady = next(axis for axis in sorted(catalog.axes) if catalog.axes[axis].states == ("man",))
    kept = therapy(catalog, steady, options.draws, min(options.single, options.draws), options.processes)
    for axis in sorted(a.id for a in catalog.axes.values() if a.kind == "cycle" and not a.on_request):
        kept &= cycles(catalog, axis, options.draws, options.processes)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
