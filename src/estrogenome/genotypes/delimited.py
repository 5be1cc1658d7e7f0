"""Rows at our sites out of a table of genotypes, whatever its layout: one reader for all formats of the catalog.

A file has hundreds of thousands of rows, of which some dozens are ours: only a line with one of our positions or names is taken apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from estrogenome.core.errors import GenotypeFileError
from estrogenome.genotypes.sniff import cells
from estrogenome.genotypes.stream import too_long
from estrogenome.genotypes.targets import contig_name
from estrogenome.genotypes.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estrogenome.genotypes.container import Source
    from estrogenome.genotypes.sniff import Layout

_CHUNK = 1 << 15
"""Small, so that what is made of a chunk stays in the processor's cache: half the time of a megabyte at once."""
_LONGEST = 1 << 16
_MOST_ROWS = 100_000
_UNPLACED = {"", "0", "-", "--", "NA"}


@dataclass(frozen=True)
class Row:
    """One row of ours: names, place, and the genotype as it is written (``None`` for a no-call)."""

    names: tuple[str, ...]
    chromosome: str
    position: int
    alleles: tuple[str, ...] | None
    strand: str = ""
    sample: str = ""


def read_rows(source: Source, layout: Layout, wanted: frozenset[str]) -> tuple[Row, ...]:
    """Return the rows that hold one of the ``wanted`` positions or names.

    Raises:
        GenotypeFileError: the file is cut off or damaged, or holds lines or repetitions that no genome file has.
    """
    rows: list[Row] = []
    words = Words(wanted)
    with source.open() as stream:
        for chunk in _chunks(source.name, stream):
            for line in words.lines(chunk):
                row = _row(layout, line.decode("utf-8", "replace"))
                if row is not None and (str(row.position) in wanted or not wanted.isdisjoint(row.names)):
                    rows.append(row)
            if len(rows) > _MOST_ROWS:
                raise GenotypeFileError(f"{source.name}: repeats our sites in more than {_MOST_ROWS} rows; give a file of one person")
    return tuple(rows)


def _chunks(name: str, stream: IO[bytes]) -> Iterator[bytes]:
    """Yield the content in pieces that end with a line's end."""
    rest = b""
    while piece := stream.read(_CHUNK):
        end = piece.rfind(b"\n") + 1
        if not end and b"\r" in piece:  # line ends of old Macintoshes
            piece = piece.replace(b"\r", b"\n")
            end = piece.rfind(b"\n") + 1
        if len(rest) + end > _CHUNK + _LONGEST or (not end and len(rest) + len(piece) > _LONGEST):
            raise too_long(name, _LONGEST)
        if end:
            yield rest + piece[:end]
            rest = piece[end:]
        else:
            rest += piece
        if len(rest) > _LONGEST:
            raise too_long(name, _LONGEST)
    if rest:
        yield rest


def _row(layout: Layout, line: str) -> Row | None:
    """Return the row of a line, None for a comment, a line that is cut short, or one without a place."""
    if line.startswith("#"):
        return None
    found = cells(layout.form, line)
    column = layout.columns
    value = {role: found[place] for role, place in column.items() if place < len(found)}
    if not {"chromosome", "position"} <= value.keys():
        return None
    form = layout.form
    chromosome = form.chromosomes.get(value["chromosome"], value["chromosome"])
    digits = value["position"]
    placed = digits.isascii() and digits.isdigit() and len(digits) < len(str(1 << 31)) and chromosome not in _UNPLACED
    return Row(
        names=tuple(name for name in value.get("id", "").replace(";", ",").split(",") if name),
        chromosome=contig_name(chromosome) if placed else "",
        position=int(digits) if placed else 0,
        alleles=_alleles(layout, value),
        strand=value.get("strand", ""),
        sample=value.get("sample", ""),
    )


def _alleles(layout: Layout, value: dict[str, str]) -> tuple[str, ...] | None:
    """Return the alleles as written; a half that was not read is empty, a genotype that is not there at all is None."""
    form = layout.form
    missing = {symbol.upper() for symbol in form.no_calls} | {""}
    if "allele1" in layout.columns and "allele2" in layout.columns:
        written: tuple[str, ...] = tuple(value.get(role, "").upper() for role in ("allele1", "allele2"))
    else:
        text = value.get("genotype", "").upper()
        if text in missing:
            return None
        between = next((mark for mark in (form.between_alleles, "/", "|") if mark and mark in text), "")
        written = tuple(text.split(between)) if between else (text,) if _single(text) else tuple(text)
    kept = tuple("" if allele in missing else allele for allele in written)
    return kept if any(kept) else None


def _single(text: str) -> bool:
    """Tell whether a genotype without a mark between its alleles is one allele: anything but two letters."""
    return len(text) != 2
