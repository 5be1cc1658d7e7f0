"""Stage: Trajectories, or Courses of several scenarios → Readouts, or Compared."""

from estrogenome.readouts.decompose import origins
from estrogenome.readouts.measure import measure
from estrogenome.readouts.scenarios import names_in_time
from estrogenome.readouts.side_by_side import Runs, side_by_side, told, window_of

__all__ = ["Runs", "measure", "names_in_time", "origins", "side_by_side", "told", "window_of"]
