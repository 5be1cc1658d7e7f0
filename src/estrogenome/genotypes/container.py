"""Is the file there, and a VCF or BCF? Decided before a parser sees it.

The sequence library only warns of a truncated file and then hands over what is left, so truncation is looked for here.
"""

from __future__ import annotations

import zlib
from enum import Enum
from typing import TYPE_CHECKING

from estrogenome.core.errors import GenotypeFileError

if TYPE_CHECKING:
    from pathlib import Path

_GZIP = b"\x1f\x8b"
_BGZF_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
_CHUNK = 1 << 20
_VCF_HEAD = b"##fileformat=VCF"
_BCF_HEAD = b"BCF\x02"
_GZIP_WINDOW = 31
_OTHERS = {
    b"PK\x03\x04": "is a zip archive; unpack it and give the VCF inside",
    b"BAM\x01": "holds alignments (BAM), not genotypes; call variants first and give the VCF",
    b"CRAM": "holds alignments (CRAM), not genotypes; call variants first and give the VCF",
    b"\xef\xbb\xbf": "begins with a byte-order mark, which no VCF has; save it as plain text",
}


class Container(Enum):
    """What the file is inside its compression."""

    TEXT = "VCF"
    BCF = "BCF"


def check_container(path: Path) -> Container:
    """Check that ``path`` is a VCF or BCF file, plain or compressed, and not cut off.

    A plain gzip shows only when it is read whether it is whole (``text.py``).

    Raises:
        GenotypeFileError: it is missing, empty, truncated, damaged, or something else.
    """
    head = _first_bytes(path)
    if not head.strip():
        raise GenotypeFileError(f"{path.name}: the file is empty; give a VCF or BCF file")
    if head.startswith(_GZIP):
        if _is_bgzf(head):
            _check_bgzf_end(path)
        head = _inflated_start(path, head)
    if head.startswith(_BCF_HEAD):
        return Container.BCF
    if head.startswith(_VCF_HEAD):
        return Container.TEXT
    for magic, reason in _OTHERS.items():
        if head.startswith(magic):
            raise GenotypeFileError(f"{path.name}: {reason}")
    raise GenotypeFileError(
        f"{path.name}: no VCF or BCF file (it does not begin with ##fileformat=VCF); give a file in that format. "
        "The text tables of consumer arrays cannot be read yet"
    )


def _first_bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            reason = "is a folder" if path.is_dir() else "is not there or is no ordinary file"
            raise GenotypeFileError(f"{path.name}: {reason}; give the path of a VCF or BCF file")
        with path.open("rb") as stream:
            return stream.read(_CHUNK)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no usable path"
        raise GenotypeFileError(f"{path.name!r}: cannot be opened ({reason}); give the path of a readable file") from error


def _is_bgzf(head: bytes) -> bool:
    return len(head) > len(_BGZF_END) // 2 and bool(head[3] & 4) and head[12:14] == b"BC"


def _check_bgzf_end(path: Path) -> None:
    with path.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - len(_BGZF_END)))
        if stream.read() != _BGZF_END:
            raise GenotypeFileError(f"{path.name}: the compressed file is cut off (its end marker is missing); copy or download it again")


def _inflated_start(path: Path, head: bytes) -> bytes:
    try:
        start = zlib.decompressobj(_GZIP_WINDOW).decompress(head, _CHUNK)
    except zlib.error as error:
        raise GenotypeFileError(f"{path.name}: the compressed file is damaged; copy or download it again") from error
    if not start:
        raise GenotypeFileError(f"{path.name}: the compressed file is empty, cut off or damaged; copy or download it again")
    return start
