"""One line of a VCF as a record: our own reading of what touches our sites, stricter than the sequence library's."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from estrogenome.core.errors import GenotypeFileError

if TYPE_CHECKING:
    from estrogenome.core.records import IntArray
    from estrogenome.genotypes.copies import CopyRecord

MISSING = -1
ABSENT = -2
"""Allele indices that are no allele: unknown, and "this person has no such copy"."""
FIXED_COLUMNS = 9
_IMPUTED = frozenset({"IMP", "IMPUTED"})
_QUALITY_OF_IMPUTATION = ("DR2", "R2", "INFO_SCORE", "INFO")
_BASES = re.compile(r"[ACGTNacgtn]+")
_FORMAT_KEY = re.compile(r"[A-Za-z_][0-9A-Za-z_.]*")
_ALT = re.compile(
    r"[ACGTNacgtn]+|\*|\.|<[^<>\s]+>|[ACGTNacgtn.]+[][][^][\s]+[][]|[][][^][\s]+[][][ACGTNacgtn.]+|\.[ACGTNacgtn]+|[ACGTNacgtn]+\."
)
_GENOTYPE = re.compile(r"[/|]?(?:\.|[0-9]{1,4})(?:[/|](?:\.|[0-9]{1,4}))*")
_SEPARATOR = re.compile(r"[/|]")


@dataclass(frozen=True)
class SiteRecord:
    """A record that lies over at least one of our positions, with everybody's genotype.

    ``calls[person]`` holds allele indices (``MISSING``, ``ABSENT``) and, last, 1 if phased. ``depth[person]`` (reads, the fewest
    of a block) and ``quality[person]`` (Phred) are -1 where not given. ``imputed`` is the stated r², NaN where a record says only
    that it was imputed, None where it does not say so.
    """

    chromosome: str
    position: int
    end: int
    ref: str
    alts: tuple[str, ...]
    filters: tuple[str, ...]
    calls: IntArray
    depth: IntArray
    quality: IntArray
    phase_sets: tuple[str, ...] | None
    imputed: float | None = None


@dataclass
class FileContent:
    """What was taken from a file: samples, header lines, our records, and how many records lie in our regions."""

    samples: tuple[str, ...]
    header: str
    records: list[SiteRecord] = field(default_factory=list)
    copies: list[CopyRecord] = field(default_factory=list)
    in_regions: int = 0
    complaints: list[str] = field(default_factory=list)


def stated_end(position: int, ref: str, info: str) -> int:
    """Return the last position of a record: that of REF, of INFO/END where it lies behind, or as INFO/SVLEN says where there is no END."""
    end = position + max(len(ref), 1) - 1
    entries = dict(entry.partition("=")[::2] for entry in info.split(";"))
    if entries.get("END", "").isdecimal():
        return max(end, int(entries["END"]))
    lengths = [length.lstrip("-") for length in entries.get("SVLEN", "").split(",")]
    return max([end, *(position + int(length) for length in lengths if length.isdecimal() and len(length) < FIXED_COLUMNS + 1)])


def parse_record(where: str, chromosome: str, line: str, people: int) -> SiteRecord:
    """Return the record of a line; ``where`` (file and line) goes into messages.

    Raises:
        GenotypeFileError: a column is missing or holds what cannot stand there.
    """
    fields = line.rstrip("\r\n").split("\t")
    if len(fields) != FIXED_COLUMNS + people or not all(fields[:FIXED_COLUMNS]):
        raise GenotypeFileError(f"{where} does not have the {FIXED_COLUMNS + people} filled columns of the header; mend or remove the line")
    ref, alts = fields[3], tuple(fields[4].split(","))
    if not _BASES.fullmatch(ref) or not all(_ALT.fullmatch(alt) for alt in alts):
        raise GenotypeFileError(f"{where} has a REF or ALT that is no allele; mend or remove the line")
    alleles = () if alts == (".",) else alts
    if len({alt.upper() for alt in alleles} | {ref.upper()}) <= len(alleles):
        raise GenotypeFileError(f"{where} names an allele twice; mend or remove the line")
    keys = fields[8].split(":")
    values = [entry.split(":") for entry in fields[FIXED_COLUMNS:]]
    if "GT" in keys[1:] or len(set(keys)) < len(keys) or not all(_FORMAT_KEY.fullmatch(key) for key in keys):
        raise GenotypeFileError(f"{where} has a FORMAT that is no list of keys with GT first; mend or remove the line")
    if any(len(entry) > len(keys) for entry in values):
        raise GenotypeFileError(f"{where} has more entries for a person than FORMAT has keys; mend or remove the line")
    return SiteRecord(
        chromosome=chromosome,
        position=int(fields[1]),
        end=stated_end(int(fields[1]), ref, fields[7]),
        ref=ref,
        alts=alleles,
        filters=tuple(f for f in fields[6].split(";") if f not in {"", ".", "PASS"}),
        calls=_calls(where, _column(values, keys, "GT"), len(alleles) + 1),
        depth=_fewest(values, keys, ("MIN_DP",) if "MIN_DP" in keys else ("DP",)),
        quality=_fewest(values, keys, ("GQ", "GQX", "RGQ")),
        phase_sets=tuple(_column(values, keys, "PS")) if "PS" in keys else None,
        imputed=_imputed(fields[7]),
    )


def _column(values: list[list[str]], keys: list[str], key: str) -> list[str]:
    """Return one entry of everybody, ``.`` where it is left off."""
    if key not in keys:
        return ["."] * len(values)
    i = keys.index(key)
    return [entry[i] if i < len(entry) else "." for entry in values]


def _fewest(values: list[list[str]], keys: list[str], wanted: tuple[str, ...]) -> IntArray:
    """Return the least of the wanted entries of each person, -1 where none is given."""
    columns = [_column(values, keys, key) for key in wanted if key in keys]
    if not columns:
        return np.full(len(values), -1, dtype=np.int64)
    number = {text: _whole(text) for column in columns for text in set(column)}
    given = [[number[text] for text in row if number[text] >= 0] for row in zip(*columns, strict=True)]
    return np.array([min(row, default=-1) for row in given], dtype=np.int64)


def _whole(text: str) -> int:
    """Return the whole part of a count or Phred score, -1 where it is none."""
    whole = text.partition(".")[0]
    return int(whole) if whole.isascii() and whole.isdecimal() and len(whole) < FIXED_COLUMNS else -1


def _imputed(info: str) -> float | None:
    """Return the r² of an imputed record, NaN where it is not stated, None where the record was not imputed."""
    entries = dict(entry.partition("=")[::2] for entry in info.split(";"))
    if _IMPUTED.isdisjoint(entries):
        return None
    try:
        return min(float(part) for key in _QUALITY_OF_IMPUTATION if key in entries for part in entries[key].split(","))
    except ValueError:
        return math.nan


def _calls(where: str, genotypes: list[str], alleles: int) -> IntArray:
    """Return allele indices and the phase mark, shape (person, copies + 1); each distinct genotype is read once."""
    number = {text: i for i, text in enumerate(dict.fromkeys(genotypes))}
    read = [_call(where, text, alleles) for text in number]
    copies = max(len(codes) for codes, _ in read)
    table = np.array([[*codes, *[ABSENT] * (copies - len(codes)), phased] for codes, phased in read], dtype=np.int64)
    result: IntArray = table[[number[text] for text in genotypes]]
    return result


def _call(where: str, text: str, alleles: int) -> tuple[list[int], int]:
    if not _GENOTYPE.fullmatch(text):
        raise GenotypeFileError(f"{where} has a genotype that cannot be read; mend or remove the line")
    codes = [MISSING if part == "." else int(part) for part in _SEPARATOR.split(text.lstrip("/|"))]
    if max(codes) >= alleles > 1:  # without any ALT an index of one is an allele that nobody knows
        raise GenotypeFileError(f"{where} has a genotype that names an allele the record lacks; mend or remove the line")
    return codes, int("/" not in text and len(codes) > 1)
