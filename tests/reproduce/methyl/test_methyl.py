"""The supply of methyl groups and glutathione: the reduced form in the body model against the full models that it stands for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import roadrunner

from derive.methyl import LEVERS, full, settled
from estrogenome.network import compose
from estrogenome.network.compose import Network
from estrogenome.trajectories import Kernel, kernel_of

DATA = Path(__file__).parents[3] / "derive" / "data"
KM, KI = 3.1, 1.0
NAMES = {lever.name for lever in LEVERS}


@pytest.fixture(scope="module")
def runner():
    return full()


@pytest.fixture(scope="module")
def kernel(catalog) -> Kernel:
    return kernel_of(compose(catalog))


def reduced(kernel, **constants):
    """What the body model assigns: SAM, SAH, GSH in umol/L, COMT's saturation and both factors."""
    found = kernel.solve({name: np.array([value]) for name, value in constants.items()})
    read = {n: float(np.asarray(found.of(n)).ravel()[0]) for n in ("SAM_liver", "SAH_liver", "GSH_liver")}
    rest = {n: float(np.asarray(found.of(n)).ravel()[0]) for n in ("saturation_COMT", "factor_methyl_supply", "factor_gsh_supply")}
    return {n.removesuffix("_liver"): v / 1e3 for n, v in read.items()} | rest


def saturation(sam, sah):
    return sam / (sam + KM * (1 + sah / KI))


@pytest.mark.parametrize(("sam", "sah", "expected"), [(81, 19, 0.57), (50, 30, 0.34), (81, 5, 0.81)])
def test_saturation_of_comt(kernel, sam, sah, expected):
    found = reduced(kernel, SAM_reference=sam * 1e3, SAH_reference=sah * 1e3)
    assert found["saturation_COMT"] == pytest.approx(expected, abs=0.005)
    assert found["factor_methyl_supply"] == 1.0


def test_at_the_reference_nothing_changes(kernel):
    found = reduced(kernel)
    assert (found["factor_methyl_supply"], found["factor_gsh_supply"]) == (1.0, 1.0)


def test_the_reference_is_that_of_the_full_model(kernel, runner):
    theirs, ours = settled(runner, {}), reduced(kernel)
    for state, value in theirs.items():
        assert ours[state] == pytest.approx(value, rel=0.01), state


@pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.name)
@pytest.mark.parametrize("where", [0.0, 0.3, 0.7, 1.0])
def test_one_lever_answers_as_in_the_full_model(kernel, runner, lever, where):
    low, high = np.log(lever.range)
    at = float(np.exp(low + where * (high - low)))
    ours, theirs, base = reduced(kernel, **{lever.name: at}), settled(runner, {lever.name: at}), settled(runner, {})
    exact = saturation(theirs["SAM"], theirs["SAH"]) / saturation(base["SAM"], base["SAH"])
    assert ours["factor_methyl_supply"] == pytest.approx(exact, rel=0.015)
    # what moves glutathione by less than 3 % is left out; hydrogen peroxide bends it most
    assert ours["GSH"] / 6590 == pytest.approx(theirs["GSH"] / base["GSH"], rel=0.06)
    assert ours["SAM"] / 81 == pytest.approx(theirs["SAM"] / base["SAM"], rel=0.13)


def test_levers_together_answer_nearly_as_in_the_full_model(kernel, runner):
    """The reduction knows no interactions: sixty random combinations within 0.6 to 1.5, all seven at once."""
    draws = np.random.default_rng(1)
    base = settled(runner, {})
    errors = []
    for _ in range(60):
        at = {
            lever.name: float(np.exp(draws.uniform(np.log(max(lever.range[0], 0.6)), np.log(min(lever.range[1], 1.5))))) for lever in LEVERS
        }
        theirs = settled(runner, at)
        exact = saturation(theirs["SAM"], theirs["SAH"]) / saturation(base["SAM"], base["SAH"])
        errors.append(reduced(kernel, **at)["factor_methyl_supply"] / exact)
    low, middle, high = np.percentile(errors, [5, 50, 95])
    assert 0.95 < low < middle < high < 1.10
    assert middle == pytest.approx(1, abs=0.02)


def test_the_folate_cycle_alone_answers_in_the_same_direction_and_more_strongly(runner):
    """Nijhout 2004 holds no methionine cycle, so nothing lifts the enzyme when SAM falls: 5-methyl-THF answers more."""
    small = roadrunner.RoadRunner(str(DATA / "nijhout2004.xml"))
    for at in (0.5, 2.0):
        ends = []
        for model, enzyme, methyl in ((runner, "Vm_MTHFR", "[c_5mf]"), (small, "MTHFR_Vmax", "[_5mTHF]")):
            levels = []
            for by in (1.0, at):
                model.resetToOrigin()
                model[enzyme] = model[enzyme] * by
                levels.append(model.simulate(0, 5000, 3, [methyl])[-1, 0])
            ends.append(levels[1] / levels[0])
        feedback, alone = ends
        assert (feedback < 1) == (alone < 1) == (at < 1)
        assert abs(np.log(feedback)) < abs(np.log(alone)) < 2.5 * abs(np.log(feedback))


def test_a_lever_moves_methylated_catechols_and_not_their_parents(catalog):
    kernel = Kernel(compose(catalog))
    low, high = (kernel.solve({"supply_folate": np.array([x])}) for x in (0.4, 2.0))
    names = compose(catalog).structure
    flux = {r: [float(np.asarray(s.of(r)).ravel()[0]) for s in (low, high)] for r in names.reactions if r.startswith("methylate")}
    assert flux
    assert all(high > low for low, high in flux.values())
    for parent in ("E1", "E2", "E1S"):
        assert float(np.asarray(low.of(parent)).ravel()[0]) == pytest.approx(float(np.asarray(high.of(parent)).ravel()[0]), rel=1e-9)


def test_the_reduction_is_in_the_composed_model(catalog):
    network: Network = compose(catalog)
    assert set(network.structure.constants) >= NAMES
    assert {"factor_methyl_supply", "factor_gsh_supply"} <= set(network.structure.assigned)
