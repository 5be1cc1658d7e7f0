"""Records at our positions out of a VCF, BCF or PLINK 2 fileset: which way to read."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from estrogenome.core.errors import GenotypeFileError
from estrogenome.genotypes.container import Kind
from estrogenome.genotypes.library import has_index, read_with_library
from estrogenome.genotypes.pgen import read_pgen
from estrogenome.genotypes.text import read_text
from estrogenome.genotypes.wanted import Wanted

if TYPE_CHECKING:
    from estrogenome.catalog.load import Catalog
    from estrogenome.genotypes.container import Source
    from estrogenome.genotypes.records import FileContent


def read_records(source: Source, catalog: Catalog) -> FileContent:
    """Read all records at the catalog's positions of either build, for everybody in the file.

    Raises:
        GenotypeFileError: the file cannot be parsed, or has no samples.
    """
    wanted = Wanted(catalog)
    if source.kind is Kind.PGEN:
        return read_pgen(source.path, wanted)
    if source.member is None and has_index(source.path):
        # a broken index, or one that leads to nothing: read the whole file, which says what is in it
        with contextlib.suppress(GenotypeFileError):
            content = read_with_library(source.path, wanted, by_index=True)
            if content.records:
                return content
    if source.kind is Kind.BCF:
        return read_with_library(source.path, wanted, by_index=False)
    return read_text(source, wanted)
