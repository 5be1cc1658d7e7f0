"""Typical bodies of a hormonal state under exposures, with everything uncertain drawn as the scoreboard draws it."""

from __future__ import annotations

from functools import cache

import numpy as np

from estrogenome.catalog.arms import FullArm
from estrogenome.catalog.load import load_catalog
from estrogenome.catalog.readouts import ReadoutSpec, TracerSpec
from estrogenome.core.records import Exposed
from estrogenome.network import compose
from estrogenome.trajectories import kernel_of
from estrogenome.validate.answer import Answers, answers
from estrogenome.validate.bodies import arm_constants
from estrogenome.validate.theta import central, drawn

DRAWS = 400
SEED = 0
# (exposure, dose in the exposure's unit) and (covariate, value) of a body
Doses = tuple[tuple[str, float | None], ...]
Given = tuple[tuple[str, float], ...]


@cache
def theta(*, middle: bool = False) -> dict[str, np.ndarray]:
    """Return the draws of everything uncertain; with ``middle`` the centre of each, one draw."""
    return central(load_catalog()) if middle else drawn(load_catalog(), DRAWS, SEED)


def constants(
    state: str,
    doses: Doses = (),
    given: Given = (),
    *,
    middle: bool = False,
    instead: tuple[tuple[str, float], ...] = (),
) -> dict[str, np.ndarray]:
    """Return the constants of a typical person, (draws,) or (1,) each; ``instead`` replaces rows of what is drawn."""
    catalog = load_catalog()
    arm = FullArm(
        name="arm",
        state=catalog.states[state],
        n=None,
        age=None,
        covariates={name: (value, ()) for name, value in given},
        exposures=tuple(Exposed(id=name, dose=dose) for name, dose in doses),
        genotype={},
    )
    known = theta(middle=middle) | {name: np.array([value]) for name, value in instead}
    return arm_constants(arm, catalog, known, _names(), None if middle else SEED, "derive")


def solved(values: dict[str, np.ndarray]) -> Answers:
    """Return the steady states at constants."""
    return answers(values, kernel_of(compose(load_catalog())), _names())


@cache
def body(state: str, doses: Doses = (), given: Given = (), *, middle: bool = False) -> Answers:
    """Return the steady states of a typical person."""
    return solved(constants(state, doses, given, middle=middle))


def of(answer: Answers, readout: str) -> np.ndarray:
    """Return a readout or tracer number in its own unit, (draws,)."""
    return answer.readout(spec(readout))


def spec(readout: str) -> ReadoutSpec | TracerSpec:
    """Return how a readout or tracer number is computed."""
    catalog = load_catalog()
    return catalog.tracers[readout] if readout in catalog.tracers else catalog.readouts[readout]


@cache
def _names() -> frozenset[str]:
    return frozenset(compose(load_catalog()).structure.constants)
