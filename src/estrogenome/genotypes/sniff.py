"""Which layout a table of genotypes has, told from its first lines by the formats of the catalog."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from estrogenome.core.errors import GenotypeFileError
from estrogenome.genotypes.targets import contig_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estrogenome.catalog.formats import Format

_SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";"}
_LINES = 400
_LONGEST = 4096
_COMMENT = "#"
_NEEDED = {"chromosome", "position"}
_ORDINARY = re.compile(r"[0-9]{1,2}|X|Y|MT")


@dataclass(frozen=True)
class Layout:
    """A format met in a file: which column holds what, and what the lines before the data say."""

    form: Format
    columns: dict[str, int]
    preamble: str
    builds: frozenset[str]
    """Builds that the comments name; ``another`` for any that we do not read."""


def sniff(name: str, head: bytes, formats: Iterable[Format]) -> Layout:
    """Return the layout of a table that begins with ``head``.

    Raises:
        GenotypeFileError: it is none that the catalog knows.
    """
    lines = [line[:_LONGEST] for line in head.decode("utf-8", "replace").removeprefix("\ufeff").splitlines()[:_LINES]]
    text = "\n".join(lines)
    signed = (form for form in formats if all(_pattern(sign).search(text) for sign in form.signs))
    for form in sorted(signed, key=lambda form: (-len(form.signs), form.separator == "space")):
        layout = _layout(form, lines)
        if layout is not None:
            return layout
    raise GenotypeFileError(
        f"{name}: no VCF, BCF or table of genotypes that we know; give the file as it was downloaded, "
        "or name its columns rsid, chromosome, position and genotype"
    )


def cells(form: Format, line: str) -> list[str]:
    """Return the cells of a line, without quotes around them."""
    line = line.strip("\r\n").replace('"', "")
    separator = _SEPARATORS.get(form.separator)
    return [cell.strip() for cell in line.split(separator)] if separator else line.split()


def _layout(form: Format, lines: list[str]) -> Layout | None:
    for number, line in enumerate(lines):
        columns = _named(form, cells(form, line.lstrip(_COMMENT + ' "')))
        if columns is None and not line.lstrip('"').startswith(_COMMENT):
            columns = _ordered(form, cells(form, line))
            preamble = "\n".join(lines[:number])
        else:
            preamble = "\n".join(lines[: number + 1])
        if columns is not None:
            if all(_pattern(sign).search(preamble) for sign in form.signs):
                said = "\n".join(lines[: number + 1])
                return Layout(form, columns, preamble, frozenset(b for b, p in form.builds.items() if _pattern(p).search(_comments(said))))
            return None
    return None


def _comments(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if line.startswith((_COMMENT, '"#')))


def _named(form: Format, names: list[str]) -> dict[str, int] | None:
    """Return role → column where a line names the columns that the format needs."""
    lowered = [" ".join(name.lower().split()) for name in names]
    found: dict[str, int] = {}
    for role, known in form.columns.items():
        place = next((lowered.index(k.lower()) for k in known if k.lower() in lowered), None)
        if place is not None:
            found[role] = place
    return _complete(found)


def _ordered(form: Format, row: list[str]) -> dict[str, int] | None:
    """Return role → column by the format's order, where the row looks like data in it."""
    found = {role: i for i, role in enumerate(form.order) if role != "-"}
    if not found or len(row) < len(form.order):
        return None
    if not row[found["position"]].isdecimal() or not _ORDINARY.fullmatch(contig_name(row[found["chromosome"]])):
        return None
    return _complete(found)


def _complete(found: dict[str, int]) -> dict[str, int] | None:
    return found if found.keys() >= _NEEDED and ("genotype" in found or {"allele1", "allele2"} <= found.keys()) else None


@lru_cache(maxsize=256)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE | re.MULTILINE)
