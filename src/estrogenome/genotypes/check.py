"""What of a VCF breaks its specification without touching a genotype: said, and read all the same."""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from estrogenome.genotypes.records import FIXED_COLUMNS, blocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from estrogenome.genotypes.records import FileContent, SiteRecord

Declared = dict[str, tuple[str, str]]
"""``INFO/ID`` or ``FORMAT/ID`` → its Type and Number."""
_VERSION = re.compile(r"##fileformat=VCFv4\.[1-5]")
_META = re.compile(r"##([^=\s]+)=(\S.*)")
_ENTRY = re.compile(r'([A-Za-z_0-9.]+)=("(?:[^"\\]|\\.)*"|[^",<>]*)(?:,|$)')
_TYPED = {"INFO", "FORMAT"}
_NAMED = {*_TYPED, "FILTER", "ALT", "contig"}
_TYPES = {"Integer", "Float", "Flag", "Character", "String"}
_NUMBER = re.compile(r"[0-9]+|[ARGPM.]|LA|LR|LG")
_RESERVED = {
    "INFO/AA": ("Text", "1"),
    "INFO/AC": ("Count", "A"),
    "INFO/AF": ("Share", "A"),
    "INFO/AN": ("Count", "1"),
    "INFO/BQ": ("Float", "1"),
    "INFO/CIGAR": ("Cigar", "A"),
    "INFO/DB": ("Flag", "0"),
    "INFO/DP": ("Count", "1"),
    "INFO/END": ("Count", "1"),
    "INFO/H2": ("Flag", "0"),
    "INFO/H3": ("Flag", "0"),
    "INFO/MQ": ("Float", "1"),
    "INFO/MQ0": ("Count", "1"),
    "INFO/NS": ("Count", "1"),
    "INFO/SOMATIC": ("Flag", "0"),
    "INFO/VALIDATED": ("Flag", "0"),
    "INFO/1000G": ("Flag", "0"),
    "FORMAT/DP": ("Count", "1"),
    "FORMAT/GL": ("Float", "G"),
    "FORMAT/GP": ("Float", "G"),
    "FORMAT/PL": ("Integer", "G"),
}
"""What the specification itself lays down of entries that need no declaration."""
_VALUE = {
    "Character": re.compile(r"\S"),
    "Cigar": re.compile(r"(?:[0-9]+[MIDNSHPX=])+|\."),
    "Share": re.compile(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|\."),
    "Count": re.compile(r"[0-9]+|\."),
    "Integer": re.compile(r"[+-]?[0-9]+|\."),
    "Float": re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|\.|[+-]?(?:nan|inf|infinity)", re.IGNORECASE),
}
_COPIES = re.compile(r"[/|]")
_KEY = re.compile(r"(?:[A-Za-z_][0-9A-Za-z_.]*|1000G)")
_FILTER = re.compile(r"[^\s;,]+")


def header_complaints(header: str) -> tuple[list[str], Declared]:
    """Return what is wrong in the lines before the records, one line of text each, and the types that they declare."""
    found: list[str] = []
    declared: Declared = dict(_RESERVED)
    seen: Counter[str] = Counter()
    for number, line in enumerate(header.splitlines(), start=1):
        if number == 1:
            if not _VERSION.fullmatch(line.strip()):
                found.append(f"header line {number}: no version from 4.1 to 4.5")
            continue
        for reason in _line(line.rstrip(), declared, seen):
            found.append(f"header line {number}: {reason}")
    found += [f"header: {name} is declared twice" for name, count in seen.items() if count > 1]
    return found, declared


def _line(line: str, declared: Declared, seen: Counter[str]) -> Iterator[str]:
    meta = _META.fullmatch(line)
    if meta is None:
        yield "is not ##key=value"
        return
    key, value = meta[1], meta[2]
    if not value.startswith("<"):
        if key in _NAMED:
            yield f"{key} has no <ID=…>"
        return
    inner = value[1:-1]
    entries = {m[1]: m[2] for m in _ENTRY.finditer(inner)}
    if not value.endswith(">") or "".join(m[0] for m in _ENTRY.finditer(inner)) != inner:
        yield "its <…> is not closed or not a list of key=value"
    if key not in _NAMED:
        return
    name = entries.get("ID", "")
    if not name or re.search(r"\s", name):
        yield f"{key} has no usable ID"
    seen[f"{key} {name}"] += 1
    if key in _TYPED:
        kind = entries.get("Type", "")
        if kind not in _TYPES or not _NUMBER.fullmatch(entries.get("Number", "")):
            yield f"{key} has no usable Number or Type"
        if f"{key}/{name}" not in _RESERVED:
            declared[f"{key}/{name}"] = (kind, entries.get("Number", ""))
    if key != "contig" and not entries.get("Description", "").startswith('"'):
        yield f"{key} has no Description in quotes"


def record_complaints(where: str, line: str, declared: Declared) -> Iterator[str]:
    """Yield what is wrong in a record of ours besides REF, ALT and genotypes, which are the reader's own matter."""
    fields = line.rstrip("\r\n").split("\t", FIXED_COLUMNS)
    names = fields[2].split(";")
    if re.search(r"\s", fields[2]) or not all(names) or len(set(names)) < len(names):
        yield f"{where}: ID is not a list of names"
    if not _VALUE["Float"].fullmatch(fields[5]) or fields[5].startswith("-"):
        yield f"{where}: QUAL is no Phred score"
    filters = fields[6].split(";")
    if not all(_FILTER.fullmatch(f) for f in filters) or len(set(filters)) < len(filters) or "0" in filters:
        yield f"{where}: FILTER is not a list of names"
    elif len(filters) > 1 and {"PASS", "."} & set(filters):
        yield f"{where}: FILTER says both passed and failed"
    alts = 0 if fields[4] == "." else fields[4].count(",") + 1
    if fields[7] != ".":
        yield from (f"{where}: INFO/{reason}" for reason in _info(fields[7], declared, alts))
    keys = fields[8].split(":")
    kinds = [(i, declared.get(f"FORMAT/{key}")) for i, key in enumerate(keys) if i]
    wrong: set[int] = set()
    for block in blocks(fields[FIXED_COLUMNS]) if kinds else ():
        people = [entry.split(":") for entry in dict.fromkeys(block)]
        copies = [len(_COPIES.split(person[0].lstrip("/|"))) for person in people]
        wrong.update(
            i for i, kind in kinds if not all(_fits(p[i], kind, alts, n) for p, n in zip(people, copies, strict=True) if i < len(p))
        )
    yield from (f"{where}: {keys[i]} is not what the header or the specification declares" for i in sorted(wrong))


def _info(info: str, declared: Declared, alts: int) -> Iterator[str]:
    keys: set[str] = set()
    for entry in info.split(";"):
        key, equals, value = entry.partition("=")
        kind = declared.get(f"INFO/{key}")
        if not _KEY.fullmatch(key) or key in keys or re.search(r"\s", value) or (equals and not value):
            yield f"{key[:40]} is no entry, or stands twice"
        elif kind and kind[0] == "Flag":
            if value not in {"", "0", "1"}:
                yield f"{key} is a flag and has a value"
        elif not _fits(value, kind, alts, 0):
            yield f"{key[:40]} is not what the header or the specification declares"
        keys.add(key)


def _fits(value: str, kind: tuple[str, str] | None, alts: int, copies: int) -> bool:
    """Tell whether a value has the type and the number of parts that were declared; a lone dot always has."""
    if kind is None or value == "." or kind[0] == "String":  # texts hold commas of their own
        return True
    parts = value.split(",")
    pattern = _VALUE.get(kind[0])
    if pattern and not all(pattern.fullmatch(part) for part in parts):
        return False
    wanted = {"A": alts, "R": alts + 1, "G": math.comb(alts + copies, copies)}.get(kind[1])
    if wanted is None and kind[1].isdecimal():
        wanted = int(kind[1])
    if kind[1] == "G" and not (alts and copies):  # one per genotype means something only for a person and an ALT
        return True
    return not wanted or len(parts) == wanted


def order_complaints(records: Iterable[SiteRecord]) -> Iterator[str]:
    """Yield what is wrong with the order of our records."""
    places = [(r.chromosome, r.position) for r in records]
    if any(a[0] == b[0] and a[1] > b[1] for a, b in pairwise(places)) or len(list(_runs(places))) > len({c for c, _ in places}):
        yield "records are not in order"
    same = Counter((r.chromosome, r.position, r.ref, r.alts) for r in records)
    repeated = sum(count > 1 for count in same.values())
    if repeated:
        yield f"{repeated} records stand more than once"


def _runs(places: list[tuple[str, int]]) -> Iterator[str]:
    before = ""
    for chromosome, _ in places:
        if chromosome != before:
            yield chromosome
        before = chromosome


def summary(content: FileContent) -> tuple[str, ...]:
    """Return at most two warnings: what is wrong in the header, and in our records."""
    header, _ = header_complaints(content.header)
    records = [*content.complaints, *order_complaints(content.records)]
    return tuple(_said(found, kind) for found, kind in ((header, "header"), (records, "records at our sites")) if found)


def _said(found: list[str], kind: str) -> str:
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    return f"the {kind} break the VCF specification, read all the same: {found[0]}{more}".replace("header break", "header breaks")
