"""``estrogenome report``: the report again, from the records of a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from estrogenome.cli import options as o
from estrogenome.core.errors import InputError

_RECORDS = ("person.json", "genotypes.json", "diplotypes.json", "activities.json", "readouts.json", "origins.json")


def report(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder written by analyze.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="DIR", help="Folder for the report; the same by default.")] = None,
) -> None:
    """Write the report again from the records in a folder."""
    from estrogenome.cli.output import staged
    from estrogenome.core.files import load, write_bytes
    from estrogenome.core.genotype_records import Diplotypes, Genotypes
    from estrogenome.core.readout_records import Origins, Readouts
    from estrogenome.core.records import Activities, Person
    from estrogenome.reports import interpret
    from estrogenome.reports.renderers import html, json

    catalog = o.catalog_of(context)
    if not folder.is_dir():
        raise InputError(f"{folder.name}: {'is a file' if folder.exists() else 'no such folder'}; give a folder written by analyze")
    lacking = [name for name in _RECORDS if not (folder / name).is_file()]
    if lacking:
        raise InputError(f"{folder.name}: holds no {lacking[0]}; give a folder written by analyze")
    made = interpret(
        load(Person, folder / "person.json"),
        load(Genotypes, folder / "genotypes.json"),
        load(Diplotypes, folder / "diplotypes.json"),
        load(Activities, folder / "activities.json"),
        load(Readouts, folder / "readouts.json"),
        catalog,
        origins=load(Origins, folder / "origins.json"),
    )
    with staged(out or folder) as place:
        write_bytes(place / "report.html", html.render(made, catalog).encode())
        write_bytes(place / "report.json", json.render(made).encode())
    typer.echo(str((out or folder) / "report.html"))
