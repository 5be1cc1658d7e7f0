"""Which of a table's rows lie at which of our sites, and which build that makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estrogenome.core.errors import BuildError
from estrogenome.genotypes.targets import BUILDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estrogenome.catalog.schema import Build
    from estrogenome.genotypes.delimited import Row
    from estrogenome.genotypes.targets import Target

_FEW = 3


def window(target: Target) -> range:
    """Return the positions under which a table may list the target: one base, or anywhere in an insertion, deletion or repeat."""
    return range(target.position, target.end + 2) if target.spelled else range(target.position, target.position + 1)


def wanted_words(targets: Iterable[Target]) -> frozenset[str]:
    """Return every position and name under which a site of ours may stand."""
    words: set[str] = set()
    for target in targets:
        words.update(map(str, window(target)))
        words.update((target.site.id, *target.site.aliases))
    return frozenset(words)


def lies_at(row: Row, target: Target) -> bool:
    """Tell whether a row is about the target: the position decides; inside a longer stretch the name must fit as well."""
    if row.chromosome != target.chromosome or row.position not in window(target):
        return False
    return row.position == target.position or _named(row, target)


def settle_build(
    name: str, rows: tuple[Row, ...], stated: frozenset[str], targets: tuple[Target, ...]
) -> tuple[Build, dict[str, list[Row]], tuple[str, ...]]:
    """Return the build, the rows of each site on it, and warnings.

    Raises:
        BuildError: positions and comments contradict each other, or the positions are of no build that we read.
    """
    if stated == {"another"}:
        raise BuildError(
            f"{name}: its comments name a build before GRCh37, or another that we do not read; lift it over to GRCh37 or GRCh38"
        )
    found = {build: _at_sites(rows, [t for t in targets if t.build == build]) for build in BUILDS}
    placed = {id(row) for sites in found.values() for of_site in sites.values() for row in of_site}
    names = {label: target.site.id for target in targets for label in (target.site.id, *target.site.aliases)}
    elsewhere = {names[n] for row in rows if id(row) not in placed and row.position for n in row.names if n in names}
    best, other = sorted(BUILDS, key=lambda build: -len(found[build]))
    votes, against = len(found[best]), len(found[other])
    if votes <= len(elsewhere) and elsewhere:
        raise BuildError(
            f"{name}: {len(elsewhere)} of our sites stand in it by name, at positions of neither GRCh37 nor GRCh38 (build 36?); "
            "lift it over to GRCh37 or GRCh38, or download it again"
        )
    if votes == against:
        raise BuildError(f"{name}: too few of our positions are in the file to tell GRCh37 from GRCh38; give the whole file")
    if stated & set(BUILDS) and best not in stated:
        raise BuildError(
            f"{name}: its comments say {' and '.join(sorted(stated))}, but {votes} of our {votes + against} positions in it are those of "
            f"{best}; download the file again"
        )
    warnings = []
    if votes < _FEW:
        warnings.append(f"only {votes} of our sites in the file; {best} rests on them")
    if elsewhere or against:
        warnings.append(
            f"{len(elsewhere) + against} of our sites stand at positions that are not those of {best}: these rows are passed over"
        )
    return best, found[best], tuple(warnings)


def _at_sites(rows: tuple[Row, ...], targets: list[Target]) -> dict[str, list[Row]]:
    by_position: dict[int, list[Target]] = {}
    for target in targets:
        for position in window(target):
            by_position.setdefault(position, []).append(target)
    found: dict[str, list[Row]] = {}
    for row in rows:
        for target in by_position.get(row.position, ()):
            if lies_at(row, target):
                found.setdefault(target.site.id, []).append(row)
    return found


def _named(row: Row, target: Target) -> bool:
    return not {target.site.id, *target.site.aliases}.isdisjoint(row.names)
