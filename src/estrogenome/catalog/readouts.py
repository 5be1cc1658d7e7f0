"""What files of readouts, tracers and assays may say."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from estrogenome.catalog.schema import Entry, Quantity


class Observation(Entry):
    """What an assay makes of the true value of one readout: it reads ``gain`` x value + ``blank`` and tells nothing below ``limit``."""

    gain: Quantity | None = None
    """A bias factor; its spread is how laboratories that use the assay differ. Absent: 1, with a stated default spread."""
    blank: Quantity | None = None
    """What a typical laboratory reads of nothing, in the readout's unit or one that becomes it. Laboratories differ by ``tau_blank``."""
    limit: Quantity | None = None
    """Limit of quantification: the median of laboratories, its spread how they differ. Who lies below it is printed as a share of it.

    Where it is fixed, a published value at or below it says no more than that.
    """


class Assay(Entry):
    """An assay × matrix as laboratories report it."""

    id: str
    name: str
    matrix: str
    family: Literal["ms", "ria", "direct", "free", "tracer", "other"] = "other"
    """Assays of one family err alike: mass spectrometry, immunoassay after separation, direct immunoassay, unbound fractions, label."""
    observes: dict[str, Observation] = Field(default_factory=dict)
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
