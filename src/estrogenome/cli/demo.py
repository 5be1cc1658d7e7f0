"""``estrogenome demo``: the bundled genome, analyzed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from estrogenome.cli import options as o


def demo(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the report.")] = Path("demo-report"),
) -> None:
    """Analyze the genome that comes with the package and say where the report lies."""
    from estrogenome.cli.analyze import write_analysis
    from estrogenome.cli.output import staged
    from estrogenome.cli.progress import progress
    from estrogenome.core.errors import KnowledgeError

    catalog = o.catalog_of(context)
    genomes = sorted((catalog.root / "demo").glob("*.vcf*"))
    if not genomes:
        raise KnowledgeError(f"{catalog.root.name}/demo holds no genome; install the package again")
    person = o.person_of(catalog, "female", 34, "premenopausal", None)
    with staged(out) as folder, progress() as tell:
        tell("loading")
        from estrogenome import pipeline

        write_analysis(pipeline.analyze(genomes[0], person, catalog=catalog, progress=tell), catalog, folder)
    typer.echo(f"The report lies in {out / 'report.html'}: open it in a browser.")
