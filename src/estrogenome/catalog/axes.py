"""What a file of ``knowledge/axes/`` may say: the loop that moves what the body alone holds constant.

Beside ``<id>.yaml`` stand the Antimony modules it names and a table of their constants.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator

from estrogenome.catalog import formula
from estrogenome.catalog.body import fitted_at, rows_at
from estrogenome.catalog.schema import Entry
from estrogenome.core.errors import KnowledgeError, PersonError

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.schema import Parameter
    from estrogenome.core.records import Exposed

LOOP = "loop_closed"
"""Constant of axis modules: 1 where the loop answers, 0 where it is held at rest."""

AGE = "age"
"""Constant of axis modules: the person's, in years."""


class Settle(Entry):
    """How a cycle is brought to its own rhythm: so many days are left out, then the peak of ``align`` is put on ``cycle_day``."""

    days: Annotated[float, Field(gt=0)]
    align: str
    cycle_day: Annotated[float, Field(ge=0)]


class Axis(Entry):
    """One axis: steady, so that a course begins at rest, or a cycle, which first runs ``settle``."""

    id: str
    name: str
    plain: str
    states: tuple[str, ...]
    """Hormonal states that it is for."""
    modules: Annotated[tuple[str, ...], Field(min_length=1)]
    """Antimony modules of this folder."""
    kind: Literal["steady", "cycle"]
    on_request: bool = False
    """True for a variant of another axis, used where it is asked for and never by itself."""
    settle: Settle | None = None
    references: dict[str, str] = Field(default_factory=dict)
    """Constant of the modules → formula over the rest of the reference body (mean genotype, same draw, nothing given)."""
    start: dict[str, str | float] = Field(default_factory=dict)
    """Species or quantity that evolves → formula over constants: where it begins, or where the search for its rest begins."""
    own_rest: tuple[str, ...] = ()
    """Covariates: where one of them was measured the reference body has the person's own genotype: he measured what his axis made of it."""
    people: tuple[str, ...] = ()
    """Constants that differ between people: the mean of a group has their median, and a fit does not touch them."""
    parameters: Annotated[tuple[str, ...], Field(min_length=1)]
    """Tables of the modules' constants in this folder; axes may share one."""

    @model_validator(mode="after")
    def _settled(self) -> Axis:
        if (self.kind == "cycle") != (self.settle is not None):
            raise ValueError("settle is for a cycle, and a cycle needs it")
        return self

    @property
    def starts(self) -> dict[str, str]:
        """``start`` with every number as a formula."""
        return {name: str(text) for name, text in self.start.items()}


def axis_of(catalog: Catalog, identifier: str) -> Axis:
    """Return an axis.

    Raises:
        KnowledgeError: there is none of that name.
    """
    if identifier not in catalog.axes:
        raise KnowledgeError(f"axis {identifier} is not known; there is {', '.join(sorted(catalog.axes)) or 'none'}")
    return catalog.axes[identifier]


def axes_of(catalog: Catalog, state: str) -> tuple[str, ...]:
    """Return the axes for a hormonal state, in alphabetical order: none, one, or several that stand side by side."""
    return tuple(sorted(axis.id for axis in catalog.axes.values() if state in axis.states and not axis.on_request))


def fitting_axes(catalog: Catalog, state: str, asked: Iterable[str] | None = None, exposures: Iterable[Exposed] = ()) -> tuple[str, ...]:
    """Return the axes of a hormonal state: all there are, or those that are asked for; none where an exposure silences the gonads.

    Raises:
        PersonError: one that is asked for does not exist or is not for this state.
    """
    silent = any(catalog.exposures[one.id].silences_gonads for one in exposures)
    fitting = () if silent else tuple(axis.id for axis in catalog.axes.values() if state in axis.states)
    if asked is None:
        return tuple(name for name in fitting if not catalog.axes[name].on_request)
    chosen = tuple(dict.fromkeys(asked))
    for name in chosen:
        if name not in fitting:
            raise PersonError(f"axis {name}: not known for this state; there is {', '.join(fitting) or 'none'}")
    return chosen


def cycle_of(catalog: Catalog, axes: Iterable[str]) -> float:
    """Return the days of a cycle, 0 where no axis has one: a cycle is aligned on its middle."""
    return max((2 * axis.settle.cycle_day for axis in map(catalog.axes.get, axes) if axis and axis.settle), default=0.0)


def axis_rows(catalog: Catalog, axis: Axis, state: str | None = None) -> dict[str, Parameter]:
    """Return the rows of an axis' table by the constant they set: those of ``state`` (its first by default) go before general ones."""
    chosen = state or axis.states[0]
    tables = (catalog.axis_parameters.get(name, {}) for name in axis.parameters)
    every = sorted((item for table in tables for item in table.items()), key=lambda item: "@" in item[0])
    return rows_at(dict(every), chosen)


def axis_values(catalog: Catalog, axis: Axis, state: str | None = None) -> dict[str, float]:
    """Return the central value of every constant of an axis' table; the fit goes before the table."""
    chosen = state or axis.states[0]
    rows = axis_rows(catalog, axis, chosen)
    fitted = {name: entry["median"] for name, entry in fitted_at(catalog, chosen).items()}
    return {name: float(fitted.get(name, row.quantity.value)) for name, row in rows.items()}


def starts(axis: Axis, values: Mapping[str, NDArray[np.float64]], names: Container[str] | None = None) -> dict[str, NDArray[np.float64]]:
    """Return where each quantity of ``start``, or each in ``names``, begins at constants ``values`` (they broadcast)."""
    return {name: formula.evaluate(text, values) for name, text in axis.starts.items() if names is None or name in names}
