"""Stage: Trajectories → Readouts."""

from estrogenome.readouts.measure import measure

__all__ = ["measure"]
