"""The strand of a table, over real people: everybody written as a consumer table, once as it is and once with every base complemented.

``docs/reference/strand.md``. Not part of ``derive/check.py``: some minutes, and files that the repository need not hold.

    python -m derive.strands [FILE.vcf.gz ...]      the cut panels by default
"""

from __future__ import annotations

import dataclasses
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from derive.inputs import DATA
from derive.panel import DOCS, percent
from estrogenome.catalog.load import load_catalog
from estrogenome.core.errors import InputError
from estrogenome.core.genotype_records import SiteState
from estrogenome.diplotypes import call_diplotypes
from estrogenome.genotypes import read_genotypes
from estrogenome.genotypes.targets import targets_of
from estrogenome.validate.markdown import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from estrogenome.catalog.load import Catalog
    from estrogenome.core.genotype_records import Genotypes

Row = tuple[str, str, str, str]
FLIP = str.maketrans("ACGT", "TGCA")
HEADS = {
    "says plus": "# This data file is laid out like one by 23andMe\n# reference human assembly build {number}, plus strand\n# rsid\tchromosome\tposition\tgenotype\n",
    "says nothing": "rsid\tchromosome\tposition\tgenotype\n",
}
CUTS = ("every site", "palindromic sites and three others")
OTHERS = 3
PALINDROMIC = {("A", "T"), ("C", "G")}
OUTCOMES = ("unchanged", "refused", "less said", "changed")


@dataclasses.dataclass(frozen=True)
class Case:
    """One kind of table of one file: how many people came out how, and what changed in each kind of table."""

    file: str
    head: str
    cut: str
    people: int
    sites: int
    settled: float
    outcomes: Counter[str]
    changed: tuple[str, ...]


def main(files: list[Path]) -> int:
    """Write the page."""
    catalog = load_catalog()
    found = [case for path in files for case in sweep(catalog, path)]
    (DOCS / "strand.md").write_text("\n".join([*page(found), ""]), encoding="utf-8")
    return 0


def sweep(catalog: Catalog, path: Path, every: int = 1) -> Iterator[Case]:
    """Yield every case of a file, over each ``every``-th person."""
    genotypes = read_genotypes(path, catalog)
    people = range(0, len(genotypes.samples), every)
    everybody = [rows(catalog, genotypes, person) for person in people]
    with TemporaryDirectory() as folder:
        place = Path(folder) / "table.txt"
        for head, text in HEADS.items():
            for cut in CUTS:
                start = text.format(number=genotypes.build.removeprefix("GRCh"))
                tables = Counter(tuple(own if cut == CUTS[0] else few(catalog, own)) for own in everybody)
                outcomes: Counter[str] = Counter()
                changed: list[str] = []
                told = 0
                for own, count in tables.items():
                    verdict, detail, settled = judge(catalog, place, start, own)
                    outcomes[verdict] += count
                    told += settled * count
                    changed += [detail] if detail else []
                sites = max(map(len, tables))
                yield Case(
                    f"{genotypes.build}, {len(genotypes.samples)} people",
                    head,
                    cut,
                    len(everybody),
                    sites,
                    told / len(everybody),
                    outcomes,
                    tuple(changed),
                )


def few(catalog: Catalog, own: list[Row]) -> list[Row]:
    """Return the rows of the palindromic sites and of the first others."""
    kinds = {site.id: tuple(sorted(site.alleles)) for gene in catalog.genes.values() for site in gene.sites}
    lone = [row for row in own if kinds[row[0]] in PALINDROMIC]
    return lone + [row for row in own if row not in lone][:OTHERS]


def rows(catalog: Catalog, genotypes: Genotypes, person: int) -> list[Row]:
    """Return the rows of a table of one person: every site of single bases that the file settles."""
    seen = {o.site: o for o in (genotypes.observations[int(i)] for i in genotypes.index[person])}
    found = []
    for target in targets_of(catalog):
        if target.build != genotypes.build or target.spelled or set("".join(target.site.alleles)) - set("ACGT"):
            continue
        left = seen[target.site.id].compatible
        if len(left) == 1:
            found.append((target.site.id, target.chromosome, str(target.position), "".join(sorted(left[0]))))
    return found


def judge(catalog: Catalog, place: Path, head: str, own: Sequence[Row]) -> tuple[str, str, int]:
    """Return how the complemented table came out beside the plain one, what changed, and at how many sites it leaves one genotype.

    *less said*: fewer or wider answers, none of which excludes what the plain table says; *changed*: anything else.
    """
    plain, flipped = (_read(catalog, place, head, rows) for rows in (own, [(*r[:3], r[3].translate(FLIP)) for r in own]))
    if plain is None or flipped is None:
        return "refused", "", 0
    both = list(zip(plain.of(plain.samples[0]), flipped.of(flipped.samples[0]), strict=True))
    settled = sum(len(b.compatible) == 1 for _, b in both)
    if all((a.state, set(a.compatible), a.phase_set) == (b.state, set(b.compatible), b.phase_set) for a, b in both):
        return "unchanged", "", settled
    wrong = [a.site for a, b in both if b.state is SiteState.OBSERVED and not set(a.compatible) <= set(b.compatible)]
    if not wrong and plain.build == flipped.build:
        calls = (call_diplotypes(g, catalog) for g in (plain, flipped))
        for one, other in zip(*(c.results for c in calls), strict=True):
            kept = dict(other.by_name())
            if one.options and one.by_name()[0][0] not in kept:
                wrong.append(one.gene)
    return ("changed", " ".join(wrong), settled) if wrong else ("less said", "", settled)


def _read(catalog: Catalog, place: Path, head: str, own: Sequence[Row]) -> Genotypes | None:
    place.write_text(head + "".join("\t".join(row) + "\n" for row in own), encoding="utf-8")
    try:
        return read_genotypes(place, catalog)
    except InputError:
        return None


def page(found: list[Case]) -> list[str]:
    """Return the page."""
    changed = [(c.file, c.head, c.cut, detail) for c in found for detail in c.changed]
    tables = sum(c.people for c in found)
    return [
        "# A table from the other strand",
        "",
        "Generated by `python -m derive.strands FILE...`. Everybody of the files is written as a consumer table (the sites of single bases",
        "that the file settles), once as it is and once with every base complemented; both are read. A palindromic site (A/T, C/G) looks the",
        "same from both strands: the other sites must settle it. Three others are enough where the table says that it is on the plus strand; where it",
        "says nothing they are not, and the palindromic sites are left open in both readings.",
        "",
        "- *unchanged*: the same at every site, open or not, so the same calls. *refused*: a line says why.",
        "- *less said*: something is left open that the plain table settles, and nothing is called that it excludes.",
        "- *changed*: anything else.",
        "",
        f"All together {tables} tables: {', '.join(f'{sum(c.outcomes[o] for c in found)} {o}' for o in OUTCOMES)}.",
        "",
        *table(
            ("people", "the table", "holds (sites)", "tables", *OUTCOMES, "share unchanged"),
            [
                [
                    c.file,
                    c.head,
                    f"{c.cut} ({c.sites})",
                    c.people,
                    *(c.outcomes[o] for o in OUTCOMES),
                    percent(c.outcomes["unchanged"], c.people),
                ]
                for c in found
            ],
        ),
        "",
        *(table(("people", "the table", "holds", "where"), changed) if changed else ["Nothing changed."]),
    ]


if __name__ == "__main__":
    sys.exit(main([Path(p) for p in sys.argv[1:]] or [DATA / f"panel_{build}.vcf.gz" for build in ("GRCh38", "GRCh37")]))
