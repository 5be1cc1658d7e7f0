"""Files that the scripts of this folder make: written, or with ``--check`` compared with what is committed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from operator import eq
from pathlib import Path


def kept(script: str, files: Mapping[Path, str], same: Callable[[str, str], bool] = eq) -> int:
    """Write ``files`` (path → text); with ``--check`` say whether each is the ``same`` as what stands there instead. Return 1 where one is not."""
    if "--check" not in sys.argv[1:]:
        for path, text in files.items():
            path.write_text(text, encoding="utf-8")
        return 0
    different = [path.name for path, text in files.items() if not path.is_file() or not same(path.read_text(encoding="utf-8"), text)]
    return _told(script, f"{', '.join(different)}: not what it makes" if different else "")


def stamped(script: str, path: Path, stamp: str, make: Callable[[], str]) -> int:
    """Write what ``make`` returns; with ``--check`` say whether ``stamp``, a digest of what it rests on, stands in the file: for what takes minutes."""
    if "--check" in sys.argv[1:]:
        return _told(script, "" if path.is_file() and stamp in path.read_text(encoding="utf-8") else f"{path.name}: of other inputs")
    path.write_text(make(), encoding="utf-8")
    return 0


def _told(script: str, wrong: str) -> int:
    print(f"{script}: {f'{wrong}; run python -m derive.{script}' if wrong else 'unchanged'}")
    return int(bool(wrong))
