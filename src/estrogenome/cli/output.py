"""Writing results all or nothing: into a temporary folder on the same disk, moved into place at the end."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from estrogenome.cli.stop import check, held
from estrogenome.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

_FOLDER_MODE = 0o700
_FILE_MODE = 0o600


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """Give a folder to write to; its files move to ``target`` when the block ends well and vanish when it does not.

    The temporary folder is made at once, so that a place that cannot be written to is known before any work is done.

    Raises:
        InputError: ``target`` is a file, or nothing can be written there.
    """
    target = target.resolve()
    if target.exists() and not target.is_dir():
        raise InputError(f"{target.name}: is a file; give the path of a folder")
    parent = target
    while not parent.exists():
        parent = parent.parent
    temporary: Path | None = None
    try:
        # a signal between making the folder and knowing its name would leave it behind
        with held():
            temporary = _made(parent, target.name)
        check()
        yield temporary
        check()
        with held():
            _move(temporary, target)
            shutil.rmtree(temporary, ignore_errors=True)
    except BaseException:
        with held():
            if temporary is not None:
                shutil.rmtree(temporary, ignore_errors=True)
        raise


def _made(parent: Path, name: str) -> Path:
    try:
        return Path(tempfile.mkdtemp(dir=parent, prefix=".estrogenome-"))
    except OSError as error:
        raise InputError(f"{name}: nothing can be written there ({error.strerror}); give another folder") from error


def _move(temporary: Path, target: Path) -> None:
    for path in temporary.iterdir():
        path.chmod(_FILE_MODE)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.chmod(_FOLDER_MODE)
        temporary.rename(target)
        return
    for path in sorted(temporary.iterdir()):
        if (target / path.name).is_dir():
            raise InputError(f"{path.name}: is a folder in {target.name}; remove it or give another folder")
    for path in sorted(temporary.iterdir()):
        path.replace(target / path.name)


@contextmanager
def staged_file(target: Path) -> Iterator[Path]:
    """Give the path of a temporary file that becomes ``target``, with its ``.npz`` beside it, when the block ends well.

    Raises:
        InputError: ``target`` is a folder, or nothing can be written there.
    """
    if target.is_dir():
        raise InputError(f"{target.name}: is a folder; give the path of a file")
    if target.suffix != ".json":
        raise InputError(f"{target.name}: records are written as JSON; give a path that ends in .json")
    with staged(target.parent) as folder:
        yield folder / target.name
