"""Lines that hold one of some words, found in a chunk of text without taking its other lines apart.

Every word's last letters are hashed at once; only where the hash is that of a wanted word is the word itself looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BETWEEN = bytes.maketrans(b',;"\r\n\t', b"      ")
_BLANK = ord(" ")
_KEY = np.dtype("<u8")
_SHORTEST = 5
"""A shorter word is not looked for: with the blank before it, it would not fill the letters that are hashed."""
_UNHASHED = np.uint64(16)
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_KEPT = np.uint64(48)


class Words:
    """The wanted words, ready to be looked for."""

    def __init__(self, wanted: Iterable[str]) -> None:
        self._words = frozenset(word.encode() for word in wanted if len(word) >= _SHORTEST)
        self._marked = np.zeros(1 << (_KEY.itemsize * 8 - int(_KEPT)), dtype=np.bool_)
        for word in self._words:
            letters = (b" " * _KEY.itemsize + word)[-_KEY.itemsize :]
            self._marked[_hashed(np.frombuffer(letters, dtype=_KEY))] = True

    def lines(self, chunk: bytes) -> Iterator[bytes]:
        """Yield each line of ``chunk`` that holds a wanted word, once, in order."""
        front = _KEY.itemsize
        text = b" " * front + chunk.translate(_BETWEEN) + b" "
        blank = np.frombuffer(text, dtype=np.uint8) == _BLANK
        ends = np.flatnonzero(blank[front:] > blank[front - 1 : -1])  # where a blank follows a letter
        keys = np.ndarray((len(text) - front + 1,), dtype=_KEY, buffer=text, strides=(1,))[ends]
        before = -1
        for end in ends[self._marked[_hashed(keys)]].tolist():
            if text[text.rfind(b" ", 0, end + front) + 1 : end + front] not in self._words:
                continue
            start = chunk.rfind(b"\n", 0, end) + 1
            if start != before:
                stop = chunk.find(b"\n", start)
                yield chunk[start:] if stop < 0 else chunk[start:stop]
            before = start


def _hashed(keys: np.ndarray[tuple[int], np.dtype[np.uint64]]) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """Return a number for the last six of the eight letters of each key."""
    result: np.ndarray[tuple[int], np.dtype[np.uint64]] = ((keys >> _UNHASHED) * _MULTIPLIER) >> _KEPT
    return result
