"""Being stopped from outside (Ctrl-C, SIGTERM): at once where possible, and in any case before results move into place."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_SHELL = 128
_received: list[int] = []


class Stopped(BaseException):
    """The program was told to stop; ``status`` is the exit status that says so."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.status = _SHELL + number


@contextmanager
def listening() -> Iterator[None]:
    """Turn the signals into ``Stopped`` within the block."""
    _received.clear()
    before = {number: signal.signal(number, _receive) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def check() -> None:
    """Raise ``Stopped`` if a signal came and its exception was lost on the way, as happens inside wrapped libraries."""
    if _received:
        raise Stopped(_received[0])


def _receive(number: int, _frame: FrameType | None) -> None:
    _received.append(number)
    raise Stopped(number)
