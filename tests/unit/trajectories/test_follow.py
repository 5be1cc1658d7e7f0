"""People followed in time: at rest nothing moves, scenarios share their draws, and what fails is counted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time

import numpy as np
import pytest

from estrogenome.activities import population_activities
from estrogenome.catalog.axes import Settle
from estrogenome.catalog.load import load_catalog
from estrogenome.core.course_records import Dosing
from estrogenome.core.errors import ModelError
from estrogenome.core.records import Person
from estrogenome.network import CourseNetwork
from estrogenome.network.compose import translate
from estrogenome.network.sbml import describe
from estrogenome.parameters import personalize, with_course
from estrogenome.trajectories import CourseEngine, follow_courses, prepare
from estrogenome.trajectories.prepare import prepared
from estrogenome.trajectories.settle import Whole, last_peak, settle
from estrogenome.trajectories.spread import Runs, run_all

DRAWS = 4
KEEP = ["E2", "T", "E1S"]
STEADY = sorted(a.id for a in load_catalog().axes.values() if a.kind == "steady")
DOSED = sorted(t.id for t in load_catalog().therapies.values() if t.kind == "dosed")


def somebody(catalog, axis):
    state = catalog.states[catalog.axes[axis].states[0]]
    person = Person(sex=state.sexes[0], age=float(np.mean(state.ages)), state=state.id)
    genotypes = population_activities(catalog, people=DRAWS, seed=1, label="a")
    return with_course(personalize(genotypes, person, catalog, draws=DRAWS, seed=1), catalog, axis=axis, therapies=DOSED, seed=1)


@pytest.mark.parametrize("axis", STEADY)
@pytest.mark.parametrize("closed", [True, False])
def test_who_is_given_nothing_stays_at_rest(catalog, axis, closed):
    sets = somebody(catalog, axis)
    found = follow_courses(sets, catalog, np.array([0.0, 1.0, 200.0]), axis=axis, keep=KEEP, loop_closed=closed)
    assert found.values.shape == (1, DRAWS, 3, len(KEEP))
    assert not found.failed.any()
    for name in KEEP:
        np.testing.assert_allclose(found.of(name), np.broadcast_to(found.of(name)[..., :1], found.of(name).shape), rtol=1e-5)


@pytest.mark.parametrize("axis", STEADY)
def test_a_dose_of_nothing_is_no_dose_and_a_dose_moves_the_same_draws(catalog, axis):
    sets, days = somebody(catalog, axis), np.array([0.0, 3.0, 10.0])
    none = follow_courses(sets, catalog, days, axis=axis, keep=KEEP)
    nothing = follow_courses(sets, catalog, days, axis=axis, keep=KEEP, events=[Dosing(day=1.0, therapy=t, amount=0.0) for t in DOSED])
    np.testing.assert_allclose(nothing.values, none.values, rtol=1e-5)
    some = follow_courses(sets, catalog, days, axis=axis, keep=KEEP, events=[Dosing(day=1.0, therapy=t, amount=1e5) for t in DOSED])
    np.testing.assert_allclose(some.values[:, :, 0], none.values[:, :, 0], rtol=1e-8)
    assert np.all(np.abs(some.values[:, :, 1] / none.values[:, :, 1] - 1) > 1e-4)


def test_without_an_axis_production_is_held(catalog):
    sets = somebody(catalog, STEADY[0])
    found = follow_courses(sets, catalog, np.array([0.0, 50.0]), keep=KEEP)
    assert (found.axis, found.failed.sum()) == (None, 0)
    np.testing.assert_allclose(found.values[:, :, 1], found.values[:, :, 0], rtol=1e-6)


def test_a_draw_that_cannot_be_solved_is_counted_and_the_others_stay(catalog):
    sets = somebody(catalog, STEADY[0])
    values = np.array(sets.values)
    values[0, 1, sets.names.index("MCR_T")] = np.nan
    days = np.array([0.0, 3.0])
    found = follow_courses(sets.model_copy(update={"values": values}), catalog, days, axis=STEADY[0], keep=KEEP)
    whole = follow_courses(sets, catalog, days, axis=STEADY[0], keep=KEEP)
    assert found.failed.tolist() == [[0, 1, 0, 0]]
    assert np.all(np.isnan(found.values[0, 1]))
    np.testing.assert_array_equal(found.values[0, [0, 2, 3]], whole.values[0, [0, 2, 3]])


def test_quantities_may_be_followed_too(catalog):
    sets = somebody(catalog, STEADY[0])
    found = follow_courses(sets, catalog, np.array([0.0, 3.0]), axis=STEADY[0], keep=["free_T", "T"])
    assert (found.species, found.quantities, found.quantity_units) == (("T",), ("free_T",), ("nmol_per_L",))
    assert np.all(found.of("free_T") < found.of("T"))


def weekly(therapy, amount, until):
    return [Dosing(day=float(day), therapy=therapy, amount=amount) for day in np.arange(0, until, 7.0)]


def test_ten_years_end_as_every_week_before_and_a_washout_ends_at_rest(catalog):
    axis, sets = "testes", somebody(catalog, "testes")
    few = sets.model_copy(update={"values": sets.values[:, :1]})
    days = np.array([0.0, 3500.0, 3503.0, 3507.0, 3650.0, 3647.0 + 800.0])
    found = follow_courses(few, catalog, np.sort(days), axis=axis, keep=KEEP, events=weekly(DOSED[0], 1e4, 3507.5))
    at = dict(zip(np.sort(days).tolist(), found.values[0, 0], strict=True))
    np.testing.assert_allclose(at[3507.0], at[3500.0], rtol=1e-5)
    np.testing.assert_allclose(at[3647.0 + 800.0], at[0.0], rtol=1e-3)


CYCLES = sorted(a.id for a in load_catalog().axes.values() if a.kind == "cycle")


@pytest.mark.parametrize("axis", CYCLES)
def test_scenarios_of_a_cycle_begin_at_the_very_same_place_and_settle_once(catalog, axis):
    sets, told = somebody(catalog, axis), []
    few = sets.model_copy(update={"values": sets.values[:, :1]})
    days = np.linspace(0.0, 40.0, 161)
    align = catalog.axes[axis].settle.align
    none = follow_courses(few, catalog, days, axis=axis, keep=["E2", align], progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]
    some = follow_courses(
        few, catalog, days, axis=axis, keep=["E2", align], events=weekly(DOSED[0], 1e3, 40.0), progress=lambda *now: told.append(now)
    )
    assert told[2:] == [(2, 2)]
    np.testing.assert_array_equal(some.values[:, :, 0], none.values[:, :, 0])
    peak = days[np.argmax(none.of(align)[0, 0, : 4 * 28])]
    assert none.cycling.tolist() == [[1]]
    assert peak == pytest.approx(catalog.axes[axis].settle.cycle_day, abs=0.5)


TURNING = """model estrogenome_body()
  compartment tub; tub = 1; w = 0.5; up = 3; up' = w*turn; turn = 0; turn' = -w*(up - 2);
end"""


def turning():
    sbml = translate(TURNING)
    return CourseNetwork(sbml=sbml, structure=describe(sbml), digest="turning")


def test_a_cycle_is_aligned_on_its_peak():
    network = turning()
    engine = CourseEngine(network)
    how = Settle(days=100.0, align="up", cycle_day=5.0)
    options = {"relative": 1e-10, "absolute": 1e-12}
    starts = [{"up": 2.9, "turn": 0.1}, {"up": 2.0, "turn": 0.0}]
    found = settle(network, engine, how, {"w": np.array([0.5, 0.5])}, starts, options=options)
    assert found.cycling.tolist() == [True, False]
    height = np.hypot(0.9, 0.1)
    np.testing.assert_allclose(found.states[0], [2 + height * np.cos(0.5 * 5), height * np.sin(0.5 * 5)], atol=1e-3)
    np.testing.assert_allclose(found.states[1], [2.0, 0.0], atol=1e-9)


def test_what_follows_a_cycle_joins_late_and_is_where_it_would_have_been():
    sbml = translate(TURNING.replace("end", "  trail = 7; trail' = 40*(up - trail);\nend"))
    larger = CourseNetwork(sbml=sbml, structure=describe(sbml), digest="turning, followed")
    how = Settle(days=100.0, align="up", cycle_day=5.0)
    options = {"relative": 1e-10, "absolute": 1e-12}
    constants = {"w": np.array([0.5, 0.5])}
    starts = [{"up": 2.9, "turn": 0.1, "trail": 7.0}, {"up": 2.0, "turn": 0.0, "trail": 7.0}]
    core = [{"up": s["up"], "turn": s["turn"]} for s in starts]
    whole = settle(larger, CourseEngine(larger), how, constants, starts, options=options)
    to = Whole(CourseEngine(larger), constants, starts, 2.0)
    late = settle(turning(), CourseEngine(turning()), how, constants, core, options=options, whole=to)
    assert late.cycling.tolist() == whole.cycling.tolist() == [True, False]
    np.testing.assert_allclose(late.states, whole.states, rtol=1e-4, atol=1e-9)


@pytest.mark.parametrize("axis", CYCLES)
def test_a_cycle_begins_where_the_whole_model_would_have_brought_it(catalog, axis, monkeypatch):
    sets, how = somebody(catalog, axis), catalog.axes[axis].settle
    few = sets.model_copy(update={"values": sets.values[:, :2]})
    found = []
    for lasts in (False, True):
        if lasts:
            monkeypatch.setattr(prepare, "_forgets", lambda *_: np.inf)
        prepare._settled.cache_clear()
        found.append(prepared(few, catalog, axis=axis, keep=["Q23_liver", "Q34_periphery", how.align], relative=1e-10))
    late, whole = found
    assert late.cycling.tolist() == whole.cycling.tolist()
    np.testing.assert_allclose(late.states, whole.states, rtol=1e-4, atol=1e-9)


def test_the_last_peak_is_found_between_the_points():
    times = np.linspace(0, 100, 401)
    assert last_peak(times, 2 + np.cos(2 * np.pi * (times - 3.1) / 28), after=14.0) == pytest.approx(87.1, abs=0.01)
    assert last_peak(times, np.full(401, 3.0), after=14.0) is None
    assert last_peak(times, times, after=14.0) is None


def test_two_processes_give_what_one_gives():
    network, times = turning(), np.linspace(0, 3, 7)
    runs = Runs({"w": np.linspace(0.1, 1.0, 5)}, [{"up": 1.0 + i} for i in range(5)], {"names": ("up", "turn")})
    told = []
    one = run_all(network, runs, times, processes=1)
    two = run_all(network, runs, times, processes=2, progress=lambda done, total: told.append((done, total)))
    np.testing.assert_array_equal(two, one)
    assert told[-1] == (5, 5)
    with pytest.raises(ModelError, match="no species or constant luck"):
        run_all(network, Runs({"luck": 1.0}, runs.start, runs.options), times, processes=2)


@pytest.mark.skipif(sys.platform == "win32", reason="an interrupt is another thing there")
def test_an_interrupt_ends_the_children_too(tmp_path):
    script = tmp_path / "long.py"
    script.write_text(
        textwrap.dedent(f"""
        import numpy as np, os, signal
        # who starts the tests in the background of a shell hands on that interrupts are ignored
        signal.signal(signal.SIGINT, signal.default_int_handler)
        from estrogenome.network import CourseNetwork
        from estrogenome.network.compose import translate
        from estrogenome.network.sbml import describe
        from estrogenome.trajectories import spread
        sbml = translate({TURNING!r})
        network = CourseNetwork(sbml=sbml, structure=describe(sbml), digest="")
        runs = spread.Runs({{}}, [{{"up": 1.0}}] * 20000, {{"relative": 1e-10}})
        began = spread._Children.__enter__
        def enter(self):
            began(self)
            print(self._running[0].pid, flush=True)
            return self
        spread._Children.__enter__ = enter
        spread.run_all(network, runs, np.linspace(0, 10000, 3), processes=2)
        """)
    )
    parent = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        child = int(parent.stdout.readline())
        time.sleep(2)
        os.killpg(parent.pid, signal.SIGINT)
        _, errors = parent.communicate(timeout=20)
    finally:
        parent.kill()
    assert parent.returncode != 0
    assert errors.strip().splitlines()[-1] == "KeyboardInterrupt"
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
