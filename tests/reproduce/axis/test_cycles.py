"""Both cores of the cycle over the body: untouched women, the loop, what is given and taken away, and women after menopause."""

from __future__ import annotations

import numpy as np
import pytest

from derive.cycles import FIGURE, PAGE, ranges
from derive.followed import (
    CORES,
    READ,
    after_menopause,
    at_clearances,
    by_phase,
    central,
    constant_estradiol,
    follow,
    mean,
    of_men,
)
from estrogenome.catalog.axes import axes_of, fitting_axes

SHORTEST, LONGEST = 26, 31


@pytest.fixture(scope="module", params=list(CORES))
def core(request):
    """The name of a core and its settled, untouched cycles."""
    return request.param, follow(request.param, central(request.param, "follicular"))


def test_an_untouched_woman_is_in_the_published_ranges_of_both_phases(core):
    _, found = core
    assert found.cycling.all()
    assert found.ovulates(0)
    for where, value in by_phase(found).items():
        low, _, high = ranges()[where]
        assert low <= value <= high, where


def test_cycles_are_settled_and_aligned(core):
    _, found = core
    periods = found.periods(0)
    assert len(periods) >= 4
    assert np.all((periods > SHORTEST) & (periods < LONGEST))
    # points stand an eighth of a day apart
    assert np.ptp(periods) < 0.3
    first = found.days[np.argmax(found.courses["LH"][0][: 28 * 8])]
    assert abs(first - 14) < 0.3


def test_where_a_cycle_begins_is_forgotten(core):
    axis, found = core
    values = central(axis, "follicular")
    # free, bound and desensitised receptors of LH and FSH add up to what there is of them: a constant, not a state
    receptors = [name for name in found.end[0] if "_R_" in name or name.endswith(("LH_R", "FSH_R"))]
    other = [{name: value if name in receptors else 1.5 * value for name, value in found.end[0].items()}]
    again = follow(axis, values, days=280, start=other)
    assert again.periods(0)[-3:].mean() == pytest.approx(found.periods(0).mean(), abs=0.3)


def test_a_change_of_clearance_is_taken_back_in_part_and_the_open_loop_keeps_its_cycle(core):
    axis, found = core
    levels = {}
    for closed in (True, False):
        runs = at_clearances(axis, central(axis, "follicular"), (0.8, 1.0, 1.2), closed=closed, days=112)
        levels[closed] = [mean(runs, i, "E2") for i in range(3)]
        if not closed:
            for i in range(3):
                assert runs.periods(i).mean() == pytest.approx(found.periods(0).mean(), abs=0.4)
    up, down = (np.log(np.array(levels[c]) / levels[c][1]) for c in (True, False))
    assert 0 < up[0] < 0.9 * down[0]
    assert 0 > up[2] > 0.9 * down[2]


@pytest.mark.parametrize("level", [100.0, 200.0])
def test_estradiol_without_end_leaves_no_half_surge_and_the_cycle_comes_back(core, level):
    axis, found = core
    on, off = constant_estradiol(axis, level)
    lh = on.courses["LH"][0]
    assert np.median(lh[len(lh) // 2 :]) < by_phase(found)["follicular", "LH"]
    assert lh[-1] < ranges()["follicular", "LH"][2]
    assert off.periods(0)[-2:].mean() == pytest.approx(found.periods(0).mean(), abs=0.3)
    assert off.ovulates(0) or off.courses["P4"][0][-400:].max() > 3


def test_the_pituitary_can_be_shut_and_the_ovary_follows(core):
    axis, found = core
    values = central(axis, "follicular")
    shut = follow(axis, dict(values) | {"gonadotropin_suppression": np.array([0.02])}, values, days=56)
    for name in ("LH", "FSH", "E2"):
        assert shut.courses[name][0, -200:].max() < 0.5 * found.courses[name][0].mean(), name
    assert not shut.ovulates(0)


def test_a_progestogen_stops_the_surge(core):
    axis, found = core
    values = central(axis, "follicular")
    given = follow(axis, dict(values) | {"progestogen_feedback": np.array([30.0])}, values, days=112)
    assert given.courses["LH"][0, -400:].max() < 0.2 * found.courses["LH"][0].max()


def test_pulses_of_gnrh_come_at_the_frequency_of_the_core_and_leave_its_cycle():
    names = (*READ, "frequency_GnRH", "pulse_GnRH")
    values = central("cycle_roeblitz_pulses", "follicular")
    found = follow("cycle_roeblitz_pulses", values, days=84, names=names)
    usual = follow("cycle_roeblitz", central("cycle_roeblitz", "follicular"), days=84)
    assert found.periods(0).mean() == pytest.approx(usual.periods(0).mean(), abs=0.5)
    again = follow("cycle_roeblitz_pulses", values, days=2, start=found.end, names=names, per_day=240)
    pulse, frequency = again.courses["pulse_GnRH"][0], again.courses["frequency_GnRH"][0]
    count = np.sum((pulse[1:-1] > pulse[:-2]) & (pulse[1:-1] >= pulse[2:]) & (pulse[1:-1] > 1))
    assert count == pytest.approx(2 * frequency.mean(), abs=1.5)
    assert frequency.mean() > 5
    assert pulse.mean() == pytest.approx(1, abs=0.15)
    assert pulse.max() > 3


def test_a_variant_on_request_is_not_taken_by_itself(catalog):
    assert "cycle_roeblitz_pulses" not in axes_of(catalog, "follicular")
    assert "cycle_roeblitz_pulses" not in fitting_axes(catalog, "follicular")
    assert fitting_axes(catalog, "follicular", ["cycle_roeblitz_pulses"]) == ("cycle_roeblitz_pulses",)


def test_men_closed_lies_below_open():
    closed, opened = of_men((0.7, 1.0, 1.3), closed=True), of_men((0.7, 1.0, 1.3), closed=False)
    assert 1 < closed[0] < opened[0]
    assert 1 > closed[2] > opened[2]


def test_after_menopause_gonadotropins_are_in_range_fall_with_estradiol_and_change_nothing():
    found = after_menopause((0.0, 25.0, 50.0, 100.0))
    for name in ("LH", "FSH"):
        low, middle, high = ranges()["postmenopausal", name]
        assert low < found[name][0] < high
        assert found[name][0] == pytest.approx(middle, rel=0.02)
        assert np.all(np.diff(found[name]) < 0)
        # patches bring nobody back to premenopausal levels
        assert found[name][-1] > ranges()["follicular", name][1]
    for ratio in (0.7, 1.3):
        closed, opened = (after_menopause((0.0,), clearance=ratio, closed=c)["E2"][0] for c in (True, False))
        assert closed == pytest.approx(opened, rel=0.01)


def test_the_page_and_the_figure_are_there_and_hold_both_cores():
    assert all(name in PAGE.read_text(encoding="utf-8") for name in CORES.values())
    assert all(name in FIGURE.read_text(encoding="utf-8") for name in CORES.values())
    assert READ[0] in PAGE.read_text(encoding="utf-8")
