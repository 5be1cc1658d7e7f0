"""What a file about a gene or an enzyme may say: sites, named alleles, what they do, and which reactions it carries."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from estrogenome.catalog.schema import Build, Entry, Quantity


class Spelling(Entry):
    """How a build's VCF spells one allele: REF>ALT at ``position``. The reference allele has no spelling."""

    ref: str
    alt: str


class Placement(Entry):
    """A site on one build (1-based VCF position, plus strand)."""

    position: int
    reference: str
    """Catalog name of the allele that this build's reference sequence holds."""
    spellings: dict[str, Spelling] = Field(default_factory=dict)
    """Catalog allele name → spelling, for alleles that are not one base; single bases need none."""
    context: str = ""
    """Reference bases from ``position`` to behind a repeat: by them an allele is known wherever in the repeat a record puts it."""


class Site(Entry):
    """A variable position. Alleles are named as plus-strand bases, or in human names where they are no single base."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    alleles: tuple[str, ...]
    placements: dict[Build, Placement]
    defining: bool
    """True if star alleles or haplotype names depend on it; False for a tag, used for inference only."""
    source: str
    locator: str
    note: str = ""


class NamedAllele(Entry):
    """A star allele or named haplotype: the allele it carries at its defining sites; others are as in the default."""

    name: str
    carries: dict[str, str] = Field(default_factory=dict)
    sub_allele: bool = False
    """True for an older name of what is now a form of the default: written where it stands alone, left out beside another name."""
    description: str = ""
    source: str | None = None
    """Who defined the name."""
    locator: str = ""
    frequencies: dict[str, Quantity] = Field(default_factory=dict)
    """Population → frequency as published; used only where the panel does not cover the gene. The default takes the rest."""


class Effect(Entry):
    """What carrying an allele does to one copy's activity, as a multiple of the default copy's.

    Acts on every haplotype with ``allele`` at ``site``. Several effects on one copy multiply.
    """

    id: str
    site: str
    allele: str
    reactions: tuple[str, ...] = ()
    """Reactions of ``catalyses`` it applies to; empty: all of them."""
    tissues: tuple[str, ...] = ()
    multiple: Quantity
    contradicted_by: tuple[str, ...] = ()
    """Sources that disagree; their disagreement is part of the spread."""


class Catalysis(Entry):
    """The share of one model reaction in one tissue that this enzyme carries in the reference population."""

    reaction: str
    tissue: str
    share: Quantity


class Unseen(Entry):
    """Variation of the gene that a genotype file does not show; widens the activity (log-sd)."""

    id: str
    name: str
    log_sd: Quantity


class CopyShare(Entry):
    """The share of the reference population that has this many copies of the gene in all."""

    copies: Annotated[int, Field(ge=0)]
    share: Quantity


class CopyNumber(Entry):
    """That whole copies of a gene are missing or doubled. Activity is proportional to the number of copies."""

    shares: tuple[CopyShare, ...]
    """Every number of copies that occurs; what is not known of a person is drawn from these."""
    spans: dict[Build, tuple[int, int]]
    """First and last position of the gene itself, which a record must cover."""
    cover: Quantity
    """Share of the span that a record must cover to count as the whole gene."""
    missing: str
    """Name of a chromosome copy without the gene."""


class Gene(Entry):
    """Everything about one gene; the file alone is enough to call, simulate and report it."""

    id: str
    name: str
    protein: str
    chromosome: str
    strand: Literal["+", "-"]
    regions: dict[Build, tuple[int, int]]
    nomenclature: Literal["star", "haplotype"]
    summary: str
    """One plain sentence: what this enzyme does to estrogens."""
    sites: tuple[Site, ...]
    default: str
    """Name of the haplotype with the default allele at each defining site."""
    default_alleles: dict[str, str]
    """Site → allele of the default haplotype, for every site of the file."""
    alleles: tuple[NamedAllele, ...]
    catalyses: tuple[Catalysis, ...] = ()
    effects: tuple[Effect, ...] = ()
    unseen: tuple[Unseen, ...] = ()
    copies: CopyNumber | None = None
    uniprot: str = ""
    limits: tuple[str, ...] = ()
    """What a genotype file cannot show of this gene, in plain words."""


class Enzyme(Entry):
    """An enzyme or carrier without a variant worth calling: it takes its shares, so that they add up, and exposures act on it."""

    id: str
    name: str
    protein: str
    summary: str
    """One plain sentence: what it does to estrogens."""
    uniprot: str = ""
    catalyses: tuple[Catalysis, ...]
    unseen: tuple[Unseen, ...] = ()
    """How its activity differs between people; empty where that is part of the variance between people that nothing explains."""
