"""Reading study files and the table that says on which side each cohort stands."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import ValidationError

from estrogenome.catalog.strict import read_strict
from estrogenome.catalog.studies import Side, Study
from estrogenome.core.errors import KnowledgeError

if TYPE_CHECKING:
    from pathlib import Path

Wanted = Literal["calibration", "check", "all"]
FOLDER = "studies"
SPLIT = "split.csv"
_SIDES: dict[str, Side] = {"calibration": "calibration", "check": "check"}
_COLUMNS = ["cohort", "side", "reason"]
_COHORT = re.compile(r"^cohort:\s*(.*?)\s*(?:\s#.*)?$", re.MULTILINE)
_SOURCE = re.compile(r"^source:\s*([\w-]+)", re.MULTILINE)


@dataclass(frozen=True)
class Studies:
    """Studies with the table of sides; a cohort that is not in the table counts as check."""

    studies: tuple[Study, ...]
    split: dict[str, tuple[Side, str]]

    def side(self, study: Study) -> Side:
        """Return the side on which a study stands."""
        return side_of(study.cohort, self.split)


def side_of(cohort: str, split: dict[str, tuple[Side, str]]) -> Side:
    """Return the side of a cohort: check unless the table says otherwise, so that nothing is fitted to by oversight."""
    return split[cohort][0] if cohort in split else "check"


def load_studies(folder: Path, side: Wanted = "all") -> Studies:
    """Return the studies of ``folder`` that stand on ``side``. Files of the other side are not parsed beyond the name of their cohort.

    Raises:
        KnowledgeError: a file breaks its schema, or two rows share an identifier.
    """
    if not folder.is_dir():
        raise KnowledgeError(f"{folder.name}: no such folder; give one that holds study files (*.yaml)")
    split = read_split(folder / SPLIT) if (folder / SPLIT).is_file() else {}
    found: list[Study] = []
    rows: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        cohort = _cohort(path)
        if side != "all" and cohort is not None and side_of(cohort, split) != side:
            continue
        study = _study(path)
        for row in study.rows:
            if row.id in rows:
                twice = "twice" if rows[row.id] == study.id else f"in {rows[row.id]}.yaml too"
                raise KnowledgeError(f"{folder.name}/{path.name}: row {row.id} stands {twice}; give each row an id of its own")
            rows[row.id] = study.id
        found.append(study)
    return Studies(tuple(found), split)


def read_split(path: Path) -> dict[str, tuple[Side, str]]:
    """Return cohort → (side, reason).

    Raises:
        KnowledgeError: the table lacks a column, names another side, or holds a cohort twice.
    """
    split: dict[str, tuple[Side, str]] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        if reader.fieldnames != _COLUMNS:
            raise KnowledgeError(f"{path.name}: the columns must be {','.join(_COLUMNS)}")
        for line in reader:
            cohort, side = str(line["cohort"]), _SIDES.get(str(line["side"]))
            if side is None:
                raise KnowledgeError(f"{path.name}: cohort {cohort}: side {line['side']!r}; write calibration or check")
            if cohort in split:
                raise KnowledgeError(f"{path.name}: cohort {cohort} stands twice; keep one")
            split[cohort] = (side, str(line["reason"]))
    return split


def studied_sources(catalog_root: Path) -> frozenset[str]:
    """Return the sources of all study files, by their line alone."""
    texts = (path.read_text(encoding="utf-8", errors="replace") for path in (catalog_root / FOLDER).glob("*.yaml"))
    return frozenset(found[1] for text in texts if (found := _SOURCE.search(text)))


def _cohort(path: Path) -> str | None:
    """Return the cohort by its line alone; None where there is no such line, so that parsing says what is wrong."""
    try:
        found = _COHORT.search(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found[1].strip("\"'") if found else None


def _study(path: Path) -> Study:
    where = f"{path.parent.name}/{path.name}"
    try:
        study = Study.model_validate(read_strict(path))
    except ValidationError as error:
        raise KnowledgeError(f"{where}: {_first(error)}") from error
    if study.id != path.stem:
        raise KnowledgeError(f"{where}: id must be {path.stem}, the name of the file")
    if study.cohort != _cohort(path):
        raise KnowledgeError(f"{where}: cohort must stand on a line of its own, not quoted over several")
    return study


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    given = first["input"]
    shown = f" (got {given!r})" if isinstance(given, str | int | float) and not isinstance(given, bool) else ""
    return f"{where}: {first['msg'].removeprefix('Value error, ')}{shown}"
