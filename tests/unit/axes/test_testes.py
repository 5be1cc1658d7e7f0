"""The axis of a man does what it is for: rest, suppression, answer, recovery, and buffering."""

from __future__ import annotations

import numpy as np
import pytest

from estrogenome.catalog import formula
from estrogenome.catalog.axes import axis_values, starts
from estrogenome.catalog.body import central_values
from estrogenome.network import compose, compose_course
from estrogenome.trajectories import CourseEngine, kernel_of

NAMES = ("T", "E2", "DHT", "LH", "FSH", "SHBG", "frequency_GnRH", "drive_Leydig")
LONG = np.array([0.0, 400.0])
PRODUCTION = 15_000.0


class Man:
    """A man with the middle of every number; what is said of him changes his body, the reference stays that of the mean genotype."""

    def __init__(self, catalog):
        self.body = compose(catalog)
        self.course = compose_course(catalog, "testes")
        self.axis = catalog.axes["testes"]
        values = central_values(catalog, "man", self.body.structure.constants)
        self.values = {n: v for n, v in values.items() if n in self.body.structure.constants}
        self.numbers = axis_values(catalog, self.axis)
        self.engine = CourseEngine(self.course)

    def start(self, body, axis):
        """Return constants and the point of rest of the reference."""
        kernel = kernel_of(self.body)
        reference = kernel.solve(self.values)
        constants = {self.course.resting.get(n, n): np.atleast_1d(v) for n, v in (self.values | body).items()}
        constants |= {n: np.atleast_1d(v) for n, v in (self.numbers | axis).items()}
        for name, text in self.axis.references.items():
            constants[name] = formula.evaluate(text, {n: reference.of(n) for n in formula.names(text)})
        rest = {n: reference.of(n) for n in self.body.structure.species} | starts(self.axis, constants, set(self.course.structure.evolving))
        return constants, {n: float(np.ravel(v)[0]) for n, v in rest.items()}

    def follow(self, times=LONG, *, axis=None, begin=None, **body):
        """Return courses by name, from the reference's rest or a point."""
        constants, rest = self.start(body, axis or {})
        put = {n: float(v[0]) for n, v in constants.items() if n in self.engine.constants}
        found = self.engine.run(put, [begin or rest], times, names=(*NAMES, *self.engine.species), relative=1e-10)[0]
        return dict(zip((*NAMES, *self.engine.species), found.T, strict=True))

    def settled(self, *, axis=None, **body):
        """Return where he ends."""
        return {name: course[-1] for name, course in self.follow(axis=axis, **body).items()}


@pytest.fixture(scope="module")
def man(catalog):
    return Man(catalog)


@pytest.fixture(scope="module")
def rest(man):
    return man.settled()


def test_an_untouched_man_stays_at_rest(man):
    course = man.follow(np.linspace(0, 400, 9))
    for name, values in course.items():
        np.testing.assert_allclose(values, values[0], rtol=1e-9, atol=1e-12, err_msg=name)


def test_the_rest_is_a_steady_state_of_the_kernel_too(man):
    constants, point = man.start({}, {})
    kernel = kernel_of(man.course)
    start = {n: v for n, v in point.items() if n in kernel.species}
    found = kernel.solve({n: v for n, v in constants.items() if n in kernel.constants}, start)
    assert found.of("release_LH")[0] == pytest.approx(1.0, abs=1e-9)
    assert found.of("E2")[0] == pytest.approx(point["E2"], rel=1e-9)


def test_an_untouched_man_is_in_range(rest):
    assert 1.7 < rest["LH"] < 8.6
    assert 1.5 < rest["FSH"] < 12.4
    assert 9 < rest["T"] < 30
    assert 0.04 < rest["E2"] < 0.15
    assert 10 < rest["SHBG"] < 80


def test_lh_and_fsh_are_those_of_his_age(man):
    young, old = (man.settled(axis={"age": age}) for age in (25.0, 75.0))
    assert old["LH"] > young["LH"]
    assert old["FSH"] > 2 * young["FSH"]
    assert old["T"] == pytest.approx(young["T"], rel=1e-9)


def test_without_gonadotropins_t_is_castrate(man, rest):
    off = man.settled(axis={"gonadotropin_suppression": 0.0})
    assert 0.01 < off["T"] / rest["T"] < 0.12
    assert off["E2"] < 0.35 * rest["E2"]
    assert off["SHBG"] > rest["SHBG"]


def test_testosterone_from_outside_suppresses_lh_more_the_more_is_given(man, rest):
    ends = [man.settled(input_T_plasma=share * PRODUCTION) for share in (0.0, 0.2, 0.5, 1.0, 2.0, 4.0, 8.0)]
    for name, sign in (("LH", -1), ("FSH", -1), ("T", 1), ("SHBG", -1), ("frequency_GnRH", -1)):
        assert np.all(sign * np.diff([e[name] for e in ends]) > 0), name
    assert ends[-1]["LH"] < 0.02 * rest["LH"]


def test_less_aromatase_raises_lh_and_t(man, rest):
    less = man.settled(factor_aromatisation_periphery=0.03, factor_aromatisation_gonad=0.3)
    assert less["E2"] < 0.5 * rest["E2"]
    assert less["LH"] > 1.2 * rest["LH"]
    assert less["T"] > 1.1 * rest["T"]


def test_a_blocked_receptor_raises_lh_t_and_e2(man, rest):
    blocked = man.settled(axis={"blockade_estrogen_feedback": 0.7})
    assert all(blocked[name] > 1.05 * rest[name] for name in ("LH", "FSH", "T", "E2"))


def test_lh_activity_drives_a_testis_whose_own_lh_is_gone(man, rest):
    driven = man.settled(axis={"gonadotropin_suppression": 0.0, "input_LH_activity": rest["LH"]})
    assert driven["T"] == pytest.approx(rest["T"], rel=0.02)


def test_progestogens_suppress(man, rest):
    given = man.settled(axis={"progestogen_feedback": 30.0})
    assert given["LH"] < 0.7 * rest["LH"]
    assert given["T"] < rest["T"]


@pytest.mark.parametrize("given", [{"input_T_plasma": 3 * PRODUCTION}, {"input_E2_plasma": 300.0}, {"factor_aromatisation_gonad": 0.05}])
def test_after_a_washout_the_baseline_returns(man, rest, given):
    changed = man.settled(**given)
    washed = man.follow(np.array([0.0, 1500.0]), begin={n: max(changed[n], 0.0) for n in man.engine.species})
    for name in NAMES:
        assert washed[name][-1] == pytest.approx(rest[name], rel=1e-5), name


def open_and_closed(man, axis, **body):
    """Return E2 with changed enzymes over E2 without, with the loop closed and open."""
    ratios = []
    for closed in (1.0, 0.0):
        before, after = (man.settled(axis=axis | {"loop_closed": closed}, **change) for change in ({}, body))
        ratios.append(after["E2"] / before["E2"])
    return ratios


SLOWER = {"factor_oxidation_17_liver": 0.3, "factor_hydroxylation_2_liver": 0.3}


@pytest.mark.parametrize(
    "change", [SLOWER, {"factor_aromatisation_periphery": 1.3}, {"factor_aromatisation_periphery": 0.7, "factor_aromatisation_gonad": 0.7}]
)
def test_the_closed_loop_buffers_and_a_castrated_man_follows_the_open_one(man, change):
    closed, held = open_and_closed(man, {}, **change)
    assert 0.0 < np.log(closed) / np.log(held) < 0.97
    closed, held = open_and_closed(man, {"gonadotropin_suppression": 0.0}, **change)
    assert closed == pytest.approx(held, rel=1e-9)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_shares_at_their_ends_give_numbers(man, share):
    for given in ({"gonadotropin_suppression": 0.0}, {"gonadotropin_suppression": 1.0}):
        ends = man.settled(axis={"share_T_without_LH": share, "share_A4_without_LH": share, **given}, factor_aromatisation_gonad=0.0)
        assert all(np.isfinite(v) and v >= -1e-9 for v in ends.values())


def test_nothing_of_an_estrogen_is_no_nan(man):
    ends = man.settled(factor_aromatisation_periphery=0.0, factor_aromatisation_gonad=0.0)
    assert all(np.isfinite(v) for v in ends.values())
    assert ends["LH"] > 0


def test_swallowed_estradiol_raises_shbg_more_than_what_comes_through_the_skin(man, rest):
    skin, mouth = man.settled(input_E2_plasma=157.0), man.settled(input_E2_gut=5500.0)
    assert mouth["E2"] == pytest.approx(skin["E2"], rel=0.5)
    assert mouth["SHBG"] / rest["SHBG"] > 1.05 * skin["SHBG"] / rest["SHBG"]
