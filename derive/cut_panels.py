"""Cut the 1000 Genomes panels to the catalog's sites: ``derive/data/panel_GRCh37.vcf.gz``, ``panel_GRCh38.vcf.gz``, ``people.tsv``,
and ``getrm_GRCh38.vcf.gz``, the people of ``getrm.tsv``.

Needs what the repository does not hold: one phased VCF per gene and build, ``DIR/GRCh37/GENE.vcf.gz`` and ``DIR/GRCh38/GENE.vcf.gz``
(1000 Genomes phase 3, and the 30x resequencing by the New York Genome Center; both free to the public), and ``DIR/samples.tsv`` (sample,
pop, super_pop, sex, in_GRCh37_phase3). The 2,504 unrelated people of phase 3 are kept on both builds.

    python -m derive.cut_panels DIR
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from derive import bgzf
from derive.gene_files import records
from estrogenome.catalog.load import load_catalog
from estrogenome.genotypes.targets import BUILDS, contig_name, targets_of

if TYPE_CHECKING:
    from estrogenome.catalog.schema import Build

HERE = Path(__file__).resolve().parent / "data"


def main(source: Path) -> None:
    with (source / "samples.tsv").open(encoding="utf-8") as stream:
        people = [row for row in csv.DictReader(stream, delimiter="\t") if row["in_GRCh37_phase3"] == "1"]
    names = [row["sample"] for row in people]
    lines = ["sample\tpopulation\tsuper_population\tsex", *("\t".join((r["sample"], r["pop"], r["super_pop"], r["sex"])) for r in people)]
    (HERE / "people.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for build in BUILDS:
        _cut(source, build, names, HERE / f"panel_{build}.vcf.gz")
    with (HERE / "getrm.tsv").open(encoding="utf-8") as stream:
        known = sorted({row["sample"] for row in csv.DictReader(stream, delimiter="\t")})
    _cut(source, "GRCh38", known, HERE / "getrm_GRCh38.vcf.gz")


def _cut(source: Path, build: Build, names: list[str], target: Path) -> None:
    catalog = load_catalog()
    wanted = {(t.chromosome, t.position) for t in targets_of(catalog) if t.build == build}
    rows: dict[tuple[str, int, str, str], str] = {}
    for gene in catalog.genes:
        path = source / build / f"{gene}.vcf.gz"
        if path.is_file():
            rows.update(_records(path, wanted, names))
    contigs = sorted({key[0] for key in rows}, key=lambda c: int(contig_name(c)))
    order = sorted(rows, key=lambda k: (int(contig_name(k[0])), *k[1:]))
    head = ["##fileformat=VCFv4.2", '##FILTER=<ID=PASS,Description="All filters passed">', *(f"##contig=<ID={c}>" for c in contigs)]
    head += ['##FORMAT=<ID=GT,Number=1,Type=String,Description="Phased genotype">']
    head += ["\t".join(["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *names])]
    bgzf.write(target, "\n".join([*head, *(rows[k] for k in order)]) + "\n")
    print(target.name, len(order), "records", len(names), "people")


def _records(path: Path, wanted: set[tuple[str, int]], names: list[str]) -> dict[tuple[str, int, str, str], str]:
    kept: dict[tuple[str, int, str, str], str] = {}
    for fields, entries in records(path, names):
        if (contig_name(fields[0]), int(fields[1])) in wanted:
            fixed = [*fields[:5], ".", fields[6], ".", "GT"]
            kept[fields[0], int(fields[1]), fields[3], fields[4]] = "\t".join([*fixed, *(entry.split(":")[0] for entry in entries)])
    return kept


if __name__ == "__main__":
    main(Path(sys.argv[1]))
