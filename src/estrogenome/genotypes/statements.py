"""What the user says about sites that have no record: callable regions, or that absent means reference."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING

from estrogenome.core.errors import GenotypeFileError
from estrogenome.core.genotype_records import SiteObservation, SiteState
from estrogenome.genotypes.targets import contig_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from estrogenome.genotypes.targets import Target

_COLUMNS = 3
_HEADERS = ("#", "track", "browser")


def callable_sites(path: Path, targets: Iterable[Target]) -> frozenset[str]:
    """Return the sites that lie wholly inside the regions of a BED file (0-based, half-open; plain or gz).

    Raises:
        GenotypeFileError: the file cannot be read or a line is no region.
    """
    wanted: dict[str, list[Target]] = {}
    for target in targets:
        wanted.setdefault(target.chromosome, []).append(target)
    inside: set[str] = set()
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip() or line.startswith(_HEADERS):
            continue
        fields = line.split()
        if len(fields) < _COLUMNS or not (fields[1].isdigit() and fields[2].isdigit()):
            raise GenotypeFileError(f"{path.name}: line {number} is no BED region (chromosome, start, end); mend the line")
        start, end = int(fields[1]), int(fields[2])
        inside.update(t.site.id for t in wanted.get(contig_name(fields[0]), ()) if start < t.position and t.end <= end)
    return frozenset(inside)


def stated_reference(target: Target, origin: str) -> SiteObservation:
    """Return the observation "reference on both copies, because the user said so"."""
    return SiteObservation(site=target.site.id, state=SiteState.INFERRED, compatible=((target.reference, target.reference),), origin=origin)


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open("rb") as probe:
            packed = probe.read(2) == b"\x1f\x8b"
        with gzip.open(path, "rt", encoding="utf-8") if packed else path.open(encoding="utf-8") as stream:
            yield from stream
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise GenotypeFileError(f"{path.name}: the file of callable regions cannot be read; give a BED file, plain or gzipped") from error
