"""Stages hold no numbers from anywhere but knowledge: no float literal but 0.0 and 1.0.

One exception: settings of the numerical method (tolerances, step sizes) of the solver's stage, each a named constant at the top of
its module and not above ``LARGEST_SETTING``. They are no facts about anybody.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import estrogenome

PACKAGE = Path(estrogenome.__file__).parent
STAGES = ("genotypes", "diplotypes", "activities", "parameters", "trajectories", "readouts", "reports")
FILES = sorted(path for stage in STAGES for path in (PACKAGE / stage).rglob("*.py"))
ALLOWED = {0.0, 1.0}
LARGEST_SETTING = 1e-3


def floats(text: str, settings: bool = False) -> list[tuple[int, float]]:
    tree = ast.parse(text)
    excused = {node for statement in tree.body if settings and is_setting(statement) for node in ast.walk(statement)}
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, float | complex)]
    return [(n.lineno, n.value) for n in found if n.value not in ALLOWED and not (n in excused and abs(n.value) <= LARGEST_SETTING)]


def is_setting(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign) and all(isinstance(t, ast.Name) and t.id.isupper() for t in statement.targets)


def test_there_are_files() -> None:
    assert FILES


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_no_number_stands_in_a_stage(path: Path) -> None:
    found = floats(path.read_text(encoding="utf-8"), settings=path.parent.name == "trajectories")
    assert not found, "move it to knowledge/, or compute it: " + ", ".join(f"{path.name}:{line}: {value}" for line, value in found)


@pytest.mark.parametrize(("text", "count"), [("x = 0.4", 1), ("x = -2.5e3 * y", 1), ("x = 1.0 + 0.0 + 7", 0), ("f(k=1e-9)", 1)])
def test_the_lint_sees_numbers(text: str, count: int) -> None:
    assert len(floats(text)) == count


@pytest.mark.parametrize(
    ("text", "count"), [("_STEP = 1e-6", 0), ("_SHARE = 0.4", 1), ("step = 1e-6", 1), ("def f():\n    _STEP = 1e-6", 1)]
)
def test_settings_are_small_named_and_at_the_top(text: str, count: int) -> None:
    assert len(floats(text, settings=True)) == count
