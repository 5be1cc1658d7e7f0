"""Assays in a tube (``knowledge/benches``), run as their papers describe them.

tube.py (the model, ready to run) ─▶ facts.py (what it must show) and ranking.py (haplotypes over unknown amounts) ─▶ page.py
"""

from estrogenome.validate.bench.facts import Fact, check
from estrogenome.validate.bench.page import page
from estrogenome.validate.bench.ranking import Ranking, rank
from estrogenome.validate.bench.tube import Tube

__all__ = ["Fact", "Ranking", "Tube", "check", "page", "rank"]
