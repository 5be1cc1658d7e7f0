"""One line of a VCF as a record: our own reading of what touches our sites, stricter than the sequence library's."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from estrogenome.core.errors import GenotypeFileError
from estrogenome.core.numbering import smallest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from estrogenome.core.records import IndexArray, IntArray
    from estrogenome.genotypes.thresholds import Thresholds

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
_COPIES = re.compile(r"([0-9]{1,2})(?:\.0+)?")
_QUALITIES = ("GQ", "GQX", "RGQ")
_BLOCK = 1 << 14
_MOST_ENTRIES = 1 << 10
"""Letters of a line that are taken apart at once, and distinct entries that are remembered in a line."""


@dataclass(frozen=True)
class SiteRecord:
    """A record that lies over at least one of our positions, with everybody's genotype.

    What people have in it is kept once for each distinct *word* (genotype, depth, quality, phase set); ``words[person]`` says which.
    ``calls[word]`` holds allele indices (``MISSING``, ``ABSENT``) and, last, 1 if phased. ``depth[word]`` (reads, the fewest
    of a block) and ``quality[word]`` (Phred) are -1 where not given. ``numbers[word]`` is the number of copies of FORMAT/CN, None where
    it is not given. ``imputed`` is the stated r², NaN where a record says only that it was imputed, None where it does not say so.
    """

    chromosome: str
    position: int
    end: int
    ref: str
    alts: tuple[str, ...]
    filters: tuple[str, ...]
    words: IndexArray
    calls: IntArray
    depth: IntArray
    quality: IntArray
    phase_sets: tuple[str, ...] | None
    numbers: tuple[int | None, ...]
    imputed: float | None = None


@dataclass
class FileContent:
    """What was taken from a file: samples, header lines, our records, and how many records lie in our regions."""

    samples: tuple[str, ...]
    header: str
    records: list[SiteRecord] = field(default_factory=list)
    copies: list[SiteRecord] = field(default_factory=list)
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


def parse_record(where: str, chromosome: str, line: str, people: int, limits: Thresholds) -> SiteRecord:
    """Return the record of a line; ``where`` (file and line) goes into messages, depths and qualities are cut to what counts.

    Raises:
        GenotypeFileError: a column is missing or holds what cannot stand there.
    """
    line = line.rstrip("\r\n")
    fields = line.split("\t", FIXED_COLUMNS)
    if line.count("\t") + 1 != FIXED_COLUMNS + people or not all(fields[:FIXED_COLUMNS]):
        raise GenotypeFileError(f"{where} does not have the {FIXED_COLUMNS + people} filled columns of the header; mend or remove the line")
    ref, alts = fields[3], tuple(fields[4].split(","))
    if not _BASES.fullmatch(ref) or not all(_ALT.fullmatch(alt) for alt in alts):
        raise GenotypeFileError(f"{where} has a REF or ALT that is no allele; mend or remove the line")
    alleles = () if alts == (".",) else alts
    if len({alt.upper() for alt in alleles} | {ref.upper()}) <= len(alleles):
        raise GenotypeFileError(f"{where} names an allele twice; mend or remove the line")
    keys = fields[8].split(":")
    if "GT" in keys[1:] or len(set(keys)) < len(keys) or not all(_FORMAT_KEY.fullmatch(key) for key in keys):
        raise GenotypeFileError(f"{where} has a FORMAT that is no list of keys with GT first; mend or remove the line")
    found, words = _words(where, fields[FIXED_COLUMNS], keys, people, limits)
    return SiteRecord(
        chromosome=chromosome,
        position=int(fields[1]),
        end=stated_end(int(fields[1]), ref, fields[7]),
        ref=ref,
        alts=alleles,
        filters=tuple(f for f in fields[6].split(";") if f not in {"", ".", "PASS"}),
        words=words,
        calls=_calls(where, [word.genotype for word in found], len(alleles) + 1),
        depth=np.array([word.depth for word in found], dtype=np.int64),
        quality=np.array([word.quality for word in found], dtype=np.int64),
        phase_sets=tuple(word.phase_set for word in found) if "PS" in keys else None,
        numbers=tuple(word.number for word in found),
        imputed=_imputed(fields[7]),
    )


def blocks(entries: str) -> Iterator[list[str]]:
    """Yield the tab-separated entries of people, some thousands at a time: texts of everybody at once would take a lot of memory."""
    start = 0
    while start <= len(entries):
        end = entries.find("\t", start + _BLOCK)
        end = len(entries) if end < 0 else end
        yield entries[start:end].split("\t")
        start = end + 1


class _Word(NamedTuple):
    """What is read of a person's entry."""

    genotype: str
    depth: int
    quality: int
    phase_set: str
    number: int | None


def _words(where: str, entries: str, keys: list[str], people: int, limits: Thresholds) -> tuple[list[_Word], IndexArray]:
    """Return the distinct words, and whose is which."""
    number: dict[_Word, int] = {}
    of_entry: dict[str, int] = {}
    words = np.zeros(people, dtype=np.uint32)
    begin = 0
    depth = "MIN_DP" if "MIN_DP" in keys else "DP"
    for block in blocks(entries):
        for entry in dict.fromkeys(block):
            if entry not in of_entry:
                parts = entry.split(":")
                if len(parts) > len(keys):
                    raise GenotypeFileError(f"{where} has more entries for a person than FORMAT has keys; mend or remove the line")
                word = _word(dict(zip(keys, parts, strict=False)), depth, limits)
                of_entry[entry] = number.setdefault(word, len(number))
        words[begin : begin + len(block)] = [of_entry[entry] for entry in block]
        begin += len(block)
        if len(of_entry) > _MOST_ENTRIES:
            of_entry.clear()
    return list(number), smallest(words, len(number))


def _word(given: dict[str, str], depth: str, limits: Thresholds) -> _Word:
    """Return the word of an entry; what is left off is ``.``, a depth or quality that is not given -1."""
    count = _COPIES.fullmatch(given.get("CN", "."))
    return _Word(
        genotype=given.get("GT", "."),
        depth=min(_whole(given.get(depth, ".")), math.ceil(limits.reference_depth)),
        quality=min(_fewest(given[key] for key in _QUALITIES if key in given), math.ceil(limits.reference_quality)),
        phase_set=given.get("PS", "."),
        number=int(count[1]) if count else None,
    )


def _fewest(texts: Iterable[str]) -> int:
    """Return the least of the numbers, -1 where there is none."""
    return min((number for number in map(_whole, texts) if number >= 0), default=-1)


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
    """Return allele indices and the phase mark, shape (word, copies + 1)."""
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
