"""Where the two builds of the same people differ, in genotypes and in calls: ``docs/reference/builds.md``.

python -m derive.builds            write
python -m derive.builds --check    compare; a call that differs although the genotypes agree is a failure either way
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from derive.kept import kept
from derive.panel import DOCS, panel, results
from estrogenome.catalog.load import load_catalog
from estrogenome.core.genotype_records import CallStatus, SiteState
from estrogenome.diplotypes import call_diplotypes
from estrogenome.validate.markdown import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estrogenome.catalog.load import Catalog, HaplotypeTable
    from estrogenome.catalog.schema import Build
    from estrogenome.core.genotype_records import GeneDiplotypes, Genotypes, SiteObservation

OLD: Build = "GRCh37"
NEW: Build = "GRCh38"
SITE_CLASSES = ("same", "fits", "one build alone", "different")
CALL_CLASSES = ("genotypes agree", "phase differs", "not assayed on GRCh37", "GRCh37 leaves the site open", "genotypes differ")
SURE = {CallStatus.CALLED, CallStatus.INFERRED}
BOTH = 0.01


@dataclass(frozen=True)
class Difference:
    """A person whose call differs between the builds."""

    sample: str
    gene: str
    reason: str
    sites: tuple[str, ...]
    old: GeneDiplotypes
    new: GeneDiplotypes

    @property
    def confident(self) -> bool:
        """Both builds are sure of what they say."""
        return {self.old.status, self.new.status} <= SURE


def main() -> int:
    """Write or compare the page; fail where a call differs although the genotypes agree."""
    catalog = load_catalog()
    found = differences(catalog)
    broken = [d for d in found if d.reason == CALL_CLASSES[0]]
    for d in broken:
        print(f"builds: {d.sample} {d.gene}: calls differ although the genotypes agree")
    return kept("builds", {DOCS / "builds.md": "\n".join([*page(catalog, found), ""])}) + len(broken)


def unordered(seen: SiteObservation) -> set[tuple[str, ...]]:
    """Return the allele pairs that an observation leaves open, without their order."""
    return {tuple(sorted(pair)) for pair in seen.compatible}


def site_class(old: SiteObservation, new: SiteObservation) -> str:
    """Return how the genotypes of one site stand to each other; *fits*: one build leaves more open, the other's among it."""
    states = {old.state, new.state}
    if states == {SiteState.NOT_ASSAYED} or unordered(old) == unordered(new):
        return "same"
    if SiteState.NOT_ASSAYED in states:
        return "one build alone"
    return "fits" if unordered(old) & unordered(new) else "different"


def differences(catalog: Catalog) -> list[Difference]:
    """Return every person and gene whose most probable diplotype differs."""
    old, new = panel(f"panel_{OLD}"), panel(f"panel_{NEW}")
    calls = [call_diplotypes(genotypes, catalog) for genotypes in (old, new)]
    found = []
    for name, gene in catalog.genes.items():
        sites = [site.id for site in gene.sites]
        pairs = zip(old.samples, *(results(c, name) for c in calls), strict=True)
        for row, (sample, one, other) in enumerate(pairs):
            if one.by_name()[0][0] == other.by_name()[0][0]:
                continue
            seen = [(s, _seen(old, row, s), _seen(new, row, s)) for s in sites]
            differing = {s for s, a, b in zip(sites, _pairs(one), _pairs(other), strict=True) if a != b}
            reason, which = why([entry for entry in seen if entry[0] in differing] or seen)
            found.append(Difference(sample, name, reason, which, one, other))
    return found


def _seen(genotypes: Genotypes, row: int, site: str) -> SiteObservation:
    return genotypes.observations[int(genotypes.index[row, genotypes.sites.index(site)])]


def _pairs(result: GeneDiplotypes) -> list[tuple[str, ...]]:
    """Return the alleles of the most probable diplotype site by site, without their order."""
    return [tuple(sorted(pair)) for pair in zip(*(h.alleles for h in result.options[0].haplotypes), strict=True)]


def why(seen: Sequence[tuple[str, SiteObservation, SiteObservation]]) -> tuple[str, tuple[str, ...]]:
    """Return why two calls differ, the strongest reason first, and the sites it lies in; ``seen``: those whose called alleles differ."""
    kinds = {site: site_class(old, new) for site, old, new in seen}
    for kind, reason in (("different", CALL_CLASSES[4]), ("fits", CALL_CLASSES[3]), ("one build alone", CALL_CLASSES[2])):
        which = tuple(site for site, found in kinds.items() if found == kind)
        if which:
            return reason, which
    turned = tuple(site for site, old, new in seen if old.compatible != new.compatible)
    return (CALL_CLASSES[1], turned) if turned else (CALL_CLASSES[0], ())


def page(catalog: Catalog, found: list[Difference]) -> list[str]:
    """Return the page."""
    return [
        "# The two builds",
        "",
        "Generated by `python -m derive.builds`: the same 2,504 people on GRCh37 (1000 Genomes phase 3, low coverage, 2015) and on GRCh38 (30x",
        "resequencing, 2022). The panels are two separate experiments and differ here and there; our calls may differ there and nowhere else.",
        "",
        "## Genotypes",
        "",
        "Sites at which not everybody is the same. *fits*: one panel leaves more open (a 0 at a record of one allele of a repeat), and the",
        "other's genotype is among it.",
        "",
        *table(("gene", "site", *SITE_CLASSES), _sites(catalog)),
        "",
        "## Calls",
        "",
        "People whose most probable diplotype differs, by the reason. *of them confident*: both answers are `called` or `inferred`.",
        "The first column must be 0 throughout, and the script fails otherwise. *Phase differs*: equal genotypes, put on the copies in another",
        "order by the panels. *Not assayed on GRCh37*: phase 3 has no record of the site, and the answer there is inferred or partial.",
        "",
        *table(("gene", *CALL_CLASSES, "all", "of them confident"), _calls(catalog, found)),
        "",
        "## Repeat and tag in contradiction",
        "",
        *_contradictions(catalog),
        "",
        "## Every confident difference",
        "",
        *table(("gene", "GRCh37", "GRCh38", "why", "sites", "people"), _listed(found)),
    ]


def _sites(catalog: Catalog) -> list[list[object]]:
    old, new = panel(f"panel_{OLD}"), panel(f"panel_{NEW}")
    out: list[list[object]] = []
    for name, gene in catalog.genes.items():
        for site in gene.sites:
            column = old.sites.index(site.id)
            pairs = Counter(zip(old.index[:, column].tolist(), new.index[:, column].tolist(), strict=True))
            counts: Counter[str] = Counter()
            for (a, b), people in pairs.items():
                counts[site_class(old.observations[a], new.observations[b])] += people
            if counts["same"] < len(old.samples):
                out.append([name, site.id, *(counts[kind] for kind in SITE_CLASSES)])
    return out


def _calls(catalog: Catalog, found: list[Difference]) -> list[list[object]]:
    out: list[list[object]] = []
    for gene in catalog.genes:
        own = [d for d in found if d.gene == gene]
        count = Counter(d.reason for d in own)
        out.append([gene, *(count[c] for c in CALL_CLASSES), len(own), sum(d.confident for d in own)])
    return out


def _contradictions(catalog: Catalog) -> list[str]:
    """Say how the calls treat people whose spelled site contradicts the tag beside it, by the panel's linkage."""
    old = panel(f"panel_{OLD}")
    calls = call_diplotypes(old, catalog)
    lines = []
    for name, gene in catalog.genes.items():
        spelled = [s for s in gene.sites if s.placements[OLD].spellings and s.defining]
        tags = [s for s in gene.sites if not s.defining]
        haplotypes = catalog.haplotypes.get(name)
        if haplotypes is None or haplotypes.stated:
            continue
        for site, tag in ((site, tag) for site in spelled for tag in tags if "tag" in tag.note.lower()):
            usual = linked(haplotypes, site.id, tag.id)
            columns = [old.sites.index(s.id) for s in (site, tag)]
            options = []
            for row, result in enumerate(results(calls, name)):
                seen, tagged = (old.observations[int(old.index[row, c])] for c in columns)
                if not seen.compatible or len(tagged.compatible) != 1:
                    continue
                expected = tuple(sorted(usual[allele] for allele in tagged.compatible[0]))
                if expected not in unordered(seen):
                    options.append(result)
            both = sum(len([p for _, p in r.by_name() if p >= BOTH]) > 1 for r in options)
            sure = sum(r.status in SURE for r in options)
            lines += [
                f"{name}: in {len(options)} people on {OLD} the record of {site.id} does not fit what {tag.id} mostly travels with. Both readings stay,",
                f"weighted: in {both} of them more than one diplotype keeps at least {BOTH:.0%}; {sure} are called with confidence (below).",
                "",
                *table(("diplotypes and weights", "status", "people"), _weights(options)),
            ]
    return lines


def linked(haplotypes: HaplotypeTable, site: str, tag: str) -> dict[str, str]:
    """Return for each allele of the tag the most frequent allele of the site on its copies."""
    counts: dict[str, Counter[str]] = {}
    place, other = haplotypes.sites.index(site), haplotypes.sites.index(tag)
    for i, haplotype in enumerate(haplotypes.haplotypes):
        counts.setdefault(haplotype[other], Counter())[haplotype[place]] += sum(c[i] for c in haplotypes.counts.values())
    return {allele: max(sorted(count), key=lambda a: count[a]) for allele, count in counts.items()}


def _weights(options: list[GeneDiplotypes]) -> list[list[object]]:
    people = Counter((", ".join(f"{n} {p:.2f}" for n, p in r.by_name() if p >= BOTH), r.status.value) for r in options)
    return [[*key, n] for key, n in sorted(people.items(), key=lambda item: (-item[1], item[0]))]


def _listed(found: list[Difference]) -> list[list[object]]:
    people = Counter((d.gene, d.old.by_name()[0][0], d.new.by_name()[0][0], d.reason, ", ".join(d.sites)) for d in found if d.confident)
    return [[*key, n] for key, n in sorted(people.items())]


if __name__ == "__main__":
    sys.exit(main())
