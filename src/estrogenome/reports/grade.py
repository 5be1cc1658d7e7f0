"""The words of the evidence chips, how they rank, and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from estrogenome.catalog.claims import Grade
from estrogenome.core.uncertainty import State

if TYPE_CHECKING:
    from estrogenome.core.report_records import GradedStatement

LEVELS = {"enzyme": "enzyme", "body": "body", "outcome": "outcome"}

MEANINGS: dict[str, str] = {
    "strong": "several independent studies of good design agree in direction and size",
    "moderate": "studies agree in direction; size or generality is open",
    "weak": "few, small or indirect studies",
    "null": "it was looked for in studies large enough to see it, and was not found",
    "disputed": "studies contradict each other",
    "refuted": "what is claimed was tested and does not hold",
    "none": "nobody has published a usable answer",
}

STATE_MEANINGS: dict[State, str] = {
    State.MEASURED: "every number behind it was measured in people",
    State.TRANSFERRED: "measured elsewhere (other tissue, other population) and carried over",
    State.FITTED: "at least one number behind it was fitted so that the model meets published results",
    State.ASSUMED: "at least one number behind it is an assumption with a wide spread",
    State.UNKNOWN: "at least one number behind it is not known; the spread covers what is possible",
}


def rank(grade: str) -> int:
    """Return the place of a grade in the order of the schema, strongest first."""
    return get_args(Grade).index(grade)


def weight(statement: GradedStatement) -> tuple[int, int]:
    """Return a key that puts well-supported statements first, those with more studies before the others."""
    return rank(statement.grade), -len(statement.supports) - len(statement.contradicts)
