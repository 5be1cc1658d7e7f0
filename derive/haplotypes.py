"""Count haplotypes of each gene in the bundled panel: ``knowledge/derived/haplotypes/GENE.tsv``.

python -m derive.haplotypes            rebuild
python -m derive.haplotypes --check    fail if a table is not what the panel and the gene files give
"""

from __future__ import annotations

import csv
import hashlib
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from derive.kept import kept
from estrogenome.catalog.load import KNOWLEDGE, load_catalog
from estrogenome.genotypes import read_genotypes

if TYPE_CHECKING:
    from estrogenome.catalog.genes import Gene
    from estrogenome.core.genotype_records import Genotypes

HERE = Path(__file__).resolve().parent / "data"
PANEL = HERE / "panel_GRCh38.vcf.gz"
PEOPLE = HERE / "people.tsv"
OUT = KNOWLEDGE / "derived" / "haplotypes"


def main() -> int:
    """Write or check the tables of all genes."""
    catalog = load_catalog()
    genotypes = read_genotypes(PANEL, catalog)
    with PEOPLE.open(encoding="utf-8") as stream:
        population = {row["sample"]: row["super_population"] for row in csv.DictReader(stream, delimiter="\t")}
    digest = hashlib.sha256(PANEL.read_bytes() + PEOPLE.read_bytes()).hexdigest()
    OUT.mkdir(parents=True, exist_ok=True)
    texts = {gene.id: table(gene, genotypes, population, digest) for gene in catalog.genes.values()}
    return kept("haplotypes", {OUT / f"{gene}.tsv": text for gene, text in texts.items() if text is not None})


def table(gene: Gene, genotypes: Genotypes, population: dict[str, str], digest: str) -> str | None:
    """Return one gene's table; None if it has no sites or the panel holds none of them. People with an uncalled site are left out."""
    sites = [site.id for site in gene.sites]
    if not sites:
        return None
    columns = [genotypes.sites.index(site) for site in sites]
    counts: dict[tuple[str, ...], Counter[str]] = {}
    people = 0
    for row, sample in enumerate(genotypes.samples):
        seen = [genotypes.observations[int(genotypes.index[row, c])] for c in columns]
        if any(len(o.compatible) != 1 or len(o.compatible[0]) != 2 for o in seen):
            continue
        people += 1
        for copy in (0, 1):
            counts.setdefault(tuple(o.compatible[0][copy] for o in seen), Counter())[population[sample]] += 1
    if not counts:
        return None
    groups = sorted(set(population.values()))
    lines = [
        f"# Haplotypes of {gene.id} over the sites of its file (plus-strand bases or allele names), counted in {people} unrelated people.",
        "# Data: 1000 Genomes Project, 30x resequencing (Byrska-Bishop et al. 2022, doi:10.1016/j.cell.2022.08.004);",
        "# free to the public without restriction. Phase as published. Made by derive/haplotypes.py; do not edit.",
        f"# input sha256 {digest} (derive/data/panel_GRCh38.vcf.gz + people.tsv)",
        "\t".join([*sites, *(f"n_{g}" for g in groups)]),
    ]
    ordered = sorted(counts.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    lines += ["\t".join([*haplotype, *(str(count[g]) for g in groups)]) for haplotype, count in ordered]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
