"""``estrogenome simulate``: enter the flow with any record after the genotypes and follow it to the readouts."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from estrogenome.cli import options as o

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estrogenome.catalog.load import Catalog
    from estrogenome.core.readout_records import Readouts
    from estrogenome.core.records import Person
    from estrogenome.pipeline import Course


class Format(StrEnum):
    """How ``simulate`` prints."""

    TABLE = "table"
    TSV = "tsv"
    JSON = "json"


def simulate(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.json", help="Diplotypes, activities or parameters written before.")],
    sex: o.Sex,
    age: o.Age,
    form: Annotated[Format, typer.Option("--format", help="How the readouts are printed.")] = Format.TABLE,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="DIR", help="Write the records and readouts.tsv here, print the place."),
    ] = None,
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
) -> None:
    """Simulate a person from diplotypes, activities or parameters: the readouts with names, units and intervals."""
    from contextlib import ExitStack

    from estrogenome.cli.output import staged
    from estrogenome.cli.progress import progress
    from estrogenome.core.errors import StageFileError
    from estrogenome.core.files import kind_of, load
    from estrogenome.core.genotype_records import Diplotypes
    from estrogenome.core.records import Activities, ParameterSets

    catalog = o.catalog_of(context)
    person = o.person_of(catalog, sex, age, state, measured, exposure, weight=weight, height=height, bmi=bmi)
    kinds: dict[str, type[Diplotypes | Activities | ParameterSets]]
    kinds = {kind.__name__: kind for kind in (Diplotypes, Activities, ParameterSets)}
    kind = kind_of(o.existing(file))
    if kind not in kinds:
        raise StageFileError(f"{file.name}: holds {kind or 'no record'}; give diplotypes.json, activities.json or parameters.json")
    record = load(kinds[kind], file)
    with ExitStack() as stack:
        folder = stack.enter_context(staged(out)) if out else None
        tell = stack.enter_context(progress())
        tell("loading")
        from estrogenome import pipeline

        course = pipeline.follow(
            record, person, sample=sample, catalog=catalog, draws=draws, seed=seed, population=population, progress=tell
        )
        if folder:
            _write(course, person, folder)
    if out:
        typer.echo(str(out / "readouts.json"))
        return
    for line in _lines(course.readouts, form, catalog):
        typer.echo(line)


def _write(course: Course, person: Person, folder: Path) -> None:
    from estrogenome.cli.table import rows
    from estrogenome.core.files import save, write_bytes

    save(person, folder / "person.json")
    for name in ("activities", "parameters", "trajectories", "readouts"):
        if getattr(course, name) is not None:
            save(getattr(course, name), folder / f"{name}.json")
    write_bytes(folder / "readouts.tsv", "".join(f"{line}\n" for line in rows(course.readouts)).encode())


def _lines(readouts: Readouts, form: Format, catalog: Catalog) -> Iterable[str]:
    from estrogenome.cli.table import rows, table
    from estrogenome.core.files import to_json

    if form is Format.JSON:
        return ["".join(to_json(readouts))]
    return rows(readouts) if form is Format.TSV else table(readouts, catalog)
