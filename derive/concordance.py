"""How our calls stand to the consensus diplotypes of CDC's GeT-RM programme: ``docs/reference/getrm.md``.

python -m derive.concordance            write
python -m derive.concordance --check    compare
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from derive.inputs import read
from derive.kept import kept
from derive.panel import DOCS, panel, percent, results, unphased
from estrogenome.catalog.load import load_catalog
from estrogenome.core.genotype_records import CallStatus
from estrogenome.diplotypes import call_diplotypes
from estrogenome.validate.markdown import table

if TYPE_CHECKING:
    from estrogenome.catalog.genes import Gene
    from estrogenome.core.genotype_records import GeneDiplotypes, Genotypes

Copy = frozenset[str]
CLASSES = ("exact", "older name", "ambiguous in the truth", "no site", "unsure", "discordant")
AGREE = CLASSES[:3]
FUNCTIONS = {(r["gene"], r["allele"]): r["function"] for r in read("functions.tsv")}
OLDER = {(r["gene"], r["written"]): tuple(r["means"].split("|")) for r in read("getrm_names.tsv")}
NOTES = {(r["sample"], r["gene"]): r["note"] for r in read("getrm_notes.tsv")}


@dataclass(frozen=True)
class Line:
    """One person and gene: truth, our call, and how they stand to each other."""

    sample: str
    gene: str
    truth: str
    ours: str
    verdict: str
    by_function: bool | None


def main() -> int:
    """Write or compare the page."""
    whole = panel("getrm_GRCh38")
    files = {"GRCh38, phased": whole, "GRCh38, without phase": unphased(whole), "GRCh37, phased": panel("panel_GRCh37")}
    lines = {name: compared(genotypes) for name, genotypes in files.items()}
    return kept("concordance", {DOCS / "getrm.md": "\n".join([*page(lines), ""])})


def compared(genotypes: Genotypes) -> list[Line]:
    """Return every person of the truth that the file holds."""
    catalog = load_catalog()
    called = call_diplotypes(genotypes, catalog)
    by_gene = {gene: dict(zip(called.samples, results(called, gene), strict=True)) for gene in called.genes}
    found = [(r, by_gene[r["gene"]][r["sample"]]) for r in read("getrm.tsv") if r["sample"] in by_gene[r["gene"]]]
    return [_line(catalog.genes[r["gene"]], r, result) for r, result in found]


def _line(gene: Gene, row: dict[str, str], result: GeneDiplotypes) -> Line:
    ours, truth = result.by_name()[0][0], row["truth"]
    verdict = _verdict(gene, truth, ours)
    if verdict == "discordant" and any(site in result.not_assayed for site in _sites(gene, truth)):
        verdict = "no site"
    if verdict in CLASSES[4:] and result.status not in {CallStatus.CALLED, CallStatus.INFERRED}:
        verdict = "unsure"
    functions = _functions(gene, _bare(truth))
    same = None if functions is None else bool(functions & (_functions(gene, ours) or set()))
    if same is False and verdict == "ambiguous in the truth":
        same = None
    return Line(row["sample"], gene.id, truth, ours, verdict, same)


def _sites(gene: Gene, truth: str) -> set[str]:
    """Return the sites that the alleles of the truth depend on."""
    return {site for allele in gene.alleles if allele.name in _parts(_bare(truth)) for site in allele.carries}


def _verdict(gene: Gene, truth: str, ours: str) -> str:
    own = _pair(gene, ours)
    written = [text.strip() for text in re.split(r",|;| or ", truth)]
    if ours in {truth, "/".join(reversed(truth.split("/")))}:
        return "exact"
    if any(part not in _names(gene) for text in written for part in _parts(_bare(text))):
        return "no site"
    readings = [r for text in written for r in _readings(gene, _bare(text))]
    if len(written) == 1 and own in readings:
        return "older name" if "(" not in truth or _one_way(gene, truth) else "ambiguous in the truth"
    if own in readings or any(_changes(gene, r) == _changes(gene, own) for r in readings):
        return "ambiguous in the truth"
    return "discordant"


def _one_way(gene: Gene, truth: str) -> bool:
    """Tell whether what stands in brackets changes nothing, so that the truth leaves one reading."""
    return _readings(gene, _bare(truth)) == _readings(gene, "/".join(re.sub(r"\([^)+]*\)", "", c) or c for c in truth.split("/")))


def _bare(text: str) -> str:
    return text.replace("(", "+").replace(")", "")


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[+/]", text) if part.strip()]


def _names(gene: Gene) -> set[str]:
    return {a.name for a in gene.alleles} | {written for of, written in OLDER if of == gene.id}


def _copy(gene: Gene, parts: tuple[str, ...]) -> Copy:
    """Return the names of a copy as we write it: the default and its sub-alleles only where nothing else is."""
    light = {a.name for a in gene.alleles if a.sub_allele} | {gene.default}
    heavy = frozenset(p for p in parts if p not in light)
    return heavy or frozenset(p for p in parts if p != gene.default) or frozenset({gene.default})


def _pair(gene: Gene, name: str) -> tuple[Copy, ...]:
    return tuple(sorted((_copy(gene, tuple(_parts(c))) for c in name.split("/")), key=sorted))


def _readings(gene: Gene, text: str) -> list[tuple[Copy, ...]]:
    """Return every pair of ours that the written diplotype can mean."""
    options = []
    for copy in text.split("/"):
        meant = [OLDER.get((gene.id, part), (part,)) for part in _parts(copy)]
        options.append({_copy(gene, parts) for parts in product(*meant)})
    return [tuple(sorted(pair, key=sorted)) for pair in product(*options)]


def _changes(gene: Gene, pair: tuple[Copy, ...]) -> Counter[str]:
    """Return the names over both copies: equal where two diplotypes differ in phase alone."""
    return Counter(name for copy in pair for name in copy if name != gene.default)


def _functions(gene: Gene, text: str) -> set[tuple[str, ...]] | None:
    """Return the pairs of functions that a diplotype can mean; None where a function is not in the table."""
    found = set()
    for pair in _readings(gene, text):
        each = [min(FUNCTIONS.get((gene.id, n), "") for n in copy) for copy in pair]
        if not all(each):
            return None
        found.add(tuple(sorted(each)))
    return found


def page(files: dict[str, list[Line]]) -> list[str]:
    """Return the page."""
    lines = [
        "# Concordance with GeT-RM",
        "",
        "Generated by `python -m derive.concordance`. Truth: consensus diplotypes of the Genetic Testing Reference Materials programme of the",
        "Centers for Disease Control and Prevention (Pratt et al. 2016, J Mol Diagn 18:109-123, and its successors), as far as the people are",
        "in the 1000 Genomes panels. Files: the panels, cut to our sites. No call sees a name of a person; the table of haplotype frequencies",
        "counts most of these people too (phasing.md leaves everybody out of their own).",
        "",
        "- *exact*: written alike. *older name*: the same under the table of older names below.",
        "- *ambiguous in the truth*: the truth gives alternatives or an allele in brackets (not all its assays see it), and ours is one of its",
        "  readings; or the changes are the same and only their phase differs, which the assays of the truth do not see.",
        "- *no site*: the truth names an allele whose variant has no record in this file: nobody can see it there, and our answer is marked",
        "  *inferred*. *unsure*: our answer is not confident (`partial` or `ambiguous`).",
        "- *agree*: exact, older name or ambiguous in the truth, of those with a site. *function*: the pair of functions agrees; of those with",
        "  a site, a function for every allele in `derive/data/functions.tsv`, and one function in the truth whatever its phase.",
        "",
    ]
    for name, compared_lines in files.items():
        lines += [f"## {name}", "", *table(("gene", "people", *CLASSES, "agree", "function"), _summary(compared_lines)), ""]
    lines += ["## Older names", "", *table(("gene", "written", "means", "state", "why"), [list(r.values()) for r in _older()]), ""]
    lines += ["## Everything that is not exact", ""]
    lines += table(("gene", "person", "truth", "ours", "how it stands", "explanation"), _listed(files))
    return lines


def _older() -> list[dict[str, str]]:
    return [r | {"means": r["means"].replace("|", ", ")} for r in read("getrm_names.tsv")]


def _summary(lines: list[Line]) -> list[list[object]]:
    out: list[list[object]] = []
    for gene in sorted({line.gene for line in lines}):
        own = [line for line in lines if line.gene == gene]
        count = Counter(line.verdict for line in own)
        agree = sum(count[c] for c in AGREE)
        judged = [line.by_function for line in own if line.by_function is not None and line.verdict != "no site"]
        function = f"{sum(judged)} of {len(judged)}" if judged else "–"
        out.append([gene, len(own), *(count[c] for c in CLASSES), percent(agree, len(own) - count["no site"]), function])
    return out


def _listed(files: dict[str, list[Line]]) -> list[list[str]]:
    seen: dict[tuple[str, ...], list[str]] = {}
    for name, lines in files.items():
        for line in lines:
            if line.verdict != "exact":
                seen.setdefault((line.gene, line.sample, line.truth, line.ours, line.verdict), []).append(name)
    out = []
    for (gene, sample, truth, ours, verdict), names in sorted(seen.items()):
        where = "" if len(names) == len(files) or verdict in AGREE[:2] else f" ({'; '.join(names)})"
        out.append([gene, sample, truth, ours, verdict + where, NOTES.get((sample, gene)) or _rule(verdict)])
    return out


def _rule(verdict: str) -> str:
    return {
        "no site": "the defining site has no record in this file (not assayed there)",
        "older name": "table of older names",
        "ambiguous in the truth": "one of the readings that the truth leaves open",
        "unsure": "the file leaves it open",
    }.get(verdict, "**not explained**")


if __name__ == "__main__":
    sys.exit(main())
