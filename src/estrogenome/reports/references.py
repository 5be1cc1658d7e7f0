"""Numbering the sources a report uses, in the order in which it uses them, and the words it defines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from estrogenome.core.errors import KnowledgeError
from estrogenome.core.numbers import NBSP
from estrogenome.core.report_records import Definition, Reference
from estrogenome.reports.text import HYPHEN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estrogenome.catalog.claims import Term
    from estrogenome.catalog.schema import Source

_CASE_MATTERS = 4


class Numbering:
    """Gives each source a number when it is first cited."""

    def __init__(self, sources: dict[str, Source]) -> None:
        self._sources = sources
        self._numbers: dict[str, int] = {}

    def cite(self, source: str) -> int:
        """Return the number of ``source``.

        Raises:
            KnowledgeError: the catalog does not hold it.
        """
        if source not in self._sources:
            raise KnowledgeError(f"source {source} is cited but stands in no file of sources/; add it")
        return self._numbers.setdefault(source, len(self._numbers) + 1)

    def cite_all(self, sources: Iterable[str]) -> tuple[int, ...]:
        """Return the numbers of several sources, ascending, each once."""
        return tuple(sorted({self.cite(s) for s in sources if s}))

    def year(self, source: str) -> int:
        """Return the year of a source that has been cited."""
        return self._sources[source].year

    def references(self) -> tuple[Reference, ...]:
        """Return all cited sources in the order of their numbers."""
        return tuple(
            Reference(number=number, id=s.id, citation=s.citation, year=s.year, doi=s.doi, pmid=s.pmid, url=s.url, read=s.read)
            for name, number in self._numbers.items()
            for s in [self._sources[name]]
        )


def glossary(terms: Iterable[Term], texts: Iterable[str]) -> tuple[Definition, ...]:
    """Return the terms that occur in ``texts`` as whole words, in alphabetical order.

    Short words count only in the case they are written in: a hormone's short name is no ordinary word.
    """
    page = "\n".join(texts).replace(HYPHEN, "-").replace(NBSP, " ")
    folded = page.casefold()
    found = []
    for term in terms:
        for word in (term.term, *term.aliases):
            short = len(word) < _CASE_MATTERS
            pattern = rf"(?<!\w){re.escape(word if short else word.casefold())}(?!\w)"
            if re.search(pattern, page if short else folded):
                found.append(Definition(id=term.id, term=term.term, plain=term.plain))
                break
    return tuple(sorted(found, key=lambda d: (d.term.casefold(), d.id)))
