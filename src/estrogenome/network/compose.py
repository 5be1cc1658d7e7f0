"""Antimony modules → one model.

Each module is a complete Antimony model; what carries the same name in two modules is the same thing. The composed
model is their union under the canonical units, with the catalog's central values so that it runs by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from estrogenome.catalog.body import central_values
from estrogenome.core.errors import ModelError
from estrogenome.core.provenance import digest_text
from estrogenome.network.sbml import Structure, annotate, describe
from estrogenome.network.tubes import in_tubes

if TYPE_CHECKING:
    from estrogenome.catalog.load import Catalog

_NAME = "estrogenome_body"
_VOLUME = "volume_"


@dataclass(frozen=True)
class Network:
    """The composed model: its SBML (L3V2), what stands in it, and its digest, by which two models compare."""

    sbml: str = field(compare=False)
    structure: Structure = field(compare=False)
    digest: str


def compose(catalog: Catalog, *, liver: Literal["mixed", "tubes"] = "mixed") -> Network:
    """Return the model of ``catalog``; composed once per knowledge digest.

    ``liver="tubes"`` gives the second model: the same modules with the liver as parallel tubes (``network/tubes.py``). Its fitted constants
    belong to the first.

    Raises:
        ModelError: Antimony or libSBML refuse a module, a constant has no value, or a row sets what the model assigns.
    """
    return _compose(catalog.digest, Keyed(catalog), tubes=liver == "tubes")


class Keyed:
    """A catalog that compares by its digest, so that the cache does not hash it whole."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def __hash__(self) -> int:
        return hash(self.catalog.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Keyed) and other.catalog.digest == self.catalog.digest


@lru_cache(maxsize=4)
def _compose(_digest: str, keyed: Keyed, *, tubes: bool) -> Network:
    catalog = keyed.catalog
    sbml = translate(union(catalog.models))
    if tubes:
        if catalog.tubes is None:
            raise ModelError("model: knowledge has no models/tubes.yaml; add it, or take the mixed liver")
        sbml = in_tubes(sbml, catalog.tubes)
    structure = describe(sbml)
    values = central_values(catalog, str(catalog.annotations["reference_state"]), structure.constants)
    values |= {c: values[_VOLUME + c] for c in structure.compartments if _VOLUME + c in values}
    doubled = sorted(set(values) & set(structure.assigned))
    if doubled:
        raise ModelError(f"model: assigns {', '.join(doubled)}; remove the rows of knowledge/parameters that set it too")
    missing = sorted(c for c in (*structure.constants, *structure.compartments) if c not in values)
    if missing:
        raise ModelError(f"model: no value for {', '.join(missing)}; add rows to knowledge/parameters")
    finished = annotate(sbml, values, catalog.annotations)
    return Network(sbml=finished, structure=structure, digest=digest_text(finished))


def union(modules: dict[str, str]) -> str:
    """Return the Antimony text of all modules as one model, units first."""
    lines: list[str] = [f"model {_NAME}()"]
    for name in sorted(modules, key=lambda n: (n != "units", n)):
        lines += _body(name, modules[name])
    return "\n".join([*lines, "end", ""])


def _body(name: str, text: str) -> list[str]:
    lines = [line.split("//", 1)[0].rstrip() for line in text.splitlines()]
    try:
        start, end = lines.index(f"model {name}()"), len(lines) - 1 - lines[::-1].index("end")
    except ValueError as error:
        raise ModelError(f"models/{name}.ant: must hold 'model {name}()' … 'end'; name the module as the file") from error
    return [line for line in lines[start + 1 : end] if line.strip()]


def translate(text: str) -> str:
    """Return the SBML of an Antimony text.

    Raises:
        ModelError: Antimony refuses it; the message is Antimony's first line.
    """
    import antimony

    antimony.clearPreviousLoads()
    if antimony.loadAntimonyString(text) < 0:
        raise ModelError(f"models: Antimony says: {antimony.getLastError().strip().splitlines()[-1]}")
    sbml: str = antimony.getSBMLString(_NAME)
    return sbml
