"""``estrogenome selftest``: the program measured on made-up people whose truth is known."""

from __future__ import annotations

from typing import Annotated

import typer

from estrogenome.cli import options as o


def selftest(
    context: typer.Context,
    calls: Annotated[bool, typer.Option("--calls", help="Call every diplotype of every gene and compare with the truth.")] = False,
    gene: Annotated[list[str] | None, typer.Option("--gene", help="This gene alone; may be repeated.")] = None,
    most: Annotated[int, typer.Option("--most", min=0, max=100, help="Panel haplotypes without a name that are added per gene.")] = 4,
) -> None:
    """Test the program on made-up people and print the table (Markdown); the exit status is 1 if anything failed."""
    from estrogenome.cli.progress import progress
    from estrogenome.core.errors import InputError
    from estrogenome.validate import page
    from estrogenome.validate import selftest as run

    if not calls:
        raise InputError("selftest: say what to test; give --calls")
    catalog = o.catalog_of(context)
    unknown = [name for name in gene or () if name not in catalog.genes]
    if unknown:
        raise InputError(f"--gene {unknown[0]}: not in the catalog; give one of {', '.join(catalog.genes)}")
    with progress() as tell:
        cases = run(catalog, gene or tuple(catalog.genes), most=most, tell=tell)
    typer.echo(page(cases, most), nl=False)
    if any(case.verdicts["failed"] for case in cases):
        raise typer.Exit(1)
