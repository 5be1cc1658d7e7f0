"""Rules on therapies and protocols. Each yields (where, what is wrong and how to mend it)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from estrogenome.catalog.body import factor_name
from estrogenome.catalog.exposures import InputAct
from estrogenome.catalog.like import lenders
from estrogenome.catalog.lint_model import model_constants, model_names, names_within
from estrogenome.catalog.regimens import parse_regimens
from estrogenome.catalog.therapies import Inhibition, acted, nmol, numbers, unit_per_day
from estrogenome.core.errors import KnowledgeError, PersonError
from estrogenome.core.suggest import known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.schema import Quantity
    from estrogenome.catalog.therapies import Therapy

_UNITS = {
    "share": "1",
    "chain": "1/d",
    "absorption": "1/d",
    "elimination": "1/d",
    "volume": "L",
    "unbound": "1",
    "Ki": "nmol/L",
    "C50": "nmol/L",
    "left": "1",
    "turnover": "1/d",
    "nmol_per_unit": "nmol",
}


def therapies_act_on_things_that_exist(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A release into no constant of the model, or an act on a reaction or quantity that neither the model nor an axis has."""
    names, constants = model_names(catalog), model_constants(catalog)
    axes = frozenset(name for text in catalog.axis_models.values() for name in names_within(text))
    for therapy in catalog.therapies.values():
        for position, release in enumerate(therapy.releases):
            if release.into not in constants:
                where = f"therapies/{therapy.id}.releases[{position}]"
                yield where, f"{release.into} is no constant of the model; {known(release.into, constants)}"
        for position, act in enumerate(therapy.acts):
            where = f"therapies/{therapy.id}.acts[{position}]"
            if isinstance(act, Inhibition):
                for name in (factor_name(act.reaction, tissue) for tissue in act.tissues):
                    if name not in names:
                        yield where, f"the model has no {name}; {known(name, (n for n in names if n.startswith('factor_')))}"
                continue
            for name in acted(act):
                if name not in names | axes:
                    yield where, f"{name} is nothing of the model or an axis; {known(name, names | axes)}"


def numbers_of_therapies_have_their_units(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A number of a therapy in a unit that does not fit its place, not above 0, or a dose that cannot become moles."""
    for therapy in catalog.therapies.values():
        for row, quantity in numbers(therapy).items():
            part = next((piece for piece in reversed(row.split("/")) if not piece.isdigit()), "")
            wanted = unit_per_day(therapy) if part == "saturation" else _UNITS.get(part)
            if wanted is not None and quantity.unit != wanted:
                yield row, f"it is in {quantity.unit}; here it must be in {wanted}"
            if wanted is not None and quantity.value <= 0:
                yield row, "it must be above 0"
        yield from _dose(therapy)


def _dose(therapy: Therapy) -> Iterator[tuple[str, str]]:
    wanted = "nmol/d" if therapy.kind == "worn" else "nmol"
    try:
        nmol(therapy, 1.0)
    except KnowledgeError as error:
        yield f"therapies/{therapy.id}.dose", f"{error}; what is {therapy.kind} takes a dose that becomes {wanted}"


def shares_that_are_lent_saturate_alike(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A share that saturates in a therapy and not, or otherwise, in the exposure of its name: the steady fit lends both numbers."""
    for therapy in catalog.therapies.values():
        for position, release in lenders(catalog.exposures, therapy):
            act, there = catalog.exposures[therapy.id].acts[position], therapy.releases[release].saturation
            here = act.saturation if isinstance(act, InputAct) else None
            if _prior(here) != _prior(there):
                mine, other = (_prior(q) or "not there" for q in (there, here))
                yield (
                    f"therapies/{therapy.id}.releases[{release}]",
                    f"saturation is {mine}, in exposures/{therapy.id}.acts[{position}] it is {other}; give the same in both, or neither",
                )


def _prior(quantity: Quantity | None) -> str:
    """Return what a number says before any fit, and who says it; its locator and note may differ from place to place."""
    return (
        "" if quantity is None else f"{quantity.value:g} {quantity.unit} ({quantity.distribution} {quantity.spread:g}, {quantity.source})"
    )


def labels_are_regimens(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A labelled regimen that the therapy's own ranges refuse."""
    for therapy in catalog.therapies.values():
        for position, label in enumerate(therapy.labels):
            every = label.every or ("once" if therapy.kind == "dosed" else "")
            try:
                parse_regimens(catalog, f"{therapy.id}:{label.dose}{'/' if every else ''}{every}")
            except PersonError as error:
                yield f"therapies/{therapy.id}.labels[{position}]", str(error)


def protocols_can_be_read(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A protocol with a regimen that cannot be parsed, or for a state that no file describes."""
    for protocol in catalog.protocols.values():
        where = f"protocols/{protocol.id}"
        for text in protocol.regimens:
            try:
                parse_regimens(catalog, text)
            except PersonError as error:
                yield where, str(error)
        for state in protocol.states:
            if state not in catalog.states:
                yield where, f"state {state} is no file of states/; {known(state, catalog.states)}"


def therapies_and_protocols_have_names_of_their_own(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A name that two therapies or protocols share."""
    names = [alias.lower() for entry in catalog.therapies.values() for alias in {entry.id, *entry.aliases}]
    for name, count in Counter([*names, *catalog.protocols]).items():
        if count > 1:
            yield f"therapies/{name}", "the name stands twice among therapies and protocols; change one"
