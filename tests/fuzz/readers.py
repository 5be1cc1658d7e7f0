"""Coverage-guided fuzzing of everything that reads a genome file (``make fuzz``; atheris, not in CI).

The first byte chooses the wrapping; the rest is the file. A crash, a hang or an error that is not one of ours stops the run.
"""

from __future__ import annotations

import gzip
import io
import sys
import tempfile
import zipfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["estrogenome.genotypes"]):
    from estrogenome.catalog.load import load_catalog
    from estrogenome.core.errors import InputError
    from estrogenome.genotypes import read_genotypes

CATALOG = load_catalog()
PLACE = Path(tempfile.mkdtemp()) / "genome"


def wrapped(kind: int, content: bytes) -> bytes:
    """Return the content plain, gzipped or in a zip."""
    if kind == 1:
        return gzip.compress(content)
    if kind == 2:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("genome", content)
        return stream.getvalue()
    return content


def one(data: bytes) -> None:
    """Read one file."""
    PLACE.write_bytes(wrapped(data[0] % 4 if data else 0, data[1:]))
    try:
        read_genotypes(PLACE, CATALOG)
    except InputError as error:
        if len(str(error).splitlines()) != 1:
            raise RuntimeError("an error of more than one line") from error


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
