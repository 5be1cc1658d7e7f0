"""Fixtures that every test may use: the catalog, made-up genome files, and the program as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from estrogenome.catalog.load import Catalog, load_catalog

if TYPE_CHECKING:
    from collections.abc import Callable

    from estrogenome.catalog.genes import Placement, Site

LENGTHS = {
    "GRCh37": {"2": 243199373, "7": 159138663, "15": 102531392, "16": 90354753, "22": 51304566},
    "GRCh38": {"2": 242193529, "7": 159345973, "15": 101991189, "16": 90338345, "22": 50818468},
}


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The package's own knowledge."""
    return load_catalog()


@dataclass
class Vcf:
    """A made-up VCF over the sites of a catalog; everybody is reference at every site unless said otherwise."""

    catalog: Catalog
    build: str = "GRCh38"
    samples: tuple[str, ...] = ("somebody",)
    genotypes: dict[str, str] = field(default_factory=dict)
    """Site → GT of everybody, instead of 0|0."""
    left_out: frozenset[str] = frozenset()
    header_build: str | None = None
    """Build that the header speaks of, where it lies."""

    def text(self) -> str:
        """The file's content."""
        lengths = LENGTHS[self.header_build or self.build]
        lines = ["##fileformat=VCFv4.2", f"##reference={self.header_build or self.build}"]
        chromosomes = sorted({gene.chromosome for gene in self.catalog.genes.values()}, key=int)
        lines += [f"##contig=<ID={c},length={lengths.get(c, 99999999)}>" for c in chromosomes]
        lines += ['##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">']
        lines += ["\t".join(["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *self.samples])]
        records = []
        for gene in self.catalog.genes.values():
            for site in gene.sites:
                placement = site.placements.get(self.build)
                if placement is not None and site.id not in self.left_out:
                    ref, alt = spelling(site, placement)
                    gt = self.genotypes.get(site.id, "0|0")
                    row = (gene.chromosome, placement.position, site.id, ref, alt, ".", "PASS", ".", "GT", *[gt] * len(self.samples))
                    records.append((int(gene.chromosome), placement.position, "\t".join(map(str, row))))
        return "\n".join([*lines, *(text for _, _, text in sorted(records))]) + "\n"

    def write(self, path: Path) -> Path:
        """Write the file."""
        path.write_text(self.text(), encoding="utf-8")
        return path


def spelling(site: Site, placement: Placement) -> tuple[str, str]:
    """REF and ALT of a site: all alleles of one base, or the first that is spelled out."""
    if placement.spellings:
        first = next(iter(placement.spellings.values()))
        return first.ref, first.alt
    return placement.reference, ",".join(a for a in site.alleles if a != placement.reference)


@pytest.fixture(scope="session")
def invented(catalog: Catalog) -> Callable[..., Vcf]:
    """A function that makes up a VCF; the options are those of ``Vcf``."""
    return lambda **options: Vcf(**({"catalog": catalog} | options))


@pytest.fixture
def vcf(invented: Callable[..., Vcf], tmp_path: Path) -> Path:
    """A plain VCF of one person on GRCh38."""
    return invented().write(tmp_path / "somebody.vcf")


@pytest.fixture
def make_vcf(invented: Callable[..., Vcf], tmp_path: Path) -> Callable[..., Path]:
    """A function that writes a made-up VCF and gives its path; the options are those of ``Vcf``."""
    return lambda name="made.vcf", **options: invented(**options).write(tmp_path / name)


@dataclass(frozen=True)
class Ran:
    """How the program ended."""

    status: int
    out: str
    err: str


@pytest.fixture(scope="session")
def estrogenome() -> Callable[..., Ran]:
    """The program, run as a user runs it."""

    def run(*arguments: object, cwd: Path | None = None, **environment: str) -> Ran:
        command = [sys.executable, "-m", "estrogenome.cli.main", *map(str, arguments)]
        done = subprocess.run(
            command,
            capture_output=True,
            encoding="utf-8",
            cwd=cwd,
            env=os.environ | {"PYTHONUTF8": "1"} | environment,
            timeout=300,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run
