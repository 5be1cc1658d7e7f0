"""``estrogenome export``: the model for other programs."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from estrogenome.cli import options as o
from estrogenome.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estrogenome.catalog.load import Catalog
    from estrogenome.core.records import ParameterSets, Person

_ARCHIVE, _SBML = ".omex", ".xml"
_OTHERS = frozenset({".zip", ".sbml", ".sedml", ".yaml", ".json", ".ant", ".txt", ".gz"})
"""What somebody may take for a file that is written here; none is, and a folder of that name is not meant."""


class What(StrEnum):
    """What ``export`` writes."""

    MODEL = "model"
    COURSE = "course"


def export(
    context: typer.Context,
    what: Annotated[
        What, typer.Argument(metavar="model|course", help="What leaves: the whole model with its calibration, or a course in time.")
    ],
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
    therapy: Annotated[
        list[str] | None,
        typer.Option("--therapy", metavar="REGIMEN", help="With course: what is given, therapy:dose/interval; may be repeated."),
    ] = None,
    axis: Annotated[
        str | None,
        typer.Option("--axis", metavar="NAME", help="With course: the axis; that of the state by default, a cycle only by name."),
    ] = None,
    seed: o.Seed = 0,
    draws: o.Draws = 200,
) -> None:
    """Write the model as SBML, with SED-ML that runs it and its calibration as a PEtab problem; or a course as one SBML, doses as events.

    Values are those of the reference state by default, of another with --state, or of a person.
    """
    from estrogenome.cli.output import staged
    from estrogenome.cli.progress import progress
    from estrogenome.core.files import write_bytes

    _fitting(parameters, sex=sex, age=age, state=state, measured=measured, exposure=exposure, draw=draw, sample=sample)
    _fitting_course(what, out, therapy, axis)
    catalog = o.catalog_of(context)
    single = out.suffix in {_ARCHIVE, _SBML}
    if out.suffix in _OTHERS and not out.is_dir():
        raise InputError(
            f"--out {out.name}: {out.suffix} is not written; give a folder, a file {_ARCHIVE} (everything) or {_SBML} (the SBML)"
        )
    if single and out.is_dir():
        raise InputError(f"{out.name}: is a folder; give the path of a file, or another folder")
    with staged(out.parent if single else out) as folder, progress() as tell:
        tell("loading")
        person = None if sex is None or age is None else o.person_of(catalog, sex, age, state, measured, exposure)
        whose = _Whose(person, state, o.existing(parameters) if parameters else None, sample, draw, draws, seed)
        tell(f"writing the {what}")
        files = _course(catalog, whose, therapy or (), axis, out.name) if what is What.COURSE else _model(catalog, whose, out)
        for name, content in files.items():
            write_bytes(folder / name, content)
    typer.echo(str(out))


class _Whose(NamedTuple):
    """Whose numbers leave."""

    person: Person | None
    state: str | None
    parameters: Path | None
    sample: str | None
    draw: int | None
    draws: int
    seed: int


def _model(catalog: Catalog, whose: _Whose, out: Path) -> dict[str, bytes]:
    from estrogenome.export import model_archive, model_files, of_person, of_record, of_state
    from estrogenome.export.dress import sbml_of

    if whose.parameters:
        values = of_record(catalog, _record(whose.parameters), sample=whose.sample, draw=whose.draw)
    elif whose.person:
        values = of_person(catalog, whose.person, draws=whose.draws, seed=whose.seed)
    else:
        values = of_state(catalog, whose.state)
    if out.suffix == _ARCHIVE:
        return {out.name: model_archive(catalog, values)}
    return {out.name: sbml_of(catalog, values).encode()} if out.suffix == _SBML else model_files(catalog, values)


def _course(catalog: Catalog, whose: _Whose, therapies: Sequence[str], axis: str | None, name: str) -> dict[str, bytes]:
    from estrogenome.catalog.axes import axes_of
    from estrogenome.catalog.regimens import parse_regimens
    from estrogenome.core.select import one
    from estrogenome.export import course_sbml
    from estrogenome.export.values import average_sets, central_sets, single_sets

    regimens = parse_regimens(catalog, "+".join(therapies)) if therapies else ()
    if whose.parameters:
        sets = single_sets(one(_record(whose.parameters), whose.sample), whose.draw)
    elif whose.person:
        sets = single_sets(average_sets(catalog, whose.person, draws=whose.draws, seed=whose.seed))
    else:
        sets = central_sets(catalog, whose.state)
    resting = (a for a in axes_of(catalog, sets.person.state) if catalog.axes[a].kind == "steady")
    return {name: course_sbml(catalog, sets, axis=axis or next(resting, None), regimens=regimens).encode()}


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


def _fitting_course(what: What, out: Path, therapy: list[str] | None, axis: str | None) -> None:
    """Refuse what fits a course alone, or not a course.

    Raises:
        InputError: it does not fit.
    """
    if what is What.COURSE:
        if out.suffix != _SBML:
            raise InputError(f"{out.name}: a course is one SBML file; let the path end in {_SBML}")
        return
    for name, given in (("therapy", therapy), ("axis", axis)):
        if given:
            raise InputError(f"--{name}: is for a course; say export course")


def _record(path: Path) -> ParameterSets:
    from estrogenome.core.files import load
    from estrogenome.core.records import ParameterSets

    return load(ParameterSets, path)
