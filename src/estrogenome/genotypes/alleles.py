"""A record's alleles in the catalog's names.

Each allele index of a record becomes the set of catalog alleles that it leaves open: one for an allele that is
named, all but the record's own ALTs for a 0 that only says "not this ALT", none for an allele the catalog lacks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from estrogenome.genotypes.targets import Target

Open = frozenset[str]
NOTHING: Open = frozenset()
REST = frozenset({"<NON_REF>", "<*>"})
"""ALTs that stand for "any other allele": beside them a 0 is the reference itself."""


@dataclass(frozen=True)
class Reading:
    """What a record's allele indices mean at a target: ``open_alleles[index]``; flags hold for every genotype of it.

    ``among_others`` is what a 0 means when further records stand at the same site: "none of these ALTs".
    ``fits_reference`` is None where the record's REF cannot be compared.
    """

    open_alleles: tuple[Open, ...]
    among_others: Open
    fits_reference: bool | None
    flags: tuple[str, ...] = ()


def is_reference_record(alts: tuple[str, ...]) -> bool:
    """Tell whether a record names no ALT: a reference call or block."""
    return all(alt in REST or alt in {".", ""} for alt in alts)


def interpret(target: Target, position: int, ref: str, alts: tuple[str, ...]) -> Reading | None:
    """Return what a record (on the target's chromosome and build) says of the target, None if nothing.

    Reference blocks that begin before the target carry no base of it; their reference is the catalog's.
    """
    ref = ref.upper()
    alts = tuple(alt.upper() for alt in alts)
    if is_reference_record(alts):
        return _reference_call(target, position, ref, alts)
    if target.spelled and target.position < position <= target.end:
        return _interpret_spelled(target, position, ref, alts)
    if not position <= target.position < position + len(ref):
        return None
    if target.spelled:
        return _interpret_spelled(target, position, ref, alts)
    return _interpret_base(target, position, ref, alts)


def _reference_call(target: Target, position: int, ref: str, alts: tuple[str, ...]) -> Reading:
    offset = target.position - position
    bases = ref[offset : offset + 1] if offset >= 0 else ""
    fits = bases in {"", "N", target.reference_bases[0]}
    reference = frozenset({target.reference}) if fits else NOTHING
    return Reading((reference, *(NOTHING for _ in alts)), reference, fits)


def _interpret_base(target: Target, position: int, ref: str, alts: tuple[str, ...]) -> Reading | None:
    offset = target.position - position
    every = frozenset(target.site.alleles)
    bases = [_base_at(ref, alt, offset) for alt in alts]
    if all(base == ref[offset] for base in bases):
        return None  # an insertion or deletion beside the site: it does not look at this base
    fits = ref[offset] == target.reference
    opened = [frozenset({base}) & every if base else NOTHING for base in bases]
    flags = ("spanning-deletion",) if "" in bases else ()
    if not any(base and base != ref[offset] for base in bases):  # deletions alone: who lacks them is not looked at here
        return Reading((every, *opened), every, fits, flags)
    reference = frozenset({target.reference}) if fits else NOTHING
    return Reading((reference, *opened), every - frozenset(bases) | reference, fits, flags)


def _base_at(ref: str, alt: str, offset: int) -> str:
    """Return the base that ``alt`` puts at ``ref[offset]``; empty if it deletes it or is symbolic."""
    if not alt.isalpha():
        return ""
    if len(alt) == len(ref):
        return alt[offset]
    front = _shared(ref, alt)
    if offset < front:
        return ref[offset]
    back = min(_shared(ref[::-1], alt[::-1]), min(len(ref), len(alt)) - front)
    return ref[offset] if offset >= len(ref) - back else ""


def _shared(one: str, other: str) -> int:
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _interpret_spelled(target: Target, position: int, ref: str, alts: tuple[str, ...]) -> Reading | None:
    sequences = [alt for alt in alts if alt.isalpha()]
    every = frozenset(target.site.alleles)
    if sequences and all(len(alt) == len(ref) for alt in sequences):
        return None  # base exchanges say nothing of a length
    while position < target.position and len(ref) > 1 and all(len(alt) > 1 and alt[0] == ref[0] for alt in sequences):
        ref, position = ref[1:], position + 1
        alts = tuple(alt[1:] if alt.isalpha() else alt for alt in alts)
        sequences = [alt[1:] for alt in sequences]
    if position < target.position:  # a deletion that reaches into the site from before it
        return Reading((every, *(NOTHING for _ in alts)), every, None, ("spanning-deletion",))
    known = target.reference_bases
    before = known[: position - target.position]
    rest = known[len(before) :]
    if not (rest.startswith(ref) or ref.startswith(rest)):
        return Reading((NOTHING, *(NOTHING for _ in alts)), NOTHING, fits_reference=False)
    by_sequence = {bases + ref[len(rest) :]: name for name, bases in target.sequences.items()}
    named = [by_sequence.get(before + alt + rest[len(ref) :]) for alt in alts]
    excluded = frozenset(name for name in named if name)
    zero = frozenset({target.reference}) if any(alt in REST for alt in alts) else every - excluded
    described_elsewhere = every - excluded - {target.reference}
    opened = [described_elsewhere if alt == "*" else frozenset({name} if name else ()) for alt, name in zip(alts, named, strict=True)]
    return Reading((zero, *opened), zero, fits_reference=True)
