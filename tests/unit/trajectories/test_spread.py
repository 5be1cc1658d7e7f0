"""Runs on two processes: what the child says is not disturbed by what a library writes to standard output."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from estrogenome.core.errors import ModelError
from estrogenome.network.compose import Network, translate
from estrogenome.network.sbml import describe
from estrogenome.trajectories import spread
from estrogenome.trajectories.spread import Runs, run_all

DECAY = (
    "model estrogenome_body()\n  compartment tube; tube = 1; species A in tube; A = 0;\n  const k; k = 1;\n  gone: A -> ; tube*k*A;\nend"
)
TIMES = np.linspace(0.0, 2.0, 5)
TALKATIVE = """import os
from estrogenome.trajectories import child
from estrogenome.trajectories.course import CourseEngine
quiet = CourseEngine.run
def run(*args, **named):
    {act}
    return quiet(*args, **named)
CourseEngine.run = run
child.work()
"""


@pytest.fixture
def runs():
    sbml = translate(DECAY)
    rates = np.array([0.5, 1.0, 1.5, 2.0])
    return (
        Network(sbml=sbml, structure=describe(sbml), digest=""),
        Runs({"k": rates}, [{"A": 1.0}] * 4, {}),
        np.exp(-rates[:, None] * TIMES),
    )


def instead(monkeypatch, tmp_path, act):
    (tmp_path / "talkative.py").write_text(TALKATIVE.format(act=act), encoding="utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.setattr(spread, "_CHILD", "talkative")


@pytest.mark.parametrize("act", ["pass", "os.write(1, b'[WARNING] a remark of the solver')"])
def test_a_remark_on_standard_output_changes_nothing(runs, monkeypatch, tmp_path, act):
    instead(monkeypatch, tmp_path, act)
    network, task, expected = runs
    found = run_all(network, task, TIMES, processes=2)
    np.testing.assert_allclose(found[:, :, 0], expected, rtol=1e-6)


def test_a_child_that_dies_is_said(runs, monkeypatch, tmp_path):
    instead(monkeypatch, tmp_path, "os._exit(3)")
    network, task, _ = runs
    with pytest.raises(ModelError, match="a process of its own died"):
        run_all(network, task, TIMES, processes=2)
