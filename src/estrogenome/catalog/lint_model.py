"""Rules on the model, states, readouts and the map. Each yields (where, what is wrong and how to mend it)."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from estrogenome.catalog import formula
from estrogenome.catalog.body import FACTOR, factor_name
from estrogenome.core.errors import KnowledgeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estrogenome.catalog.load import Catalog

_COMMENT = re.compile(r"(//|#).*?$|/\*.*?\*/", re.MULTILINE | re.DOTALL)
_NAME = re.compile(r"[A-Za-z_]\w*")
_CONSTANTS = re.compile(r"^\s*const\s+([^;]*);", re.MULTILINE)
_TOLD = 0.3
"""A part of a flux that is carried by nobody and larger than this is told."""
_REACTION = re.compile(r"^\s*([A-Za-z_]\w*)\s*:[^=\n]*(?:->|=>)", re.MULTILINE)


def model_names(catalog: Catalog) -> frozenset[str]:
    """Return every identifier of the model's modules."""
    return frozenset(name for text in catalog.models.values() for name in names_within(text))


def names_within(text: str) -> list[str]:
    """Return the identifiers of one module's text, comments left out."""
    return _NAME.findall(_COMMENT.sub(" ", text))


def model_reactions(catalog: Catalog) -> frozenset[str]:
    """Return the identifiers of the model's reactions."""
    return frozenset(name for text in catalog.models.values() for name in _REACTION.findall(_COMMENT.sub(" ", text)))


def model_constants(catalog: Catalog) -> frozenset[str]:
    """Return the constants of the model's modules."""
    lists = (found for text in catalog.models.values() for found in _CONSTANTS.findall(_COMMENT.sub(" ", text)))
    return frozenset(name for found in lists for name in _NAME.findall(found))


def states_use_parameters_that_exist(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A covariate that nothing depends on, or a row ``parameter@state`` for a state that no file describes."""
    model = model_names(catalog)
    for state in catalog.states.values():
        others = [c for c in state.covariates if c.powers]
        names = model | {c.parameter for c in others} | {name for c in others for name in c.powers}
        for covariate in state.covariates:
            if covariate.parameter not in names:
                yield f"states/{state.id}", f"{covariate.parameter} is no quantity of the model, and nothing else follows from it"
            if not covariate.plausible[0] < covariate.plausible[1]:
                yield f"states/{state.id}", f"{covariate.parameter}: plausible must go from low to high"
    for row in catalog.parameters:
        _, _, name = row.partition("@")
        if name and name not in catalog.states:
            yield f"parameters/{row}", f"{name} is no file of states/"


def readout_formulas_name_quantities_of_the_model(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A formula that does not parse, or names what the model does not have."""
    fitted = {entry["id"] for entry in catalog.posterior.get("parameters", ())}
    names = model_names(catalog) | {row.partition("@")[0] for row in {*catalog.parameters, *fitted}}
    for readout in catalog.readouts.values():
        try:
            used = formula.names(readout.formula)
        except KnowledgeError as error:
            yield f"readouts/{readout.id}", str(error)
            continue
        for name in sorted(used - names):
            yield f"readouts/{readout.id}", f"{name} is no quantity of the model"


def readouts_name_an_assay(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A readout whose assay is in no file, or in another matrix."""
    for readout in catalog.readouts.values():
        assay = catalog.assays.get(readout.assay)
        if assay is None:
            yield f"readouts/{readout.id}", f"assay {readout.assay} is in no file of assays/"
        elif assay.matrix != readout.matrix:
            yield f"readouts/{readout.id}", f"matrix {readout.matrix}, but assay {assay.id} measures in {assay.matrix}"


def map_edges_join_stations(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """An arrow from or to a station that is not on the map."""
    stations = {node.id for node in catalog.pathway.nodes}
    for edge in catalog.pathway.edges:
        for end in sorted({edge.start, edge.end} - stations):
            yield f"models/map.edges[{edge.id}]", f"{end} is no station of the map"


def map_edges_name_reactions_of_the_model(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """An arrow that adds up a reaction the model does not have."""
    reactions = model_reactions(catalog)
    for edge in catalog.pathway.edges:
        for name in edge.reactions:
            if name not in reactions:
                yield f"models/map.edges[{edge.id}]", f"{name} is no reaction of the model"


def catalysed_reactions_have_a_factor_in_the_model(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A gene or enzyme that claims a share of a reaction in a tissue for which the model has no factor."""
    names = model_names(catalog)
    for kind, entries in (("genes", catalog.genes), ("enzymes", catalog.enzymes)):
        for entry in entries.values():
            for catalysis in entry.catalyses:
                factor = factor_name(catalysis.reaction, catalysis.tissue)
                if factor not in names:
                    yield f"{kind}/{entry.id}", f"the model has no {factor}, the factor of {catalysis.reaction} in {catalysis.tissue}"


def what_nobody_carries(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """How much of each factor's flux no gene and no enzyme has a share of."""
    total: dict[str, float] = {}
    for entry in catalog.catalysts.values():
        for catalysis in entry.catalyses:
            factor = factor_name(catalysis.reaction, catalysis.tissue)
            total[factor] = total.get(factor, 0.0) + catalysis.share.value
    for factor in sorted(name for name in model_constants(catalog) if name.startswith(FACTOR)):
        left = 1.0 - total.get(factor, 0.0)
        if left > _TOLD:
            yield f"models/{factor}", f"still lacks who carries {left:.2g} of the flux"


def annotations_name_things_of_the_model(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """An annotation of something the model does not have."""
    names = model_names(catalog)
    for kind in ("compartments", "species", "quantities"):
        for name in catalog.annotations.get(kind) or {}:
            if name not in names:
                yield "models/annotations", f"{kind}: {name} is nothing of the model"
    for prefix in catalog.annotations.get("reactions") or {}:
        if not any(name.startswith(prefix) for name in names):
            yield "models/annotations", f"reactions: no reaction of the model begins with {prefix}"


def names_and_aliases_are_unique(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Two states, or two terms, that answer to one name."""
    for kind in ("states", "terms"):
        counts: Counter[str] = Counter()
        for entry in getattr(catalog, kind).values():
            counts.update({name.lower() for name in (entry.id, getattr(entry, "term", entry.id), *entry.aliases)})
        for name, count in counts.items():
            if count > 1:
                yield kind, f"{name} names {count} entries; keep it in one"


def readouts_still_lack(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """What a readout needs besides its own file to be complete."""
    for readout in catalog.readouts.values():
        if not readout.sources:
            yield f"readouts/{readout.id}", "still lacks sources"
