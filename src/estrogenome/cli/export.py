"""``estrogenome export``: the model for other programs."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from estrogenome.cli import options as o
from estrogenome.core.errors import InputError

if TYPE_CHECKING:
    from estrogenome.catalog.load import Catalog
    from estrogenome.export import Values

_ARCHIVE, _SBML = ".omex", ".xml"


class What(StrEnum):
    """What ``export`` writes."""

    MODEL = "model"


def export(
    context: typer.Context,
    what: Annotated[What, typer.Argument(metavar="model", help="What leaves: the whole model with its calibration.")],
    out: Annotated[
        Path,
        typer.Option(
            "--out", "-o", metavar="PATH", help="A folder; or a file .omex (COMBINE archive with everything), or .xml (the SBML alone)."
        ),
    ],
    state: o.StateName = None,
    sex: Annotated[str | None, typer.Option("--sex", help="With --age: the medians of such a person, average genotype.")] = None,
    age: Annotated[float | None, typer.Option("--age", help="With --sex: age in years.")] = None,
    measured: o.Measured = None,
    exposure: o.Exposures = None,
    parameters: Annotated[
        Path | None,
        typer.Option("--parameters", metavar="FILE.json", help="The numbers of somebody: parameters.json of analyze or simulate."),
    ] = None,
    sample: o.Sample = None,
    draw: Annotated[int | None, typer.Option("--draw", min=0, help="With --parameters: this draw instead of the medians.")] = None,
    seed: o.Seed = 0,
    draws: o.Draws = 200,
) -> None:
    """Write the model as SBML, with SED-ML that runs it and its calibration as a PEtab problem.

    Values are those of the reference state by default, of another with --state, or of a person.
    """
    from estrogenome.cli.output import staged
    from estrogenome.cli.progress import progress
    from estrogenome.core.files import write_bytes

    _fitting(parameters, sex=sex, age=age, state=state, measured=measured, exposure=exposure, draw=draw, sample=sample)
    catalog = o.catalog_of(context)
    single = out.suffix in {_ARCHIVE, _SBML}
    if single and out.is_dir():
        raise InputError(f"{out.name}: is a folder; give the path of a file, or another folder")
    with staged(out.parent if single else out) as folder, progress() as tell:
        tell("loading")
        from estrogenome.export import model_archive, model_files, of_person, of_state
        from estrogenome.export.dress import sbml_of

        if parameters:
            values = _of_file(catalog, o.existing(parameters), sample, draw)
        else:
            person = None if sex is None or age is None else o.person_of(catalog, sex, age, state, measured, exposure)
            values = of_person(catalog, person, draws=draws, seed=seed) if person else of_state(catalog, state)
        tell(f"writing the {what}")
        if out.suffix == _ARCHIVE:
            write_bytes(folder / out.name, model_archive(catalog, values))
        elif out.suffix == _SBML:
            write_bytes(folder / out.name, sbml_of(catalog, values).encode())
        else:
            for name, content in model_files(catalog, values).items():
                write_bytes(folder / name, content)
    typer.echo(str(out))


def _fitting(parameters: Path | None, **given: object) -> None:
    """Refuse options that contradict each other.

    Raises:
        InputError: they do.
    """
    if parameters:
        other = [name for name in ("sex", "age", "state", "measured", "exposure") if given[name] is not None]
        if other:
            raise InputError(f"--{other[0]}: the person stands in the file of --parameters; leave one of the two out")
        return
    for name in ("draw", "sample"):
        if given[name] is not None:
            raise InputError(f"--{name}: needs --parameters, a parameters.json written by analyze or simulate")
    if (given["sex"] is None) != (given["age"] is None):
        raise InputError("a person needs --sex and --age; give both, or --state alone for the reference of a state")
    for name in ("measured", "exposure"):
        if given[name] and given["sex"] is None:
            raise InputError(f"--{name}: whose? give --sex and --age too")


def _of_file(catalog: Catalog, path: Path, sample: str | None, draw: int | None) -> Values:
    from estrogenome.core.files import load
    from estrogenome.core.records import ParameterSets
    from estrogenome.export import of_record

    return of_record(catalog, load(ParameterSets, path), sample=sample, draw=draw)
