"""What the file is inside its wrapping, told from its content. The name counts for nothing, and nothing is ever unpacked to disk.

The sequence library only warns of a truncated file and then hands over what is left, so truncation is looked for here.
"""

from __future__ import annotations

import contextlib
import io
import zipfile
import zlib
from dataclasses import dataclass
from enum import Enum
from typing import IO, TYPE_CHECKING, cast

from estrogenome.core.errors import GenotypeFileError
from estrogenome.genotypes.stream import CHUNK, Inflated, refuse_bomb

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_BGZF_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
_VCF_HEAD = b"##fileformat=VCF"
_BCF_HEAD = b"BCF\x02"
_PGEN_HEAD = b"\x6c\x1b"
_UTF8_MARK = b"\xef\xbb\xbf"
_MOST_MEMBERS = 64
_LARGEST_MEMBER = 1 << 36
_MEND = "give a VCF, BCF or a table of genotypes"
_OTHERS = {
    b"BAM\x01": "holds alignments (BAM), not genotypes; call variants first and give the VCF",
    b"CRAM": "holds alignments (CRAM), not genotypes; call variants first and give the VCF",
    b"\xff\xfe": "is written in UTF-16; save it as plain text (UTF-8)",
    b"\xfe\xff": "is written in UTF-16; save it as plain text (UTF-8)",
    b"7z\xbc\xaf": "is a 7z archive; unpack it and give the file inside",
    b"Rar!": "is a rar archive; unpack it and give the file inside",
    b"BZh": "is packed with bzip2; unpack it and give the file inside",
    b"\xfd7zXZ": "is packed with xz; unpack it and give the file inside",
    b"PK\x05\x06": "is an empty zip archive; " + _MEND,
    b"%PDF": "is a PDF document; " + _MEND,
}


class Kind(Enum):
    """What the file is inside its compression."""

    VCF = "VCF"
    BCF = "BCF"
    PGEN = "PLINK 2"
    TABLE = "table"


@dataclass(frozen=True)
class Source:
    """A genome file: what it is, its first bytes unpacked, and how to read it (``member``: its name inside a zip)."""

    path: Path
    kind: Kind
    head: bytes
    member: str | None = None

    @property
    def name(self) -> str:
        """The file's name for messages."""
        return self.path.name

    @contextlib.contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Open the unpacked content, without a byte-order mark.

        Raises:
            GenotypeFileError: it is cut off, damaged, or bursts.
        """
        with damaged_as_error(self.name), _unpacked(self.path, self.member) as stream:
            if self.head.startswith(_UTF8_MARK):
                stream.read(len(_UTF8_MARK))
            yield stream


@contextlib.contextmanager
def damaged_as_error(name: str) -> Iterator[None]:
    """Turn what reading a broken file raises into one line."""
    try:
        yield
    except EOFError as error:
        raise GenotypeFileError(f"{name}: the compressed file is cut off; copy or download it again") from error
    except (OSError, zlib.error, zipfile.BadZipFile, NotImplementedError) as error:
        raise GenotypeFileError(f"{name}: the file is damaged; copy or download it again") from error


def open_source(path: Path) -> Source:
    """Look at ``path`` and say what it is.

    A plain gzip shows only when it is read whether it is whole.

    Raises:
        GenotypeFileError: it is missing, empty, truncated, damaged, or nothing that we read.
    """
    head = _first_bytes(path)
    if not head.strip():
        raise GenotypeFileError(f"{path.name}: the file is empty; {_MEND}")
    if head.startswith(_ZIP):
        return _in_zip(path)
    if head.startswith(_GZIP):
        if _is_bgzf(head):
            _check_bgzf_end(path)
        head = _start(path, None)
        if not head.strip():
            raise GenotypeFileError(f"{path.name}: the compressed file holds nothing; {_MEND}")
    return Source(path, _kind(path.name, head), head)


def _kind(name: str, head: bytes) -> Kind:
    if head.startswith(_BCF_HEAD):
        return Kind.BCF
    if head.startswith(_PGEN_HEAD):
        return Kind.PGEN
    if head.removeprefix(_UTF8_MARK).startswith(_VCF_HEAD):
        return Kind.VCF
    for magic, reason in _OTHERS.items():
        if head.startswith(magic):
            raise GenotypeFileError(f"{name}: {reason}")
    if b"\0" in head:
        raise GenotypeFileError(f"{name}: no VCF, BCF or text (it holds zero bytes); {_MEND}")
    return Kind.TABLE


def _in_zip(path: Path) -> Source:
    """Choose the one member that is a genome file: by content, a VCF before a table."""
    with damaged_as_error(path.name), zipfile.ZipFile(path) as archive:
        infos = [
            i for i in archive.infolist() if not (i.is_dir() or i.filename.startswith("__MACOSX") or _last(i.filename).startswith("."))
        ]
    if len(infos) > _MOST_MEMBERS:
        raise GenotypeFileError(f"{path.name}: the zip holds {len(infos)} files; give the one with the genotypes")
    found: list[Source] = []
    for info in infos:
        if info.flag_bits & 1:
            raise GenotypeFileError(f"{path.name}: the zip is protected by a password; unpack it and give the file inside")
        if info.file_size > _LARGEST_MEMBER:
            raise GenotypeFileError(f"{path.name}: the zip holds more than a genome file does; give another file")
        refuse_bomb(path.name, info.compress_size, info.file_size)
        head = _start(path, info.filename)
        with contextlib.suppress(GenotypeFileError):
            if head.strip():
                found.append(Source(path, _kind(path.name, head), head, info.filename))
    best = [s for s in found if s.kind is Kind.VCF] or [s for s in found if s.kind is Kind.TABLE]
    if len(best) > 1:  # a note beside the data: what looks like rows of fields is the data
        best = [s for s in best if _fields(s.head)] or best
    if len(best) != 1:
        many = f"{len(best)} files that could be the genome" if best else "no genome file (a BCF must be given by itself)"
        raise GenotypeFileError(f"{path.name}: the zip holds {many}; unpack it and give the one with the genotypes")
    return best[0]


def _last(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1]


def _fields(head: bytes) -> bool:
    rows = [line for line in head.splitlines()[:-1] if line.strip() and not line.startswith(b"#")]
    return bool(rows) and all(line.count(b"\t") > 1 or line.count(b",") > 1 for line in rows[-3:])


@contextlib.contextmanager
def _unpacked(path: Path, member: str | None) -> Iterator[IO[bytes]]:
    if member is None:
        with path.open("rb") as file:
            packed = file.read(len(_GZIP)) == _GZIP
            file.seek(0)
            yield cast("IO[bytes]", io.BufferedReader(Inflated(path.name, file), CHUNK)) if packed else file
        return
    with zipfile.ZipFile(path) as archive:
        with archive.open(member) as probe:
            packed = probe.read(len(_GZIP)) == _GZIP
        with archive.open(member) as inner:
            raw = Inflated(path.name, inner) if packed else cast("io.RawIOBase", inner)
            yield cast("IO[bytes]", io.BufferedReader(raw, CHUNK))


def _start(path: Path, member: str | None) -> bytes:
    try:
        with damaged_as_error(path.name), _unpacked(path, member) as stream:
            return stream.read(CHUNK)
    except GenotypeFileError as error:
        if "cut off" in str(error) or member is not None:
            raise
        raise GenotypeFileError(f"{path.name}: the compressed file is damaged; copy or download it again") from error


def _first_bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            reason = "is a folder" if path.is_dir() else "is not there or is no ordinary file"
            raise GenotypeFileError(f"{path.name}: {reason}; give the path of a genome file")
        with path.open("rb") as stream:
            return stream.read(CHUNK)
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
