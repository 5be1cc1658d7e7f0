"""From records at one target to what each person's genotype leaves open there."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from estrogenome.core.genotype_records import SiteObservation, SiteState
from estrogenome.core.numbering import distinct, smallest, zeros
from estrogenome.genotypes.alleles import NOTHING, interpret, is_reference_record
from estrogenome.genotypes.records import ABSENT, MISSING

if TYPE_CHECKING:
    from estrogenome.core.records import IndexArray, IntArray
    from estrogenome.genotypes.alleles import Reading
    from estrogenome.genotypes.records import SiteRecord
    from estrogenome.genotypes.targets import Target
    from estrogenome.genotypes.thresholds import Thresholds

Pairs = frozenset[tuple[str, str]]
_WHOLE_FILE = "file"
_NO_PHASE_SET = {"", ".", "-1", str(np.iinfo(np.int32).min), str(np.iinfo(np.int64).min)}
_DIPLOID = 2


@dataclass(frozen=True)
class _Evidence:
    """A record that speaks of the target, and how."""

    record: SiteRecord
    reading: Reading
    zero: frozenset[str]
    thresholds: Thresholds


@dataclass(frozen=True)
class _Word:
    """What a word of one record means: allele pairs, or none when it says nothing."""

    pairs: Pairs | None
    phase_set: str | None = None
    flags: tuple[str, ...] = ()


def observe(target: Target, records: list[SiteRecord], people: int, thresholds: Thresholds) -> tuple[list[SiteObservation], IndexArray]:
    """Return the distinct observations at ``target`` and, per person, the index of theirs (shape: person)."""
    evidence = _evidence(target, records, thresholds)
    if not evidence:
        return [SiteObservation(site=target.site.id, state=SiteState.NOT_ASSAYED, origin="no record")], zeros(people, 1)
    tables = [_distinct_words(item) for item in evidence]
    code = np.zeros(people, dtype=np.int64)
    for item, (first, rank) in zip(evidence, tables, strict=True):
        code = code * len(first) + rank[item.record.words]
    values, which = distinct(code)
    found: dict[SiteObservation, int] = {}
    position = [found.setdefault(_observation(target, evidence, words), len(found)) for words in _words_of(values, tables)]
    return list(found), smallest(np.array(position, dtype=np.int64), len(found))[which]


def _words_of(codes: IntArray, tables: list[tuple[IntArray, IntArray]]) -> list[list[int]]:
    """Return one word of each record for each code."""
    columns = []
    for first, _ in reversed(tables):
        columns.append(first[codes % len(first)].tolist())
        codes = codes // len(first)
    return [list(row) for row in zip(*reversed(columns), strict=True)]


def _evidence(target: Target, records: list[SiteRecord], thresholds: Thresholds) -> list[_Evidence]:
    read = [(record, interpret(target, record.position, record.ref, record.alts)) for record in records]
    found = [(record, reading) for record, reading in read if reading is not None]
    variants = [item for item in found if not is_reference_record(item[0].alts)]
    if variants:  # a record with an allele in it knows more than a reference block around it
        found = variants
    elif target.spelled and not _covered(target, [record for record, _ in found]):
        return []  # blocks over a part of the stretch say nothing of its length
    several = len(found) > 1
    zero = [reading.among_others if several else reading.open_alleles[0] for _, reading in found]
    return [_Evidence(record, reading, meant, thresholds) for (record, reading), meant in zip(found, zero, strict=True)]


def _covered(target: Target, blocks: list[SiteRecord]) -> bool:
    """Tell whether blocks, one after the other, cover the whole target."""
    reached = target.position - 1
    for block in sorted(blocks, key=lambda record: record.position):
        if block.position <= reached + 1:
            reached = max(reached, block.end)
    return reached >= target.end


def _distinct_words(item: _Evidence) -> tuple[IntArray, IntArray]:
    """Return one word of each kind that can differ in what it says, kinds in order, and the kind of each word."""
    limits = item.thresholds
    grades = (
        np.select([item.record.depth < 0, item.record.depth == 0, item.record.depth < limits.reference_depth], [0, 1, 2], 3),
        np.select([item.record.quality < 0, item.record.quality < limits.reference_quality], [0, 1], 2),
    )
    parts = [item.record.calls, *(grade[:, None].astype(np.int64) for grade in grades)]
    if item.record.phase_sets is not None:
        _, codes = np.unique(np.array(item.record.phase_sets), return_inverse=True)
        parts.append(codes.reshape(-1)[:, None])
    _, first, kind = np.unique(np.concatenate(parts, axis=1), axis=0, return_index=True, return_inverse=True)
    return first, kind.reshape(-1)


def _observation(target: Target, evidence: list[_Evidence], own: list[int]) -> SiteObservation:
    words = [_word(target, item, word) for item, word in zip(evidence, own, strict=True)]
    flags = tuple(sorted({flag for word in words for flag in word.flags}))
    spoken = [word for word in words if word.pairs is not None]
    site = target.site.id
    blocks = target.spelled and all(is_reference_record(item.record.alts) for item in evidence)
    if not spoken or (blocks and len(spoken) < len(words)):
        return SiteObservation(site=site, state=SiteState.NOT_ASSAYED, origin="no call in the file", flags=flags)
    phase_sets = {word.phase_set for word in spoken if word.phase_set}
    if len(phase_sets) > 1:  # records of one site in several phase sets: their order to each other is open
        spoken = [_Word(_both_orders(word.pairs or frozenset()), None, word.flags) for word in spoken]
        phase_sets = set()
    pairs = frozenset.intersection(*(word.pairs for word in spoken if word.pairs is not None))
    every = frozenset(target.site.alleles)
    if not pairs:
        known = all(word.pairs for word in spoken)
        flag = "records-disagree" if known else "allele-not-in-catalog"
        reason = "records contradict each other" if known else "an allele the catalog does not know, or a reference base that does not fit"
        return SiteObservation(site=site, state=SiteState.NOT_ASSAYED, origin=reason, flags=tuple(sorted({*flags, flag})))
    if pairs == frozenset(product(every, every)):
        return SiteObservation(site=site, state=SiteState.NOT_ASSAYED, origin="the record does not look at this site", flags=flags)
    ordered = pairs != _both_orders(pairs)
    kept = tuple(sorted(pairs if ordered else {(min(pair), max(pair)) for pair in pairs}))
    compatible: tuple[tuple[str, ...], ...] = kept
    if "haploid" in flags:
        compatible = tuple(sorted({(allele,) for pair in kept for allele in pair if all(allele in p for p in kept)})) or kept
        ordered = False
    imputed = "imputed" in flags
    return SiteObservation(
        site=site,
        state=SiteState.INFERRED if imputed else SiteState.OBSERVED,
        compatible=compatible,
        phase_set=next(iter(phase_sets), None) if ordered else None,
        origin="imputed by the maker of the file" if imputed else "record in the file",
        flags=flags,
    )


def _word(target: Target, item: _Evidence, word: int) -> _Word:
    record = item.record
    flags = [f"filter:{name}" for name in record.filters] + list(item.reading.flags)
    if item.reading.fits_reference is False:
        return _Word(frozenset(), None, (*flags, "reference-mismatch"))
    codes = [int(code) for code in record.calls[word, :-1] if code != ABSENT]
    if all(code == MISSING for code in codes):
        return _Word(None, None, (*flags, "no-call"))
    if len(codes) > _DIPLOID:
        return _Word(None, None, (*flags, "ploidy"))
    doubt = _doubt(item, word, all(code in {0, MISSING} for code in codes))
    if doubt:
        return _Word(None, None, (*flags, doubt))
    if record.imputed is not None:
        flags.append("imputed")
    if 0 <= record.quality[word] < item.thresholds.reference_quality:
        flags.append("low-quality")
    every = frozenset(target.site.alleles)
    opened = [_open_for(code, item, every) for code in codes]
    if MISSING in codes:
        flags.append("half-call")
    if len(opened) == 1:
        pairs = frozenset(product(opened[0], every)) if opened[0] else frozenset()
        return _Word(_both_orders(pairs), None, (*flags, "haploid"))
    pairs = frozenset((a, b) for a in opened[0] for b in opened[1])
    if record.calls[word, -1] != 1:
        return _Word(_both_orders(pairs), None, tuple(flags))
    return _Word(pairs, _phase_set(record, word), tuple(flags))


def _doubt(item: _Evidence, word: int, reference: bool) -> str:
    """Return why a call does not count, empty where it does. A call of the reference must show that somebody looked."""
    record, limits = item.record, item.thresholds
    depth, quality = record.depth[word], record.quality[word]
    if record.imputed is not None and record.imputed < limits.imputed_r2:
        return "imputed-poorly"
    if not reference:
        return ""
    block = is_reference_record(record.alts)
    if depth == 0 or (block and record.alts and depth < 0 and quality < 0):
        return "block-without-depth" if block else "call-without-reads"
    if block and (0 < depth < limits.reference_depth or 0 <= quality < limits.reference_quality):
        return "block-of-low-quality"
    return ""


def _open_for(code: int, item: _Evidence, every: frozenset[str]) -> frozenset[str]:
    if code == MISSING:
        return every
    if code == 0:
        return item.zero
    return item.reading.open_alleles[code] if code < len(item.reading.open_alleles) else NOTHING


def _phase_set(record: SiteRecord, word: int) -> str:
    if record.phase_sets is None or record.phase_sets[word] in _NO_PHASE_SET:
        return _WHOLE_FILE
    return record.phase_sets[word]


def _both_orders(pairs: Pairs) -> Pairs:
    return pairs | {(b, a) for a, b in pairs}
