"""A VCF read as text, line by line; only lines of our regions are taken apart.

This is fast, needs no index, and meets broken lines where they can be named (some make the sequence library crash the whole program).
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from estrogenome.core.errors import GenotypeFileError
from estrogenome.genotypes.check import header_complaints, record_complaints
from estrogenome.genotypes.copies import is_copy_record
from estrogenome.genotypes.records import FIXED_COLUMNS, FileContent, parse_record, stated_end
from estrogenome.genotypes.stream import lines
from estrogenome.genotypes.targets import contig_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estrogenome.genotypes.check import Declared
    from estrogenome.genotypes.container import Source
    from estrogenome.genotypes.wanted import Wanted

_LARGEST_POSITION = 1 << 31
_HEADER_LIMIT = 1 << 26
_UP_TO_INFO = 8
_MOST_COMPLAINTS = 100


def read_text(source: Source, wanted: Wanted) -> FileContent:
    """Read header and our records of a VCF, plain or compressed.

    Raises:
        GenotypeFileError: the file is cut off or damaged, has no header line or no person, or a line of ours is broken.
    """
    with source.open() as stream:
        return _read(source.name, stream, wanted)


def samples_of(name: str, header_line: str) -> tuple[str, ...]:
    """Return the sample names of a ``#CHROM`` line.

    Raises:
        GenotypeFileError: there is nobody, or somebody twice.
    """
    samples = tuple(header_line.rstrip("\r\n").split("\t")[FIXED_COLUMNS:])
    if not samples:
        raise GenotypeFileError(f"{name}: the file lists variants but no person (no sample column); give a VCF with genotypes")
    if len(set(samples)) < len(samples):
        raise GenotypeFileError(f"{name}: two sample columns have the same name; rename one (bcftools reheader)")
    return samples


def _read(name: str, stream: IO[bytes], wanted: Wanted) -> FileContent:
    every = lines(name, stream)
    content = _header(name, every)
    _, declared = header_complaints(content.header)
    names: dict[bytes, str] = {}
    for number, line in enumerate(every, start=content.header.count("\n") + 2):
        contig = line[: line.find(b"\t")]
        chromosome = names.get(contig)
        if chromosome is None:
            chromosome = contig_name(contig.decode("utf-8", "replace"))
            if len(names) < _LARGEST_POSITION >> 10:
                names[contig] = chromosome
        if wanted.has(chromosome):
            _take(f"{name}: line {number}", chromosome, line, content, wanted, declared)
    return content


def _header(name: str, every: Iterator[bytes]) -> FileContent:
    header: list[str] = []
    size = 0
    for line in every:
        size += len(line)
        text = line.decode("utf-8", "replace")
        if line.startswith(b"#CHROM"):
            return FileContent(samples_of(name, text), "".join(header))
        if not line.startswith(b"#") or size > _HEADER_LIMIT:
            break
        header.append(text)
    raise GenotypeFileError(f"{name}: there is no #CHROM header line after {len(header)} lines; it is cut off or no VCF")


def _take(where: str, chromosome: str, line: bytes, content: FileContent, wanted: Wanted, declared: Declared) -> None:
    start = line.find(b"\t") + 1
    digits = line[start : line.find(b"\t", start)]
    if not digits.isdigit() or int(digits[: FIXED_COLUMNS + 2]) >= _LARGEST_POSITION or len(digits) > FIXED_COLUMNS + 2:
        raise GenotypeFileError(f"{where} has no usable position; mend or remove the line")
    position = int(digits)
    if not wanted.near(chromosome, position):
        return
    fields = line.split(b"\t", _UP_TO_INFO)
    if len(fields) < _UP_TO_INFO:
        raise GenotypeFileError(f"{where} ends before its columns do; mend or remove the line")
    end = stated_end(position, fields[3].decode("utf-8", "replace"), fields[7].decode("utf-8", "replace"))
    if wanted.in_regions(chromosome, position, end):
        content.in_regions += 1
        if wanted.touches(chromosome, position, end):
            text = line.decode("utf-8", "replace")
            content.records.append(parse_record(where, chromosome, text, len(content.samples), wanted.limits))
            if len(content.complaints) < _MOST_COMPLAINTS:
                content.complaints += record_complaints(where.partition(": ")[2], text, declared)
        rest = fields[8].split(b"\t", 1)[0] if len(fields) > _UP_TO_INFO else b""
        if is_copy_record(fields[4].decode("utf-8", "replace"), rest.decode("utf-8", "replace")):
            content.copies.append(parse_record(where, chromosome, line.decode("utf-8", "replace"), len(content.samples), wanted.limits))
