"""A table of genotypes (the file of a consumer array, mostly) to what it says at each of our sites."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from estrogenome.core.errors import GenotypeFileError
from estrogenome.core.genotype_records import SiteObservation, SiteState
from estrogenome.genotypes.delimited import read_rows
from estrogenome.genotypes.places import settle_build, wanted_words
from estrogenome.genotypes.sniff import sniff
from estrogenome.genotypes.strand import Reading, Strand, oriented, reading, settle_strand
from estrogenome.genotypes.targets import targets_of

if TYPE_CHECKING:
    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.schema import Build
    from estrogenome.genotypes.container import Source
    from estrogenome.genotypes.delimited import Row
    from estrogenome.genotypes.sniff import Layout
    from estrogenome.genotypes.targets import Target

NOBODY = "sample"
"""The name of a person whom the file does not name."""
_DIPLOID = 2
_READABLE = re.compile(r"[A-Za-z0-9*()]{0,40}")


@dataclass(frozen=True)
class Table:
    """What a table says: one observation a site, of one person."""

    sample: str
    build: Build
    observations: dict[str, SiteObservation]
    warnings: tuple[str, ...]


def read_table(source: Source, catalog: Catalog) -> Table:
    """Read a table of genotypes of one person.

    Raises:
        GenotypeFileError: it is of no layout that the catalog knows, is broken, or holds nothing of ours.
        BuildError: its build cannot be settled.
    """
    layout = sniff(source.name, source.head, catalog.formats.values())
    targets = targets_of(catalog)
    rows = read_rows(source, layout, wanted_words(targets))
    if not rows:
        raise GenotypeFileError(
            f"{source.name}: none of our sites is in the file ({layout.form.name}); give the whole file as it was downloaded"
        )
    sample = _sample(source.name, layout, rows)
    build, by_site, warnings = settle_build(source.name, rows, layout.builds, targets)
    here = {t.site.id: t for t in targets if t.build == build}
    needed = int(catalog.parameters["strand_votes" if layout.form.strand == "plus" else "strand_votes_unstated"].quantity.value)
    votes = [_read(here[site], row) for site, found in by_site.items() for row in found if row.alleles and not here[site].spelled]
    strand, plus, minus = settle_strand(votes, needed)
    if layout.form.strand == "by_site":
        strand = Strand.UNKNOWN
    if plus and minus:
        warnings += (
            f"{minus} of {plus + minus} genotypes are on the minus strand: those were complemented, palindromic sites are left open",
        )
    elif minus:
        warnings += ("the file is written on the minus strand: complemented",)
    observations = {site: _observe(here[site], found, layout, strand) for site, found in by_site.items()}
    return Table(sample, build, observations, (f"read as {layout.form.name}", *warnings))


def _sample(name: str, layout: Layout, rows: tuple[Row, ...]) -> str:
    people = {row.sample for row in rows}
    if len(people) > 1:
        raise GenotypeFileError(f"{name}: the table holds {len(people)} people; give a file with the rows of one")
    said = re.search(layout.form.sample, layout.preamble, re.IGNORECASE) if layout.form.sample else None
    return people.pop() or (said[1] if said else "") or NOBODY


def _read(target: Target, row: Row) -> Reading:
    return reading(target, oriented(row.alleles or (), row.strand))


def _observe(target: Target, rows: list[Row], layout: Layout, strand: Strand) -> SiteObservation:
    site = target.site.id
    flags: set[str] = set()
    words: list[frozenset[tuple[str, ...]]] = []
    for row in rows:
        if row.alleles is None:
            continue
        left_open, marks = _word(target, row.alleles, row, layout, strand)
        flags.update(marks)
        words.append(left_open)
    if not words:
        return SiteObservation(site=site, state=SiteState.NOT_ASSAYED, origin="no call in the file", flags=("no-call",))
    if not all(words):
        reason = next((text for flag, text in _REASONS.items() if flag in flags), _REASONS["allele-not-in-catalog"])
        return SiteObservation(site=site, state=SiteState.NOT_ASSAYED, origin=reason, flags=tuple(sorted(flags)))
    together = frozenset.intersection(*words)
    if not together:
        return SiteObservation(
            site=site,
            state=SiteState.NOT_ASSAYED,
            origin="rows for this site contradict each other",
            flags=tuple(sorted({*flags, "records-disagree"})),
        )
    return SiteObservation(
        site=site, state=SiteState.OBSERVED, compatible=tuple(sorted(together)), origin="row in the file", flags=tuple(sorted(flags))
    )


_REASONS = {
    "unreadable": "a genotype that cannot be read",
    "indel-code": "the file's codes for insertion and deletion do not tell this site's lengths apart",
    "ploidy": "more alleles than a person has",
    "allele-not-in-catalog": "an allele the catalog does not know",
}


def _word(
    target: Target, alleles: tuple[str, ...], row: Row, layout: Layout, strand: Strand
) -> tuple[frozenset[tuple[str, ...]], tuple[str, ...]]:
    """Return the genotypes that one row leaves open (none: it is not called), with flags."""
    if len(alleles) > _DIPLOID:
        return frozenset(), ("ploidy",)
    if not all(_READABLE.fullmatch(allele) for allele in alleles):
        return frozenset(), ("unreadable",)
    marks: tuple[str, ...] = ("half-call",) if "" in alleles else ("haploid",) if len(alleles) == 1 else ()
    if target.spelled:
        named = _named_lengths(target, alleles, layout)
        if named is None:
            return frozenset(), ("indel-code",)
        left_open = reading(target, named).plus
    else:
        left_open, more = reading(target, oriented(alleles, row.strand)).on(strand)
        marks += more
    return (left_open, marks) if left_open else (left_open, (*marks, "allele-not-in-catalog"))


def _named_lengths(target: Target, alleles: tuple[str, ...], layout: Layout) -> tuple[str, ...] | None:
    """Return a genotype of lengths in the catalog's names, from names or codes; None where the codes leave more than one."""
    names = {name.upper(): name for name in target.site.alleles}
    codes = {layout.form.insertion, layout.form.deletion}
    if not codes & set(alleles):
        return tuple(names.get(allele, allele) for allele in alleles)
    by_length = sorted(target.site.alleles, key=lambda name: len(target.sequences[name]))
    if len(by_length) != _DIPLOID:
        return None
    meaning = {layout.form.deletion: by_length[0], layout.form.insertion: by_length[1], "": ""}
    return tuple(meaning.get(allele, names.get(allele, allele)) for allele in alleles)
