"""What is wrong with a study file that follows the schema: names that nothing has, units that do not fit, arms that are not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estrogenome.catalog.arms import full_arm
from estrogenome.core.errors import KnowledgeError
from estrogenome.core.suggest import known
from estrogenome.core.units import factor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estrogenome.catalog.load import Catalog
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


def _row(row: Row, study: Study, catalog: Catalog) -> Iterator[str]:
    for name in (row.arm, row.against):
        if name is not None and name not in study.arms:
            yield f"arm {name} is not there; {known(name, study.arms)}"
    if row.arm == row.against:
        yield "arm and against are the same; give two arms"
    spec = catalog.readouts.get(row.readout)
    if spec is None:
        yield f"readout {row.readout} is in no file of readouts/; {known(row.readout, catalog.readouts)}"
    assay = catalog.assays.get(row.assay)
    if assay is None:
        yield f"assay {row.assay} is in no file of assays/; {known(row.assay, catalog.assays)}"
    if spec is not None and assay is not None and assay.matrix != spec.matrix:
        yield f"readout {spec.id} is of {spec.matrix}, but assay {assay.id} measures in {assay.matrix}"
    if spec is not None:
        compared = row.against is not None and row.as_ == "ratio"
        to = "1" if compared else spec.unit
        try:
            factor(row.unit, to, spec.molar_mass)
        except KnowledgeError:
            yield f"unit {row.unit} cannot become {to}{', since two arms are compared' if compared else f' of readout {spec.id}'}"
