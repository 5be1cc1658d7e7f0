"""Reading the panels' files of one gene each (``GENE.vcf.gz``), which the repository does not hold."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIXED = 9


def records(path: Path, names: list[str] | None = None) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the nine fixed columns and the entries of the people ``names`` in that order; of everybody, header line included, without."""
    columns: list[int] = []
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            if line.startswith("##"):
                continue
            fields = line.rstrip("\n").split("\t")
            header = line.startswith("#")
            if header and names is not None:
                place = {name: i for i, name in enumerate(fields)}
                columns = [place[name] for name in names]
            if names is None:
                yield fields[:FIXED], fields[FIXED:]
            elif not header:
                yield fields[:FIXED], [fields[i] for i in columns]
