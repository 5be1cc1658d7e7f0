"""The lines of a VCF that lie over our positions, as a small VCF of its own.

Records elsewhere never reach the parser: it is faster, and a broken line (some of which make the sequence library crash the
whole program) is met here, where it can be named.
"""

from __future__ import annotations

import gzip
import zlib
from typing import IO, TYPE_CHECKING, cast

from estrogenome.core.errors import GenotypeFileError
from estrogenome.genotypes.targets import contig_name

if TYPE_CHECKING:
    from pathlib import Path

    from estrogenome.genotypes.wanted import Wanted

_FIXED_COLUMNS = 9
_GZIP = b"\x1f\x8b"
_LARGEST_POSITION = 1 << 31


def copy_our_lines(path: Path, wanted: Wanted, target: IO[bytes]) -> int:
    """Write the header of ``path`` and its records over our positions to ``target``; return how many lie in our regions.

    Raises:
        GenotypeFileError: the file is cut off or damaged, has no header line, or a line of our chromosomes is broken.
    """
    try:
        with path.open("rb") as probe:
            packed = probe.read(2) == _GZIP
        with gzip.open(path, "rb") if packed else path.open("rb") as stream:
            return _copy(path.name, cast("IO[bytes]", stream), wanted, target)
    except EOFError as error:
        raise GenotypeFileError(f"{path.name}: the compressed file is cut off; copy or download it again") from error
    except (OSError, zlib.error) as error:
        raise GenotypeFileError(f"{path.name}: the file is damaged; copy or download it again") from error


def _copy(name: str, stream: IO[bytes], wanted: Wanted, target: IO[bytes]) -> int:
    columns = 0
    in_regions = 0
    names: dict[bytes, str] = {}
    for number, line in enumerate(stream, start=1):
        if line.startswith(b"#"):
            if line.startswith(b"#CHROM"):
                columns = line.count(b"\t") + 1
            if not columns or line.startswith(b"#CHROM"):
                target.write(line.rstrip(b"\r\n") + b"\n")
            continue
        if not columns:
            if not line.strip():
                continue
            raise GenotypeFileError(
                f"{name}: line {number} comes before the #CHROM header line; the header is missing or broken, write the file again"
            )
        tab = line.find(b"\t")
        contig = line[:tab] if tab > 0 else b""
        chromosome = names.get(contig)
        if chromosome is None:
            if not line.strip():
                continue
            chromosome = names[contig] = contig_name(contig.decode("utf-8", "replace"))
        if wanted.has(chromosome):
            in_regions += _copy_record(name, number, line, chromosome, columns, wanted, target)
    if not columns:
        raise GenotypeFileError(f"{name}: there is no #CHROM header line; the file is cut off or no VCF, write it again")
    return in_regions


def _copy_record(name: str, number: int, line: bytes, chromosome: str, columns: int, wanted: Wanted, target: IO[bytes]) -> bool:
    start = line.find(b"\t") + 1
    digits = line[start : line.find(b"\t", start)]
    if not digits.isdigit() or int(digits) >= _LARGEST_POSITION:
        raise GenotypeFileError(f"{name}: line {number} has no usable position; mend or remove the line")
    position = int(digits)
    if not wanted.near(chromosome, position):
        return False
    fields = line.rstrip(b"\r\n").split(b"\t", _FIXED_COLUMNS)
    if line.count(b"\t") + 1 != columns or not all(fields[:_FIXED_COLUMNS]) or b"\0" in line:
        raise GenotypeFileError(f"{name}: line {number} does not have the {columns} filled columns of the header; mend or remove the line")
    end = max(position + len(fields[3]) - 1, _stated_end(fields[7]))
    if wanted.touches(chromosome, position, end):
        target.write(b"\t".join(fields) + b"\n")
    return wanted.in_regions(chromosome, position, end)


def _stated_end(info: bytes) -> int:
    for entry in info.split(b";"):
        if entry.startswith(b"END=") and entry[4:].isdigit():
            return int(entry[4:])
    return 0
