"""What first use costs, against its limits: analysis, help, report size, core install.

Wall times depend on the machine, so each stands beside the start of ``python -c "import numpy"`` in the same run.
``--install`` also measures the core install in a fresh environment (needs a package index). Exit status 1 when a limit is broken.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
MEBI = 1 << 20
LIMITS = {"analyze": 10.0, "help": 0.5, "report": 2.0, "install": 350.0}
TRIES = 3


def seconds(*command: str) -> float:
    """Return the least wall time of a few runs."""
    times = []
    for _ in range(TRIES):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return min(times)


def install_size(folder: Path) -> float:
    """Install the package into a fresh environment; return the megabytes that this added."""
    venv.create(folder, with_pip=True)
    before = size(folder)
    subprocess.run([str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", str(ROOT)], check=True)
    return (size(folder) - before) / MEBI


def size(folder: Path) -> int:
    """Return the bytes of all files."""
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file() and not p.is_symlink())


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--install", action="store_true", help="measure the core install as well")
    wanted = parser.parse_args()
    program = str(Path(sys.executable).with_name("estrogenome"))
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        reference = seconds(sys.executable, "-c", "import numpy")
        measured = {"help": seconds(program, "--help"), "analyze": seconds(program, "demo", "--out", str(place / "report"))}
        measured["report"] = (place / "report" / "report.html").stat().st_size / MEBI
        if wanted.install:
            measured["install"] = install_size(place / "venv")
    print(f"{'import numpy':<16}{reference:8.2f} s")
    for name, value in measured.items():
        limit = LIMITS[name]
        unit, ratio = ("s ", f"{value / reference:7.1f} × import numpy") if name in {"analyze", "help"} else ("MB", "")
        print(f"{name:<16}{value:8.2f} {unit}  limit {limit:g}  {'ok' if value <= limit else 'BROKEN'}{ratio}")
    return any(value > LIMITS[name] for name, value in measured.items())


if __name__ == "__main__":
    sys.exit(main())
