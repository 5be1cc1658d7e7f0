"""Rules on axes. Each yields (where, what is wrong and how to mend it)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estrogenome.catalog import formula
from estrogenome.catalog.axes import LOOP, axis_values
from estrogenome.catalog.body import LABEL, LABELLED
from estrogenome.catalog.lint_model import model_constants, model_names, names_within
from estrogenome.core.errors import KnowledgeError
from estrogenome.core.suggest import known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estrogenome.catalog.axes import Axis
    from estrogenome.catalog.load import Catalog


def axes_name_what_there_is(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A module, table or state that is in no file."""
    for axis in catalog.axes.values():
        where = f"axes/{axis.id}"
        for module in axis.modules:
            if module not in catalog.axis_models:
                yield where, f"there is no {module}.ant; {known(module, catalog.axis_models)}"
        for table in axis.parameters:
            if table not in catalog.axis_parameters:
                yield where, f"there is no {table}; {known(table, catalog.axis_parameters)}"
        for state in axis.states:
            if state not in catalog.states:
                yield where, f"state {state} is no file of states/; {known(state, catalog.states)}"


def names_of_axes_stand_in_their_modules(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A reference, start or peak that no module has, or a formula that does not parse or names what there is not."""
    body = model_names(catalog)
    for axis in catalog.axes.values():
        where, names = f"axes/{axis.id}", _names(catalog, axis)
        aligned = (axis.settle.align,) if axis.settle else ()
        for name in (*axis.references, *axis.start, *aligned):
            if name not in names | body:
                yield where, f"{name} is in no module of it; {known(name, names)}"
        # a reference is read off the body, a start off constants
        for texts, allowed in ((axis.references, body), (axis.starts, names | body)):
            for name, text in texts.items():
                try:
                    unknown = sorted(n for n in formula.names(text) - allowed if texts is not axis.references or not _of_tracer(n, allowed))
                except KnowledgeError as error:
                    yield f"{where}.{name}", str(error)
                    continue
                for other in unknown:
                    yield f"{where}.{name}", f"{other} is nothing that it may be computed from; {known(other, allowed)}"


def tables_of_axes_set_what_a_module_reads(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A row for a constant that no module has, or that is a reference, or no switch of the loop."""
    for axis in catalog.axes.values():
        where, names = f"axes/{axis.id}", _names(catalog, axis)
        values = axis_values(catalog, axis)
        for name in sorted(values):
            if name not in names:
                yield where, f"a row sets {name}, which no module reads; remove it, or mend the name"
            elif name in axis.references:
                yield where, f"{name} is a reference and has a row; remove one of the two"
            elif name in model_constants(catalog):
                yield where, f"a row sets {name}, which the body sets; read resting_{name}, or take another name"
        if LOOP not in names:
            yield where, f"no module reads {LOOP}, so its loop cannot be opened"


def _of_tracer(name: str, allowed: frozenset[str]) -> bool:
    """Return whether ``name`` speaks of a labelled copy: the rate at which it enters, or what is read while it enters (X__Y)."""
    read, separator, entered = name.partition(LABELLED)
    return name == LABEL or (bool(separator) and {read, entered} <= allowed)


def _names(catalog: Catalog, axis: Axis) -> frozenset[str]:
    return frozenset(name for module in axis.modules for name in names_within(catalog.axis_models.get(module, "")))
