"""What one genotype does to every readout, with everything else held: the table ``docs/reference/variants.md``.

Run: ``python -m derive.variants`` (``--check`` compares). A row of ``data/variants.tsv`` is a pair of chromosome copies of one gene,
named by alleles at its sites; sites that it does not name follow the linkage of the reference panel. Fold changes compare that pair
with the mean genotype of the reference population in the same bodies: same draw, same unseen variation.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from derive.posterior import DATA, TARGET, rows
from estrogenome.activities import infer_activities
from estrogenome.activities.effects import copy_ratio, draw_unseen, panel
from estrogenome.catalog.load import load_catalog
from estrogenome.core.provenance import digest_text, package_version
from estrogenome.core.records import Activities, CallStatus, DiplotypeOption, Diplotypes, GeneDiplotypes, Haplotype, Person, Provenance
from estrogenome.core.uncertainty import stream
from estrogenome.parameters import personalize
from estrogenome.readouts.evaluate import draws_of
from estrogenome.trajectories import simulate

if TYPE_CHECKING:
    from estrogenome.catalog.schema import Gene

PAGE = TARGET.parents[4] / "docs" / "reference" / "variants.md"
STATES = ("follicular", "postmenopausal", "man")
DRAWS = 120
SEED = 0
MEAN = "mean genotype"
# folds that print as 1.00 and stay within this of 1 in nine of ten draws stand in one line instead of a row
UNMOVED = 0.015


def matching(gene: str, wanted: str) -> list[tuple[tuple[str, ...], float]]:
    """Return the panel haplotypes that carry every ``site=allele`` of ``wanted``, with weights that sum to 1."""
    catalog = load_catalog()
    reference = panel(catalog.genes[gene], catalog)
    alleles = dict(item.split("=") for item in wanted.split())
    column = {site: i for i, site in enumerate(reference.sites)}
    found = [
        (haplotype, float(frequency))
        for haplotype, frequency in zip(reference.haplotypes, reference.frequencies, strict=True)
        if frequency > 0 and all(haplotype[column[site]] == allele for site, allele in alleles.items())
    ]
    if not found:
        raise SystemExit(f"variants: no haplotype of {gene} in the panel carries {wanted}; mend derive/data/variants.tsv")
    total = sum(weight for _, weight in found)
    return [(haplotype, weight / total) for haplotype, weight in found]


def diplotypes() -> Diplotypes:
    """Return one invented person per row of the table, whose one gene is stated and whose others are not."""
    catalog = load_catalog()
    table = rows(DATA / "variants.tsv")
    genes = tuple(sorted({row["gene"] for row in table}))
    results: list[GeneDiplotypes] = []
    index = np.zeros((len(table), len(genes)), dtype=np.int64)
    for gene in genes:
        results.append(
            GeneDiplotypes(gene=gene, status=CallStatus.NOT_ASSAYED, options=(), sites=panel(catalog.genes[gene], catalog).sites)
        )
    index[:] = np.arange(len(genes))
    for person, row in enumerate(table):
        options = tuple(
            DiplotypeOption(haplotypes=(Haplotype(name="", alleles=one), Haplotype(name="", alleles=two)), weight=a * b)
            for one, a in matching(row["gene"], row["first"])
            for two, b in matching(row["gene"], row["second"])
        )
        index[person, genes.index(row["gene"])] = len(results)
        sites = panel(catalog.genes[row["gene"]], catalog).sites
        results.append(GeneDiplotypes(gene=row["gene"], status=CallStatus.CALLED, options=options, sites=sites))
    provenance = Provenance(
        version=package_version(), knowledge_version=catalog.version, knowledge_hash=catalog.digest, input_digest=digest_text("variants")
    )
    return Diplotypes(samples=tuple(r["id"] for r in table), genes=genes, results=tuple(results), index=index, provenance=provenance)


@cache
def activities() -> Activities:
    """Return the activities of every row, and of the mean genotype as the last person: unseen variation alone."""
    catalog = load_catalog()
    found = infer_activities(diplotypes(), catalog, draws=DRAWS, seed=SEED)
    unseen = np.stack([_unseen(catalog.genes[term.gene]) for term in found.terms], axis=-1)
    values = np.broadcast_to(unseen, (len(found.samples) + 1, *unseen.shape)).copy()
    for person, row in enumerate(rows(DATA / "variants.tsv")):
        own = [i for i, term in enumerate(found.terms) if term.gene == row["gene"]]
        values[person][:, own] = found.values[person][:, own]
    terms = tuple(term.model_copy(update={"mean": (*term.mean, 1.0)}) for term in found.terms)
    return found.model_copy(update={"samples": (*found.samples, MEAN), "terms": terms, "values": values})


def _unseen(gene: Gene) -> np.ndarray:
    """Return what the rows share with the mean genotype: what no genotype file shows, and the number of copies."""
    return draw_unseen(gene, DRAWS, SEED) * copy_ratio(gene, (), stream(SEED, f"copies/{gene.id}").random(DRAWS))


@cache
def draws(state: str) -> dict[str, dict[str, np.ndarray]]:
    """Return readout → row → draws in a hormonal state, at the mean age of the reference group."""
    catalog = load_catalog()
    person = Person(sex=catalog.states[state].sexes[0], age=catalog.population["states"][state]["age_centre"], state=state)
    found = simulate(personalize(activities(), person, catalog, draws=DRAWS, seed=SEED), catalog)
    return {
        readout: {sample: draws_of(spec, found, i) for i, sample in enumerate(found.samples)} for readout, spec in catalog.readouts.items()
    }


def fold(state: str, readout: str, one: str, other: str) -> tuple[float, float, float]:
    """Return the 5th, 50th and 95th percentile of the paired ratio of two rows."""
    values = draws(state)[readout]
    low, middle, high = np.nanpercentile(values[one] / values[other], (5, 50, 95))
    return float(low), float(middle), float(high)


def shown(values: tuple[float, float, float]) -> str:
    """Return a fold change as ``0.98 (0.95–1.01)``."""
    low, middle, high = values
    return f"{middle:.2f} ({low:.2f}–{high:.2f})"


def published() -> list[str]:
    """Return the comparison of contrasts that somebody has measured."""
    labels = {row["id"]: f"{row['gene']} {row['label']}" for row in rows(DATA / "variants.tsv")}
    lines = [
        "## What has been measured, and what the model gives",
        "",
        "| variant against | state | readout | published | ours | source | note |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows(DATA / "variants_published.tsv"):
        theirs = row["fold"] + (f" ({row['low']}–{row['high']})" if row["low"] else "")
        ours = shown(fold(row["state"], row["readout"], row["variant"], row["against"]))
        lines.append(
            f"| {labels[row['variant']]} against {labels[row['against']]} | {row['state']} | {row['readout']} | {theirs} | {ours} | "
            f"{row['source']}, {row['locator']} | {row['note']} |"
        )
    return lines


def moved(row: dict[str, str]) -> tuple[list[tuple[str, str, str]], list[str]]:
    """Return (states, readout, fold) of what the variant moves, equal states joined, and the readouts it leaves alone."""
    found: list[tuple[str, str, str]] = []
    still: list[str] = []
    for readout in load_catalog().readouts:
        folds = {state: fold(state, readout, row["id"], MEAN) for state in STATES}
        if all(abs(f - 1) < UNMOVED for values in folds.values() for f in values):
            still.append(readout)
            continue
        texts = {state: shown(values) for state, values in folds.items()}
        for text in dict.fromkeys(texts.values()):
            found.append((", ".join(s for s in STATES if texts[s] == text), readout, text))
    return found, still


def page() -> str:
    """Return the page as Markdown."""
    catalog = load_catalog()
    table = rows(DATA / "variants.tsv")
    known: dict[tuple[str, str], list[str]] = {}
    for row in rows(DATA / "variants_published.tsv"):
        known.setdefault((row["variant"], row["readout"]), []).append(f"{row['state']}: {row['fold']} ({row['source']})")
    lines = [
        "# What single variants do in the model",
        "",
        f"Generated by `python -m derive.variants` from `derive/data/variants.tsv`: {DRAWS} bodies a state, seed {SEED}. A fold is that genotype",
        "against the mean genotype of the reference population in the same body, everything else held: median and 90 % interval, which hold the",
        "size of the effect, the share of the enzyme and the body. Production is held (open loop). Nothing here was fitted to the published column.",
        "",
        *published(),
        "",
        "Where the signs differ, no clearance of a body with held production can give the published direction: a slower path cannot lower its own",
        "substrate. Chance (one study each), phase of the cycle, assay and feedback are left; this version can tell none of them apart.",
        "",
        "## Every variant",
        "",
        f"Readouts whose fold lies within {UNMOVED:.1%} of 1 at all three percentiles and in every state stand in one line. What the literature",
        "says: the published contrast where there is one, else the grade of the claim on the body.",
    ]
    heading = ""
    for row in table:
        claim = catalog.claims[row["claim"]]
        if heading != row["gene"]:
            heading = row["gene"]
            lines += ["", f"### {heading}", ""]
            for other in dict.fromkeys(r["claim"] for r in table if r["gene"] == heading):
                body = catalog.claims[other].body
                cited = sorted({finding.source for finding in (*body.supports, *body.contradicts)})
                lines.append(f"- Body, *{body.grade}* (`{other}`): {body.text}{' Sources: ' + ', '.join(cited) + '.' if cited else ''}")
            lines += ["", "| variant | state | readout | fold (90 %) | literature |", "|---|---|---|---|---|"]
        found, still = moved(row)
        for state, readout, text in found:
            literature = "; ".join(known.get((row["id"], readout), [])) or f"no number; {claim.body.grade}"
            lines.append(f"| {row['label']} | {state} | {readout} | {text} | {literature} |")
        if still:
            lines.append(f"| {row['label']} | all | {', '.join(still)} | unmoved | {claim.body.grade} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write or check the page."""
    text = page()
    if "--check" in sys.argv:
        same = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text
        sys.stdout.write(f"variants: {'unchanged' if same else 'differs; run python -m derive.variants'}\n")
        return 0 if same else 1
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
