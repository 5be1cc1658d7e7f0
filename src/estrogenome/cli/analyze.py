"""``estrogenome analyze``: a genome file to a report, with every stage's record beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from estrogenome.cli import options as o

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estrogenome.catalog.load import Catalog
    from estrogenome.pipeline import Analysis


def analyze(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="VCF or BCF, plain or compressed, GRCh37 or GRCh38.")],
    sex: o.Sex,
    age: o.Age,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for report.html, report.json and the records.")],
    state: o.StateName = None,
    sample: o.Sample = None,
    measured: o.Measured = None,
    exposure: o.Exposures = None,
    weight: o.Weight = None,
    height: o.Height = None,
    bmi: o.Bmi = None,
    seed: o.Seed = 0,
    draws: o.Draws = 200,
    population: o.Population = 400,
    callable_bed: o.CallableBed = None,
    absent_is_reference: o.AbsentIsReference = False,
    ancestry: o.Ancestry = None,
    copies: o.Copies = None,
) -> None:
    """Analyze one person's genome and write the report and every record into a folder."""
    from estrogenome.cli.output import staged
    from estrogenome.cli.progress import progress

    catalog = o.catalog_of(context)
    person = o.person_of(catalog, sex, age, state, measured, exposure, weight=weight, height=height, bmi=bmi)
    path = o.existing(file)
    stated = o.copies_of(copies)
    with staged(out) as folder, progress() as tell:
        tell("loading")
        from estrogenome import pipeline

        analysis = pipeline.analyze(
            path,
            person,
            sample=sample,
            catalog=catalog,
            draws=draws,
            seed=seed,
            callable_bed=o.existing(callable_bed) if callable_bed else None,
            absent_is_reference=absent_is_reference,
            ancestry=ancestry,
            copies=stated,
            population=population,
            progress=tell,
        )
        write_analysis(analysis, catalog, folder)
    for line in notes(analysis):
        typer.echo(f"estrogenome: note: {line}", err=True)
    typer.echo(str(out / "report.html"))


def notes(analysis: Analysis) -> Iterator[str]:
    """Yield what is worth a line beside the report: sites not seen, the person's own values as understood, doubts about the file."""
    seen = analysis.report.genome
    if seen.not_assayed:
        total = seen.observed + seen.inferred + seen.not_assayed
        yield f"{seen.not_assayed} of {total} sites not assayed; the report says which, and what would show them"
    yield from (f"used {value}" for value in analysis.report.given)
    yield from seen.warnings


def write_analysis(analysis: Analysis, catalog: Catalog, folder: Path) -> None:
    """Write the report and every record of ``analysis`` into ``folder``."""
    from estrogenome.core.files import save, write_bytes
    from estrogenome.reports.renderers import html, json

    write_bytes(folder / "report.html", html.render(analysis.report, catalog).encode())
    write_bytes(folder / "report.json", json.render(analysis.report).encode())
    for name in ("person", "genotypes", "diplotypes", "activities", "parameters", "trajectories", "readouts", "origins"):
        save(getattr(analysis, name), folder / f"{name}.json")
