"""Stage: ParameterSets → Trajectories. Sole importer of the solver."""

from estrogenome.trajectories.course import CourseEngine, area
from estrogenome.trajectories.follow import follow_courses
from estrogenome.trajectories.kernel import Kernel, Response, Solution, kernel_of
from estrogenome.trajectories.prepare import Prepared, prepared
from estrogenome.trajectories.reasons import explained
from estrogenome.trajectories.simulate import simulate

__all__ = [
    "CourseEngine",
    "Kernel",
    "Prepared",
    "Response",
    "Solution",
    "area",
    "explained",
    "follow_courses",
    "kernel_of",
    "prepared",
    "simulate",
]
