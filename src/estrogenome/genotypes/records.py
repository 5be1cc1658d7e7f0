"""One line of a VCF as a record: our own reading of what touches our sites, stricter than the sequence library's."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from estrogenome.core.errors import GenotypeFileError

if TYPE_CHECKING:
    from estrogenome.core.records import IntArray

MISSING = -1
ABSENT = -2
"""Allele indices that are no allele: unknown, and "this person has no such copy"."""
FIXED_COLUMNS = 9
_BASES = re.compile(r"[A-Za-z]+")
_ALT = re.compile(r"[A-Za-z]+|\*|\.|<[^<>\s]+>|[A-Za-z.]*[][][^][\s]+[][][A-Za-z.]*|\.[A-Za-z]+|[A-Za-z]+\.")
_GENOTYPE = re.compile(r"[/|]?(?:\.|[0-9]{1,4})(?:[/|](?:\.|[0-9]{1,4}))*")
_SEPARATOR = re.compile(r"[/|]")


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


def stated_end(position: int, ref: str, info: str) -> int:
    """Return the last position of a record: that of REF, or of INFO/END where it lies behind."""
    end = position + max(len(ref), 1) - 1
    for entry in info.split(";"):
        if entry.startswith("END=") and entry[4:].isdecimal():
            end = max(end, int(entry[4:]))
    return end


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
    keys = fields[8].split(":")
    values = [entry.split(":") for entry in fields[FIXED_COLUMNS:]]
    return SiteRecord(
        chromosome=chromosome,
        position=int(fields[1]),
        end=stated_end(int(fields[1]), ref, fields[7]),
        ref=ref,
        alts=alleles,
        filters=tuple(f for f in fields[6].split(";") if f not in {"", ".", "PASS"}),
        calls=_calls(where, _column(values, keys, "GT"), len(alleles) + 1),
        depth=np.array([_depth(values, keys, person) for person in range(people)], dtype=np.int64)
        if not {"DP", "MIN_DP"}.isdisjoint(keys)
        else np.full(people, -1, dtype=np.int64),
        phase_sets=tuple(_column(values, keys, "PS")) if "PS" in keys else None,
    )


def _column(values: list[list[str]], keys: list[str], key: str) -> list[str]:
    """Return one entry of everybody, ``.`` where it is left off."""
    if key not in keys:
        return ["."] * len(values)
    i = keys.index(key)
    return [entry[i] if i < len(entry) else "." for entry in values]


def _depth(values: list[list[str]], keys: list[str], person: int) -> int:
    entries = [values[person][keys.index(k)] for k in ("DP", "MIN_DP") if k in keys and keys.index(k) < len(values[person])]
    return max((int(entry) for entry in entries if entry.isdecimal() and len(entry) < FIXED_COLUMNS), default=-1)


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
    if max(codes) >= alleles:
        raise GenotypeFileError(f"{where} has a genotype that names an allele the record lacks; mend or remove the line")
    return codes, int("/" not in text and len(codes) > 1)
