"""What a file of ``studies/`` may say: published numbers of one cohort, and what was done to whom."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from estrogenome.catalog.schema import Entry

Side = Literal["calibration", "check"]
Area = Literal["a", "b", "c", "d", "e", "f", "g"]
Use = Literal["score", "prior", "input", "binding", "null", "variant"]
Evidence = Literal["read", "computed", "secondary", "recalled"]
AREAS: dict[str, str] = {
    "a": "clearance, transfer, production",
    "b": "levels",
    "c": "metabolites",
    "d": "therapies and drugs",
    "e": "variants",
    "f": "others",
    "g": "feedback",
}
_STATISTIC = re.compile(r"mean|median|geomean|ratio|percent_change|p[0-9]+(\.[0-9]+)?")
_PERCENTILES = re.compile(r"P([0-9.]+)-P([0-9.]+)")


def _text(value: Any) -> Any:
    """Accept what YAML takes for something else: ``null`` (a use) is None, an id or an allele of digits is a number."""
    if value is None:
        return "null"
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Text = Annotated[str, BeforeValidator(_text)]


class GivenExposure(Entry):
    """One exposure of an arm; ``dose`` with its unit, such as ``2 mg/d``, where the exposure has one."""

    id: str
    dose: str | None = None


class Genotype(Entry):
    """What is known of one gene of everybody in an arm: alleles at sites (both copies), a number of copies, or two named haplotypes."""

    sites: dict[str, tuple[Text, ...]] = Field(default_factory=dict)
    copies: Annotated[int, Field(ge=0)] | None = None
    diplotype: str = ""
    """Such as ``*1/*2``."""

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        """Read ``*1/*2``, ``{copies: 0}`` or ``{site: [A, A]}``."""
        if isinstance(value, str):
            return {"diplotype": value}
        if isinstance(value, dict) and not set(value) & {"sites", "diplotype"}:
            return {"copies": value.get("copies"), "sites": {k: v for k, v in value.items() if k != "copies"}}
        return value


class Arm(Entry):
    """Some people of a study under one condition. With ``base`` everything not said is as in that arm; covariates and genotype add to it.

    ``covariates`` are the arm's own mean levels, with unit (``55 nmol/L``). Said beside exposures they were measured under these;
    inherited from ``base`` they are the levels without, which the exposures then move.
    """

    base: str | None = None
    label: str = ""
    state: str | None = None
    n: Annotated[int, Field(gt=0)] | None = None
    age: Annotated[float, Field(ge=0, le=120)] | None = None
    bmi: Annotated[float, Field(gt=8, lt=120)] | None = None
    weight: Annotated[float, Field(gt=20, lt=400)] | None = None
    covariates: dict[str, str] = Field(default_factory=dict)
    exposures: tuple[GivenExposure, ...] | None = None
    therapies: tuple[str, ...] | None = None
    """Regimens, such as ``name:100mg/7d@14d-84d``: the arm is followed in time. Like ``exposures`` they replace the base's."""
    axis: str | None = None
    """Which axis drives the gonads; the one of the arm's state unless said."""
    genotype: dict[str, Genotype] = Field(default_factory=dict)
    note: str = ""

    @field_validator("covariates", mode="before")
    @classmethod
    def _amounts(cls, value: Any) -> Any:
        bare = [name for name, amount in value.items() if not isinstance(amount, str)] if isinstance(value, dict) else []
        if bare:
            raise ValueError(f"{bare[0]} has no unit; write it as text, such as 55 nmol/L")
        return value


class Spread(Entry):
    """The printed spread of a row, in the row's own unit; two values for an interval.

    ``SD SE`` arithmetic · ``SDln SEln`` of the natural logarithm · ``CV`` in percent · ``IQR CI90 CI95 range`` and ``P10-P90`` (any two
    percentiles) as (low, high). CI belongs to the statistic, all other intervals to people.
    """

    type: str
    value: float | tuple[float, float]

    @model_validator(mode="after")
    def _known(self) -> Spread:
        single = self.type in {"SD", "SE", "SDln", "SEln", "CV"}
        if not single and self.type not in {"IQR", "CI90", "CI95", "range"} and not _PERCENTILES.fullmatch(self.type):
            raise ValueError(f"spread {self.type!r}; use SD, SE, SDln, SEln, CV, IQR, CI90, CI95, range or two percentiles such as P10-P90")
        if isinstance(self.value, tuple) is single:
            raise ValueError(f"spread {self.type} takes {'one number' if single else 'two numbers: [low, high]'}")
        if isinstance(self.value, tuple) and not self.value[0] <= self.value[1]:
            raise ValueError(f"spread {self.type}: the interval must go from low to high")
        if not isinstance(self.value, tuple) and self.value < 0:
            raise ValueError(f"spread {self.type} must not be negative")
        return self

    def percentiles(self) -> tuple[float, float] | None:
        """Return the two percentiles that the interval of people holds, None where it is none."""
        found = _PERCENTILES.fullmatch(self.type)
        if found:
            return float(found[1]), float(found[2])
        return (25.0, 75.0) if self.type == "IQR" else None


Take = Literal["mean", "min", "max", "start", "end", "trough", "peak", "time_of_peak", "half_life", "area"]
TIMES: frozenset[Take] = frozenset({"time_of_peak", "half_life"})
"""Takes that are times (d), not levels."""


NO_LIMIT = "none"


class At(Entry):
    """When a row in time was measured, and what was made of the course between ``days`` (counted from the first regimen's day 0).

    ``start`` and ``end``: the value at that end of the window · ``trough``: just before the last dose in it · ``peak`` as ``max`` ·
    ``time_of_peak``: days from the last dose at or before ``from`` · ``half_life``: of the log-linear fall over the window ·
    ``area``: integral over the window (per day). With ``minus`` the level before the first dose is taken off first.
    """

    days: tuple[Annotated[float, Field(ge=0)], Annotated[float, Field(ge=0)]]
    take: Take = "end"
    minus: Literal["baseline"] | None = None
    against: tuple[Annotated[float, Field(ge=0)], Annotated[float, Field(ge=0)]] | None = None
    """The window of the other arm, where it was measured at another time."""

    @model_validator(mode="after")
    def _ordered(self) -> At:
        if any(first > last for first, last in (self.days, self.against or self.days)):
            raise ValueError("days must go from first to last, such as [70, 84]")
        if self.days[0] == self.days[1] and self.take not in {"start", "end"}:
            raise ValueError(f"take {self.take} needs a window, such as days: [70, 84]")
        return self


class Row(Entry):
    """One published number of an arm, or of two arms compared."""

    id: Text
    area: Area
    use: Annotated[Use, BeforeValidator(_text)] = "score"
    """What it is for: scored; the number of a prior, which is neither scored nor fitted; an input of the model, a binding row, a null
    finding, or the source of a variant's effect, which are not scored."""
    readout: str
    assay: str
    arm: Text
    against: Text | None = Field(default=None)
    """The other arm: the number is arm / against, or arm - against."""
    at: At | None = None
    """When, in a study in time; None where nobody is given anything over time."""
    as_: Literal["ratio", "difference"] = Field(default="ratio", alias="as")
    statistic: str
    value: Annotated[float, Field(allow_inf_nan=False)]
    unit: Text
    below: bool = False
    """True where only an upper bound was published (below a limit)."""
    limit: str | None = None
    """The printed limit of quantification, with unit (``2.5 pg/mL``), in place of the assay's usual one; of both arms if two.

    ``none`` where the study estimated what lies below its limit, from the distribution of its people.
    """
    spread: Spread | None = None
    n: Annotated[int, Field(gt=0)] | None = None
    locator: Annotated[str, Field(min_length=1)]
    evidence: Evidence
    note: str = ""

    @field_validator("against", mode="before")
    @classmethod
    def _absent(cls, value: Any) -> Any:
        return None if value in (None, "") else _text(value)

    @model_validator(mode="after")
    def _sensible(self) -> Row:
        if not _STATISTIC.fullmatch(self.statistic):
            raise ValueError(f"statistic {self.statistic!r}; use mean, median, geomean, ratio, percent_change or a percentile such as p2.5")
        if self.statistic.startswith("p") and self.statistic != "percent_change" and not 0 < float(self.statistic[1:]) < 100:
            raise ValueError(f"statistic {self.statistic!r} is no percentile")
        if self.statistic in {"ratio", "percent_change"} and self.against is None:
            raise ValueError(f"statistic {self.statistic} compares two arms; give against")
        if self.statistic == "percent_change" and (self.unit != "%" or self.value <= -100):
            raise ValueError("percent_change is in % and above -100")
        if self.value <= 0 and self.statistic != "percent_change" and self.as_ != "difference":
            raise ValueError(f"value {self.value:g} must be above 0")
        return self

    @property
    def scored(self) -> bool:
        """Whether it counts in the summary: a scored row whose paper was read or whose number was computed from its data."""
        return self.use == "score" and self.evidence in {"read", "computed"}


class Study(Entry):
    """Published numbers of one cohort."""

    id: str
    source: str
    cohort: Text
    title: str
    arms: Annotated[dict[Text, Arm], Field(min_length=1)]
    rows: tuple[Row, ...]
    note: str = ""
