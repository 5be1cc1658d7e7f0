"""A process of its own for a part of many runs (see ``spread.py``): a task from standard input, progress and result to standard output."""

from __future__ import annotations

import os
import pickle
import signal
import sys

from estrogenome.trajectories.course import CourseEngine


def work() -> None:
    """Read one task; write the number of finished runs after each, then the result."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    network, runs, times = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the parent that started us
    with os.fdopen(os.dup(1), "wb") as out:
        # the solver's library writes remarks to standard output, which would stand between our words
        os.dup2(2, 1)

        def tell(count: int) -> None:
            pickle.dump(count, out)
            out.flush()

        result = CourseEngine(network).run(runs.constants, runs.start, times, progress=tell, **runs.options)
        pickle.dump(result, out)


if __name__ == "__main__":
    try:
        work()
    except BrokenPipeError:
        # the parent is gone: nobody waits for the rest
        sys.stderr.close()
