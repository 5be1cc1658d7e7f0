"""Records to files and back: JSON, with bulk arrays in an ``.npz`` beside it. Writing is all or nothing."""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from pydantic import ValidationError

from estrogenome.core.errors import StageFileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from estrogenome.core.records import Record

R = TypeVar("R", bound="Record")

_KIND = "record"
_ARRAY = "npz"
_ROWS = 512
"""People whose part of a record is turned into text at once."""


def write_bytes(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` so that a reader sees the old file or the whole new one (mode 0600)."""
    _write(path, (content,))


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.writelines(pieces)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def save(record: Record, path: Path) -> None:
    """Write ``record`` to ``path`` (JSON) and its arrays to the ``.npz`` of the same stem, byte for byte repeatable."""
    fields = {name: getattr(record, name) for name in type(record).model_fields}
    arrays = {name: value for name, value in fields.items() if isinstance(value, np.ndarray)}
    if arrays:
        partial = path.with_suffix(".npz.part")
        _write_arrays(partial, arrays)
        partial.replace(path.with_suffix(".npz"))
    beside = {name: {_ARRAY: name} for name in arrays}
    _write(path, (piece.encode() for piece in (*_json(record, beside, indent=1), "\n")))


def _write_arrays(path: Path, arrays: dict[str, NDArray[Any]]) -> None:
    """Write arrays as ``numpy.savez`` does, whole numbers as 64 bits, some thousands of rows at a time."""
    with zipfile.ZipFile(path, "w", allowZip64=True) as archive:
        for name, array in arrays.items():
            kind = np.dtype(np.int64) if array.dtype.kind in "iu" else array.dtype
            with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as stream:
                header = {"descr": np.lib.format.dtype_to_descr(kind), "fortran_order": False, "shape": array.shape}
                np.lib.format.write_array_header_1_0(stream, header)
                for start in range(0, len(array), _ROWS):
                    stream.write(array[start : start + _ROWS].astype(kind).tobytes())


def to_json(record: Record) -> Iterator[str]:
    """Yield ``record`` as one line of JSON that ``load`` reads, its arrays within, piece by piece."""
    return _json(record, {}, indent=None)


def _json(record: Record, beside: dict[str, Any], indent: int | None) -> Iterator[str]:
    """Yield the JSON of a record as ``json.dumps`` writes it; long fields piece by piece, so that a cohort is never in memory as text."""
    comma, lead, colon = (", ", "", ": ") if indent is None else (",\n", "\n" + " " * indent, ": ")
    yield "{" + lead + json.dumps(_KIND) + colon + json.dumps(type(record).__name__)
    gap = comma + lead.lstrip("\n")
    for name, value in beside.items():
        yield gap + json.dumps(name) + colon + _inner(value, indent)
    for name in type(record).model_fields:
        if name in beside:
            continue
        yield gap + json.dumps(name) + colon
        value = getattr(record, name)
        if not isinstance(value, (tuple, np.ndarray)) or len(value) <= _ROWS:
            yield _inner(_plain(record, name), indent)
            continue
        closing = "]"
        for start in range(0, len(value), _ROWS):
            text = _inner(_plain(record.model_copy(update={name: value[start : start + _ROWS]}), name), indent)
            body = text[1:-1].rstrip("\n ") if indent else text[1:-1]
            closing = text[1 + len(body) :]
            yield ("[" if start == 0 else comma.rstrip("\n")) + body
        yield closing
    yield "}" if indent is None else "\n}"


def _plain(record: Record, name: str) -> Any:
    return json.loads(record.model_dump_json(include={name}))[name]


def _inner(value: Any, indent: int | None) -> str:
    """Return JSON indented as a value one level deep."""
    text = json.dumps([value], indent=indent, ensure_ascii=False, allow_nan=False)
    return text[1:-1] if indent is None else text[2 + indent : -2]


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
