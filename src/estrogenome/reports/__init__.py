"""Stage 7: from records to a report that says what was seen, what follows, and what is known."""

from estrogenome.core.report_records import Report
from estrogenome.reports.assemble import interpret
from estrogenome.reports.compared import interpret_comparison

__all__ = ["Report", "interpret", "interpret_comparison"]
