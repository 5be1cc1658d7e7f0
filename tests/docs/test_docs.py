"""The documentation is true: its commands run, its pages exist, the generated pages are current."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import estrogenome

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
RUN = [
    ROOT / "README.md",
    *(
        ROOT / "docs" / page
        for page in ("tutorial/first-report.md", "how-to/README.md", "explanation/courses.md", "explanation/exports.md")
    ),
]
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^]]*\]\(([^)#\s]+)[^)]*\)")
# what installs, builds or tests is run by CI itself
LEFT_TO_CI = ("make ", "pip ")


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder as a user has it: a clone's examples, and files of their own."""
    for name in ("examples", "src"):
        (tmp_path / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "examples" / "GRCh38" / "HG00123.vcf.gz", tmp_path / "you.vcf.gz")
    shutil.copy(tmp_path / "you.vcf.gz", tmp_path / "cohort.vcf.gz")
    return tmp_path


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the program, to stand first in PATH."""
    folder = tmp_path_factory.mktemp("bin")
    script = folder / "estrogenome"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m estrogenome.cli.main "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    return folder


@pytest.mark.parametrize("page", RUN, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_commands_and_code_run(page: Path, desk: Path, program: Path) -> None:
    environment = os.environ | {
        "PATH": f"{program}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(Path(estrogenome.__file__).parents[1]),
    }
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    assert blocks
    for kind, text in blocks:
        if kind == "python":
            command = [sys.executable, "-c", text]
        else:
            lines = [line for line in text.splitlines() if not line.startswith(LEFT_TO_CI)]
            command = ["bash", "-eu", "-o", "pipefail", "-c", "\n".join(lines)]
        done = subprocess.run(command, cwd=desk, env=environment, capture_output=True, encoding="utf-8", timeout=300, check=False)
        assert done.returncode == 0, f"{text}\n{done.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_generated_pages_are_current() -> None:
    done = subprocess.run([sys.executable, ROOT / "docs" / "generate.py", "--check"], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr


def test_every_command_is_in_the_readme_or_the_reference() -> None:
    from estrogenome.cli.main import app

    reference = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    for command in app.registered_commands:
        assert f"estrogenome {command.name}" in reference


def test_every_stage_and_kind_has_a_page() -> None:
    for stage in ("genotypes", "diplotypes", "activities", "parameters", "trajectories", "readouts", "reports"):
        page = (ROOT / "docs" / "explanation" / f"{stage}.md").read_text(encoding="utf-8")
        assert len(page.splitlines()) > 5
    for kind in ("gene", "effect", "claim", "readout", "assay", "state", "parameter", "source", "term"):
        assert (ROOT / "docs" / "how-to" / f"{kind}.md").is_file()


def test_nothing_committed_names_a_machine() -> None:
    wanted = ["git", "ls-files", "-z", "*.md", "*.py", "*.toml", "*.yaml", "*.json", "*.sh", "Makefile", ".ci/run", "*.lock", ".npmrc"]
    files = subprocess.run(wanted, cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout.split("\0")
    machine = re.compile(r"[/](root|home|work|tmp)/[a-z]")
    for name in filter(None, files):
        text = (ROOT / name).read_text(encoding="utf-8") if (ROOT / name).is_file() else ""
        assert not machine.search(text), name


def test_public_names_are_documented(catalog: object) -> None:
    assert all(getattr(estrogenome, name).__doc__ for name in estrogenome.__all__)


def test_the_numbers_of_the_readme_are_those_of_the_demo(catalog: object) -> None:
    from estrogenome import Person, analyze

    shown = re.findall(
        r"^\| (\S.*?) \| ([\d.]+) \(([\d.]+)–([\d.]+)\) ?(\S*) \| (\d+) \| (\d+) % \|$",
        (ROOT / "README.md").read_text("utf-8"),
        re.MULTILINE,
    )
    assert len(shown) == 3
    genome = catalog.root / "demo" / "genome.vcf.gz"
    readouts = {r.name: r for r in analyze(genome, Person(sex="female", age=34, state="premenopausal")).readouts.readouts[0]}
    for name, median, low, high, unit, percentile, share in shown:
        readout = readouts[name]
        assert readout.unit == (unit or "1")
        assert [float(median), float(low), float(high)] == pytest.approx([readout.median, *readout.interval90], rel=0.06)
        assert int(percentile) == pytest.approx(readout.percentile, abs=1)
        assert int(share) == pytest.approx(100 * readout.genotype_share, abs=1)


def test_the_score_in_the_readme_is_that_of_the_scoreboard():
    page = (ROOT / "docs" / "reference" / "scoreboard.md").read_text("utf-8")
    fitted, prior = (
        next(line for line in page.splitlines() if line.startswith(f"| {name} |")).split(" | ") for name in ("fitted model", "priors alone")
    )
    readme = " ".join((ROOT / "README.md").read_text("utf-8").split())
    assert f"{fitted[1]} published numbers of {fitted[2]} cohorts" in readme
    assert (
        f"mean fold error is {fitted[3]} ({prior[3]} by the priors alone), {fitted[5]} lie in the 90 % interval, which is {fitted[6]} wide"
        in readme
    )
