"""The body with one axis and some therapies over it: one model, to be run in time and solved at rest.

The rule of composition stands in ``network/layer.py``. Modules of an axis are laid over the body first, then what the therapies' files say.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from estrogenome.catalog import formula
from estrogenome.catalog.axes import axis_of, axis_values
from estrogenome.catalog.body import constant_of
from estrogenome.catalog.therapies import numbers
from estrogenome.core.errors import ModelError
from estrogenome.core.provenance import digest_text
from estrogenome.network.compose import Keyed, Network, compose, translate, union
from estrogenome.network.layer import lay_over, own_name
from estrogenome.network.prune import pruned
from estrogenome.network.sbml import describe, read
from estrogenome.network.therapy import DEPOT, MODULE, WORN, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from estrogenome.catalog.axes import Axis
    from estrogenome.catalog.load import Catalog

_UNITS = "units"
_DIMENSIONLESS = "dimensionless"


@dataclass(frozen=True)
class CourseNetwork(Network):
    """A composed course: the model, and where in it a dose goes."""

    resting: dict[str, str] = field(compare=False, default_factory=dict)
    """Quantity of the body that is replaced → the name under which the body's own stays: values of the one are set for the other."""
    depots: dict[str, tuple[str, ...]] = field(compare=False, default_factory=dict)
    """Therapy → species into each of which the whole dose (nmol) goes; the shares stand behind the chains."""
    worn: dict[str, str] = field(compare=False, default_factory=dict)
    """Worn therapy → constant that is its rate, nmol/day; not there where nothing that was kept depends on it."""
    unset: frozenset[str] = field(compare=False, default=frozenset())
    """Constants without a value of their own, NaN: references, solved for each person."""


def compose_course(
    catalog: Catalog,
    axis: str | None = None,
    therapies: Iterable[str] = (),
    *,
    keep: Iterable[str] | None = None,
    liver: Literal["mixed", "tubes"] = "mixed",
) -> CourseNetwork:
    """Return the body with ``axis`` and ``therapies`` over it; composed once per knowledge digest and choice.

    Args:
        catalog: knowledge.
        axis: entry of ``knowledge/axes``, None for held production.
        therapies: entries of ``knowledge/therapies``, in any order.
        keep: species and quantities that are asked for; what none of them depends on is left out. None keeps everything.
        liver: as in ``compose``.

    Raises:
        KnowledgeError: the axis is not known.
        ModelError: a therapy is not known, Antimony or libSBML refuse a module, or a constant has no value.
    """
    chosen = tuple(sorted(set(therapies)))
    kept = None if keep is None else tuple(sorted(set(keep)))
    return _compose(Keyed(catalog), axis, chosen, kept, liver)


@lru_cache(maxsize=256)
def _compose(
    keyed: Keyed, axis: str | None, therapies: tuple[str, ...], keep: tuple[str, ...] | None, liver: Literal["mixed", "tubes"]
) -> CourseNetwork:
    catalog = keyed.catalog
    sbml, resting, values = compose(catalog, liver=liver).sbml, dict[str, str](), dict[str, float]()
    unset: frozenset[str] = frozenset()
    if axis is not None:
        entry = axis_of(catalog, axis)
        sbml, resting = lay_over(sbml, _modules(catalog, entry))
        values, unset = axis_values(catalog, entry), frozenset(entry.references)
    depots: dict[str, tuple[str, ...]] = {}
    if therapies:
        sbml, acted, depots, own = _with_therapies(catalog, sbml, therapies)
        # a constant of the axis that a therapy adds to keeps the value of its row
        values = {acted.get(name, name): value for name, value in values.items()} | own
        resting = {**acted, **resting}
    if keep is not None:
        sbml = pruned(sbml, keep)
    sbml = _valued(sbml, values, unset, catalog.axes[axis].starts if axis is not None else {})
    structure = describe(sbml)
    here = {*structure.species, *structure.constants}
    return CourseNetwork(
        sbml=sbml,
        structure=structure,
        # two therapies of which nothing is left are the same SBML, and still two models
        digest=digest_text("\n".join([sbml, *therapies])),
        resting={name: own for name, own in resting.items() if own in here},
        depots={n: tuple(s for s in depots[n] if s in here) for n in therapies if catalog.therapies[n].kind == "dosed"},
        worn={name: WORN + name for name in therapies if catalog.therapies[name].kind == "worn"},
        unset=unset & here,
    )


def _modules(catalog: Catalog, axis: Axis) -> str:
    missing = [name for name in axis.modules if name not in catalog.axis_models]
    if missing:
        raise ModelError(f"axes/{axis.id}.yaml: there is no {missing[0]}.ant beside it; add the module")
    texts = {name: catalog.axis_models[name] for name in axis.modules}
    return translate(union({_UNITS: catalog.models[_UNITS], **texts}))


def _with_therapies(
    catalog: Catalog, sbml: str, therapies: tuple[str, ...]
) -> tuple[str, dict[str, str], dict[str, tuple[str, ...]], dict[str, float]]:
    """Return the model with therapies over it, the names it replaced, the depots, and the central values of the therapies' numbers."""
    unknown = [name for name in therapies if name not in catalog.therapies]
    if unknown:
        raise ModelError(f"therapy {unknown[0]} is not known; there is {', '.join(sorted(catalog.therapies)) or 'none'}")
    entries = [catalog.therapies[name] for name in therapies]
    model = read(sbml).getModel()
    text = written(
        entries,
        lambda name: model.getElementBySId(name) is not None,
        lambda name: own_name(model, name, acting=True),
    )
    upper = translate(union({_UNITS: catalog.models[_UNITS], MODULE: text.text}))
    laid, names = lay_over(sbml, upper, units_of=text.like, acting=True)
    values = {constant_of(row): quantity.value for entry in entries for row, quantity in numbers(entry).items()}
    return laid, names, text.depots, values | {WORN + name: 0.0 for name in therapies} | {DEPOT: 1.0}


def _valued(sbml: str, values: Mapping[str, float], unset: frozenset[str], start: Mapping[str, str]) -> str:
    """Return ``sbml`` with values set for what has none yet, and what evolves where ``start`` says (formulas over constants)."""
    import libsbml

    document = read(sbml)
    model = document.getModel()
    ruled = {rule.getVariable() for rule in model.getListOfRules()}
    missing = []
    for parameter in model.getListOfParameters():
        name = parameter.getId()
        if name in unset:
            parameter.setValue(float("nan"))
            parameter.setConstant(True)
        elif name not in ruled and name in values:
            parameter.setValue(values[name])
            parameter.setConstant(True)
        elif name not in ruled and not parameter.isSetValue():
            missing.append(name)
    known = {p.getId(): np.asarray(p.getValue()) for p in model.getListOfParameters() if p.getId() not in ruled}
    for name, text in start.items():
        if (parameter := model.getParameter(name)) is not None:
            parameter.setValue(float(formula.evaluate(text, known)))
        elif (species := model.getSpecies(name)) is not None:
            species.setInitialConcentration(float(formula.evaluate(text, known)))
    missing += [rule.getVariable() for rule in model.getListOfRules() if rule.isRate() and rule.getVariable() not in start]
    if missing:
        raise ModelError(f"model: no value for {', '.join(sorted(missing))}; add rows to the tables of the axis, or a start")
    _places(model, values)
    written_out: str = libsbml.writeSBMLToString(document)
    return written_out


def _places(model: Any, values: Mapping[str, float]) -> None:
    for compartment in model.getListOfCompartments():
        if compartment.getId() in values:
            compartment.setSize(values[compartment.getId()])
    for species in model.getListOfSpecies():
        if not species.isSetInitialConcentration():
            species.setInitialConcentration(0.0)
