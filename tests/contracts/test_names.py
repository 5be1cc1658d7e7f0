"""No Python file or template names a gene, an enzyme, a variant or a substance: those are data.

The names come from the catalog: identifiers and proteins of genes, sites and their aliases, star-less haplotype names of three
letters or more, species of the model, names of readouts, exposures, therapies and protocols, and vendors of genome files. They are looked for between word boundaries (an underscore is one), in any
case, in identifiers, strings, comments' neighbours the docstrings, and in templates.

Not looked for: names of one letter (``T`` is a type variable), and the words of ``COMMON``, which the language or English uses for
other things.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import estrogenome
from estrogenome.network.compose import compose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estrogenome.catalog.load import Catalog

PACKAGE = Path(estrogenome.__file__).parent
FILES = sorted([*PACKAGE.rglob("*.py"), *(p for p in PACKAGE.glob("reports/templates/**/*") if p.is_file())])
COMMON: frozenset[str] = frozenset()
_MIN = 2


@pytest.fixture(scope="session")
def names(catalog: Catalog) -> dict[str, re.Pattern[str]]:
    found: set[str] = set()
    for gene in catalog.genes.values():
        found |= {gene.id, gene.protein, gene.name}
        found |= {name for site in gene.sites for name in (site.id, *site.aliases)}
        found |= {allele.name for allele in gene.alleles if re.fullmatch(r"[A-Z]{3,}", allele.name)}
    found |= set(compose(catalog).structure.species)
    found |= {readout.name for readout in catalog.readouts.values() if readout.kind == "level"}
    found |= {covariate.parameter for state in catalog.states.values() for covariate in state.covariates}
    found |= {form.vendor for form in catalog.formats.values()}
    found |= {*catalog.exposures, *catalog.therapies, *catalog.protocols}
    found |= {alias for therapy in catalog.therapies.values() for alias in therapy.aliases}
    kept = {name for name in found if len(name) >= _MIN and name.lower() not in COMMON}
    return {name: re.compile(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", re.IGNORECASE) for name in kept}


def words(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, text) for identifiers, strings and docstrings of Python, and for every line of a template."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        yield from enumerate(text.splitlines(), 1)
        return
    for node in ast.walk(ast.parse(text)):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield line, node.value
        for field in ("id", "attr", "name", "arg", "asname", "module"):
            value = getattr(node, field, None)
            if isinstance(value, str):
                yield line, value


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_no_file_names_what_is_data(path: Path, names: dict[str, re.Pattern[str]]) -> None:
    found = [f"{path.name}:{line}: {name}" for line, text in words(path) for name, pattern in names.items() if pattern.search(text)]
    assert not found, "move it to knowledge/: " + "; ".join(found)


def test_the_search_finds_a_name(tmp_path: Path, catalog: Catalog, names: dict[str, re.Pattern[str]]) -> None:
    gene = next(iter(catalog.genes))
    path = tmp_path / "bad.py"
    path.write_text(f'"""About {gene}."""\nfactor_{gene.lower()} = 1\n', encoding="utf-8")
    hits = [text for _, text in words(path) if names[gene].search(text)]
    assert len(hits) == 2
