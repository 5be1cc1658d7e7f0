"""Stage: ParameterSets → Trajectories. Sole importer of the solver."""

from estrogenome.trajectories.kernel import Kernel, Response, Solution, kernel_of
from estrogenome.trajectories.simulate import simulate

__all__ = ["Kernel", "Response", "Solution", "kernel_of", "simulate"]
