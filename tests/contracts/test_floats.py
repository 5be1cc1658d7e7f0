"""Stages hold no numbers from anywhere but knowledge: no float literal but 0.0 and 1.0."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import estrogenome

PACKAGE = Path(estrogenome.__file__).parent
STAGES = ("genotypes", "diplotypes", "activities", "parameters", "trajectories", "readouts", "reports")
FILES = sorted(path for stage in STAGES for path in (PACKAGE / stage).rglob("*.py"))
ALLOWED = {0.0, 1.0}


def floats(text: str) -> list[tuple[int, float]]:
    found = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant) and isinstance(node.value, float | complex)]
    return [(node.lineno, node.value) for node in found if node.value not in ALLOWED]


def test_there_are_files() -> None:
    assert FILES


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_no_number_stands_in_a_stage(path: Path) -> None:
    found = floats(path.read_text(encoding="utf-8"))
    assert not found, "move it to knowledge/, or compute it: " + ", ".join(f"{path.name}:{line}: {value}" for line, value in found)


@pytest.mark.parametrize(("text", "count"), [("x = 0.4", 1), ("x = -2.5e3 * y", 1), ("x = 1.0 + 0.0 + 7", 0), ("f(k=1e-9)", 1)])
def test_the_lint_sees_numbers(text: str, count: int) -> None:
    assert len(floats(text)) == count
