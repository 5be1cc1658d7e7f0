"""How many copies of a gene somebody has: from copy-number records of the file, or as the user states.

A record counts if it covers the gene (``copies`` of its file says where it lies and how much must be covered) and passed
the file's filters. FORMAT/CN is the number itself. Without it GT is read: ``<DEL>`` is a chromosome copy without the gene, ``<DUP>`` one
with two or more, and a 0 only says "none of these"; beside ``<CN2>`` (one with two) a 0 is one. No record says nothing.
"""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from estrogenome.core.errors import InputError
from estrogenome.core.genotype_records import CopyObservation, Genotypes, SiteState
from estrogenome.core.numbering import distinct_rows
from estrogenome.genotypes.records import ABSENT, MISSING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estrogenome.catalog.genes import CopyNumber, Gene
    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.schema import Build
    from estrogenome.core.records import IntArray
    from estrogenome.genotypes.records import FileContent, SiteRecord

Counts = frozenset[int]
_COUNTED = re.compile(r"<CN([0-9]{1,2})>")
_KINDS = ("<DEL", "<DUP", "<CN")
_STATED = "stated by the user"
_READ = "copy-number record in the file"
_MOST_STATED = 20
_DIPLOID = 2


def is_copy_record(alts: str, keys: str) -> bool:
    """Tell from a line's ALT and FORMAT columns whether it speaks of copies."""
    return alts.startswith(_KINDS) or ("CN" in keys.split(":") and alts.startswith(("<", ".")))


def observe_copies(content: FileContent, catalog: Catalog, build: Build) -> tuple[tuple[CopyObservation, ...], ...]:
    """Return for each person what the file says of copy numbers; nothing at all where no record speaks of any.

    What people have in common is worked out once and shared.
    """
    people = len(content.samples)
    columns: list[IntArray] = []
    observed: list[list[list[CopyObservation]]] = []
    for gene in catalog.genes.values():
        if gene.copies is None:
            continue
        near = [r for r in content.copies if r.chromosome == gene.chromosome and _covers(r, gene.copies, build)]
        if near:
            somebody, which = distinct_rows([r.words for r in near], people)
            columns.append(which)
            observed.append([_observed(gene, gene.copies, near, person) for person in somebody.tolist()])
    if not any(any(of_gene) for of_gene in observed):
        return ()
    somebody, which = distinct_rows(columns, people)
    rows = np.stack([column[somebody] for column in columns], axis=1).tolist()
    shared = [tuple(o for of_gene, i in zip(observed, row, strict=True) for o in of_gene[i]) for row in rows]
    return tuple(shared[i] for i in which.tolist())


def state_copies(genotypes: Genotypes, stated: Mapping[str, int], catalog: Catalog) -> Genotypes:
    """Return the genotypes with the numbers of copies that the user states, for everybody in them; they replace what was read.

    Raises:
        InputError: a gene is not in the catalog, always has two copies, or the number is out of reach.
    """
    if not stated:
        return genotypes
    known = [gene.id for gene in catalog.genes.values() if gene.copies]
    for name, count in stated.items():
        if name not in known:
            raise InputError(f"copies of {name} cannot be stated; the genes whose number of copies varies are {', '.join(known)}")
        if not 0 <= count <= _MOST_STATED:
            raise InputError(f"{count} copies of {name} cannot be; give a number from 0 to {_MOST_STATED}")
    own = tuple(CopyObservation(gene=n, state=SiteState.INFERRED, counts=(c,), origin=_STATED) for n, c in stated.items())
    before = genotypes.copies or ((),) * len(genotypes.samples)
    differing = sorted({o.gene for found in before for o in found if o.gene in stated and stated[o.gene] not in o.counts})
    return genotypes.model_copy(
        update={
            "copies": tuple((*(o for o in found if o.gene not in stated), *own) for found in before),
            "statements": (*genotypes.statements, *(f"{n}: {c} {'copy' if c == 1 else 'copies'}, as {_STATED}" for n, c in stated.items())),
            "warnings": (
                *genotypes.warnings,
                *(f"the file shows another number of copies of {n}; your statement is used" for n in differing),
            ),
        }
    )


def _covers(record: SiteRecord, copies: CopyNumber, build: Build) -> bool:
    if build not in copies.spans or record.filters:
        return False
    first, last = copies.spans[build]
    shared = min(record.end, last) - max(record.position, first) + 1
    return shared >= copies.cover.value * (last - first + 1)


def _observed(gene: Gene, copies: CopyNumber, records: list[SiteRecord], person: int) -> list[CopyObservation]:
    known = frozenset(entry.copies for entry in copies.shares)
    most = max(max(known) - 1, 1)  # on one chromosome, the other having one
    words = [word for word in (_word(r, int(r.words[person]), most) for r in records) if word is not None]
    if not words:
        return []
    left = frozenset.intersection(*words)
    if not left:
        return [CopyObservation(gene=gene.id, state=SiteState.NOT_ASSAYED, origin="copy-number records contradict each other")]
    left = left & known or left
    if left == known:
        return []
    return [CopyObservation(gene=gene.id, state=SiteState.OBSERVED, counts=tuple(sorted(left)), origin=_READ)]


def _word(record: SiteRecord, word: int, most: int) -> Counts | None:
    """Return the totals that one record leaves open for those who have this word in it, None where it says nothing."""
    number = record.numbers[word]
    if number is not None:
        return frozenset({number})
    codes = [int(code) for code in record.calls[word, :-1] if code != ABSENT]
    if len(codes) != _DIPLOID or MISSING in codes:
        return None
    alleles = [_per_copy(alt, most) for alt in record.alts]
    counted = any(_COUNTED.fullmatch(alt) or allele is None for alt, allele in zip(record.alts, alleles, strict=True))
    reference = frozenset({1}) if counted else frozenset(range(most + 1)) - frozenset().union(*(a for a in alleles if a))
    choices = [reference if code == 0 else alleles[code - 1] for code in codes]
    if any(choice is None for choice in choices):
        return None
    return frozenset(sum(pair) for pair in product(*(choice for choice in choices if choice is not None)))


def _per_copy(alt: str, most: int) -> Counts | None:
    """Return how many copies of the gene a chromosome with this ALT may have; None where the ALT does not say."""
    counted = _COUNTED.fullmatch(alt)
    if counted:
        return frozenset({int(counted[1])})
    if alt.startswith("<DEL"):
        return frozenset({0})
    return frozenset(range(_DIPLOID, most + 1)) if alt.startswith("<DUP") else None
