"""The import contracts of ``pyproject.toml`` hold, and the surface stays light."""

from __future__ import annotations

import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

import estrogenome

ROOT = Path(__file__).parents[2]
CATALOG = "estrogenome.catalog.load"
HEAVY = ("numpy", "pydantic", "yaml", "cyvcf2", "antimony", "libsbml", "roadrunner", "jinja2")


def test_contracts_hold() -> None:
    code = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("types", [False, True], ids=["run", "types too"])
def test_no_imports_form_a_circle(types: bool) -> None:
    """Within packages too, which the contracts do not look into; entries of the catalog may name, as a type, the catalog that holds them."""
    graph = grimp.build_graph("estrogenome", exclude_type_checking_imports=not types, cache_dir=None)
    of_its_own = {CATALOG} if types else set()
    imports = {
        m: graph.find_modules_directly_imported_by(m) - (of_its_own if m.startswith("estrogenome.catalog.") else set())
        for m in graph.modules
    }
    TopologicalSorter(imports).prepare()


def test_help_imports_nothing_heavy() -> None:
    code = f"import sys, estrogenome.cli.main; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "[]"


def test_public_names_exist_and_are_sorted() -> None:
    assert sorted(estrogenome.__all__) == estrogenome.__all__
    for name in estrogenome.__all__:
        assert getattr(estrogenome, name).__name__ == name


def test_knowledge_holds_no_code() -> None:
    assert not list((Path(estrogenome.__file__).parent / "knowledge").rglob("*.py"))
