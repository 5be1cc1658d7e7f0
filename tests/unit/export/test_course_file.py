"""Courses as files: COPASI and a plain libRoadRunner, given nothing but the SBML, find what we find, for every therapy and every axis."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from estrogenome.catalog.load import load_catalog
from estrogenome.core.course_records import Regimen
from estrogenome.core.errors import InputError
from estrogenome.export.course import course_sbml, in_runs
from estrogenome.export.values import central_sets
from estrogenome.network.sbml import complaints
from estrogenome.parameters import with_course
from estrogenome.parameters.protocol import schedule
from estrogenome.trajectories import prepared

CATALOG = load_catalog()
TIGHT = {"relative": 1e-10, "absolute": 1e-13}
AGREE = 1e-4
DAYS = np.linspace(0.0, 8.0, 33)


def plausible(therapy):
    """Three doses or so from day 0 on, then, overlapping, half of it every day from day 2 until before day 5."""
    low, high = therapy.dose.plausible
    dose, interval = float(np.sqrt(low * high)), None if therapy.kind == "worn" else 3.0
    second = None if therapy.kind == "worn" else 1.0
    return [
        Regimen(therapy=therapy.id, dose=dose, interval=interval, stop=7.0),
        Regimen(therapy=therapy.id, dose=dose / 2, interval=second, start=2.0, stop=5.0),
    ]


def ours(catalog, sets, axis, regimens, names, days):
    therapies = {regimen.therapy for regimen in regimens}
    whole = with_course(sets, catalog, axis=axis, therapies=therapies, seed=0, central=True)
    ready = prepared(whole, catalog, axis=axis, therapies=therapies, keep=names)
    start = dict(zip(ready.engine.species, ready.states[0].tolist(), strict=True))
    events = schedule(catalog, regimens, float(days[-1])) if regimens else ()
    return ready.engine.run(ready.constants, [start], days, events=events, names=names, **TIGHT)[0]


def copasi(sbml, names, days):
    import basico

    model = basico.load_model_from_string(sbml)
    try:
        found = basico.run_time_course(
            start_time=0, duration=float(days[-1]), intervals=len(days) - 1, automatic=False, use_sbml_id=True, model=model,
            r_tol=TIGHT["relative"], a_tol=TIGHT["absolute"], max_steps=1_000_000,
        )  # fmt: skip
        return found[list(names)].to_numpy()
    finally:
        basico.remove_datamodel(model)


def alone(sbml, names, days):
    import roadrunner

    runner = roadrunner.RoadRunner(sbml)
    runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = TIGHT["relative"], TIGHT["absolute"]
    species = set(runner.model.getFloatingSpeciesIds())
    return np.array(runner.simulate(0, float(days[-1]), len(days), selections=[f"[{n}]" if n in species else n for n in names]))


@pytest.mark.parametrize("therapy", sorted(CATALOG.therapies))
def test_every_therapy_runs_alike_in_copasi(catalog, therapy):
    axis = "testes"
    sets = central_sets(catalog, catalog.axes[axis].states[0])
    names, regimens = ("E2", "T", "E1S", "P4", "SHBG"), plausible(catalog.therapies[therapy])
    sbml = course_sbml(catalog, sets, axis=axis, regimens=regimens, keep=names)
    assert complaints(sbml) == []
    expected = ours(catalog, sets, axis, regimens, names, DAYS)
    np.testing.assert_allclose(copasi(sbml, names, DAYS), expected, rtol=AGREE)


def test_what_is_worn_and_saturates_runs_alike(catalog):
    worn = next(t for t in catalog.therapies.values() if t.kind == "worn" and t.releases)
    first = worn.releases[0]
    half = first.share.model_copy(update={"value": 2 * worn.dose.plausible[0], "unit": worn.dose.unit})
    changed = worn.model_copy(update={"releases": (first.model_copy(update={"saturation": half}), *worn.releases[1:])})
    other = replace(catalog, therapies=catalog.therapies | {worn.id: changed}, digest=f"{catalog.digest}/saturates")
    sets, names, regimens = central_sets(other, "postmenopausal"), ("E2", "T", "P4"), plausible(changed)
    sbml = course_sbml(other, sets, regimens=regimens, keep=names)
    assert complaints(sbml) == []
    expected = ours(other, sets, None, regimens, names, DAYS)
    np.testing.assert_allclose(copasi(sbml, names, DAYS), expected, rtol=AGREE)
    np.testing.assert_allclose(alone(sbml, names, DAYS), expected, rtol=AGREE)
    assert not np.allclose(ours(catalog, sets, None, regimens, names, DAYS), expected, rtol=1e-2)


@pytest.mark.parametrize("axis", sorted(CATALOG.axes))
def test_every_axis_runs_alike_in_copasi(catalog, axis):
    sets = central_sets(catalog, catalog.axes[axis].states[0])
    names, days = ("E2", "LH", "FSH"), np.linspace(0.0, 28.0, 57)
    sbml = course_sbml(catalog, sets, axis=axis, keep=names)
    assert complaints(sbml) == []
    expected = ours(catalog, sets, axis, [], names, days)
    np.testing.assert_allclose(copasi(sbml, names, days), expected, rtol=AGREE)


def test_a_missed_dose_parts_a_regimen(catalog):
    dosed = next(t for t in catalog.therapies.values() if t.kind == "dosed")
    regimen = Regimen(therapy=dosed.id, dose=dosed.dose.plausible[0], interval=2.0, start=1.0, stop=12.0, missed=(1, 4))
    runs = list(in_runs(catalog, regimen))
    assert [(run.first, run.stop) for run in runs] == [(3.0, 7.0), (9.0, 12.0)]
    names = ("E2", "T")
    sbml = course_sbml(catalog, central_sets(catalog), regimens=[regimen], keep=names)
    expected = ours(catalog, central_sets(catalog), None, [regimen], names, DAYS)
    np.testing.assert_allclose(alone(sbml, names, DAYS), expected, rtol=AGREE)


def test_one_draw_is_one_file(catalog):
    sets = central_sets(catalog)
    with pytest.raises(InputError, match="one draw of one person"):
        course_sbml(catalog, sets.model_copy(update={"values": np.repeat(sets.values, 2, axis=1)}))
