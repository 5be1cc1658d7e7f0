"""What a genome file may be wrapped in, and what bursts."""

from __future__ import annotations

import gzip
import io
import resource
import time
import zipfile
import zlib
from pathlib import Path

import pytest

from estrogenome.core.errors import GenotypeFileError
from estrogenome.genotypes import read_genotypes
from tests.unit.genotypes.tables import plain, rows

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "examples" / "GRCh38" / "HG00123.vcf.gz"
MEBI = 1 << 20


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def refused(path: Path, catalog) -> str:
    with pytest.raises(GenotypeFileError) as caught:
        read_genotypes(path, catalog)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.fixture
def table() -> bytes:
    return plain(rows()).encode()


def test_all_wrappings_of_a_table_are_the_same(tmp_path, catalog, table):
    plain_file = tmp_path / "a"
    plain_file.write_bytes(table)
    wanted = read_genotypes(plain_file, catalog).observations
    wrapped = {
        "gz": gzip.compress(table),
        "two members": gzip.compress(table[:200]) + gzip.compress(table[200:]) + b"\0" * 512,
        "mark": b"\xef\xbb\xbf" + table,
        "windows": table.replace(b"\n", b"\r\n"),
        "macintosh": table.replace(b"\n", b"\r"),
        "no last line end": table.rstrip(b"\n"),
    }
    for name, content in wrapped.items():
        path = tmp_path / name
        path.write_bytes(content)
        assert read_genotypes(path, catalog).observations == wanted, name
    for members in (
        {"g.txt": table},
        {"g.txt": table, "README": b"Hello.\nRead this.\n"},
        {"x/g.gz": gzip.compress(table)},
        {"__MACOSX/._g": b"x", "g": table},
    ):
        assert read_genotypes(zipped(tmp_path / "odd.name", **members), catalog).observations == wanted


def test_a_vcf_in_a_zip(tmp_path, catalog):
    wanted = read_genotypes(EXAMPLE, catalog).observations
    text = gzip.decompress(EXAMPLE.read_bytes())
    for content in (text, EXAMPLE.read_bytes(), b"\xef\xbb\xbf" + text):
        assert read_genotypes(zipped(tmp_path / "z.zip", a=content), catalog).observations == wanted


def test_zips_that_cannot_be_used(tmp_path, catalog, table):
    path = tmp_path / "z.zip"
    assert "2 files that could be" in refused(zipped(path, a=table, b=table), catalog)
    assert "no genome file" in refused(zipped(path, a=b"\x89PNG\0\0"), catalog)
    assert "65 files" in refused(zipped(path, **{str(i): b"x" for i in range(65)}), catalog)
    zipped(path, a=table)
    path.write_bytes(path.read_bytes()[:-30])
    assert "damaged" in refused(path, catalog)
    zipped(path, a=table)
    content = bytearray(path.read_bytes())
    content[60] ^= 0xFF
    path.write_bytes(bytes(content))
    refused(path, catalog)


def test_nothing_is_unpacked_to_disk(tmp_path, catalog, table):
    folder = tmp_path / "in"
    folder.mkdir()
    path = folder / "z.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../outside.txt", table)
    read_genotypes(path, catalog)
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["in", "z.zip"]


@pytest.mark.parametrize("mark", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf16_is_refused_in_words(tmp_path, catalog, table, mark):
    path = tmp_path / "a.txt"
    path.write_bytes(table.decode().encode(mark))
    message = refused(path, catalog)
    assert "UTF-16" in message or "zero bytes" in message


@pytest.mark.parametrize(
    ("magic", "word"), [(b"BAM\x01", "BAM"), (b"%PDF-1.4", "PDF"), (b"7z\xbc\xaf\x27", "7z"), (b"BZh9", "bzip2"), (b"PK\x05\x06", "zip")]
)
def test_other_things_are_named(tmp_path, catalog, magic, word):
    path = tmp_path / "a"
    path.write_bytes(magic + b" " * 40)
    assert word in refused(path, catalog)


def zeros(size: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    parts = [packer.compress(bytes(MEBI)) for _ in range(size)]
    return b"".join([*parts, packer.flush()])


@pytest.mark.parametrize("head", [b"", b"##fileformat=VCFv4.2\n", b"rsid\tchromosome\tposition\tgenotype\n"])
def test_bombs_end_soon_and_small(tmp_path, catalog, head):
    burst = gzip.compress(head) + zeros(512)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("genome.txt", "w") as member:
        member.write(head)
        for _ in range(256):
            member.write(bytes(MEBI))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for content in (burst, stream.getvalue()):
        path = tmp_path / "bomb"
        path.write_bytes(content)
        start = time.perf_counter()
        refused(path, catalog)
        assert time.perf_counter() - start < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300 * 1024


def test_a_line_without_end_is_refused(tmp_path, catalog):
    path = tmp_path / "a.txt"
    path.write_bytes(b"rsid\tchromosome\tposition\tgenotype\n" + b"rs4680\t22\t19951271\tAG" * 200_000)
    assert "line is longer" in refused(path, catalog)
