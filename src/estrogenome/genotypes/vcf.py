"""Records at our positions out of a VCF or BCF. The only module that touches the sequence library."""

from __future__ import annotations

import contextlib
import warnings
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from estrogenome.core.errors import GenotypeFileError
from estrogenome.genotypes.alleles import is_reference_record
from estrogenome.genotypes.targets import BUILDS, contig_name, regions_of, targets_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from estrogenome.catalog.load import Catalog
    from estrogenome.core.records import IntArray

MISSING = -1
ABSENT = -2
"""Allele indices that are no allele: unknown, and "this person has no such copy"."""


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


def read_records(path: Path, catalog: Catalog) -> FileContent:
    """Read all records at the catalog's positions of either build, for everybody in the file.

    Raises:
        GenotypeFileError: the file cannot be parsed, or has no samples.
    """
    import cyvcf2

    quiet = getattr(cyvcf2.cyvcf2, "set_htslib_log_level", None)
    if quiet:
        quiet(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with _as_file_error(path):
            reader = cyvcf2.VCF(str(path))
        try:
            samples = tuple(reader.samples)
            if not samples:
                raise GenotypeFileError(f"{path.name}: the file lists variants but no person (no sample column); give a VCF with genotypes")
            with _as_file_error(path):
                content = FileContent(samples, reader.raw_header)
                _collect(reader, path, catalog, content)
        finally:
            reader.close()
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


class _Wanted:
    """Which stretches of which chromosome hold our positions, and which lie in our regions, on either build."""

    def __init__(self, catalog: Catalog) -> None:
        spans: dict[str, set[tuple[int, int]]] = {}
        for target in targets_of(catalog):
            spans.setdefault(target.chromosome, set()).add((target.position, target.end))
        self._positions = {c: sorted(p for p, _ in s) for c, s in spans.items()}
        self.regions = {build: regions_of(catalog, build) for build in BUILDS}
        self._regions: dict[str, list[tuple[int, int]]] = {}
        for regions in self.regions.values():
            for chromosome, start, end in regions:
                self._regions.setdefault(chromosome, []).append((start, end))

    def in_regions(self, chromosome: str, start: int, end: int) -> bool:
        return any(s <= end and start <= e for s, e in self._regions.get(chromosome, ()))

    def touches(self, chromosome: str, start: int, end: int) -> bool:
        positions = self._positions.get(chromosome, [])
        i = bisect_left(positions, start)
        return i < len(positions) and positions[i] <= end

    def queries(self) -> list[tuple[str, int, int]]:
        merged: list[tuple[str, int, int]] = []
        for chromosome, spans in sorted(self._regions.items()):
            for start, end in sorted(spans):
                if merged and merged[-1][0] == chromosome and start <= merged[-1][2] + 1:
                    merged[-1] = (chromosome, merged[-1][1], max(end, merged[-1][2]))
                else:
                    merged.append((chromosome, start, end))
        return merged


def _collect(reader: Any, path: Path, catalog: Catalog, content: FileContent) -> None:
    wanted = _Wanted(catalog)
    has_phase_sets = "ID=PS," in content.header
    has_depth = [key for key in ("DP", "MIN_DP") if f"##FORMAT=<ID={key}," in content.header]
    for chromosome, variant in _variants(reader, path, wanted):
        start, end = variant.POS, max(variant.POS + len(variant.REF) - 1, variant.end)
        if not wanted.in_regions(chromosome, start, end):
            continue
        content.in_regions += 1
        if wanted.touches(chromosome, start, end):
            content.records.append(_record(chromosome, variant, end, has_phase_sets, has_depth, len(content.samples)))


def _variants(reader: Any, path: Path, wanted: _Wanted) -> Iterator[tuple[str, Any]]:
    """Yield (chromosome, variant) by index where there is one, else from one pass over the file."""
    if any(path.with_name(path.name + suffix).is_file() for suffix in (".tbi", ".csi")):
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
        return
    names: dict[str, str] = {}
    for variant in reader:
        contig = variant.CHROM
        if contig not in names:
            names[contig] = contig_name(contig)
        yield names[contig], variant


def _record(chromosome: str, variant: Any, end: int, has_phase_sets: bool, depth_keys: list[str], people: int) -> SiteRecord:
    alts = tuple(variant.ALT)
    genotype = variant.genotype if "GT" in variant.FORMAT else None
    calls = np.asarray(genotype.array(), dtype=np.int64) if genotype is not None else np.full((people, 3), MISSING, dtype=np.int64)
    depth = np.full(people, -1, dtype=np.int64)
    if is_reference_record(alts):  # only there it decides
        for key in depth_keys:
            if key in variant.FORMAT:
                depth = np.maximum(depth, np.asarray(variant.format(key), dtype=np.int64).reshape(people, -1)[:, 0])
    phase_sets = None
    if has_phase_sets and "PS" in variant.FORMAT:
        values = variant.format("PS")
        phase_sets = tuple(str(v) for v in np.asarray(values).reshape(people, -1)[:, 0])
    filters = tuple(f for f in (variant.FILTER or "").split(";") if f)
    return SiteRecord(chromosome, variant.POS, end, variant.REF, alts, variant.ID or "", filters, calls, depth, phase_sets)
