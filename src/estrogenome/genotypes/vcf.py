"""Records at our positions out of a VCF or BCF. The only module that touches the sequence library."""

from __future__ import annotations

import contextlib
import tempfile
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from estrogenome.core.errors import GenotypeFileError
from estrogenome.genotypes.alleles import is_reference_record
from estrogenome.genotypes.container import Container
from estrogenome.genotypes.lines import copy_our_lines
from estrogenome.genotypes.targets import contig_name
from estrogenome.genotypes.wanted import Wanted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from estrogenome.catalog.load import Catalog
    from estrogenome.core.records import IntArray

MISSING = -1
ABSENT = -2
"""Allele indices that are no allele: unknown, and "this person has no such copy"."""
_INDEXES = (".tbi", ".csi")


@dataclass(frozen=True)
class SiteRecord:
    """A record that lies over at least one of our positions, with everybody's genotype.

    ``calls[person]`` holds allele indices (``MISSING``, ``ABSENT``) and, last, 1 if phased. ``depth[person]`` is -1 where
    not given.
    """

    chromosome: str
    position: int
    end: int
    ref: str
    alts: tuple[str, ...]
    name: str
    filters: tuple[str, ...]
    calls: IntArray
    depth: IntArray
    phase_sets: tuple[str, ...] | None


@dataclass
class FileContent:
    """What was taken from a file: samples, header lines, our records, and how many records lie in our regions."""

    samples: tuple[str, ...]
    header: str
    records: list[SiteRecord] = field(default_factory=list)
    in_regions: int = 0


def read_records(path: Path, container: Container, catalog: Catalog) -> FileContent:
    """Read all records at the catalog's positions of either build, for everybody in the file.

    Raises:
        GenotypeFileError: the file cannot be parsed, or has no samples.
    """
    import cyvcf2

    quiet = getattr(cyvcf2.cyvcf2, "set_htslib_log_level", None)
    if quiet:
        quiet(0)
    wanted = Wanted(catalog)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if _has_index(path):
            with contextlib.suppress(GenotypeFileError):  # a broken index: read without it
                content = _read(path, path, wanted, by_index=True)
                if content.records:
                    return content
        if container is Container.BCF:
            return _read(path, path, wanted, by_index=False)
        with tempfile.NamedTemporaryFile(suffix=".vcf") as copy:
            in_regions = copy_our_lines(path, wanted, copy)
            copy.flush()
            content = _read(path, Path(copy.name), wanted, by_index=False)
            content.in_regions = in_regions
        return content


def _has_index(path: Path) -> bool:
    """Tell whether an index no older than the file lies beside it (an older one may point past records)."""
    beside = (path.with_name(path.name + suffix) for suffix in _INDEXES)
    return any(index.is_file() and index.stat().st_mtime >= path.stat().st_mtime for index in beside)


def _read(path: Path, source: Path, wanted: Wanted, *, by_index: bool) -> FileContent:
    """Read ``source``, which is ``path`` or made from it (messages name ``path``)."""
    import cyvcf2

    with _as_file_error(path), contextlib.closing(cyvcf2.VCF(str(source))) as reader:
        samples = tuple(reader.samples)
        if not samples:
            raise GenotypeFileError(f"{path.name}: the file lists variants but no person (no sample column); give a VCF with genotypes")
        content = FileContent(samples, reader.raw_header)
        for chromosome, variant in _by_index(reader, wanted) if by_index else _in_order(reader):
            start, end = variant.POS, max(variant.POS + len(variant.REF) - 1, variant.end)
            if wanted.in_regions(chromosome, start, end):
                content.in_regions += 1
                if wanted.touches(chromosome, start, end):
                    content.records.append(_record(chromosome, variant, end, len(samples)))
        return content


@contextlib.contextmanager
def _as_file_error(path: Path) -> Iterator[None]:
    """Turn whatever the sequence library raises (bare Exception, mostly) into one line."""
    try:
        yield
    except GenotypeFileError:
        raise
    except Exception as error:
        raise GenotypeFileError(
            f"{path.name}: damaged or not a valid VCF (a header line or record cannot be parsed); check it with `bcftools view`"
        ) from error


def _by_index(reader: Any, wanted: Wanted) -> Iterator[tuple[str, Any]]:
    contigs: dict[str, list[str]] = {}
    for contig in reader.seqnames:
        contigs.setdefault(contig_name(contig), []).append(contig)
    before = ("", 0)
    for chromosome, start, end in wanted.queries():
        for contig in contigs.get(chromosome, ()):
            for variant in reader(f"{contig}:{start}-{end}"):
                if before[0] != contig or before[1] < variant.POS:  # a block over two regions comes twice
                    yield chromosome, variant
            before = (contig, end)


def _in_order(reader: Any) -> Iterator[tuple[str, Any]]:
    names: dict[str, str] = {}
    for variant in reader:
        contig = variant.CHROM
        if contig not in names:
            names[contig] = contig_name(contig)
        yield names[contig], variant


def _record(chromosome: str, variant: Any, end: int, people: int) -> SiteRecord:
    alts = tuple(variant.ALT)
    given = set(variant.FORMAT)
    calls = np.full((people, 3), MISSING, dtype=np.int64)
    if "GT" in given:
        calls = np.asarray(variant.genotype.array(), dtype=np.int64)
    depth = np.full(people, -1, dtype=np.int64)
    if is_reference_record(alts):  # only there it decides
        for key in given & {"DP", "MIN_DP"}:
            depth = np.maximum(depth, _column(variant, key, people).astype(np.int64))
    phase_sets = tuple(_column(variant, "PS", people).astype(str).tolist()) if "PS" in given else None
    filters = tuple(f for f in (variant.FILTER or "").split(";") if f)
    return SiteRecord(chromosome, variant.POS, end, variant.REF, alts, variant.ID or "", filters, calls, depth, phase_sets)


def _column(variant: Any, key: str, people: int) -> NDArray[Any]:
    """Return one FORMAT value a person, shape (person,)."""
    return np.asarray(variant.format(key)).reshape(people, -1)[:, 0]
