"""The stages in order: the only place that knows the whole flow.

``analyze`` and ``follow`` take one person to readouts at rest, ``compare`` through scenarios over time;
both begin in ``reading.py``.
"""

from estrogenome.pipeline.analysis import Analysis, Course, analyze, follow
from estrogenome.pipeline.comparison import BASELINE, compare
from estrogenome.pipeline.reading import genotypes_of

__all__ = ["BASELINE", "Analysis", "Course", "analyze", "compare", "follow", "genotypes_of"]
