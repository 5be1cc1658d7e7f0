"""Rules on what comparisons show and say. Each yields (where, what is wrong and how to mend it)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estrogenome.catalog.lint_model import model_constants, names_within
from estrogenome.catalog.scenarios import does
from estrogenome.core.errors import KnowledgeError
from estrogenome.core.suggest import known
from estrogenome.core.units import factor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estrogenome.catalog.load import Catalog


def comparisons_show_readouts_that_exist(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A panel or a mark that names no readout, a picture of one that is not followed."""
    there, panel = {*catalog.readouts, *catalog.axis_readouts}, catalog.panel
    for name in panel.readouts:
        if name not in there:
            yield "compare/panel.readouts", f"{name} is in no file of readouts/; {known(name, there)}"
    followed = [
        *panel.plots,
        *panel.loop,
        *([panel.reasons] if panel.reasons else []),
        *(r for m in panel.undetermined for r in m.readouts),
    ]
    for name in followed:
        if name not in panel.readouts:
            yield "compare/panel", f"{name} is not among its readouts; add it there or leave it out"


def statements_on_therapies_can_be_met(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A statement or mark about something that no therapy can do, or about a level in a unit that its readout cannot be in."""
    handles = {name for text in catalog.axis_models.values() for name in names_within(text)}
    possible = does(catalog.therapies.values()) | set(model_constants(catalog)) | handles
    specs = catalog.readouts | catalog.axis_readouts
    marks = [(f"compare/panel.undetermined/{m.id}", m.given) for m in catalog.panel.undetermined]
    for where, given in [*marks, *((f"consequences/{c.id}", (*c.given, *c.without)) for c in catalog.consequences.values())]:
        for name in (one for alternatives in given for one in alternatives.split("|")):
            if possible and name not in possible:
                yield where, f"no therapy can do anything to {name}; {known(name, possible)}"
    for entry in catalog.consequences.values():
        if entry.threshold is None:
            continue
        spec = specs.get(entry.threshold.readout)
        if spec is None:
            yield (
                f"consequences/{entry.id}",
                f"{entry.threshold.readout} is in no file of readouts/; {known(entry.threshold.readout, specs)}",
            )
            continue
        try:
            factor(entry.threshold.at.unit, spec.unit, spec.molar_mass)
        except KnowledgeError as error:
            yield f"consequences/{entry.id}", str(error)
