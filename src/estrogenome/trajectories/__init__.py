"""Stage: ParameterSets → Trajectories. Sole importer of the solver."""

from estrogenome.trajectories.simulate import simulate

__all__ = ["simulate"]
