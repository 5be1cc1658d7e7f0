"""Is ``knowledge/derived/`` what its scripts make of their inputs?

Every script of this folder that makes a file there takes ``--check``: it compares without writing and ends with status 1 where
something differs. Run ``python derive/check.py`` for all of them, with ``--rebuild`` to write instead, in the order in which
one needs the other.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
FIRST = ("haplotypes", "population", "posterior", "axis", "between", "tau_in_time")
# the fits say how people differ, and that moves the fits a little
AGAIN = {"between": (("posterior", "--again"), ("axis", "--again"))}


def scripts() -> list[str]:
    """Return the scripts that make files: first those that others need, then by name."""
    texts = {p.stem: p.read_text(encoding="utf-8") for p in HERE.glob("*.py") if p != Path(__file__)}
    makers = {name for name, text in texts.items() if "--check" in text and "__main__" in text}
    return [name for name in FIRST if name in makers] + sorted(makers - set(FIRST))


def main() -> int:
    """Run every script; return how many found a difference."""
    rebuild = "--rebuild" in sys.argv[1:]
    runs: list[tuple[str, ...]] = []
    for name in scripts():
        runs += [(name,), *AGAIN.get(name, ())] if rebuild else [(name, "--check")]
    failed = []
    for name, *options in runs:
        done = subprocess.run([sys.executable, "-m", f"derive.{name}", *options], check=False, cwd=HERE.parent)
        if done.returncode:
            failed.append(name)
    print(f"derive: {len(scripts())} scripts, {', '.join(failed) or 'none'} failed")
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
