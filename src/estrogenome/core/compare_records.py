"""Scenarios over time, side by side: what was given, what came of it, how two scenarios differ in the same bodies.

Levels are summarised over ``window`` (days), the same for every scenario: the end of the horizon, long enough for every regimen's interval.
Intervals are quantiles over draws; a draw is one body under one axis.
"""

from __future__ import annotations

from pydantic import Field

from estrogenome.core.records import Person, Provenance, Record
from estrogenome.core.report_records import Definition, GenomeFacts, GradedStatement, Reference, Sentence
from estrogenome.core.uncertainty import State


class Spread(Record):
    """Median and central intervals over draws."""

    median: float
    interval50: tuple[float, float]
    interval90: tuple[float, float]


class Given(Record):
    """One dose, or one stretch of something worn (``until``), in the unit of its label."""

    day: float
    until: float | None = None
    therapy: str
    name: str
    text: str
    """The amount with its unit, such as ``100 mg``."""


class Band(Record):
    """A course over ``days``: quantiles over draws at each time."""

    days: tuple[float, ...]
    median: tuple[float, ...]
    low90: tuple[float, ...]
    high90: tuple[float, ...]
    low50: tuple[float, ...]
    high50: tuple[float, ...]
    unit: str
    cores: dict[str, tuple[float, ...]] = Field(default_factory=dict)
    """Axis → one simulated body's course, where several axes fit the state and their spread is part of the band."""


class BeyondLevel(Record):
    """Time on one side of a level that a statement is about."""

    statement: str
    """Identifier of the statement."""
    side: str
    level: float
    share_of_time: Spread
    probability: float
    """Share of draws whose mean over the window lies beyond."""


class CourseReadout(Record):
    """One number of a scenario as its assay would report it: mean over the window, and what else its course tells.

    ``trough`` and ``peak`` are the lowest and the highest value in the window, ``area`` the mean times the length of the window,
    ``days_to_steady`` the first day from which the running mean stays near its last value (NaN-free draws only; None where none settles).
    """

    id: str
    name: str
    matrix: str
    assay: str
    unit: str
    window: tuple[float, float]
    median: float
    interval50: tuple[float, float]
    interval90: tuple[float, float]
    peak: Spread
    trough: Spread
    area: Spread
    area_unit: str
    days_to_steady: Spread | None = None
    beyond: tuple[BeyondLevel, ...] = ()
    by_axis: dict[str, float] = Field(default_factory=dict)
    """Axis → median of the mean under that axis alone."""
    undetermined: str = ""
    """Why the data cannot tell this number; empty where they can."""
    failed_draws: int = 0
    worst_state: State
    sources: tuple[str, ...] = ()


class OpenLoop(Record):
    """The same scenario with the gonads' drive held as it was at rest."""

    readouts: tuple[CourseReadout, ...]
    courses: dict[str, Band]


class ScenarioCourse(Record):
    """One scenario: its regimens, every dose, its readouts and courses (by readout)."""

    name: str
    regimens: tuple[str, ...]
    """As typed, one each."""
    words: tuple[str, ...]
    """The same in words."""
    given: tuple[Given, ...]
    readouts: tuple[CourseReadout, ...]
    courses: dict[str, Band]
    open_loop: OpenLoop | None = None
    cycle_length: Spread | None = None
    """Days between peaks; None for an axis without a cycle, or where too few draws have a rhythm."""
    cycling: dict[str, float] = Field(default_factory=dict)
    """Axis with a cycle → share of draws that have two peaks or more within the course."""


class Difference(Record):
    """Scenario ``a`` over scenario ``b``, draw by draw: the mean over the window of one readout."""

    a: str
    b: str
    id: str
    ratio_median: float
    ratio_interval90: tuple[float, float]
    probability_a_above_b: float
    undetermined: str = ""


class LoopEffect(Record):
    """This person's genotype against a random one in the same bodies: with production held, and with the axis answering."""

    scenario: str
    id: str
    name: str
    open: Spread | None = None
    closed: Spread | None = None
    buffered: Spread | None = None
    """1 − log(closed) / log(open), over draws in which the open effect is not nil; None where too few are."""


class Reason(Record):
    """Why one enzyme moves a level less than its activity: each number is a fold at the median draw, put in one after the other.

    ``activity`` of the enzyme · ``only_way`` what it would do were it the only way in or out · ``share`` of its reactions put in ·
    ``fraction`` of the hormone's removal (or source) put in · ``flow`` of blood, return and neighbours put in: the body with production
    held · ``feedback`` put in: the axis answers. ``fm`` is the fraction of the removal (or source) that runs through the enzyme's
    reactions. ``seen`` is the smallest rise that a study with ``people`` in each of two groups would find four times in five.
    """

    gene: str
    id: str
    activity: float
    only_way: float
    share: float
    fraction: float
    flow: float
    feedback: float | None = None
    fm: float
    seen: float
    people: int


class Compared(Record):
    """The numbers of a comparison."""

    person: Person
    days: float
    loop: str
    axes: dict[str, str]
    """Axis → its name. Several: each draw was run under each of them, and their spread is model uncertainty."""
    scenarios: dict[str, ScenarioCourse]
    differences: tuple[Difference, ...]
    loops: tuple[LoopEffect, ...] = ()
    reasons: tuple[Reason, ...] = ()
    provenance: Provenance


class Consequence(Record):
    """A graded statement about a scenario: what is often said, and what holds at the three levels."""

    id: str
    name: str
    claim: str
    scenarios: tuple[str, ...]
    """Scenarios it is about."""
    numbers: tuple[str, ...] = ()
    """What the simulation says of the level it speaks of, a sentence a scenario."""
    levels: tuple[GradedStatement, ...]


class Comparison(Compared):
    """Everything the page of a comparison says."""

    state_name: str
    genome: GenomeFacts
    given: tuple[str, ...] = ()
    """The person's own values and exposures, in words."""
    summary: tuple[Sentence, ...]
    clinical: tuple[Sentence, ...]
    consequences: tuple[Consequence, ...]
    limits: tuple[str, ...]
    methods: tuple[str, ...]
    command: str
    references: tuple[Reference, ...]
    glossary: tuple[Definition, ...]
