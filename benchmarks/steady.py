"""Steady states: the batch kernel against libRoadRunner run one draw at a time, in one call.

Usage: ``python benchmarks/steady.py [--people N] [--single N]``. Two models: the package's body, whose draws are virtual people
(genotype, constants and covariates drawn, then solved), and a made-up network of 60 species with competition and binding. libRoadRunner
stands there twice: with our Newton iteration on its rates, which is the fastest way to use it that we know, and with its own
``steadyState()``. Ends with status 1 where a limit is missed.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from estrogenome.activities import population_activities
from estrogenome.catalog.load import load_catalog
from estrogenome.core.provenance import digest_text
from estrogenome.core.records import Person
from estrogenome.network import Network, compose
from estrogenome.network.compose import translate
from estrogenome.network.sbml import describe
from estrogenome.parameters import personalize
from estrogenome.trajectories import Kernel
from estrogenome.trajectories.engine import RoadRunnerEngine

if TYPE_CHECKING:
    from collections.abc import Callable

DRAWS = 200
SPECIES = 60
# seconds: one person's draws, and virtual people on two cores
LIMIT_DRAWS = 1.0
LIMIT_PEOPLE = 30.0
OWN = 10

Result = TypeVar("Result")


def made_up(species: int) -> Network:
    """Return a network of pairs of pools that exchange, feed the next pair, compete for one enzyme, and are bound in one of the two."""
    pairs = species // 2
    parts = ["compartment v = 1;", "input = 1; flow = 5; clearance = 1; enzyme = 20; half = 2; carrier = 3; affinity = 0.5;"]
    total = " + ".join(f"a{i}" for i in range(pairs))
    parts += ["excess := 1 + affinity*(a0 - carrier);"]
    parts += ["unbound := 2/(1 + excess + sqrt(excess^2 + 4*affinity*carrier));", f"free := enzyme/(half + {total});"]
    for i in range(pairs):
        parts += [f"species a{i} in v, b{i} in v; a{i} = 0; b{i} = 0; scale{i} = 1;"]
        parts += [f"flow{i}: a{i} -> b{i}; flow*(unbound*a{i} - b{i});", f"use{i}: a{i} -> ; free*scale{i}*a{i};"]
        parts += [f"clear{i}: b{i} -> ; clearance*b{i};", f"feed{i}: b{i} -> a{(i + 1) % pairs}; scale{i}*b{i};"]
    parts += [f"source{i}: -> a{i}; input;" for i in range(0, pairs, 8)]
    sbml = translate("\n".join(["model estrogenome_body()", *parts, "end", ""]))
    return Network(sbml=sbml, structure=describe(sbml), digest=digest_text(sbml))


def timed(run: Callable[[], Result]) -> tuple[float, Result]:
    """Return (seconds, result)."""
    start = time.perf_counter()
    result = run()
    return time.perf_counter() - start, result


def compare(label: str, network: Network, draws: Callable[[int], dict[str, np.ndarray]], people: int, single: int) -> bool:
    """Print one model's times; return whether it keeps the limits."""
    building, kernel = timed(lambda: Kernel(network))
    print(f"{label}: {len(kernel.species)} species, {len(kernel.reactions)} reactions; the kernel is made in {building:.3f} s")
    one, _ = timed(lambda: kernel.solve(draws(DRAWS)))
    many, found = timed(lambda: kernel.solve(draws(people)))
    engine = RoadRunnerEngine(network)
    some = draws(single)
    newton, theirs = timed(lambda: engine.solve(some))
    ours = kernel.solve(some)
    if not np.array_equal(ours.failed, theirs.failed):
        raise SystemExit("the two disagree on which draws have a steady state")
    apart = np.nanmax(np.abs(ours.concentrations / theirs.concentrations - 1))
    own = steady_state_of_its_own(network, {n: v[:OWN] for n, v in some.items()})
    each, one_by_one, alone = many / people, newton / single, own / OWN
    states = people - int(found.failed.sum())
    print(f"  {DRAWS} draws            {one:8.3f} s   limit {LIMIT_DRAWS:g} s")
    print(f"  {people} virtual people {many:8.3f} s   limit {LIMIT_PEOPLE:g} s; {each * 1e6:.0f} µs each, {states} have a state")
    print(f"  libRoadRunner, Newton on its rates    {one_by_one * 1e6:9.0f} µs each: {one_by_one / each:.0f} times ours")
    print(f"  libRoadRunner, its own steadyState()  {alone * 1e6:9.0f} µs each: {alone / each:.0f} times ours")
    print(f"  largest difference from libRoadRunner {apart:.1g}")
    return one <= LIMIT_DRAWS and many <= LIMIT_PEOPLE


def steady_state_of_its_own(network: Network, constants: dict[str, np.ndarray]) -> float:
    """Return the seconds that libRoadRunner's solver takes for these draws."""
    import roadrunner

    runner = roadrunner.RoadRunner(network.sbml)

    def run() -> None:
        for draw in range(OWN):
            runner.reset()
            for name, values in constants.items():
                runner[name] = values[draw]
            runner.steadyState()

    return timed(run)[0]


def virtual_people(n: int) -> dict[str, np.ndarray]:
    """Return the constants of n virtual people: genotype, unseen variation, constants and covariates drawn."""
    catalog = load_catalog()
    state = next(iter(catalog.states.values()))
    person = Person(sex=state.sexes[0], age=catalog.population["states"][state.id]["age_centre"], state=state.id)
    drawn = personalize(population_activities(catalog, people=n, seed=0, label="bench"), person, catalog, draws=n, seed=0)
    known = set(compose(catalog).structure.constants)
    return {name: drawn.values[0, :, i] for i, name in enumerate(drawn.names) if name in known}


def scattered(network: Network, n: int) -> dict[str, np.ndarray]:
    """Return constants scattered around those of the SBML (log-sd 0.3)."""
    random = np.random.default_rng(0)
    return {name: value * np.exp(random.normal(0.0, 0.3, n)) for name, value in Kernel(network).constants.items() if name != "v"}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10000)
    parser.add_argument("--single", type=int, default=100, help="draws that libRoadRunner solves")
    options = parser.parse_args()
    virtual_people(2)
    kept = compare("body", compose(load_catalog()), virtual_people, options.people, options.single)
    network = made_up(SPECIES)
    kept &= compare("made-up", network, lambda n: scattered(network, n), options.people, options.single)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
