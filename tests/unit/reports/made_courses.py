"""A made-up comparison: courses drawn on paper for real therapies of the catalog, two genotypes, one axis or two."""

from __future__ import annotations

import invented
import numpy as np

from estrogenome.catalog.load import Catalog, load_catalog
from estrogenome.core.compare_records import Comparison, Given, Reason
from estrogenome.core.course_records import Courses
from estrogenome.core.records import Person
from estrogenome.core.uncertainty import State
from estrogenome.readouts.side_by_side import Runs, side_by_side, told, window_of
from estrogenome.reports.compared import interpret_comparison

DAYS = np.linspace(0.0, 84.0, 84 * 6 + 1)
DRAWS = 60
SPECIES = ("T", "E2", "E1", "E1S", "LH", "FSH", "P4", "SHBG")
REST = {"T": 15.0, "E2": 0.09, "E1": 0.12, "E1S": 2.0, "LH": 5.0, "FSH": 5.5, "P4": 0.3, "SHBG": 35.0}
MOVED = {
    "baseline": dict.fromkeys(SPECIES, 1.0),
    "trt": {"T": 1.8, "E2": 1.5, "E1": 1.2, "E1S": 1.2, "LH": 0.1, "FSH": 0.15, "P4": 1.0, "SHBG": 0.8},
    "trt_ai": {"T": 2.0, "E2": 0.35, "E1": 0.3, "E1S": 0.3, "LH": 0.4, "FSH": 0.5, "P4": 1.0, "SHBG": 0.75},
}
GIVEN = {
    "baseline": (),
    "trt": (("testosterone_cypionate", 100.0, "mg", 7.0),),
    "trt_ai": (("testosterone_cypionate", 100.0, "mg", 7.0), ("anastrozole", 0.5, "mg", 3.5)),
}


def courses(scenario: str, axis: str, who: int, *, closed: bool) -> Courses:
    generator = np.random.default_rng(3)
    bodies = np.exp(0.25 * generator.standard_normal((DRAWS, len(SPECIES))))
    genotype = np.array([1.0, 0.8])[:, None, None, None] ** (np.array([s == "E2" for s in SPECIES]) * (0.7 if closed else 1.0))
    moved = np.array([MOVED[scenario][s] if closed or s not in {"LH", "FSH"} else 1.0 for s in SPECIES])
    level = np.array([REST[s] for s in SPECIES]) * bodies
    course = 1.0 + (moved - 1.0) * (1.0 - np.exp(-DAYS / 6.0))[:, None] * (1.0 + 0.2 * np.cos(2 * np.pi * DAYS / 7.0))[:, None]
    values = genotype * np.broadcast_to(level[None, :, None] * course[None, None], (2, DRAWS, len(DAYS), len(SPECIES)))
    values = values[who : who + 1, : DRAWS if who == 0 else DRAWS // 2]
    failed = np.zeros(values.shape[:2], dtype=np.int64)
    failed[:, DRAWS - 1 :] = 1
    return Courses(
        samples=(("own", "other")[who],), scenario=scenario, axis=axis, loop_closed=closed, days=DAYS, species=SPECIES,
        units=tuple("nmol/L" for _ in SPECIES), values=values, assigned=np.zeros((*values.shape[:3], 0)), failed=failed,
        worst_state=State.ASSUMED, provenance=invented.ORIGIN,
    )  # fmt: skip


def runs(axes: tuple[str, ...] = ("testes",), label: str = "") -> list[Runs]:
    found = []
    for name, regimens in GIVEN.items():
        given = tuple(
            Given(day=day, therapy=t, name=t.replace("_", " ") + label, text=f"{dose:g} {unit}")
            for t, dose, unit, every in regimens
            for day in np.arange(0.0, 84.0, every)
        )
        found.append(
            Runs(
                name=name + label, regimens=tuple(f"{t}:{d:g}{u}/{e:g}d" for t, d, u, e in regimens),
                words=tuple(f"{t}, {d:g} {u} every {e:g} days" for t, d, u, e in regimens), given=tuple(sorted(given, key=lambda g: g.day)),
                longest=max((r[3] for r in regimens), default=0.0),
                closed=tuple(courses(name, a, 0, closed=True) for a in axes), open=tuple(courses(name, a, 0, closed=False) for a in axes),
                other_closed=tuple(courses(name, a, 1, closed=True) for a in axes),
                other_open=tuple(courses(name, a, 1, closed=False) for a in axes),
            )
        )  # fmt: skip
    return found


def comparison(
    axes: tuple[str, ...] = ("testes",), loop: str = "both", label: str = "", catalog: Catalog | None = None
) -> tuple[Comparison, Catalog]:
    catalog = catalog or load_catalog()
    person = Person(sex="male", age=45, state="man")
    reason = Reason(
        gene="GENA", id="e2", activity=0.5, only_way=2.0, share=1.4, fraction=1.1, flow=1.05, feedback=1.03, fm=0.2, seen=1.15, people=100
    )
    all_runs = runs(axes, label)
    window = window_of([one.longest for one in all_runs], days=84.0)
    numbers = side_by_side(
        [told(one, person, catalog, window, loop) for one in all_runs], person,
        days=84.0, loop=loop, axes={a: f"axis {a}" for a in axes}, reasons=(reason,), provenance=invented.ORIGIN,
    )  # fmt: skip
    name = "NA00001" + label
    return interpret_comparison(numbers, _one(invented.genotypes(name)), invented.diplotypes(name), catalog, "--days 84"), catalog


def _one(genotypes):
    return genotypes.model_copy(update={"samples": genotypes.samples[1:], "index": genotypes.index[1:]})
