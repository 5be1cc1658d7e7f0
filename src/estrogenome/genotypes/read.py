"""The whole of reading: file to ``Genotypes``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from estrogenome.core.errors import GenotypeFileError
from estrogenome.core.genotype_records import Genotypes, SiteObservation, SiteState
from estrogenome.core.numbering import side_by_side, smallest, zeros
from estrogenome.core.provenance import digest_file, digest_text, package_version
from estrogenome.core.records import Provenance
from estrogenome.genotypes.build import decide_build
from estrogenome.genotypes.check import summary
from estrogenome.genotypes.container import Kind, open_source
from estrogenome.genotypes.copies import observe_copies
from estrogenome.genotypes.observe import observe
from estrogenome.genotypes.statements import callable_sites, stated_reference
from estrogenome.genotypes.table import read_table
from estrogenome.genotypes.targets import targets_of
from estrogenome.genotypes.thresholds import thresholds_of
from estrogenome.genotypes.vcf import read_records

if TYPE_CHECKING:
    from os import PathLike

    from estrogenome.catalog.load import Catalog
    from estrogenome.core.records import IndexArray
    from estrogenome.genotypes.container import Source
    from estrogenome.genotypes.records import FileContent, SiteRecord
    from estrogenome.genotypes.targets import Target
    from estrogenome.genotypes.thresholds import Thresholds

_NOTED = {
    "allele-not-in-catalog": "an allele the catalog does not know: not called there",
    "block-without-depth": "a reference block without reads: not called there",
    "indel-code": "a code for insertion or deletion where more than two lengths are known: not called there",
    "block-of-low-quality": "a reference block of few reads or low quality: not called there",
    "call-without-reads": "a reference call without a read: not called there",
    "imputed": "imputed by the maker of the file: inferred, not observed",
    "imputed-poorly": "poor imputation: not called there",
    "low-quality": "low quality: kept, marked",
    "haploid": "one allele only on an autosome: the other copy is left open",
    "records-disagree": "records that contradict each other: not called there",
    "complemented": "alleles of the minus strand: complemented",
    "half-call": "one of two alleles read: the other is left open",
    "strand-unknown": "alleles that are each other's complement, in a file whose strand cannot be told: both readings left open",
    "unreadable": "a genotype that cannot be read: not called there",
    "reference-mismatch": "a reference base that is not the build's: not called there",
}
_DIFFERENCES = (
    "the file seems to list only what differs from the reference; what it does not list is not assayed here; if you know where it was "
    "called, state it (--callable, --absent-is-reference)"
)
_ENOUGH = 5
_ABSENT_ORIGIN = "stated by the user: absent means reference"
_CALLABLE_ORIGIN = "stated by the user: inside a callable region without a record"


def read_genotypes(
    path: str | PathLike[str],
    catalog: Catalog,
    *,
    callable_bed: str | PathLike[str] | None = None,
    absent_is_reference: bool = False,
) -> Genotypes:
    """Read a genome file at every site of the catalog: VCF, BCF or a table of genotypes, plain, gzipped or in a zip.

    A site without a record is *not assayed*, unless the user states otherwise: inside ``callable_bed``, or
    everywhere with ``absent_is_reference``, it becomes *inferred*, and the statement stays on the record.

    Args:
        path: the file.
        catalog: knowledge of the sites.
        callable_bed: regions in which absence means reference.
        absent_is_reference: absence means reference everywhere.

    Raises:
        GenotypeFileError: the file cannot be used; the message names the mend.
        BuildError: the build cannot be settled.
    """
    path = Path(path)
    source = open_source(path)
    if source.kind is Kind.TABLE:
        if callable_bed is not None or absent_is_reference:
            raise GenotypeFileError(
                f"{path.name}: a table lists every site that was looked at; leave out the statement about absent records"
            )
        return _of_table(source, catalog)
    digest = digest_file(path)
    content = read_records(source, catalog)
    if not content.in_regions:
        raise GenotypeFileError(f"{path.name}: no record lies in any of our gene regions, on either build; give a file that covers them")
    everywhere = targets_of(catalog)
    build, warnings = decide_build(path, content, everywhere)
    warnings += summary(content)
    targets = {t.site.id: t for t in everywhere if t.build == build}
    stated: dict[str, str] = {}
    statements: list[str] = []
    if callable_bed is not None:
        bed = Path(callable_bed)
        inside = callable_sites(bed, targets.values())
        stated.update(dict.fromkeys(inside, _CALLABLE_ORIGIN))
        statements.append(f"absent means reference inside the callable regions given by the user ({len(inside)} of {len(targets)} sites)")
        digest = digest_text(digest + digest_file(bed))
        if not inside:
            warnings += (f"the callable regions hold none of our sites; check that they are on {build}",)
    if absent_is_reference:
        stated = {**dict.fromkeys(targets, _ABSENT_ORIGIN), **stated}
        statements.append("absent means reference at every site, as stated by the user")
    sites = tuple(dict.fromkeys(t.site.id for t in everywhere))
    observations, index = _observe_all(sites, targets, content, stated, thresholds_of(catalog))
    if not stated and len(content.samples) == 1 and _only_differences(observations, targets):
        warnings += (_DIFFERENCES,)
    return Genotypes(
        samples=content.samples,
        build=build,
        sites=sites,
        observations=observations,
        index=index,
        copies=observe_copies(content, catalog, build),
        statements=tuple(statements),
        warnings=(*warnings, *_notes(observations, index)),
        provenance=_provenance(catalog, digest),
    )


def _of_table(source: Source, catalog: Catalog) -> Genotypes:
    table = read_table(source, catalog)
    sites = tuple(dict.fromkeys(t.site.id for t in targets_of(catalog)))
    placed = {t.site.id for t in targets_of(catalog) if t.build == table.build}
    observations = tuple(
        table.observations.get(site)
        or SiteObservation(site=site, state=SiteState.NOT_ASSAYED, origin="no row" if site in placed else "no place on this build")
        for site in sites
    )
    index = smallest(np.arange(len(sites)).reshape(1, -1), len(sites))
    return Genotypes(
        samples=(table.sample,),
        build=table.build,
        sites=sites,
        observations=observations,
        index=index,
        warnings=(*table.warnings, *_notes(observations, index)),
        provenance=_provenance(catalog, digest_file(source.path)),
    )


def _provenance(catalog: Catalog, digest: str) -> Provenance:
    return Provenance(version=package_version(), knowledge_version=catalog.version, knowledge_hash=catalog.digest, input_digest=digest)


def _observe_all(
    sites: tuple[str, ...], targets: dict[str, Target], content: FileContent, stated: dict[str, str], thresholds: Thresholds
) -> tuple[tuple[SiteObservation, ...], IndexArray]:
    people = len(content.samples)
    by_chromosome: dict[str, list[SiteRecord]] = {}
    for record in content.records:
        by_chromosome.setdefault(record.chromosome, []).append(record)
    observations: list[SiteObservation] = []
    columns: list[IndexArray] = []
    begins: list[int] = []
    same = zeros(people, 1)
    for site in sites:
        target = targets.get(site)
        if target is None:
            found, position = [SiteObservation(site=site, state=SiteState.NOT_ASSAYED, origin="no place on this build")], same
        else:
            near = by_chromosome.get(target.chromosome, [])
            records = [r for r in near if r.position <= target.end and r.end >= target.position]
            if records or site not in stated:
                found, position = observe(target, records, people, thresholds)
            else:
                found, position = [stated_reference(target, stated[site])], same
        begins.append(len(observations))
        columns.append(position)
        observations.extend(found)
    return tuple(observations), side_by_side(columns, begins, people, len(observations))


def _only_differences(observations: tuple[SiteObservation, ...], targets: dict[str, Target]) -> bool:
    """Return whether no site that was read is plain reference, and others were not assayed."""
    read = [o for o in observations if o.state is SiteState.OBSERVED]
    plain = [o for o in read if o.compatible == ((targets[o.site].reference,) * 2,)]
    return len(read) >= _ENOUGH and not plain and len(read) < len(observations)


def _notes(observations: tuple[SiteObservation, ...], index: IndexArray) -> tuple[str, ...]:
    """Return one line per kind of flag, counting genotypes; no sample and no genotype is named."""
    counts = np.zeros(len(observations), dtype=np.int64)
    for column in index.T:
        counts += np.bincount(column, minlength=len(observations))
    totals: dict[str, int] = {}
    for observation, count in zip(observations, counts, strict=True):
        for flag in observation.flags:
            text = _NOTED.get(flag) or (f"filter {flag[7:]}: kept, marked" if flag.startswith("filter:") else "")
            if text:
                totals[text] = totals.get(text, 0) + int(count)
    return tuple(f"{count} genotypes with {text}" for text, count in sorted(totals.items()) if count)
