"""What is wrong with a study file that follows the schema: names that nothing has, units that do not fit, arms that are not there."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from estrogenome.catalog.arms import full_arm
from estrogenome.catalog.schema import ReadoutSpec
from estrogenome.core.errors import KnowledgeError
from estrogenome.core.suggest import known
from estrogenome.core.units import factor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.schema import TracerSpec
    from estrogenome.catalog.studies import Row, Study


def problems(study: Study, catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Yield (where, what is wrong and how to mend it) for one study."""
    for name in study.arms:
        try:
            full_arm(study, name, catalog)
        except KnowledgeError as error:
            where, _, what = str(error).partition(": ")
            yield where, what
    seen: set[str] = set()
    for row in study.rows:
        where = f"studies/{study.id}: row {row.id}"
        if row.id in seen:
            yield where, "stands twice; give each row an id of its own"
        seen.add(row.id)
        yield from ((where, what) for what in _row(row, study, catalog))
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
    return catalog.readouts.get(readout) or catalog.tracers.get(readout)


def row_scale(row: Row, spec: ReadoutSpec | TracerSpec) -> tuple[float, bool]:
    """Return what the row's number is multiplied with to be in the readout's unit, and whether that unit is per day instead.

    Raises:
        KnowledgeError: the row's unit cannot become the readout's.
    """
    if row.against is not None and row.as_ == "ratio":
        try:
            return factor(row.unit, "1"), False
        except KnowledgeError as error:
            raise KnowledgeError(f"unit {row.unit} cannot become 1, since two arms are compared") from error
    try:
        return factor(row.unit, spec.unit, spec.molar_mass), False
    except KnowledgeError as error:
        if isinstance(spec, ReadoutSpec) and spec.per:
            with suppress(KnowledgeError):
                return factor(row.unit, f"{spec.unit.removesuffix('/g')}/d", spec.molar_mass), True
        raise KnowledgeError(f"unit {row.unit} cannot become {spec.unit} of readout {spec.id}") from error


def _row(row: Row, study: Study, catalog: Catalog) -> Iterator[str]:
    for name in (row.arm, row.against):
        if name is not None and name not in study.arms:
            yield f"arm {name} is not there; {known(name, study.arms)}"
    if row.arm == row.against:
        yield "arm and against are the same; give two arms"
    spec = measured_as(row.readout, catalog)
    if spec is None:
        yield f"readout {row.readout} is in no file of readouts/ or tracers/; {known(row.readout, {*catalog.readouts, *catalog.tracers})}"
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
