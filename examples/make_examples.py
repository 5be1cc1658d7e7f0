"""Make the example files from the 1000 Genomes panels (see README.md here).

For each person of ``people.tsv``: one VCF a build with every variant in our gene regions (records where the person is reference are kept
at catalog sites alone), and a 23andMe-like and an AncestryDNA-like file with the array's sites of ``array_sites.tsv``. The first
person's GRCh38 file is also the genome of ``estrogenome demo``.

    python -m examples.make_examples DIR

``DIR`` holds ``GRCh37/GENE.vcf.gz`` and ``GRCh38/GENE.vcf.gz`` (phased, many people), as for ``derive/cut_panels.py``.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from derive import bgzf
from derive.gene_files import records
from estrogenome.catalog.load import KNOWLEDGE, load_catalog
from estrogenome.genotypes.targets import BUILDS, contig_name, regions_of, targets_of

if TYPE_CHECKING:
    from estrogenome.catalog.schema import Build

HERE = Path(__file__).resolve().parent
LENGTHS = {
    "GRCh37": {
        "1": 249250621,
        "2": 243199373,
        "4": 191154276,
        "7": 159138663,
        "10": 135534747,
        "11": 135006516,
        "15": 102531392,
        "16": 90354753,
        "22": 51304566,
    },
    "GRCh38": {
        "1": 248956422,
        "2": 242193529,
        "4": 190214555,
        "7": 159345973,
        "10": 133797422,
        "11": 135086622,
        "15": 101991189,
        "16": 90338345,
        "22": 50818468,
    },
}
SOURCE = {"GRCh37": "1000 Genomes Project phase 3 (doi:10.1038/nature15393)", "GRCh38": "1000 Genomes 30x (doi:10.1016/j.cell.2022.08.004)"}


def main(panels: Path) -> None:
    people = _rows(HERE / "people.tsv")
    names = [row["sample"] for row in people]
    for build in BUILDS:
        records = _records(panels / build, build, names)
        for name in names:
            bgzf.write(HERE / build / f"{name}.vcf.gz", _vcf(build, name, records))
        if build == "GRCh37":
            for name in names:
                _array_files(name, records)
    demo = KNOWLEDGE / "demo"
    demo.mkdir(exist_ok=True)
    (demo / "genome.vcf.gz").write_bytes((HERE / "GRCh38" / f"{names[0]}.vcf.gz").read_bytes())


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


def _records(folder: Path, build: Build, names: list[str]) -> list[tuple[list[str], dict[str, str], bool]]:
    """Return (first seven fields, genotype of each person, is a catalog site) in order of position."""
    catalog = load_catalog()
    regions = regions_of(catalog, build)
    sites = {(t.chromosome, t.position) for t in targets_of(catalog) if t.build == build}
    found: dict[tuple[int, int, str, str], tuple[list[str], dict[str, str], bool]] = {}
    for gene in catalog.genes:
        path = folder / f"{gene}.vcf.gz"
        for fields, entries in records(path, names) if path.is_file() else ():
            chromosome, position = contig_name(fields[0]), int(fields[1])
            if any(c == chromosome and start <= position <= end for c, start, end in regions):
                key = (int(chromosome), position, fields[3], fields[4])
                found[key] = (fields[:7], dict(zip(names, entries, strict=True)), (chromosome, position) in sites)
    return [found[key] for key in sorted(found)]


def _vcf(build: str, name: str, records: list[tuple[list[str], dict[str, str], bool]]) -> str:
    prefix = "chr" if build == "GRCh38" else ""
    lines = [
        "##fileformat=VCFv4.2",
        f"##source={SOURCE[build]}, cut to gene regions",
        '##FILTER=<ID=PASS,Description="All filters passed">',
    ]
    lines += [f"##contig=<ID={prefix}{c},length={length},assembly={build}>" for c, length in LENGTHS[build].items()]
    lines += ['##FORMAT=<ID=GT,Number=1,Type=String,Description="Phased genotype">']
    lines += [f"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{name}"]
    for fields, genotypes, ours in records:
        if ours or set(genotypes[name]) != {"0", "|"}:
            lines.append("\t".join([*fields, ".", "GT", genotypes[name]]))
    return "\n".join(lines) + "\n"


def _array_files(name: str, records: list[tuple[list[str], dict[str, str], bool]]) -> None:
    by_place = {(contig_name(f[0]), f[1]): (f, genotypes[name]) for f, genotypes, _ in records if len(f[3]) == len(f[4]) == 1}
    rows = []
    for site in _rows(HERE / "array_sites.tsv"):
        place = (site["chromosome"], site["position37"])
        if place in by_place:
            fields, genotype = by_place[place]
            bases = sorted((fields[3], fields[4])[int(code)] for code in genotype.split("|"))
            rows += [(rsid, *place, *bases) for rsid in (site["rsid"], site["also"]) if rsid]
    note = "# Made by examples/make_examples.py from the 1000 Genomes genotype of one person; not a file of the company.\n"
    one = [
        "# This data file is laid out like one by 23andMe, human assembly build 37, plus strand.\n",
        note,
        "# rsid\tchromosome\tposition\tgenotype\n",
    ]
    one += [f"{rsid}\t{c}\t{p}\t{a}{b}\n" for rsid, c, p, a, b in rows]
    (HERE / "23andme" / f"{name}.txt").write_text("".join(one), encoding="utf-8")
    two = ["#AncestryDNA raw data download (laid out like one): human reference build 37, forward strand\n", note]
    two += ["rsid\tchromosome\tposition\tallele1\tallele2\n"]
    two += [f"{rsid}\t{c}\t{p}\t{a}\t{b}\n" for rsid, c, p, a, b in rows if rsid.startswith("rs")]
    (HERE / "ancestry" / f"{name}.txt").write_text("".join(two), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
