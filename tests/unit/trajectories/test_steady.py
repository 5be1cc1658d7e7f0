"""Newton's method on rates alone: finds what is there, says so where nothing is."""

from __future__ import annotations

import numpy as np

from estrogenome.trajectories.steady import steady_state


def test_a_nonlinear_steady_state_is_found():
    found = steady_state(lambda c: 2.0 - 3.0 * c / (1.0 + c) - 0.5 * c, np.zeros(1))
    assert found is not None
    assert abs(2.0 - 3.0 * found[0] / (1.0 + found[0]) - 0.5 * found[0]) < 1e-9


def test_growth_without_loss_has_none():
    assert steady_state(np.ones_like, np.zeros(1)) is None


def test_a_negative_solution_is_none():
    assert steady_state(lambda c: -1.0 - c, np.zeros(1)) is None
