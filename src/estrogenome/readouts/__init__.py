"""Stage: Trajectories → Readouts."""

from estrogenome.readouts.decompose import origins
from estrogenome.readouts.measure import measure

__all__ = ["measure", "origins"]
