"""Rules on genes, their panel and their claims. Each yields (where, what is wrong and how to mend it)."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estrogenome.catalog.genes import Gene
    from estrogenome.catalog.load import Catalog

_SLACK = 1e-9


def _alleles(gene: Gene) -> dict[str, tuple[str, ...]]:
    return {site.id: site.alleles for site in gene.sites}


def alleles_carry_alleles_of_their_sites(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A named allele that carries something its site does not have, or depends on a tag."""
    for gene in catalog.genes.values():
        known = _alleles(gene)
        tags = {site.id for site in gene.sites if not site.defining}
        for allele in gene.alleles:
            for site, value in allele.carries.items():
                if value not in known.get(site, ()):
                    yield f"genes/{gene.id}", f"{allele.name} carries {value} at {site}, which the sites do not list"
                elif site in tags:
                    yield f"genes/{gene.id}", f"{allele.name} depends on {site}, which is a tag; set defining: true or leave it out"
        if gene.default not in {allele.name for allele in gene.alleles}:
            yield f"genes/{gene.id}", f"default {gene.default} is not among the alleles"


def named_alleles_say_who_named_them(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A star allele or haplotype without the source of its definition and the place in it."""
    for gene in catalog.genes.values():
        for allele in gene.alleles:
            if not (allele.source and allele.locator.strip()):
                yield f"genes/{gene.id}", f"{allele.name} has no source and locator; say who defined it, and where"


def the_default_haplotype_is_complete(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A site without a default allele, or a default allele that its site does not have."""
    for gene in catalog.genes.values():
        known = _alleles(gene)
        for site, alleles in known.items():
            if gene.default_alleles.get(site) not in alleles:
                yield f"genes/{gene.id}", f"default_alleles needs one of {', '.join(alleles)} at {site}"
        for site in gene.default_alleles.keys() - known.keys():
            yield f"genes/{gene.id}", f"default_alleles names {site}, which is no site of the file"


def effects_act_on_alleles_and_reactions_of_their_gene(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """An effect of an unknown allele, or on a reaction or tissue that the gene does not catalyse."""
    for gene in catalog.genes.values():
        known = _alleles(gene)
        reactions = {c.reaction for c in gene.catalyses}
        tissues = {c.tissue for c in gene.catalyses}
        for effect in gene.effects:
            place = f"genes/{gene.id}.effects[{effect.id}]"
            if effect.allele not in known.get(effect.site, ()):
                yield place, f"{effect.allele} at {effect.site} is no allele of the file"
            for name in sorted(set(effect.reactions) - reactions):
                yield place, f"reaction {name} is not among catalyses"
            for name in sorted(set(effect.tissues) - tissues):
                yield place, f"tissue {name} is not among catalyses"


def placements_name_alleles_of_their_site(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A reference or spelling of an allele that the site does not list, or an allele nobody can spell."""
    for gene in catalog.genes.values():
        for site in gene.sites:
            for build, placement in site.placements.items():
                place = f"genes/{gene.id}.sites[{site.id}].{build}"
                if placement.reference not in site.alleles:
                    yield place, f"reference {placement.reference} is no allele of the site"
                if not all((placement.context or s.ref).startswith(s.ref) for s in placement.spellings.values()):
                    yield place, "context does not begin with the reference bases of every spelling"
                for name in sorted(placement.spellings.keys() - set(site.alleles)):
                    yield place, f"spelling of {name}, which is no allele of the site"


def positions_lie_in_the_region_of_their_gene(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A site outside the region of its gene on that build."""
    for gene in catalog.genes.values():
        for site in gene.sites:
            for build, placement in site.placements.items():
                low, high = gene.regions.get(build, (0, -1))
                if not low <= placement.position <= high:
                    yield f"genes/{gene.id}.sites[{site.id}]", f"position {placement.position} lies outside the gene's region on {build}"


def site_names_are_unique(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A site that two files hold."""
    counts = Counter(site.id for gene in catalog.genes.values() for site in gene.sites)
    for gene in catalog.genes.values():
        for site in gene.sites:
            if counts[site.id] > 1:
                yield f"genes/{gene.id}", f"site {site.id} stands {counts[site.id]} times; keep one"


def shares_sum_to_at_most_one(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Enzymes that together carry more than all of a reaction in a tissue."""
    total: dict[tuple[str, str], float] = defaultdict(float)
    for enzyme in catalog.catalysts.values():
        for catalysis in enzyme.catalyses:
            total[catalysis.reaction, catalysis.tissue] += catalysis.share.value
            if catalysis.share.unit != "1":
                yield f"genes/{enzyme.id}" if enzyme.id in catalog.genes else f"enzymes/{enzyme.id}", "a share must have unit 1"
    for (reaction, tissue), share in total.items():
        if share > 1 + _SLACK:
            yield f"genes ({reaction}, {tissue})", f"shares sum to {share:.3g}; lower them to at most 1"


def shares_of_copies_sum_to_one(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Numbers of copies whose shares are not a whole, or a span outside the region of the gene."""
    for gene in catalog.genes.values():
        if gene.copies is None:
            continue
        counts = [entry.copies for entry in gene.copies.shares]
        total = sum(entry.share.value for entry in gene.copies.shares)
        if len(set(counts)) < len(counts) or abs(total - 1) > _SLACK or not any(counts):
            yield f"genes/{gene.id}.copies", f"shares sum to {total:.4g} over {counts}; give each number once, with shares that sum to 1"
        for build, (first, last) in gene.copies.spans.items():
            low, high = gene.regions.get(build, (0, -1))
            if not low <= first < last <= high:
                yield f"genes/{gene.id}.copies", f"the span on {build} does not lie in the gene's region"


def stated_frequencies_leave_room_for_the_default(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Published frequencies that exceed the whole, or that name other populations for other alleles."""
    for gene in catalog.genes.values():
        total: dict[str, float] = defaultdict(float)
        others = [named for named in gene.alleles if named.name != gene.default]
        for named in others:
            for population, frequency in named.frequencies.items():
                total[population] += frequency.value
        if any(set(named.frequencies) != set(total) for named in others):
            yield f"genes/{gene.id}", "frequencies must name the same populations for every allele but the default, or none at all"
        for population, whole in total.items():
            if whole > 1 + _SLACK:
                yield f"genes/{gene.id}", f"frequencies in {population} sum to {whole:.3g}; lower them to at most 1"


def the_panel_knows_the_sites_it_counts(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Haplotype counts over sites or alleles that the gene file does not hold."""
    for name, table in catalog.haplotypes.items():
        known = _alleles(catalog.genes[name])
        for column, site in enumerate(table.sites):
            for allele in sorted({row[column] for row in table.haplotypes} - set(known.get(site, ()))):
                yield f"derived/haplotypes/{name}", f"counts {allele} at {site}, which the gene file does not list; run make derive"


def claims_name_a_site_of_their_gene(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A claim about a gene, site or allele that is not in the catalog."""
    for claim in catalog.claims.values():
        gene = catalog.genes.get(claim.gene)
        known = _alleles(gene) if gene else {}
        if gene and gene.copies and claim.copies and not claim.site:
            counts = {entry.copies for entry in gene.copies.shares}
            for count in sorted(set(claim.copies) - counts):
                yield f"claims/{claim.id}", f"{count} copies of {claim.gene} do not occur in its file"
        elif claim.site not in known:
            yield f"claims/{claim.id}", f"site {claim.site} of {claim.gene} is not in the catalog"
        for allele in claim.alleles:
            if claim.site in known and allele not in known[claim.site]:
                yield f"claims/{claim.id}", f"{allele} is no allele of {claim.site}"


def graded_statements_have_findings(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A graded statement that names no study."""
    for claim in catalog.claims.values():
        for level in ("enzyme", "body", "outcome"):
            statement = getattr(claim, level)
            if statement.grade != "none" and not (statement.supports or statement.contradicts):
                yield f"claims/{claim.id}.{level}", f"grade {statement.grade} without a finding; name the study or grade it none"


def genes_still_lack(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """What a gene needs besides its own file to be complete."""
    claimed = {claim.gene for claim in catalog.claims.values()}
    checked = {path.stem for path in (catalog.root / "checks").glob("*")}
    for gene in catalog.genes.values():
        lacking = [
            what
            for what, there in (
                ("claims", gene.id in claimed),
                ("haplotype frequencies", not gene.sites or gene.id in catalog.haplotypes),
                ("effects", bool(gene.effects)),
                ("catalysed reactions", bool(gene.catalyses)),
                ("a second reading", gene.id in checked),
                ("limits", bool(gene.limits)),
            )
            if not there
        ]
        if lacking:
            yield f"genes/{gene.id}", f"still lacks {', '.join(lacking)}"
