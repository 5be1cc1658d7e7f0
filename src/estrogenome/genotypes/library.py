"""BCF and indexed files, through the sequence library. The only module that touches it; its records are handed on as VCF lines."""

from __future__ import annotations

import contextlib
import warnings
from typing import TYPE_CHECKING, Any

from estrogenome.core.errors import GenotypeFileError
from estrogenome.genotypes.copies import is_copy_record
from estrogenome.genotypes.records import FIXED_COLUMNS, FileContent, parse_record, stated_end
from estrogenome.genotypes.targets import contig_name
from estrogenome.genotypes.text import samples_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from estrogenome.genotypes.wanted import Wanted

_INDEXES = (".tbi", ".csi")


def has_index(path: Path) -> bool:
    """Tell whether an index no older than the file lies beside it (an older one may point past records)."""
    beside = (path.with_name(path.name + suffix) for suffix in _INDEXES)
    return any(index.is_file() and index.stat().st_mtime >= path.stat().st_mtime for index in beside)


def read_with_library(path: Path, wanted: Wanted, *, by_index: bool) -> FileContent:
    """Read header and our records, by index or in one pass.

    Raises:
        GenotypeFileError: the file or its index cannot be parsed.
    """
    import cyvcf2

    quiet = getattr(cyvcf2.cyvcf2, "set_htslib_log_level", None)
    if quiet:
        quiet(0)
    with warnings.catch_warnings(), _as_file_error(path), contextlib.closing(cyvcf2.VCF(str(path))) as reader:
        warnings.simplefilter("ignore")
        header = reader.raw_header.rstrip("\n").split("\n")
        content = FileContent(samples_of(path.name, header[-1]), "\n".join(header[:-1]))
        for chromosome, variant in _over(reader, wanted.queries()) if by_index else _in_order(reader):
            position, end = variant.POS, max(variant.POS + len(variant.REF) - 1, variant.end)
            symbolic = any(alt.startswith("<") for alt in variant.ALT)
            line = str(variant) if symbolic else ""
            if symbolic:
                fields = line.split("\t", FIXED_COLUMNS)
                end = max(end, stated_end(position, fields[3], fields[7]))
            if wanted.in_regions(chromosome, position, end):
                content.in_regions += 1
                where = f"{path.name}: the record at {chromosome}:{position}"
                if wanted.touches(chromosome, position, end):
                    content.records.append(parse_record(where, chromosome, line or str(variant), len(content.samples), wanted.limits))
                if symbolic and is_copy_record(fields[4], fields[8]):
                    content.copies.append(parse_record(where, chromosome, line, len(content.samples), wanted.limits))
        return content


@contextlib.contextmanager
def _as_file_error(path: Path) -> Iterator[None]:
    """Turn whatever the sequence library raises (bare Exception, mostly) into one line."""
    try:
        yield
    except GenotypeFileError:
        raise
    except Exception as error:
        raise GenotypeFileError(f"{path.name}: damaged, its header or a record cannot be parsed; check it with `bcftools view`") from error


def _over(reader: Any, stretches: Iterable[tuple[str, int, int]]) -> Iterator[tuple[str, Any]]:
    """Yield (chromosome, record) of each record over the stretches, by index, each once."""
    contigs: dict[str, list[str]] = {}
    for contig in reader.seqnames:
        contigs.setdefault(contig_name(contig), []).append(contig)
    before = ("", 0)
    for chromosome, start, end in stretches:
        for contig in contigs.get(chromosome, ()):
            for variant in reader(f"{contig}:{start}-{end}"):
                if before[0] != contig or before[1] < variant.POS:  # a block over two stretches comes twice
                    yield chromosome, variant
            before = (contig, end)


def _in_order(reader: Any) -> Iterator[tuple[str, Any]]:
    names: dict[str, str] = {}
    for variant in reader:
        contig = variant.CHROM
        if contig not in names:
            names[contig] = contig_name(contig)
        yield names[contig], variant
