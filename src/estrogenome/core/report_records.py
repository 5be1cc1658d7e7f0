"""The report as a record: everything the page shows, so that a renderer only lays it out.

Text in these records is plain text for a person; whatever came from the user's file has lost control
characters and is shortened. Nothing in here is markup.
"""

from __future__ import annotations

from estrogenome.core.genotype_records import CallStatus, SiteState
from estrogenome.core.readout_records import Readout
from estrogenome.core.records import Person, Provenance, Record
from estrogenome.core.uncertainty import State


class Reference(Record):
    """One numbered reference of this report."""

    number: int
    id: str
    citation: str
    year: int
    doi: str = ""
    pmid: str = ""
    url: str = ""
    read: str


class Definition(Record):
    """A word of the field that this report uses."""

    id: str
    term: str
    plain: str


# ---------------------------------------------------------------- evidence


class Evidence(Record):
    """What one study found, and where."""

    text: str
    reference: int
    year: int
    locator: str
    n: int | None = None
    design: str = ""


class GradedStatement(Record):
    """What holds at one level (enzyme, body, outcome), with what supports and what contradicts it."""

    level: str
    grade: str
    text: str
    supports: tuple[Evidence, ...] = ()
    contradicts: tuple[Evidence, ...] = ()


class ReportedClaim(Record):
    """A popular claim and the three separate statements.

    ``carried`` is None where the file leaves open whether this person carries the alleles it is about.
    """

    id: str
    site: str
    claim: str
    alleles: tuple[str, ...]
    carried: bool | None
    enzyme: GradedStatement
    body: GradedStatement
    outcome: GradedStatement


class Sentence(Record):
    """One sentence of the summary with its evidence: graded statements or, for a simulated number, its state."""

    text: str
    evidence: tuple[GradedStatement, ...] = ()
    state: State | None = None
    references: tuple[int, ...] = ()


# ---------------------------------------------------------------- genome


class GenomeFacts(Record):
    """What the file showed; ``statements`` are the user's words about it."""

    sample: str
    build: str
    observed: int
    inferred: int
    not_assayed: int
    statements: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class NamedProbability(Record):
    """A diplotype, or a pair of alleles in words, with its probability."""

    name: str
    probability: float


class ReportedSite(Record):
    """What was seen at one site, in plain words; ``inferred`` is what linkage says where it was not read."""

    id: str
    name: str
    state: SiteState
    alleles: str
    origin: str = ""
    flags: tuple[str, ...] = ()
    inferred: tuple[NamedProbability, ...] = ()


class ReportedActivity(Record):
    """Relative activity (1 = mean of the reference population) of one reaction in one tissue."""

    reaction: str
    tissue: str
    label: str
    median: float
    interval90: tuple[float, float]
    unusual: bool
    worst_state: State
    references: tuple[int, ...] = ()


class ReportedGene(Record):
    """One gene: what was seen, what follows for the enzyme, what is known of it."""

    id: str
    name: str
    protein: str
    summary: str
    status: CallStatus
    status_text: str
    differs: bool
    """True if the diplotype differs from the most frequent one or an activity's 90 % interval excludes 1."""
    rarer_diplotype: bool
    diplotypes: tuple[NamedProbability, ...]
    usual_probability: float | None
    """Frequency of the most frequent diplotype in the reference population."""
    sites: tuple[ReportedSite, ...]
    copies: str = ""
    """How many copies of the gene there are, in words; empty where everybody has two."""
    copies_known: SiteState | None = None
    activities: tuple[ReportedActivity, ...]
    claims: tuple[ReportedClaim, ...]
    unseen: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()


# ---------------------------------------------------------------- numbers


class ReportedReadout(Readout):
    """A readout as the page shows it: the assay in words, what it means, what stands beside it."""

    kind: str
    plain: str
    group: str = ""
    """Heading under which it stands folded away; empty: in the open."""
    variance_shares: dict[str, float]
    """Origin of uncertainty → share of the variance of the logarithm; empty where it was not asked."""
    own_value: float | None = None
    share_note: str = ""
    notes: tuple[str, ...] = ()
    references: tuple[int, ...] = ()


class MapTag(Record):
    """A note at an arrow: this enzyme differs in this person, or was not assayed."""

    gene: str
    name: str
    assayed: bool
    median: float | None = None
    interval90: tuple[float, float] | None = None


class ReportedNode(Record):
    """A station of the map at its place."""

    id: str
    label: str
    name: str = ""
    """What a short label stands for."""
    kind: str
    x: float
    y: float
    size: tuple[float, float] | None = None
    value: str = ""


class ReportedEdge(Record):
    """An arrow of the map: flux in nmol/day (5th, 50th, 95th percentile)."""

    id: str
    start: str
    end: str
    path: str
    bend: float
    label: str
    flux: tuple[float, float, float]
    hatched: bool
    tags: tuple[MapTag, ...] = ()
    tag_at: tuple[float, float] | None = None


class ReportedMap(Record):
    """This person's pathway map."""

    width: float
    height: float
    unit: str
    nodes: tuple[ReportedNode, ...]
    edges: tuple[ReportedEdge, ...]


class Gap(Record):
    """Something that could not be seen, and what would show it."""

    text: str
    mend: str


class ClinicalPage(Record):
    """What the clinician's page says, in the third person; rows are named by identifier and stand in ``Report``."""

    summary: tuple[Sentence, ...]
    readouts: tuple[str, ...]
    """Rows of the table of levels: what is unusual or moved by genotype first, then the order of the catalog."""
    left_out: int
    """Readouts that are not in it."""
    genes: tuple[str, ...]
    """Rows of the table of enzymes: those that differ, then those of which a popular claim is about a carried allele."""
    dark: tuple[str, ...]
    """Genes that could not be read at all."""
    narrows_most: str


class Methods(Record):
    """How the numbers were made, in methods prose, and the command that makes them again."""

    paragraphs: tuple[str, ...]
    command: str


class Report(Record):
    """Everything one person's report says."""

    person: Person
    state_name: str
    state_plain: str
    genome: GenomeFacts
    given: tuple[str, ...] = ()
    """The person's own laboratory values that went into the simulation, with their units."""
    summary: tuple[Sentence, ...]
    clinical: ClinicalPage
    methods: Methods
    map: ReportedMap
    genes: tuple[ReportedGene, ...]
    readouts: tuple[ReportedReadout, ...]
    unseen: tuple[Gap, ...]
    narrows_most: str
    questions: tuple[str, ...]
    references: tuple[Reference, ...]
    glossary: tuple[Definition, ...]
    provenance: Provenance
