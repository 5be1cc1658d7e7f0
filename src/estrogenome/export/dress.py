"""The composed model in SBML, dressed for other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estrogenome.catalog.body import FACTOR, at_state, factor_name
from estrogenome.core.provenance import package_version
from estrogenome.network import compose
from estrogenome.network.portable import Dressing, portable
from estrogenome.network.words import reaction_names

if TYPE_CHECKING:
    from estrogenome.catalog.load import Catalog
    from estrogenome.export.values import Values

NAME = "estrogenome body"


def notes(catalog: Catalog, whose: str) -> tuple[str, ...]:
    """Return what a reader of an exported file must know."""
    knowledge, model = f"knowledge {catalog.version} ({catalog.digest[:16]})", f"model {compose(catalog).digest[:16]}"
    return (
        f"The body model of estrogenome {package_version()}, {knowledge}, {model}.",
        f"Values: {whose}. Concentrations in nmol per litre, amounts in nmol, time in days. The start is the steady state.",
        "For research and education; not a medical device. Licence: CC BY 4.0.",
    )


def meanings(catalog: Catalog) -> dict[str, str]:
    """Return words for every constant that a table, a fit or a hormonal state explains."""
    found = {at_state(p.id, p.id.partition("@")[2]) or p.id: p.meaning for p in catalog.parameters.values()}
    found |= {e["id"].partition("@")[0]: e["meaning"] for e in catalog.posterior["parameters"]}
    found |= {c.parameter: f"{c.name} in plasma" for state in catalog.states.values() for c in state.covariates}
    for name in compose(catalog).structure.constants:
        if name.startswith(FACTOR):
            found.setdefault(name, f"activity of {name.removeprefix(FACTOR).replace('_', ' ')}, 1 = mean of the reference population")
    return found


def sbml_of(catalog: Catalog, values: Values) -> str:
    """Return the SBML (Level 3 Version 2) of the composed model with ``values``, at its steady state."""
    enzymes: dict[str, list[str]] = {}
    for enzyme in catalog.catalysts.values():
        for catalysis in enzyme.catalyses:
            if enzyme.uniprot:
                found = enzymes.setdefault(factor_name(catalysis.reaction, catalysis.tissue), [])
                found += [f"uniprot/{enzyme.uniprot}"] if f"uniprot/{enzyme.uniprot}" not in found else []
    dressing = Dressing(
        name=NAME,
        notes=notes(catalog, values.whose),
        values=values.constants,
        start=values.steady,
        names=meanings(catalog) | reaction_names(catalog),
        properties=enzymes,
    )
    return portable(compose(catalog).sbml, dressing)
