"""Records of therapies as they are taken and of courses over time."""

from __future__ import annotations

from estrogenome.core.records import FloatArray, IntArray, Provenance, Record
from estrogenome.core.uncertainty import State


class Regimen(Record):
    """One therapy as it is taken: ``dose`` in the unit of its file, every ``interval`` days, from day ``start`` until before ``stop``.

    Without ``interval`` it is given once, or worn without a break. ``missed`` are numbers of doses that are left out; the first is 1.
    """

    therapy: str
    dose: float
    interval: float | None = None
    start: float = 0.0
    stop: float | None = None
    missed: tuple[int, ...] = ()


class Dosing(Record):
    """An amount of a therapy's active substance (nmol) that comes in on a day; days count from the start of the course."""

    day: float
    therapy: str
    amount: float


class Worn(Record):
    """The rate (nmol/day) at which a worn therapy gives off its substance from a day on, until the next one of that therapy."""

    day: float
    therapy: str
    rate: float


class Courses(Record):
    """Courses over time of everybody's draws in one scenario.

    ``values[person, draw, day, species]`` and ``assigned[person, draw, day, quantity]`` in the unit given for each name, at ``days``
    counted from the start. ``failed[person, draw]`` is 1 where the integrator gave up or there was nothing to start from; such draws hold
    NaN. ``events`` are the doses, the same for every draw.
    """

    samples: tuple[str, ...]
    scenario: str
    axis: str | None
    loop_closed: bool
    days: FloatArray
    species: tuple[str, ...]
    units: tuple[str, ...]
    values: FloatArray
    quantities: tuple[str, ...] = ()
    quantity_units: tuple[str, ...] = ()
    assigned: FloatArray
    events: tuple[Dosing | Worn, ...] = ()
    cycling: IntArray | None = None
    """Person × draw: 1 where the axis is a cycle and had a peak to align on; None for an axis that rests."""
    failed: IntArray
    worst_state: State
    provenance: Provenance

    def of(self, name: str) -> FloatArray:
        """Return the course of a species or quantity, shape (person, draw, day)."""
        if name in self.species:
            return self.values[..., self.species.index(name)]
        return self.assigned[..., self.quantities.index(name)]
