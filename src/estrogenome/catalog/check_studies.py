"""What is wrong with a study file that follows the schema: names that nothing has, units that do not fit, arms that are not there."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from estrogenome.catalog.arms import full_arm
from estrogenome.catalog.readouts import ReadoutSpec
from estrogenome.catalog.regimens import parse_regimens
from estrogenome.catalog.studies import NO_LIMIT, TIMES
from estrogenome.core.errors import KnowledgeError, PersonError
from estrogenome.core.suggest import known
from estrogenome.core.units import factor, parse_amount

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from estrogenome.catalog.arms import FullArm
    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.readouts import TracerSpec
    from estrogenome.catalog.studies import Row, Study


def problems(study: Study, catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Yield (where, what is wrong and how to mend it) for one study."""
    arms: dict[str, FullArm] = {}
    for name in study.arms:
        try:
            arms[name] = full_arm(study, name, catalog)
        except KnowledgeError as error:
            where, _, what = str(error).partition(": ")
            yield where, what
        else:
            yield from ((f"studies/{study.id}: arm {name}", what) for what in _given(arms[name], catalog))
    seen: set[str] = set()
    for row in study.rows:
        where = f"studies/{study.id}: row {row.id}"
        if row.id in seen:
            yield where, "stands twice; give each row an id of its own"
        seen.add(row.id)
        yield from ((where, what) for what in _row(row, study, catalog))
        yield from ((where, what) for what in _when(row, arms))
    used = {name for row in study.rows for name in (row.arm, row.against)} | {arm.base for arm in study.arms.values()}
    for name in study.arms:
        if name not in used:
            yield f"studies/{study.id}: arm {name}", "no row and no other arm uses it; remove it"


def first_problem(study: Study, catalog: Catalog) -> None:
    """Refuse a study that cannot be predicted.

    Raises:
        KnowledgeError: the first of its problems, on one line.
    """
    for where, what in problems(study, catalog):
        raise KnowledgeError(f"{where}: {what}")


def measured_as(readout: str, catalog: Catalog) -> ReadoutSpec | TracerSpec | None:
    """Return the readout or tracer number of this name, None where there is none."""
    return catalog.readouts.get(readout) or catalog.axis_readouts.get(readout) or catalog.tracers.get(readout)


def unit_of(row: Row, spec: ReadoutSpec | TracerSpec) -> str:
    """Return the unit in which a row is predicted: the readout's, a time (d), or the readout's times days."""
    if row.at is None or row.at.take not in {*TIMES, "area"}:
        return spec.unit
    if row.at.take in TIMES:
        return "d"
    over, slash, under = spec.unit.partition("/")
    return f"{over}.d{slash}{under}"


def in_time(row: Row, arms: Mapping[str, FullArm], catalog: Catalog) -> bool:
    """Say whether a row needs more than a steady state of the body: people followed in time, or what an axis alone has."""
    compared = [name for name in (row.arm, row.against) if name is not None]
    return row.at is not None or row.readout in catalog.axis_readouts or any(arms[name].in_time for name in compared)


class Scale(NamedTuple):
    """What a row is multiplied with to be in the readout's unit; whether it is per day instead, or per unit of a covariate."""

    times: float
    per_day: bool = False
    per: str = ""
    """Unit of the covariate, such as m2."""


def row_scale(row: Row, spec: ReadoutSpec | TracerSpec) -> Scale:
    """Return how the row's number becomes one in the readout's unit.

    Raises:
        KnowledgeError: the row's unit cannot become the readout's.
    """
    if row.against is not None and row.as_ == "ratio":
        try:
            return Scale(factor(row.unit, "1"))
        except KnowledgeError as error:
            raise KnowledgeError(f"unit {row.unit} cannot become 1, since two arms are compared") from error
    try:
        return Scale(factor(row.unit, unit_of(row, spec), spec.molar_mass))
    except KnowledgeError as error:
        if isinstance(spec, ReadoutSpec) and spec.per:
            with suppress(KnowledgeError):
                return Scale(factor(row.unit, f"{spec.unit.removesuffix('/g')}/d", spec.molar_mass), per_day=True)
        each = row.unit.rpartition("/")[2]
        with suppress(KnowledgeError):
            return Scale(factor(row.unit, f"{spec.unit}/{each}", spec.molar_mass), per=each)
        raise KnowledgeError(f"unit {row.unit} cannot become {spec.unit} of readout {spec.id}") from error


def _given(arm: FullArm, catalog: Catalog) -> Iterator[str]:
    """What is wrong with the regimens and the axis of an arm."""
    for text in arm.therapies:
        try:
            parse_regimens(catalog, text)
        except PersonError as error:
            yield str(error)
    if arm.axis is not None and arm.axis not in catalog.axes:
        yield f"axis {arm.axis} is in no file of axes/; {known(arm.axis, catalog.axes)}"


def _when(row: Row, arms: Mapping[str, FullArm]) -> Iterator[str]:
    """Rows of people who are given something over time say when; others must not."""
    known_arms = [arms[name] for name in (row.arm, row.against or row.arm) if name in arms]
    given = any(arm.in_time for arm in known_arms)
    if row.at is not None and known_arms and not given:
        yield "at is for arms with therapies or an axis; leave it out"
    if row.at is None and any(arm.therapies for arm in known_arms):
        yield "its arm has therapies: say when it was measured, such as at: {days: [70, 84], take: trough}"
    if row.at is not None and row.at.against is not None and row.against is None:
        yield "at.against is the window of the other arm; give against"


def _row(row: Row, study: Study, catalog: Catalog) -> Iterator[str]:
    for name in (row.arm, row.against):
        if name is not None and name not in study.arms:
            yield f"arm {name} is not there; {known(name, study.arms)}"
    if row.arm == row.against and (row.at is None or row.at.against is None):
        yield "arm and against are the same; give two arms, or at.against, another time"
    spec = measured_as(row.readout, catalog)
    if spec is None:
        offered = known(row.readout, {*catalog.readouts, *catalog.axis_readouts, *catalog.tracers})
        yield f"readout {row.readout} is in no file of readouts/ or tracers/; {offered}"
    assay = catalog.assays.get(row.assay)
    if assay is None:
        yield f"assay {row.assay} is in no file of assays/; {known(row.assay, catalog.assays)}"
    if spec is not None and assay is not None and assay.matrix != spec.matrix:
        yield f"readout {spec.id} is of {spec.matrix}, but assay {assay.id} measures in {assay.matrix}"
    if spec is not None:
        try:
            row_scale(row, spec)
        except KnowledgeError as error:
            yield str(error)
        yield from _limit(row, spec)


def _limit(row: Row, spec: ReadoutSpec | TracerSpec) -> Iterator[str]:
    if row.limit in {None, NO_LIMIT}:
        return
    try:
        number, unit = parse_amount(row.limit or "")
        factor(unit, spec.unit, spec.molar_mass)
    except (ValueError, KnowledgeError):
        yield f"limit {row.limit} is no number in a unit that becomes {spec.unit}; write it such as 2 {spec.unit}"
        return
    if number <= 0:
        yield f"limit {row.limit} must be above 0; leave it out where none is printed"
