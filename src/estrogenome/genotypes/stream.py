"""Bytes out of a compressed file, in bounded memory: what unpacks to too much is refused while it unpacks."""

from __future__ import annotations

import io
import zlib
from functools import partial
from typing import IO, TYPE_CHECKING

from estrogenome.core.errors import GenotypeFileError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed import WriteableBuffer

CHUNK = 1 << 18
LONGEST_LINE = 1 << 26
"""No line of a genome file is longer: half a million people with a hundred letters each."""
_GZIP_WINDOW = 31
_UNCHECKED = 1 << 25
_LARGEST_RATIO = 600
"""A genome file packs to a hundredth at best; only what is made to burst packs to a thousandth."""


class Inflated(io.RawIOBase):
    """The unpacked bytes of a gzip stream (of one or many members), inflated as they are asked for."""

    def __init__(self, name: str, packed: IO[bytes]) -> None:
        self._name = name
        self._packed = packed
        self._inflate = zlib.decompressobj(_GZIP_WINDOW)
        self._rest = b""
        self._begun = False
        self._sizes = [0, 0]

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill ``buffer`` as far as there are bytes."""
        view = memoryview(buffer).cast("B")
        content = self._next(len(view))
        view[: len(content)] = content
        return len(content)

    def _next(self, size: int) -> bytes:
        while True:
            if self._inflate.eof:
                self._rest = self._inflate.unused_data or self._rest
                self._inflate = zlib.decompressobj(_GZIP_WINDOW)
                self._begun = False
            packed = self._inflate.unconsumed_tail or self._rest or self._packed.read(CHUNK)
            if not self._begun:
                packed = packed.lstrip(b"\0") or self._packed.read(CHUNK)
            if not packed:
                if self._begun:
                    raise EOFError
                return b""
            self._rest, self._begun = b"", True
            before = len(packed)
            content = self._inflate.decompress(packed, size)
            self._sizes[0] += before - len(self._inflate.unconsumed_tail) - len(self._inflate.unused_data)
            self._sizes[1] += len(content)
            refuse_bomb(self._name, *self._sizes)
            if content:
                return content


def refuse_bomb(name: str, packed: int, unpacked: int) -> None:
    """Stop when a file unpacks to what no genome file does.

    Raises:
        GenotypeFileError: it does.
    """
    if unpacked > _UNCHECKED and unpacked > _LARGEST_RATIO * max(packed, 1):
        raise GenotypeFileError(
            f"{name}: unpacks to more than {_LARGEST_RATIO} times its size, which no genome file does; give another file"
        )


def lines(name: str, stream: IO[bytes], longest: int = LONGEST_LINE) -> Iterator[bytes]:
    """Yield the lines of ``stream``.

    Raises:
        GenotypeFileError: a line is longer than any genome file's.
    """
    for line in iter(partial(stream.readline, longest), b""):
        if len(line) >= longest:
            raise too_long(name, longest)
        yield line


def too_long(name: str, longest: int) -> GenotypeFileError:
    """Return the error for a line without end."""
    return GenotypeFileError(f"{name}: a line is longer than {longest} bytes; give a genome file with one record a line")
