"""``estrogenome cite``: the sources, all of them or those that a report used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from estrogenome.cli import options as o
from estrogenome.core.errors import StageFileError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estrogenome.catalog.schema import Source


def cite(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="[REPORT.json]", help="Only the sources that this file of ours names; all by default.")
    ] = None,
) -> None:
    """Print the sources behind the numbers."""
    catalog = o.catalog_of(context)
    wanted = set(catalog.sources) if file is None else set(_texts(_read(o.existing(file))))
    for source in sorted(catalog.sources.values(), key=lambda s: s.id):
        if source.id in wanted:
            typer.echo(reference(source))


def reference(source: Source) -> str:
    """Return one source as one line."""
    links = [f"doi:{source.doi}" if source.doi else "", f"PMID {source.pmid}" if source.pmid else "", source.url]
    return f"[{source.id}] {source.citation} {' · '.join(link for link in links if link)} (read: {source.read})"


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise StageFileError(f"{file.name}: not a JSON file written by this tool; give a report.json") from error


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
