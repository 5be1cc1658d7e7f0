"""PLINK 2 filesets (``.pgen`` with ``.pvar`` and ``.psam`` beside it): an optional extra. Its records are handed on as VCF lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estrogenome.core.errors import GenotypeFileError, MissingExtraError
from estrogenome.genotypes.records import FileContent, parse_record
from estrogenome.genotypes.targets import contig_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from estrogenome.genotypes.wanted import Wanted

_FIXED = ("#CHROM", "POS", "ID", "REF", "ALT")


def read_pgen(path: Path, wanted: Wanted) -> FileContent:
    """Read the records at our positions of everybody in a PLINK 2 fileset.

    Raises:
        MissingExtraError: the extra ``pgen`` is not installed.
        GenotypeFileError: a file of the set is missing, packed or does not fit the others.
    """
    try:
        import pgenlib
    except ImportError as error:
        raise MissingExtraError(f"{path.name}: PLINK 2 files need an extra; pip install 'estrogenome[pgen]'") from error
    samples = _samples(_beside(path, ".psam"))
    header, columns, rows = _variants(_beside(path, ".pvar"))
    content = FileContent(samples, header)
    offsets = np.concatenate([[0], np.cumsum([row[columns["ALT"]].count(",") + 2 for row in rows])]).astype(np.uintp)
    try:
        reader = pgenlib.PgenReader(str(path).encode(), len(samples), len(rows), None, offsets)
    except (RuntimeError, ValueError, OSError) as error:
        raise GenotypeFileError(f"{path.name}: does not fit its .pvar and .psam, or is damaged; write the set again") from error
    alleles, phased = np.empty(2 * len(samples), np.int32), np.empty(len(samples), np.uint8)
    with reader:
        for i, row in enumerate(rows):
            chromosome, position = contig_name(row[columns["#CHROM"]]), int(row[columns["POS"]])
            end = position + len(row[columns["REF"]]) - 1
            if not wanted.in_regions(chromosome, position, end):
                continue
            content.in_regions += 1
            if wanted.touches(chromosome, position, end):
                reader.read_alleles_and_phasepresent(i, alleles, phased)
                line = _line(row, columns, alleles, phased)
                where = f"{path.name}: the variant at {chromosome}:{position}"
                content.records.append(parse_record(where, chromosome, line, len(samples), wanted.limits))
    return content


def _beside(path: Path, suffix: str) -> Path:
    found = path.with_suffix(suffix)
    if found.is_file():
        return found
    if found.with_name(found.name + ".zst").is_file():
        raise GenotypeFileError(f"{found.name}.zst: is packed; unpack it (plink2 --zst-decompress) and try again")
    raise GenotypeFileError(f"{path.name}: {found.name} is missing beside it; give the whole PLINK 2 set")


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8") as stream:
            for line in stream:
                yield line.rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise GenotypeFileError(f"{path.name}: is no text; write the PLINK 2 set again") from error


def _samples(path: Path) -> tuple[str, ...]:
    columns: list[str] = []
    names: list[str] = []
    for line in _lines(path):
        if line.startswith(("#IID", "#FID")):
            columns = line.lstrip("#").split("\t")
        elif line and not line.startswith("#"):
            fields = line.split("\t")
            if "IID" not in columns or len(fields) != len(columns):
                raise GenotypeFileError(f"{path.name}: has no column IID, or a row of another width; write the PLINK 2 set again")
            names.append(fields[columns.index("IID")])
    if not names:
        raise GenotypeFileError(f"{path.name}: names nobody; write the PLINK 2 set again")
    return tuple(names)


def _variants(path: Path) -> tuple[str, dict[str, int], list[list[str]]]:
    header: list[str] = []
    columns: dict[str, int] = {}
    rows: list[list[str]] = []
    for line in _lines(path):
        if line.startswith("##"):
            header.append(line)
        elif line.startswith("#CHROM"):
            columns = {name: i for i, name in enumerate(line.split("\t"))}
        elif line:
            rows.append(line.split("\t"))
    sound = all(name in columns for name in _FIXED) and all(len(r) == len(columns) and r[columns["POS"]].isdecimal() for r in rows)
    if not sound:
        raise GenotypeFileError(f"{path.name}: lacks a column, or has a row that does not fit; write the PLINK 2 set again")
    return "\n".join(header), columns, rows


def _line(row: list[str], columns: dict[str, int], alleles: NDArray[np.int32], phased: NDArray[np.uint8]) -> str:
    """Return the VCF line of a variant; a missing allele is negative, and only a heterozygote has a phase to know."""

    def cell(name: str) -> str:
        return row[columns[name]] if name in columns else "."

    pairs = alleles.reshape(-1, 2).tolist()
    calls = (
        f"{'.' if a < 0 else a}{'|' if known or a == b else '/'}{'.' if b < 0 else b}" for (a, b), known in zip(pairs, phased, strict=True)
    )
    fixed = [row[columns[name]] for name in _FIXED]
    return "\t".join([*fixed, ".", cell("FILTER"), cell("INFO"), "GT", *calls])
