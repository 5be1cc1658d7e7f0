"""What comes from files cannot write to the terminal or break the columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from estrogenome.cli.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("HG00096", "HG00096"),
        ("a\tb\nc", "a\\x09b\\x0ac"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("user\u202egnp.exe", "user\\u202egnp.exe"),
        ("Zoë 名前 👩‍🔬", "Zoë 名前 👩‍🔬"),
        ("=1+1", "=1+1"),
    ],
)
def test_clean(text: str, safe: str) -> None:
    assert clean(text) == safe


@pytest.mark.parametrize("name", ["\x1b[31mred", "user\u202eeman", "=cmd|x", "{{7*7}}", "<script>alert(1)</script>", "x" * 5000])
def test_a_hostile_sample_name_stays_in_its_column(
    name: str, make_vcf: Callable[..., Path], estrogenome: Callable[..., object], catalog: object
) -> None:
    ran = estrogenome("call", make_vcf(samples=(name,)))
    assert ran.status == 0, ran.err
    lines = ran.out.splitlines()
    assert len(lines) == 1 + len(catalog.genes)
    assert all(line.count("\t") == 4 for line in lines)
    assert {line.split("\t")[0] for line in lines[1:]} == {clean(name)}
    assert "\x1b" not in ran.out
    assert "\u202e" not in ran.out
