"""A report as JSON: the same report gives the same bytes, and ``core.files.load`` reads it back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from estrogenome.core.records import Record


def render(report: Record) -> str:
    """Return ``report`` as JSON text in the order of its record."""
    fields = {"record": type(report).__name__} | report.model_dump(mode="json")
    return json.dumps(fields, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
