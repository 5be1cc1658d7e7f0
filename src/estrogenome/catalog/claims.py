"""What files of claims and of the glossary may say."""

from __future__ import annotations

from typing import Literal

from estrogenome.catalog.schema import Entry

Grade = Literal["strong", "moderate", "weak", "null", "disputed", "refuted", "none"]


class Finding(Entry):
    """One study's word on a statement."""

    source: str
    locator: str
    finding: str
    n: int | None = None
    design: str = ""


class Statement(Entry):
    """What holds at one level, with what supports and what contradicts it."""

    grade: Grade
    text: str
    supports: tuple[Finding, ...] = ()
    contradicts: tuple[Finding, ...] = ()


class Claim(Entry):
    """A popular claim about a variant and three separate statements: enzyme, body, outcome."""

    id: str
    gene: str
    site: str = ""
    """The site it is about; empty where it is about the number of copies."""
    alleles: tuple[str, ...] = ()
    """Shown to carriers of these alleles first; empty: to everybody."""
    copies: tuple[int, ...] = ()
    """Shown first to people with one of these numbers of copies."""
    claim: str
    enzyme: Statement
    body: Statement
    outcome: Statement


class Term(Entry):
    """A word of the field in plain words."""

    id: str
    term: str
    plain: str
    aliases: tuple[str, ...] = ()
