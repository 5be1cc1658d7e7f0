"""Which strand a table is written on.

A base and its complement are told apart by the site's own alleles, unless those are each other's complement: there the rest of
the file must settle it, and where it cannot, both readings stay open.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estrogenome.genotypes.targets import Target

Copies = tuple[str, ...]
"""The alleles of a genotype, unordered and sorted; one of them where the file gives one."""
_COMPLEMENT = str.maketrans("ACGT", "TGCA")


class Strand(Enum):
    """The strand that a whole file is on, as far as it can be told."""

    PLUS = "plus"
    MINUS = "minus"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Reading:
    """What a genotype is on either strand: all allele sets that it leaves open, empty where it is impossible."""

    plus: frozenset[Copies]
    minus: frozenset[Copies]

    @property
    def vote(self) -> Strand:
        """The strand that this genotype alone bears out."""
        if bool(self.plus) == bool(self.minus):
            return Strand.UNKNOWN
        return Strand.PLUS if self.plus else Strand.MINUS

    def on(self, strand: Strand) -> tuple[frozenset[Copies], tuple[str, ...]]:
        """Return what is left open in a file on ``strand``, with flags."""
        if self.vote is Strand.PLUS or self.plus == self.minus:
            return self.plus, ()
        if self.vote is Strand.MINUS:
            return self.minus, ("complemented",)
        if strand is Strand.UNKNOWN:
            return self.plus | self.minus, ("strand-unknown",)
        return (self.plus, ()) if strand is Strand.PLUS else (self.minus, ("complemented",))


def reading(target: Target, alleles: tuple[str, ...]) -> Reading:
    """Return what a genotype of single bases may mean at ``target``; an empty allele was not read and leaves all open."""
    return Reading(_open(target, alleles), _open(target, tuple(allele.translate(_COMPLEMENT) for allele in alleles)))


def oriented(alleles: tuple[str, ...], strand: str) -> tuple[str, ...]:
    """Return the alleles on the plus strand where their row says that they are on the other."""
    turned = strand.lower() in {"-", "minus", "-1", "reverse"}
    return tuple(a.translate(_COMPLEMENT) for a in alleles) if turned and all(set(a) <= set("ACGT") for a in alleles) else alleles


def settle_strand(readings: Iterable[Reading], needed: int) -> tuple[Strand, int, int]:
    """Return the file's strand, and how many genotypes bear out each: told only by ``needed`` of them, all of one mind."""
    votes = [r.vote for r in readings]
    plus, minus = votes.count(Strand.PLUS), votes.count(Strand.MINUS)
    if (plus and minus) or max(plus, minus) < needed:
        return Strand.UNKNOWN, plus, minus
    return (Strand.PLUS if plus else Strand.MINUS), plus, minus


def _open(target: Target, alleles: tuple[str, ...]) -> frozenset[Copies]:
    known = target.site.alleles
    choices = [known if not allele else tuple(a for a in known if a == allele) for allele in alleles]
    return frozenset(tuple(sorted(pair)) for pair in product(*choices))
