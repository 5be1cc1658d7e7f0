"""What a file of ``formats/`` may say: how one vendor lays out a table of genotypes."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, model_validator

from estrogenome.catalog.schema import Entry

Role = Literal["id", "chromosome", "position", "genotype", "allele1", "allele2", "strand", "sample"]
Separator = Literal["tab", "comma", "semicolon", "space"]

BUILD_STATEMENTS: dict[str, str] = {
    "GRCh37": r"build[ :=_-]*37|grch[ _-]?37|ncbi[ _-]?37|\bhg19\b|\bb37\b",
    "GRCh38": r"build[ :=_-]*38|grch[ _-]?38|\bhg38\b|\bb38\b",
    "another": r"build[ :=_-]*3[0-6]\b|grch[ _-]?36|ncbi[ _-]?3[0-6]|\bhg1[0-8]\b|\bb36\b|\bt2t\b|\bchm13",
}
"""How comments speak of the build unless a format says otherwise; whatever matches ``another`` is refused."""


class Format(Entry):
    """One layout of a genotype table. It is recognised by ``signs`` and by its columns, never by the file's name."""

    id: str
    name: str
    vendor: str = ""
    """Company or project, empty for a layout that belongs to nobody."""
    signs: tuple[str, ...] = ()
    """Patterns that must all be found in the lines before the data (any case); a format with more of them is tried first."""
    separator: Separator
    columns: dict[Role, tuple[str, ...]]
    """Role → names of its column, in any case and in order of preference."""
    order: tuple[str, ...] = ()
    """Roles from left to right where no line names the columns; ``-`` for a column without one."""
    between_alleles: str = ""
    """What stands between the two alleles of a genotype column."""
    no_calls: tuple[str, ...]
    """Genotypes, or single alleles, that mean "not read"."""
    insertion: str = "I"
    deletion: str = "D"
    strand: Literal["plus", "unknown", "by_site"]
    """What the vendor says; believed at palindromic sites only where the file's other sites bear it out.
    ``by_site``: each site has a strand of its own, and palindromic ones are always left open."""
    builds: dict[str, str] = BUILD_STATEMENTS
    chromosomes: dict[str, str] = Field(default_factory=dict)
    """The vendor's chromosome codes that are no ordinary names."""
    sample: str = ""
    """Pattern whose first group is the person's name, in the lines before the data."""
    example: str
    """A few lines of such a file; the tests check that it is recognised as this format and no other."""
    source: str
    locator: str
    note: str = ""

    @model_validator(mode="after")
    def _readable(self) -> Format:
        roles = set(self.columns) | set(self.order) - {"-"}
        if not {"chromosome", "position"} <= roles or not ("genotype" in roles or {"allele1", "allele2"} <= roles):
            raise ValueError(f"format {self.id} needs columns for chromosome, position, and genotype or allele1 and allele2")
        for pattern in (*self.signs, *self.builds.values(), self.sample):
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"format {self.id}: {pattern!r} is no pattern: {error}") from error
        return self
