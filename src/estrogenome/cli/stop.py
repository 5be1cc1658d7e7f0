"""Being stopped from outside (Ctrl-C, SIGTERM): at once where possible, and in any case before results move into place."""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_SHELL = 128
_received: list[int] = []
_holding: list[None] = []


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
    unraisable = sys.unraisablehook
    sys.unraisablehook = lambda lost: None if isinstance(lost.exc_value, Stopped) else unraisable(lost)
    try:
        yield
    finally:
        sys.unraisablehook = unraisable
        for number, handler in before.items():
            signal.signal(number, handler)
        _received.clear()


@contextmanager
def held() -> Iterator[None]:
    """Let the block end before a signal is answered, so that what it makes is known to whoever clears it away; ``check`` answers."""
    _holding.append(None)
    try:
        yield
    finally:
        _holding.pop()


def check() -> None:
    """Raise ``Stopped`` if a signal came and was held back, or its exception was lost on the way, as happens inside wrapped libraries."""
    if _received:
        raise Stopped(_received[0])


def _receive(number: int, _frame: FrameType | None) -> None:
    _received.append(number)
    if not _holding:
        raise Stopped(number)
