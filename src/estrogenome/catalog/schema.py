"""What a knowledge file may say. One class per kind of file; every number is a ``Quantity``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from estrogenome.core.uncertainty import Distribution, State


class Entry(BaseModel):
    """Base of all entries: frozen, no unknown key accepted."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Build = Literal["GRCh37", "GRCh38"]


class Quantity(Entry):
    """A number as knowledge holds it: value, parsed unit, distribution, source with locator, and state.

    ``spread`` means what ``Distribution`` says for the shape.
    """

    value: float
    unit: str
    distribution: Distribution
    spread: Annotated[float, Field(ge=0)] = 0.0
    state: State
    source: str
    locator: str
    note: str = ""


class Source(Entry):
    """A reference. At least one of ``doi``, ``pmid``, ``url`` (data sets, standards) makes it resolvable."""

    id: str
    citation: str
    year: int
    doi: str = ""
    pmid: str = ""
    url: str = ""
    read: Literal["full text", "abstract", "table", "secondary", "data", "own"]
    """How much of it was read by whoever entered its numbers; ``own``: a definition or assumption of this project."""

    @model_validator(mode="after")
    def _resolvable(self) -> Source:
        if self.read != "own" and not (self.doi or self.pmid or self.url):
            raise ValueError(f"source {self.id} has neither doi, pmid nor url")
        return self


# ---------------------------------------------------------------- genes


class Spelling(Entry):
    """How a build's VCF spells one allele: REF>ALT at ``position``. The reference allele has no spelling."""

    ref: str
    alt: str


class Placement(Entry):
    """A site on one build (1-based VCF position, plus strand)."""

    position: int
    reference: str
    """Catalog name of the allele that this build's reference sequence holds."""
    spellings: dict[str, Spelling] = {}
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
    carries: dict[str, str] = {}
    sub_allele: bool = False
    """True for an older name of what is now a form of the default: written where it stands alone, left out beside another name."""
    description: str = ""
    source: str | None = None
    """Who defined the name."""
    locator: str = ""
    frequencies: dict[str, Quantity] = {}
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


# ---------------------------------------------------------------- claims, glossary


Grade = Literal["strong", "moderate", "weak", "null", "disputed", "refuted", "none"]


class Finding(Entry):
    """One study's word on a statement."""

    source: str
    locator: str
    finding: str
    n: int | None = None
    design: str = ""


class Statement(Entry):
    """What holds at one level, with what supports and what contradicts it."""

    grade: Grade
    text: str
    supports: tuple[Finding, ...] = ()
    contradicts: tuple[Finding, ...] = ()


class Claim(Entry):
    """A popular claim about a variant and three separate statements: enzyme, body, outcome."""

    id: str
    gene: str
    site: str = ""
    """The site it is about; empty where it is about the number of copies."""
    alleles: tuple[str, ...] = ()
    """Shown to carriers of these alleles first; empty: to everybody."""
    copies: tuple[int, ...] = ()
    """Shown first to people with one of these numbers of copies."""
    claim: str
    enzyme: Statement
    body: Statement
    outcome: Statement


class Term(Entry):
    """A word of the field in plain words."""

    id: str
    term: str
    plain: str
    aliases: tuple[str, ...] = ()


# ---------------------------------------------------------------- model, person, readouts


class Covariate(Entry):
    """Something about a person that numbers depend on: a level, a measure of the body. Its distribution is in ``derived/population.json``.

    One that follows from others has ``powers`` and no distribution of its own: value = scale x product of covariate^power.
    """

    parameter: str
    name: str
    unit: str
    plausible: tuple[float, float]
    """Own values outside are refused."""
    option: str = ""
    """Name under which a person may give it (``--measured "option=value unit"``)."""
    molar_mass: float | None = None
    """In g/mol; lets a person give it in units of mass as well."""
    shown: str = ""
    """Unit in which people know it; ``unit`` by default."""
    powers: dict[str, float] = {}
    scale: Quantity | None = None

    @model_validator(mode="after")
    def _whole(self) -> Covariate:
        if bool(self.powers) != (self.scale is not None):
            raise ValueError(f"covariate {self.parameter}: powers and scale go together; give both or none")
        return self


class HormonalState(Entry):
    """Gonads and current hormones of a person. Numbers for a state are rows ``parameter@state`` of tables and fits."""

    id: str
    name: str
    sexes: tuple[str, ...]
    ages: tuple[float, float]
    gonads: Literal["testes", "ovaries", "none"]
    plain: str
    aliases: tuple[str, ...] = ()
    like: str = ""
    """State whose numbers are used until this one has its own."""
    covariates: tuple[Covariate, ...] = ()


class Observation(Entry):
    """What an assay makes of the true value of one readout: ``gain`` x value + ``blank``, not told below ``limit``."""

    gain: Quantity | None = None
    """A bias factor; its spread is how laboratories that use the assay differ. Absent: 1, with a stated default spread."""
    blank: Quantity | None = None
    """A floor, in the readout's unit or one that becomes it."""
    limit: Quantity | None = None
    """Limit of quantification: a published value at or below it says no more than that."""


class Refusal(Entry):
    """A condition for which no numbers are given, and what is possible instead."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    reason: str
    instead: str


class Assay(Entry):
    """An assay × matrix as laboratories report it."""

    id: str
    name: str
    matrix: str
    family: Literal["ms", "ria", "direct", "free", "tracer", "other"] = "other"
    """Assays of one family err alike: mass spectrometry, immunoassay after separation, direct immunoassay, unbound fractions, label."""
    observes: dict[str, Observation] = {}
    """Readout → how its true value is reported; a readout that is not listed is reported as it is."""
    note: str = ""


class ReadoutSpec(Entry):
    """A number to report: a formula over species, fluxes and quantities of the model (``catalog/formula.py``)."""

    id: str
    name: str
    plain: str
    kind: Literal["level", "ratio"]
    matrix: str
    assay: str
    unit: str
    formula: str
    formula_unit: str
    """Unit that the formula yields; converted to ``unit`` with ``molar_mass`` where mass meets moles."""
    molar_mass: float | None = None
    order: int
    per: str = ""
    """Quantity of the model (g/d) by which the formula divides, such as that of creatinine: a number per day is compared without it."""
    group: str = ""
    """Heading under which reports fold it away; empty: it stands in the open and may be named in the summary."""
    sources: tuple[str, ...] = ()
    axis: bool = False
    """True for what only an axis has: the body alone cannot answer it (``Catalog.axis_readouts``)."""


class TracerSpec(Entry):
    """A number that a labelled dose tells. It is read off the model's answer to a label too small to change anything.

    clearance: dose per day over concentration of the label (L/d) · production: clearance x level (nmol/d) · transfer: share of what
    enters as ``label`` that reaches plasma as ``to`` · conversion: level of the label as ``to`` over that as ``over`` (``label`` itself by
    default) · dose: ``formula`` over fluxes, the share of the dose that takes them.
    """

    id: str
    name: str
    plain: str = ""
    kind: Literal["tracer"] = "tracer"
    matrix: str = "tracer"
    unit: str
    of: Literal["clearance", "production", "transfer", "conversion", "dose"]
    label: str
    """Species of the model into which the label goes."""
    to: str = ""
    over: str = ""
    formula: str = ""
    molar_mass: float | None = None

    @model_validator(mode="after")
    def _whole(self) -> TracerSpec:
        if bool(self.to) != (self.of in {"transfer", "conversion"}) or bool(self.formula) != (self.of == "dose"):
            raise ValueError(f"tracer {self.id}: transfer and conversion take to, dose takes formula, the others neither")
        if self.over and self.of != "conversion":
            raise ValueError(f"tracer {self.id}: over is for a conversion alone")
        return self

    @property
    def formula_unit(self) -> str:
        """The unit that the model yields."""
        return {"clearance": "L/d", "production": "nmol/d"}.get(self.of, "1")


class MapNode(Entry):
    """A station of the pathway map."""

    id: str
    label: str
    name: str = ""
    """What a short label stands for."""
    x: float
    y: float
    kind: Literal["source", "exchange", "hydroxylation", "methylation", "out", "store"]
    species: str = ""
    size: tuple[float, float] | None = None
    """Width and height of a station that holds others or spans rows; None: as its label needs."""


class MapEdge(Entry):
    """An arrow of the pathway map: the sum of ``reactions`` (ids of the model)."""

    id: str
    start: str
    end: str
    reactions: tuple[str, ...]
    path: Literal["main", "store", "two", "four", "sixteen"]
    activities: tuple[tuple[str, str], ...] = ()
    """(reaction, tissue) factors of genes that scale this arrow."""
    bend: float = 0.0
    """Shift of the start across the arrow's direction."""
    tag: tuple[float, float] | None = None
    """Where notes about its enzymes begin; None: they stand in the table alone."""


class PathwayMap(Entry):
    """The whole map; positions are data."""

    width: float
    height: float
    nodes: tuple[MapNode, ...]
    edges: tuple[MapEdge, ...]


class Tubes(Entry):
    """The parallel-tube form of a compartment (``models/tubes.yaml``)."""

    compartment: str
    segments: Annotated[int, Field(ge=1)]
    flows: tuple[str, ...]
    """Reactions by which blood carries a species through it."""


class Parameter(Entry):
    """A row of ``parameters/*.tsv``."""

    id: str
    meaning: str
    quantity: Quantity
