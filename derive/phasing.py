"""Phasing measured with everybody's own copies left out: ``docs/reference/phasing.md``.

python -m derive.phasing            write
python -m derive.phasing --check    compare
"""

from __future__ import annotations

import dataclasses
import sys
from collections import Counter
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from derive.inputs import read
from derive.kept import kept
from derive.panel import DOCS, distinct, one_gene, panel, percent, subset, unphased
from estrogenome.catalog.load import HaplotypeTable, load_catalog
from estrogenome.diplotypes import call_diplotypes
from estrogenome.diplotypes.names import haplotype_name
from estrogenome.validate.markdown import table

if TYPE_CHECKING:
    from estrogenome.catalog.genes import Gene
    from estrogenome.catalog.load import Catalog
    from estrogenome.core.genotype_records import GeneDiplotypes, Genotypes

Pair = tuple[tuple[str, ...], ...]
BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999)
TARGETS = {"COMT": 0.98, "CYP1B1": 0.97, "UGT1A1": 0.99, "CYP1A1": 0.99, "CYP1A2": 0.99}
GIVEN, RIGHT = 0.95, 0.95


@dataclass(frozen=True)
class Case:
    """People of one population who share a genotype and its true phase; how the calls of both kinds turned out."""

    people: int
    population: str
    by_name: tuple[float, bool] | None
    by_haplotype: tuple[float, bool] | None


def main() -> int:
    """Write or compare the page."""
    catalog = load_catalog()
    genes = [gene for gene in sorted(catalog.haplotypes) if not catalog.haplotypes[gene].stated]
    relatives = [[gene, *without_lookalikes(catalog, gene)] for gene in genes]
    return kept("phasing", {DOCS / "phasing.md": "\n".join([*page({gene: cases(catalog, gene) for gene in genes}, relatives), ""])})


def cases(catalog: Catalog, name: str) -> list[Case]:
    """Return every distinct case of a gene; None where the genotype leaves one answer whatever the phase."""
    gene, whole = catalog.genes[name], panel("panel_GRCh38")
    bare, populations = unphased(whole), {r["sample"]: r["super_population"] for r in read("people.tsv")}
    first, _, which = distinct(whole, [site.id for site in gene.sites])
    columns = [whole.sites.index(site.id) for site in gene.sites]
    found = []
    groups = Counter((int(w), populations[sample]) for w, sample in zip(which, whole.samples, strict=True))
    for (group, population), people in sorted(groups.items()):
        seen = [whole.observations[int(whole.index[first[group], c])] for c in columns]
        if any(len(o.compatible) != 1 for o in seen):
            continue
        truth = tuple(sorted(zip(*(o.compatible[0] for o in seen), strict=True)))
        phasings = {tuple(sorted(zip(*pairs, strict=True))) for pairs in product(*({p, p[::-1]} for o in seen for p in o.compatible))}
        if len(phasings) < 2:
            found.append(Case(people, population, None, None))
            continue
        result = left_out(catalog, name, subset(bare, [first[group]]), [(copy, population) for copy in truth])
        named = {names(gene, pair) for pair in phasings}
        top, probability = result.by_name()[0]
        own = tuple(sorted(h.alleles for h in result.options[0].haplotypes))
        verdict = None if len(named) < 2 else (probability, top == names(gene, truth))
        found.append(Case(people, population, verdict, (result.options[0].weight, own == truth)))
    return found


def names(gene: Gene, pair: Pair) -> str:
    """Return the diplotype's name with its copies in a fixed order."""
    return "/".join(sorted(haplotype_name(gene, copy) for copy in pair))


def without_lookalikes(catalog: Catalog, name: str) -> list[object]:
    """Return, of the people who could be parent or child of another, how many are ambiguous by name, and right in either way.

    First with their own copies left out of the table, then with those of everybody who could be their parent or child as well.
    """
    gene, whole = catalog.genes[name], panel("panel_GRCh38")
    bare, populations = unphased(whole), {r["sample"]: r["super_population"] for r in read("people.tsv")}
    others: dict[str, set[str]] = {}
    for pair in read("lookalikes.tsv"):
        others.setdefault(pair["sample"], set()).add(pair["other"])
        others.setdefault(pair["other"], set()).add(pair["sample"])
    place = {sample: row for row, sample in enumerate(whole.samples)}
    columns = [whole.sites.index(site.id) for site in gene.sites]

    def copies(sample: str) -> Pair | None:
        seen = [whole.observations[int(whole.index[place[sample], c])] for c in columns]
        return tuple(sorted(zip(*(o.compatible[0] for o in seen), strict=True))) if all(len(o.compatible) == 1 for o in seen) else None

    told: Counter[tuple[bool, bool]] = Counter()
    for sample in sorted(others):
        truth = copies(sample)
        if truth is None or len(named(gene, whole, place[sample], columns)) < 2:
            continue
        own = [(copy, populations[sample]) for copy in truth]
        theirs = [(copy, populations[other]) for other in sorted(others[sample]) for copy in copies(other) or ()]
        right = [
            left_out(catalog, name, subset(bare, [place[sample]]), taken).by_name()[0][0] == names(gene, truth)
            for taken in (own, own + theirs)
        ]
        told[right[0], right[1]] += 1
    ambiguous = told.total()
    own_only, both = told[True, True] + told[True, False], told[True, True] + told[False, True]
    return [ambiguous, *(f"{n} ({percent(n, ambiguous)})" if ambiguous else "–" for n in (own_only, both))]


def named(gene: Gene, whole: Genotypes, row: int, columns: list[int]) -> set[str]:
    """Return the names of every phasing of one person's genotype."""
    seen = [whole.observations[int(whole.index[row, c])] for c in columns]
    phasings = product(*({p, p[::-1]} for o in seen for p in o.compatible))
    return {names(gene, tuple(zip(*pairs, strict=True))) for pairs in phasings}


def left_out(catalog: Catalog, gene: str, genotype: Genotypes, taken: list[tuple[tuple[str, ...], str]]) -> GeneDiplotypes:
    """Call one genotype with copies (haplotype, population) taken out of the counts."""
    old = catalog.haplotypes[gene]
    counts = {p: list(c) for p, c in old.counts.items()}
    for copy, population in taken:
        counts[population][old.haplotypes.index(copy)] -= 1
    kept = [i for i in range(len(old.haplotypes)) if any(c[i] for c in counts.values())]
    new = HaplotypeTable(old.sites, tuple(old.haplotypes[i] for i in kept), {p: tuple(c[i] for i in kept) for p, c in counts.items()})
    result = call_diplotypes(genotype, dataclasses.replace(one_gene(catalog, gene), haplotypes={gene: new})).results[0]
    ordered = [o.model_copy(update={"haplotypes": tuple(sorted(o.haplotypes, key=lambda h: h.name))}) for o in result.options]
    return result.model_copy(update={"options": tuple(ordered)})


def page(genes: dict[str, list[Case]], relatives: list[list[object]]) -> list[str]:
    """Return the page."""
    return [
        "# Phasing, everybody left out of their own table",
        "",
        "Generated by `python -m derive.phasing`. The 2,504 people of the GRCh38 panel, their phase taken away, called with their own two copies",
        "taken out of the table of haplotype frequencies, no ancestry given; the truth is the panel's published phase. The people of the",
        "table are those that the 1000 Genomes Project chose as unrelated; the 698 relatives of the 30x data are not in it.",
        "",
        "*ambiguous*: people whose genotype fits more than one diplotype. *confident*: their most probable answer has at least",
        f"{GIVEN:g}; *wrong of them* must be at most {1 - RIGHT:.0%}.",
        "",
        "## By name",
        "",
        *table(_HEAD, [_row(gene, cases, "by_name") for gene, cases in genes.items()]),
        "",
        "## By haplotype: every site of the file in the right order, tags included",
        "",
        *table(_HEAD, [_row(gene, cases, "by_haplotype") for gene, cases in genes.items()]),
        "",
        "## By population",
        "",
        "Right by name, of the ambiguous.",
        "",
        *_populations(genes),
        "",
        "## Relatives",
        "",
        "No pedigree was at hand. None of the 698 people of the 30x data who are not among the 2,504 is in the table: it is counted in",
        "`derive/data/people.tsv` alone. Whether the 2,504 hold a parent and a child was asked of their genotypes in our gene regions",
        "(`derive/relatives.py`): parent and child have no opposite homozygotes. Pairs without one are no more frequent among the 2,504 than those with",
        "one, two or three lead to expect (834 against 1,594, 2,275 and 2,868 of 3.1 million); of the 698, however, 620 have such a partner among them,",
        "527 of them two or more. Everybody of the 2,504 with such a pair (722) is called here again without all of these possible relatives, most of",
        "whom are none. Full siblings cannot be told from eleven stretches of the genome.",
        "",
        *table(
            ("gene", "ambiguous people with a possible relative", "right, own copies left out", "right, possible relatives left out too"),
            relatives,
        ),
        "",
        "## Reliability: are the probabilities what they say?",
        "",
        "All genes together, ambiguous people alone.",
        "",
        *table(
            ("probability given", "by name: people", "mean given", "right", "by haplotype: people", "mean given", "right"),
            _reliability(genes),
        ),
    ]


_HEAD = ("gene", "ambiguous", "right", "target", "confident", "wrong of them", "calibrated")


def _row(gene: str, found: list[Case], kind: str) -> list[object]:
    told = [(c.people, *getattr(c, kind)) for c in found if getattr(c, kind)]
    ambiguous = sum(n for n, _, _ in told)
    right = sum(n for n, _, ok in told if ok)
    sure = [(n, ok) for n, p, ok in told if p >= GIVEN]
    given, wrong = sum(n for n, _ in sure), sum(n for n, ok in sure if not ok)
    target = TARGETS.get(gene)
    shown = "–" if target is None or not ambiguous else f"≥ {target:.0%}: {'met' if right >= target * ambiguous else '**missed**'}"
    calibrated = "–" if not given else "yes" if wrong <= (1 - RIGHT) * given else "**no**"
    return [gene, ambiguous, f"{right} ({percent(right, ambiguous)})" if ambiguous else "–", shown, given, wrong, calibrated]


def _populations(genes: dict[str, list[Case]]) -> list[str]:
    groups = sorted({c.population for cases in genes.values() for c in cases})
    lines = []
    for gene, found in genes.items():
        line: list[object] = [gene]
        for group in groups:
            told = [(c.people, c.by_name[1]) for c in found if c.population == group and c.by_name]
            line.append(f"{sum(n for n, ok in told if ok)} of {sum(n for n, _ in told)}" if told else "–")
        lines.append(line)
    return table(("gene", *groups), lines)


def _reliability(genes: dict[str, list[Case]]) -> list[list[object]]:
    out: list[list[object]] = []
    for low, high in zip(BINS, (*BINS[1:], 2.0), strict=True):
        line: list[object] = [f"{low:g}–{min(high, 1.0):g}"]
        for kind in ("by_name", "by_haplotype"):
            told = [(c.people, *getattr(c, kind)) for cases in genes.values() for c in cases if getattr(c, kind)]
            inside = [(n, p, ok) for n, p, ok in told if low <= p < high]
            people = sum(n for n, _, _ in inside)
            mean = f"{sum(n * p for n, p, _ in inside) / people:.3f}" if people else "–"
            line += [people, mean, percent(sum(n for n, _, ok in inside if ok), people)]
        out.append(line)
    return out


if __name__ == "__main__":
    sys.exit(main())
