"""``estrogenome simulate``: enter the flow with any record after the genotypes and follow it to the readouts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from estrogenome.cli import options as o


def simulate(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.json", help="Diplotypes, activities or parameters written before.")],
    sex: o.Sex,
    age: o.Age,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the records.")],
    state: o.StateName = None,
    sample: o.Sample = None,
    measured: o.Measured = None,
    exposure: o.Exposures = None,
    seed: o.Seed = 0,
    draws: o.Draws = 200,
    population: o.Population = 400,
) -> None:
    """Simulate a person from diplotypes, activities or parameters, and write the records from there to the readouts."""
    from estrogenome.cli.output import staged
    from estrogenome.cli.progress import progress
    from estrogenome.core.errors import StageFileError
    from estrogenome.core.files import kind_of, load, save
    from estrogenome.core.records import Activities, Diplotypes, ParameterSets

    catalog = o.catalog_of(context)
    person = o.person_of(catalog, sex, age, state, measured, exposure)
    kinds: dict[str, type[Diplotypes | Activities | ParameterSets]]
    kinds = {kind.__name__: kind for kind in (Diplotypes, Activities, ParameterSets)}
    kind = kind_of(o.existing(file))
    if kind not in kinds:
        raise StageFileError(f"{file.name}: holds {kind or 'no record'}; give diplotypes.json, activities.json or parameters.json")
    record = load(kinds[kind], file)
    with staged(out) as folder, progress() as tell:
        tell("loading")
        from estrogenome import pipeline

        course = pipeline.follow(
            record, person, sample=sample, catalog=catalog, draws=draws, seed=seed, population=population, progress=tell
        )
        save(person, folder / "person.json")
        for name in ("activities", "parameters", "trajectories", "readouts"):
            if getattr(course, name) is not None:
                save(getattr(course, name), folder / f"{name}.json")
    typer.echo(str(out / "readouts.json"))
