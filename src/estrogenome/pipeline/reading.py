"""Where every run begins: the genotypes of a file and the diplotypes they leave open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from estrogenome.core.files import load
from estrogenome.core.genotype_records import Diplotypes, Genotypes
from estrogenome.core.select import one
from estrogenome.diplotypes import call_diplotypes
from estrogenome.genotypes import read_genotypes, state_copies

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estrogenome.catalog.load import Catalog


def genotypes_of(path: Path | str, catalog: Catalog, *, callable_bed: Path | None = None, absent_is_reference: bool = False) -> Genotypes:
    """Return the genotypes of a genome file, or those of a record written before (``.json``)."""
    path = Path(path)
    if path.suffix == ".json":
        return load(Genotypes, path)
    return read_genotypes(path, catalog, callable_bed=callable_bed, absent_is_reference=absent_is_reference)


def called(
    path: Path | str,
    catalog: Catalog,
    *,
    sample: str | None,
    callable_bed: Path | None,
    absent_is_reference: bool,
    ancestry: str | None,
    copies: Mapping[str, int] | None,
) -> tuple[Genotypes, Diplotypes]:
    """Return genotypes and diplotypes of one person of a file; the arguments are those of ``analyze``.

    Raises:
        EstrogenomeError: with one line that names the mend.
    """
    read = genotypes_of(path, catalog, callable_bed=callable_bed, absent_is_reference=absent_is_reference)
    genotypes = state_copies(one(read, sample), copies or {}, catalog)
    return genotypes, call_diplotypes(genotypes, catalog, ancestry=ancestry)
