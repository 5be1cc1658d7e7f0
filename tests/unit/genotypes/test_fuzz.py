"""Whatever bytes come, reading ends with a record or with one line: bounded here, unbounded with ``make fuzz``."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from estrogenome.catalog.load import load_catalog
from estrogenome.core.errors import InputError
from estrogenome.genotypes import read_genotypes
from estrogenome.genotypes.records import parse_record
from estrogenome.genotypes.sniff import cells, sniff
from estrogenome.genotypes.thresholds import thresholds_of
from estrogenome.genotypes.words import Words
from tests.unit.genotypes.tables import plain, rows, written

CATALOG = load_catalog()
FORMATS = list(CATALOG.formats.values())
BOUNDED = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
HEAD = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tp\n"
JUNK = st.text(st.sampled_from('ACGTN01234.|/-;:=,<>*[]\t \r"#chrXrsID\u00e9\x00'), max_size=40)
MUTATIONS = st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 30), st.binary(max_size=12)), max_size=6)


def read(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "any"
        path.write_bytes(content)
        try:
            read_genotypes(path, CATALOG)
        except InputError as error:
            message = str(error)
        else:
            message = "read"
    assert len(message.splitlines()) == 1


def mutated(content: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    for place, length, new in changes:
        start = place % (len(content) + 1)
        content = content[:start] + new + content[start + length :]
    return content


@BOUNDED
@given(st.binary(max_size=300))
def test_any_bytes(content):
    read(content)


@BOUNDED
@given(st.sampled_from(FORMATS), MUTATIONS)
def test_mutated_tables(form, changes):
    read(mutated(written(form, rows()).encode(), changes))


@BOUNDED
@given(st.lists(st.tuples(JUNK, JUNK, JUNK, JUNK), max_size=4))
def test_junk_in_cells(content):
    read((plain(rows()) + "".join(f"rs4680\t22\t19951271\t{a}\n{a}\t{b}\t{c}\t{d}\n" for a, b, c, d in content)).encode())


@BOUNDED
@given(st.text(max_size=400))
def test_any_text_is_sniffed(text):
    with contextlib.suppress(InputError):
        layout = sniff("x", text.encode(), FORMATS)
        assert layout.form.id in CATALOG.formats
    for form in FORMATS:
        cells(form, text)


@BOUNDED
@given(st.lists(JUNK, min_size=8, max_size=8))
def test_junk_in_records(parts):
    line = "\t".join(["22", "19963748", *parts[:7], parts[7]])
    with contextlib.suppress(InputError):
        parse_record("x: line 3", "22", line, 1, thresholds_of(CATALOG))
    read((HEAD + "7\t99768693\t.\tG\tA\t.\t.\t.\tGT\t0/0\n" + line + "\n").encode())


@BOUNDED
@given(MUTATIONS)
def test_mutated_vcf(changes):
    body = "7\t99768693\t.\tG\tA\t.\t.\t.\tGT:DP\t0/0:3\n2\t233760233\t.\tC\tCAT,CATAT\t9\tq\tEND=233760240;IMP\tGT:PS\t1|2:7\n"
    read(mutated((HEAD + body).encode(), changes))


WORDS = ("rs4680", "19951271", "rs123456789", "12345")


@BOUNDED
@given(
    st.lists(st.sampled_from([*WORDS, *(w[1:] for w in WORDS), "xrs4680", "A", "\t", "\n", "\r\n", ",", '"', " ", "\u00e9"]), max_size=40)
)
def test_lines_with_words_are_those_that_splitting_finds(parts):
    chunk = "".join(parts).encode()
    table = bytes.maketrans(b',;"\r\n\t', b"      ")
    wanted = {word.encode() for word in WORDS}
    expected = [line for line in chunk.split(b"\n") if wanted & set(line.translate(table).split(b" "))]
    assert list(Words(WORDS).lines(chunk)) == expected
