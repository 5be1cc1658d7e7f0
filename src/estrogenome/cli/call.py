"""``estrogenome call``: a genome file to diplotypes, for everybody in it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from estrogenome.cli import options as o

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estrogenome.catalog.load import Catalog
    from estrogenome.core.genotype_records import Diplotypes, GeneDiplotypes, Genotypes

_HEADER = "sample\tgene\tdiplotype\tprobability\tstatus"
_PEOPLE = 256


class Format(StrEnum):
    """How ``call`` prints."""

    TSV = "tsv"
    JSON = "json"


def call(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="VCF, BCF, or a consumer file as it was downloaded; or a genotypes JSON written before.")
    ],
    form: Annotated[Format, typer.Option("--format", help="What is printed.")] = Format.TSV,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE.json", help="Write the diplotypes here; print nothing.")] = None,
    genotypes_out: Annotated[
        Path | None, typer.Option("--genotypes-out", metavar="FILE.json", help="Write the genotypes here as well.")
    ] = None,
    callable_bed: o.CallableBed = None,
    absent_is_reference: o.AbsentIsReference = False,
    ancestry: o.Ancestry = None,
    copies: o.Copies = None,
) -> None:
    """Call the diplotypes of every sample and gene, most probable first."""
    from contextlib import ExitStack

    from estrogenome.cli.output import staged_file
    from estrogenome.cli.progress import progress
    from estrogenome.core.files import save

    catalog = o.catalog_of(context)
    o.existing(file)
    stated = o.copies_of(copies)
    with ExitStack() as stack:
        places = [stack.enter_context(staged_file(path)) if path else None for path in (out, genotypes_out)]
        with progress() as tell:
            tell("calling diplotypes")
            genotypes, diplotypes = _called(file, catalog, callable_bed, absent_is_reference, ancestry, stated)
        for record, place in zip((diplotypes, genotypes), places, strict=True):
            if place:
                save(record, place)
    if out is None:
        for piece in rows(diplotypes) if form is Format.TSV else _json(diplotypes):
            typer.echo(piece, nl=False)


def _called(
    file: Path, catalog: Catalog, bed: Path | None, absent: bool, ancestry: str | None, copies: dict[str, int]
) -> tuple[Genotypes, Diplotypes]:
    from estrogenome.diplotypes import call_diplotypes
    from estrogenome.genotypes import state_copies
    from estrogenome.pipeline import genotypes_of

    genotypes = genotypes_of(file, catalog, callable_bed=o.existing(bed) if bed else None, absent_is_reference=absent)
    genotypes = state_copies(genotypes, copies, catalog)
    return genotypes, call_diplotypes(genotypes, catalog, ancestry=ancestry)


def rows(diplotypes: Diplotypes) -> Iterator[str]:
    """Yield the header and one line per sample and gene, the lines of some hundred people at a time.

    Sample names stand as in the file, except that control and bidirectional characters (tab, newline) are escaped. Spreadsheet
    programs take a name that begins with ``=``, ``+``, ``-`` or ``@`` for a formula: import the column as text.
    """
    from estrogenome.cli.text import clean

    cells = [_cells(result) for result in diplotypes.results]
    yield _HEADER + "\n"
    for start in range(0, len(diplotypes.samples), _PEOPLE):
        names = [clean(sample) for sample in diplotypes.samples[start : start + _PEOPLE]]
        numbers = diplotypes.index[start : start + _PEOPLE].tolist()
        yield "".join(f"{name}\t{cells[i]}\n" for name, row in zip(names, numbers, strict=True) for i in row)


def _cells(result: GeneDiplotypes) -> str:
    from estrogenome.core.genotype_records import CallStatus

    if result.status is CallStatus.NOT_ASSAYED or not result.options:
        return f"{result.gene}\t.\t0\t{CallStatus.NOT_ASSAYED}"
    name, probability = result.by_name()[0]
    return f"{result.gene}\t{name}\t{probability:.4g}\t{result.status}"


def _json(diplotypes: Diplotypes) -> Iterator[str]:
    from estrogenome.core.files import to_json

    yield from to_json(diplotypes)
    yield "\n"
