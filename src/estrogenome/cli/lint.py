"""``estrogenome lint``: is the knowledge consistent, and what does it still lack?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from estrogenome.cli import options as o


def lint(
    context: typer.Context,
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="Knowledge folder; the package's own by default.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Leave out what is only still lacking.")] = False,
) -> None:
    """Check a knowledge folder; the exit status is 1 if anything in it is an error."""
    from estrogenome.catalog.lint import Severity
    from estrogenome.catalog.lint import lint as check
    from estrogenome.catalog.load import load_catalog
    from estrogenome.cli.text import clean

    issues = check(load_catalog(folder) if folder else o.catalog_of(context))
    for issue in issues:
        if not (quiet and issue.severity is Severity.INFO):
            typer.echo(clean(str(issue)))
    counts = [sum(issue.severity is severity for issue in issues) for severity in Severity]
    typer.echo("{} errors, {} warnings, {} still lacking".format(*counts))
    if counts[0]:
        raise typer.Exit(1)
