"""Which build a file is on, decided by where its records lie; the header only confirms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from estrogenome.core.errors import BuildError
from estrogenome.genotypes.alleles import interpret, is_reference_record
from estrogenome.genotypes.targets import BUILDS

if TYPE_CHECKING:
    from pathlib import Path

    from estrogenome.catalog.schema import Build
    from estrogenome.genotypes.records import FileContent
    from estrogenome.genotypes.targets import Target

_NAMES: dict[str, Build] = {"grch37": "GRCh37", "hg19": "GRCh37", "b37": "GRCh37", "hs37d5": "GRCh37", "grch38": "GRCh38", "hg38": "GRCh38"}
_LINE = re.compile(r"^##(?:reference|assembly|contig)=.*$", re.MULTILINE)
_LENGTH = re.compile(r"\blength=([0-9]+)")
_LENGTHS: dict[str, Build] = {
    **dict.fromkeys(("249250621", "243199373", "159138663", "102531392", "90354753", "51304566"), "GRCh37"),
    **dict.fromkeys(("248956422", "242193529", "159345973", "101991189", "90338345", "50818468"), "GRCh38"),
}
"""Lengths of chromosomes 1, 2, 7, 15, 16 and 22: each belongs to one build alone."""


def decide_build(path: Path, content: FileContent, targets: tuple[Target, ...]) -> tuple[Build, tuple[str, ...]]:
    """Return the build and warnings about how it was settled.

    Raises:
        BuildError: positions and header contradict each other, or neither settles it.
    """
    votes = {build: _votes(content, [t for t in targets if t.build == build]) for build in BUILDS}
    stated = header_builds(content.header)
    ranked = sorted(BUILDS, key=lambda build: -votes[build][0])
    best, other = ranked[0], ranked[1]
    fitting, misfitting = votes[best]
    if (fitting == 0 and misfitting == 0) or fitting == votes[other][0]:
        if len(stated) != 1:
            says = "says both" if stated else "does not say"
            raise BuildError(
                f"{path.name}: too few of our positions are in the file to tell GRCh37 from GRCh38, and its header {says}; "
                "give a file whose header has the ##contig lengths of its build"
            )
        (only,) = stated
        return only, (f"too few positions to confirm the build; {only} is taken from the header",)
    if misfitting >= fitting:
        raise BuildError(
            f"{path.name}: at {misfitting} of {fitting + misfitting} of our positions the reference base fits neither GRCh37 nor GRCh38; "
            "lift the file over to GRCh38"
        )
    if stated - {best}:
        raise BuildError(
            f"{path.name}: the header says {' and '.join(sorted(stated))}, but {fitting} of {fitting + votes[other][0]} records "
            f"at our positions fit {best}; "
            "mend the header (bcftools reheader) or give the file of the build it names"
        )
    return best, ()


def header_builds(header: str) -> set[Build]:
    """Return the builds that the header states by contig length, assembly or reference name: none, one, or both in contradiction."""
    stated: set[Build] = set()
    for line in _LINE.findall(header):
        length = _LENGTH.search(line) if line.startswith("##contig") else None
        if length and length[1] in _LENGTHS:
            stated.add(_LENGTHS[length[1]])
        stated.update(build for name, build in _NAMES.items() if name in line.lower())
    return stated


def _votes(content: FileContent, targets: list[Target]) -> tuple[int, int]:
    """Return at how many targets a record begins whose REF is this build's, and at how many it is another."""
    fitting: set[str] = set()
    misfitting: set[str] = set()
    by_place = {(t.chromosome, t.position): t for t in targets}
    for record in content.records:
        target = by_place.get((record.chromosome, record.position))
        if target is None or (is_reference_record(record.alts) and record.end > record.position):
            continue
        reading = interpret(target, record.position, record.ref, record.alts)
        if reading is not None and reading.fits_reference is not None:
            (fitting if reading.fits_reference else misfitting).add(target.site.id)
    return len(fitting), len(misfitting - fitting)
