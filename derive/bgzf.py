"""Write BGZF (blocked gzip, what VCF indexes expect), byte for byte repeatable."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_BLOCK = 0xFF00
_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")


def compress(content: bytes) -> bytes:
    """Return ``content`` as BGZF with its end marker."""
    return b"".join(_block(content[i : i + _BLOCK]) for i in range(0, len(content), _BLOCK)) + _END


def write(path: Path, content: str) -> None:
    """Write text to ``path`` as BGZF."""
    path.write_bytes(compress(content.encode()))


def _block(data: bytes) -> bytes:
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = engine.compress(data) + engine.flush()
    head = struct.pack("<4BI2BH2sHH", 0x1F, 0x8B, 8, 4, 0, 0, 0xFF, 6, b"BC", 2, len(body) + 25)
    return head + body + struct.pack("<II", zlib.crc32(data), len(data))
