"""Records to files and back: JSON, with bulk arrays in an ``.npz`` beside it. Writing is all or nothing."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from pydantic import ValidationError

from estrogenome.core.errors import StageFileError

if TYPE_CHECKING:
    from estrogenome.core.records import Record

R = TypeVar("R", bound="Record")

_KIND = "record"
_ARRAY = "npz"


def write_bytes(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` so that a reader sees the old file or the whole new one (mode 0600)."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def save(record: Record, path: Path) -> None:
    """Write ``record`` to ``path`` (JSON) and its arrays to the ``.npz`` of the same stem, byte for byte repeatable."""
    arrays: dict[str, Any] = {}
    fields: dict[str, Any] = {_KIND: type(record).__name__}
    for name, value in record.model_dump().items():
        if isinstance(value, np.ndarray):
            arrays[name] = value
            fields[name] = {_ARRAY: name}
    plain = json.loads(record.model_dump_json(exclude=set(arrays)))
    if arrays:
        partial = path.with_suffix(".npz.part")
        with partial.open("wb") as stream:
            np.savez(stream, **arrays)
        partial.replace(path.with_suffix(".npz"))
    text = json.dumps(fields | plain, indent=1, ensure_ascii=False, allow_nan=False)
    write_bytes(path, (text + "\n").encode())


def to_json(record: Record) -> str:
    """Return ``record`` as one line of JSON that ``load`` reads, its arrays within."""
    return json.dumps({_KIND: type(record).__name__} | json.loads(record.model_dump_json()), ensure_ascii=False)


def kind_of(path: Path) -> str:
    """Return the name of the record that ``path`` holds, empty when it holds none."""
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return ""
    return str(fields.get(_KIND, "")) if isinstance(fields, dict) else ""


def load(kind: type[R], path: Path) -> R:
    """Read a record of type ``kind`` from ``path``.

    Raises:
        StageFileError: the file is missing, is no JSON, or holds another record.
    """
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StageFileError(f"{path.name}: cannot be opened; give the path of a file written by -o") from error
    except (ValueError, RecursionError) as error:
        raise StageFileError(f"{path.name}: not a JSON file written by this tool; run the stage before it again") from error
    if not isinstance(fields, dict) or fields.get(_KIND) != kind.__name__:
        found = fields.get(_KIND) if isinstance(fields, dict) else None
        raise StageFileError(f"{path.name}: holds {found or 'no record'}, wanted {kind.__name__}; give the file of that stage")
    del fields[_KIND]
    names = [name for name, value in fields.items() if isinstance(value, dict) and set(value) == {_ARRAY}]
    try:
        if names:
            with np.load(path.with_suffix(".npz"), allow_pickle=False) as archive:
                fields.update({name: archive[name] for name in names})
        return kind.model_validate(fields)
    except (OSError, KeyError, ValueError, ValidationError) as error:
        raise StageFileError(f"{path.name}: incomplete or changed ({path.stem}.npz must lie beside it); run the stage again") from error
