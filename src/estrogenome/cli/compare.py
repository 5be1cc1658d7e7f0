"""``estrogenome compare``: one genome, several scenarios over time, side by side."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from estrogenome.cli import options as o

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estrogenome.core.compare_records import Comparison


class Loop(StrEnum):
    """What the axis does."""

    CLOSED = "closed"
    OPEN = "open"
    BOTH = "both"


def compare(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A genome file, as for analyze.")],
    sex: o.Sex,
    age: o.Age,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for report.html and compare.json.")],
    days: Annotated[float, typer.Option("--days", help="How many days are followed.")] = 84.0,
    scenario: Annotated[
        list[str] | None,
        typer.Option(
            "--scenario",
            metavar="NAME=REGIMENS",
            help="A scenario by name: therapy:dose/interval, with @start-stop and !missed where wanted, several joined by +; may be "
            "repeated. A scenario baseline, in which nothing is given, is always there.",
        ),
    ] = None,
    therapy: Annotated[
        list[str] | None,
        typer.Option("--therapy", metavar="REGIMEN", help="A regimen; all that are given make one scenario, called therapy."),
    ] = None,
    protocol: Annotated[
        list[str] | None,
        typer.Option(
            "--protocol",
            metavar="NAME",
            help="A scenario from a protocol of the knowledge, or from a YAML file with regimens: [text, …]; may be repeated. A name that "
            "is not known lists all.",
        ),
    ] = None,
    loop: Annotated[
        Loop,
        typer.Option(
            "--loop", help="closed: the pituitary answers; open: its drive is held; both: side by side, with the effect of genotype."
        ),
    ] = Loop.BOTH,
    cycle: Annotated[
        list[str] | None,
        typer.Option("--cycle", metavar="NAME", help="Use this model of the axis alone where several fit; all of them by default."),
    ] = None,
    state: o.StateName = None,
    sample: o.Sample = None,
    measured: o.Measured = None,
    exposure: o.Exposures = None,
    weight: o.Weight = None,
    height: o.Height = None,
    bmi: o.Bmi = None,
    seed: o.Seed = 0,
    draws: o.Draws = 100,
    callable_bed: o.CallableBed = None,
    absent_is_reference: o.AbsentIsReference = False,
    ancestry: o.Ancestry = None,
    copies: o.Copies = None,
) -> None:
    """Follow one person through several scenarios over time and lay them side by side; simulations, never advice."""
    from estrogenome.cli.output import staged
    from estrogenome.cli.progress import bar
    from estrogenome.cli.scenarios import scenarios_of
    from estrogenome.core.files import write_bytes

    catalog = o.catalog_of(context)
    person = o.person_of(catalog, sex, age, state, measured, exposure, weight=weight, height=height, bmi=bmi)
    path = o.existing(file)
    stated = o.copies_of(copies)
    with staged(out) as folder, bar() as tell:
        tell("loading", 0.0)
        from estrogenome import pipeline
        from estrogenome.reports.renderers import compare as page

        made = pipeline.compare(
            path,
            person,
            scenarios_of(catalog, scenario or (), therapy or (), protocol or (), pipeline.BASELINE),
            days=days,
            loop=loop.value,
            axes=cycle,
            sample=sample,
            catalog=catalog,
            draws=draws,
            seed=seed,
            callable_bed=o.existing(callable_bed) if callable_bed else None,
            absent_is_reference=absent_is_reference,
            ancestry=ancestry,
            copies=stated,
            progress=tell,
        )
        write_bytes(folder / "report.html", page.render(made, catalog).encode())
        write_bytes(folder / "compare.json", page.render_json(made).encode())
    for line in _notes(made):
        typer.echo(f"estrogenome: note: {line}", err=True)
    typer.echo(str(out / "report.html"))


def _notes(made: Comparison) -> Iterator[str]:
    """Yield what is worth a line beside the report."""
    if made.genome.not_assayed:
        total = made.genome.observed + made.genome.inferred + made.genome.not_assayed
        yield f"{made.genome.not_assayed} of {total} sites not assayed; they count as unknown"
    yield from (f"used {value}" for value in made.given)
    failed = max((r.failed_draws for s in made.scenarios.values() for r in s.readouts), default=0)
    if failed:
        yield f"{failed} draws had no solution and are left out; the report says so"
    if not made.axes:
        yield "no axis answers here: production is held"
    yield from made.genome.warnings
