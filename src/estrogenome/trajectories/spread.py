"""Many runs of one course on two processes: this one and children that it starts.

A child is a plain new interpreter (``python -m estrogenome.trajectories.child``) that reads its task from a pipe: nothing of the caller's
program runs twice, on any platform. It leaves the keyboard to its parent, which ends it whatever happens; where the parent is gone, its
next word of progress has no reader and it ends by itself.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from estrogenome.core.errors import ModelError
from estrogenome.trajectories.course import CourseEngine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import TracebackType

    from estrogenome.network import Network
    from estrogenome.trajectories.engine import Array

    Progress = Callable[[int, int], None]

_CHILD = "estrogenome.trajectories.child"
_WORTH = 1500
"""Stretches between doses (some milliseconds each) from which on a second interpreter pays for its start."""
_STRETCH = 7
"""Days without a dose that count as one."""


@dataclass(frozen=True)
class Runs:
    """Runs of one model: what ``CourseEngine.run`` takes; ``constants`` of shape (run,) or one value, ``start`` one per run."""

    constants: Mapping[str, Array | float]
    start: Sequence[Mapping[str, float]]
    options: Mapping[str, Any]

    def part(self, which: slice) -> Runs:
        """Return some of the runs."""
        cut = {name: value[which] if np.ndim(value) else value for name, value in self.constants.items()}  # type: ignore[index]
        return Runs(cut, self.start[which], self.options)


def run_all(
    network: Network,
    runs: Runs,
    times: Array,
    *,
    engine: CourseEngine | None = None,
    processes: int | None = None,
    progress: Progress | None = None,
) -> Array:
    """Return ``CourseEngine.run`` of all runs, the same whatever the number of processes.

    ``processes``: None for as many as pay, at most two. ``progress`` is called with (runs done, runs in all).
    """
    number = len(runs.start)
    if processes is None:
        doses = len({event.day for event in runs.options.get("events", ())})
        stretches = number * (1 + doses + (times[-1] - times[0]) / _STRETCH)
        processes = min(2, os.cpu_count() or 1) if stretches >= _WORTH else 1
    processes = max(1, min(processes, number))
    parts = [slice(number * i // processes, number * (i + 1) // processes) for i in range(processes)]
    done = [0] * processes

    def tell(which: int, count: int) -> None:
        done[which] = count
        if progress is not None:
            progress(sum(done), number)

    with _Children([(network, runs.part(part), times) for part in parts[1:]], done) as children:
        mine = runs.part(parts[0])
        own = (engine or CourseEngine(network)).run(
            mine.constants, mine.start, times, progress=lambda count: tell(0, count), **mine.options
        )
        found = [own, *children.results()]
    if progress is not None and processes > 1:
        progress(number, number)
    return np.concatenate(found)


class _Children:
    """Children at work; all are ended when the block is left, whatever the reason."""

    def __init__(self, tasks: Sequence[tuple[Network, Runs, Array]], done: list[int]) -> None:
        self._tasks = tasks
        self._done = done
        self._running: list[subprocess.Popen[bytes]] = []
        self._threads: list[Thread] = []
        self._results: dict[int, Array | None] = {}

    def __enter__(self) -> Self:
        # the child must find this package where the parent did
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        for i, task in enumerate(self._tasks):
            child = subprocess.Popen(  # noqa: S603 - this interpreter, our own module
                [sys.executable, "-m", _CHILD],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=environment,
            )
            self._running.append(child)
            thread = Thread(target=self._follow, args=(i, child, task), daemon=True)
            thread.start()
            self._threads.append(thread)
        return self

    def _follow(self, which: int, child: subprocess.Popen[bytes], task: tuple[Network, Runs, Array]) -> None:
        if child.stdin is None or child.stdout is None:
            return
        try:
            pickle.dump(task, child.stdin)
            child.stdin.close()
            for word in _words(child.stdout):
                if isinstance(word, int):
                    self._done[which + 1] = word
                else:
                    self._results[which] = word
        except (OSError, EOFError, pickle.UnpicklingError):
            # it was ended, or died: results() says so
            return

    def results(self) -> list[Array]:
        """Return what the children found, in order.

        Raises:
            ModelError: one died.
        """
        for thread in self._threads:
            thread.join()
        found = [self._results.get(i) for i in range(len(self._tasks))]
        if any(result is None for result in found):
            raise ModelError("courses: a process of its own died; run again, or with processes=1")
        return [result for result in found if result is not None]

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for child in self._running:
            child.kill()
        for child in self._running:
            child.wait()
        for thread in self._threads:
            thread.join()
        for child in self._running:
            for pipe in (child.stdin, child.stdout):
                if pipe is not None and not pipe.closed:
                    pipe.close()


def _words(stream: Any) -> Iterator[Any]:
    while True:
        try:
            yield pickle.load(stream)  # noqa: S301 - from a child that we started ourselves
        except EOFError:
            return
