"""Central and drawn bodies with an axis, followed in time or solved at rest, with the clearance of E2 changed and the loop open or closed.

What changes the clearance is every removal of E2 alike, as ``binding_E2`` does, so that nothing else moves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from estrogenome.activities import population_activities
from estrogenome.catalog.axes import axis_values
from estrogenome.catalog.body import central_values
from estrogenome.catalog.load import load_catalog
from estrogenome.core.records import Person
from estrogenome.network import compose, compose_course
from estrogenome.parameters import personalize, with_course
from estrogenome.trajectories import CourseEngine
from estrogenome.trajectories.rest import begin, body_at_rest, person_at_rest, references, set_for
from estrogenome.trajectories.settle import settle
from estrogenome.trajectories.spread import Runs, run_all

CORES = {"cycle_roeblitz": "Röblitz", "cycle_selgrade": "Selgrade"}
READ = ("LH", "FSH", "E2", "P4")
# nmol/L to what people read
SHOWN = {"E2": 272.38, "P4": 0.31446}
UNITS = {"LH": "IU/L", "FSH": "IU/L", "E2": "pg/mL", "P4": "ng/mL"}
# P4 in ng/mL below which a sample counts as follicular and above which as luteal, as derive.population has it
FOLLICULAR, LUTEAL = 1.0, 3.0
RATIOS = (0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3)
PER_DAY = 8
CYCLES = 6
OPTIONS = {"relative": 1e-7, "absolute": 1e-12}

Values = Mapping[str, np.ndarray]


def central(axis: str, state: str, number: int = 1) -> dict[str, np.ndarray]:
    """Return the medians of the body and the axis, ``number`` times."""
    catalog = load_catalog()
    values = central_values(catalog, state, compose(catalog).structure.constants) | axis_values(catalog, catalog.axes[axis], state)
    return {name: np.full(number, value) for name, value in values.items()}


def drawn(axis: str, state: str, draws: int) -> dict[str, np.ndarray]:
    """Return draws of the body and the axis with the mean genotype."""
    catalog = load_catalog()
    person = Person(sex=catalog.states[state].sexes[0], age=30, state=state)
    somebody = population_activities(catalog, people=draws, seed=1, label="a")
    sets = with_course(personalize(somebody, person, catalog, draws=draws, seed=1), catalog, axis=axis, therapies=(), seed=1)
    values = {name: sets.values[0, :, i] for i, name in enumerate(sets.names)}
    return {name: np.ones(draws) if name.startswith("factor_") else value for name, value in values.items()}


def removed(values: Values, times: np.ndarray | float) -> dict[str, np.ndarray]:
    """Return ``values`` with every removal of E2 ``times`` as fast at the same concentration in its tissue."""
    reference = values["fu_reference_E2"] * np.asarray(times, dtype=float) ** (-1 / values["fu_exponent_E2"])
    return dict(values) | {"fu_reference_E2": reference}


@cache
def removal_for(state: str, ratio: float) -> float:
    """Return the removal of E2 at which its clearance is ``ratio`` times that of the central body (the liver's flow limits it)."""
    catalog = load_catalog()
    values = central("cycle_roeblitz" if state != "man" else "testes", state)

    def clearance(times: float) -> float:
        return float(1 / body_at_rest(catalog, removed(values, times)).tracer("E2").of("E2")[0])

    low, high, wanted = np.log(0.2), np.log(8.0), ratio * clearance(1.0)
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if clearance(float(np.exp(middle))) < wanted else (low, middle)
    return float(np.exp((low + high) / 2))


@dataclass(frozen=True)
class Followed:
    """Courses (run, time) by name in the units of ``UNITS``, and where they ended."""

    days: np.ndarray
    courses: dict[str, np.ndarray]
    end: list[dict[str, float]]
    cycling: np.ndarray

    def periods(self, run: int) -> np.ndarray:
        """Return the days between the peaks of LH."""
        return np.diff(self.days[peaks(self.courses["LH"][run])])

    def ovulates(self, run: int) -> bool:
        """Return whether P4 reaches a luteal level in each 50 days."""
        p4, wide = self.courses["P4"][run], 50 * PER_DAY
        return all(p4[i : i + wide].max() > LUTEAL for i in range(0, len(p4) - wide + 1, PER_DAY))


def peaks(course: np.ndarray) -> np.ndarray:
    """Return the places of the peaks of a course that rise above three times its median."""
    inner = course[1:-1]
    return np.flatnonzero((inner > course[:-2]) & (inner >= course[2:]) & (inner > 3 * np.median(course))) + 1


def follow(
    axis: str,
    values: Values,
    reference: Values | None = None,
    *,
    days: float = 28.0 * CYCLES,
    closed: bool = True,
    start: list[dict[str, float]] | None = None,
    names: tuple[str, ...] = READ,
    per_day: int = PER_DAY,
) -> Followed:
    """Run one axis of women from its settled cycle, or from ``start``; ``reference`` is the body of the references (by default ``values``)."""
    catalog = load_catalog()
    entry, network = catalog.axes[axis], compose_course(catalog, axis, keep=names)
    size = len(next(iter(values.values())))
    constants = set_for(network, values, size, loop_closed=closed)
    wanted = references(catalog, entry, reference or values, own_genotype=False)
    constants |= {name: value for name, value in wanted.items() if name in network.structure.constants}
    engine = CourseEngine(network)
    cycling = np.ones(size, dtype=bool)
    if start is None:
        assert entry.settle is not None, "an axis of women is a cycle"
        first = begin(network, entry, constants, engine.defaults, body_at_rest(catalog, values))
        points = [{name: float(value[i]) for name, value in first.items()} for i in range(size)]
        ready = settle(network, engine, entry.settle, constants, points, options=OPTIONS)
        start, cycling = [dict(zip(engine.species, row, strict=True)) for row in ready.states.tolist()], ready.cycling
    times = np.linspace(0, days, round(days * per_day) + 1)
    asked = (*engine.species, *(n for n in names if n not in engine.species))
    found = run_all(network, Runs(constants, start, {"names": asked, **OPTIONS}), times, engine=engine)
    courses = {name: found[:, :, asked.index(name)] * SHOWN.get(name, 1.0) for name in names}
    end = [dict(zip(engine.species, row, strict=True)) for row in found[:, -1, : len(engine.species)].tolist()]
    return Followed(times, courses, end, cycling)


def at_clearances(axis: str, values: Values, ratios: tuple[float, ...] = RATIOS, *, closed: bool, days: float = 28.0 * CYCLES) -> Followed:
    """Follow ``values`` (n,) at each ratio of the clearance of E2, runs ratio by ratio; the references are those of the clearance at 1."""
    size, state = len(next(iter(values.values()))), "follicular"
    many = {name: np.tile(value, len(ratios)) for name, value in values.items()}
    return follow(axis, removed(many, np.repeat([removal_for(state, r) for r in ratios], size)), many, closed=closed, days=days)


def mean(found: Followed, run: int, name: str) -> float:
    """Return the mean over whole cycles, or over everything where there are none."""
    at = peaks(found.courses["LH"][run])
    window = slice(at[0], at[-1]) if len(at) > 1 else slice(None)
    return float(found.courses[name][run, window].mean())


def of_men(ratios: tuple[float, ...] = RATIOS, *, closed: bool) -> np.ndarray:
    """Return E2 of men at rest with the axis ``testes`` at each ratio of the clearance of E2, over that at 1."""
    catalog = load_catalog()
    entry, network = catalog.axes["testes"], compose_course(catalog, "testes", keep=("E2", "LH"))
    values = central("testes", "man", len(ratios))
    changed = removed(values, np.array([removal_for("man", r) for r in ratios]))
    constants = set_for(network, changed, len(ratios), loop_closed=closed)
    constants |= {n: v for n, v in references(catalog, entry, values, own_genotype=False).items() if n in network.structure.constants}
    rest = person_at_rest(network, constants, begin(network, entry, constants, {}, body_at_rest(catalog, changed)))
    return np.asarray(rest.of("E2") / rest.of("E2")[ratios.index(1.0)])


def after_menopause(
    doses: tuple[float, ...], *, suppression: float = 1.0, clearance: float = 1.0, closed: bool = True
) -> dict[str, np.ndarray]:
    """Return levels at rest with so many ug of E2 a day through the skin, state ``postmenopausal``."""
    catalog = load_catalog()
    entry, network = catalog.axes["postmenopause"], compose_course(catalog, "postmenopause", keep=READ)
    values = central("postmenopause", "postmenopausal", len(doses))
    given = removed(values, removal_for("postmenopausal", clearance)) | {
        "input_E2_plasma": np.array(doses) * 1000 / SHOWN["E2"],
        "gonadotropin_suppression": np.full(len(doses), suppression),
    }
    constants = set_for(network, given, len(doses), loop_closed=closed)
    constants |= {n: v for n, v in references(catalog, entry, values, own_genotype=False).items() if n in network.structure.constants}
    rest = person_at_rest(network, constants, begin(network, entry, constants, {}, body_at_rest(catalog, given)))
    return {name: rest.of(name) * SHOWN.get(name, 1.0) for name in READ}


def constant_estradiol(axis: str, level: float) -> tuple[Followed, Followed]:
    """Give E2 that would stand at ``level`` (pg/mL) without a cycle for 180 days, then take it away for 280: both courses."""
    values = central(axis, "follicular")
    given = dict(values) | {"input_E2_plasma": np.array([level / SHOWN["E2"] * reference_clearance()])}
    settled = follow(axis, values, days=1.0)
    on = follow(axis, given, values, days=180.0, start=settled.end)
    return on, follow(axis, values, days=280.0, start=on.end)


@cache
def reference_clearance() -> float:
    """Return the clearance of E2 of the central body, L/day."""
    catalog = load_catalog()
    axis = catalog.axes["cycle_roeblitz"]
    return float(references(catalog, axis, central("cycle_roeblitz", "follicular"), own_genotype=False)["reference_clearance_E2"][0])


def by_phase(found: Followed, run: int = 0) -> dict[tuple[str, str], float]:
    """Return (state, quantity) → median over the samples of a phase, told by P4 as in NHANES."""
    p4 = found.courses["P4"][run]
    return {
        (state, name): float(np.median(found.courses[name][run][inside]))
        for state, inside in (("follicular", p4 < FOLLICULAR), ("luteal", p4 > LUTEAL))
        for name in READ
    }
