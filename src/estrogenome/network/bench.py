"""A bench: its own small model under the canonical units, composed alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estrogenome.catalog.bench import central
from estrogenome.core.errors import ModelError
from estrogenome.core.provenance import digest_text
from estrogenome.network.compose import Network, translate, union
from estrogenome.network.sbml import annotate, describe

if TYPE_CHECKING:
    from estrogenome.catalog.bench import Bench
    from estrogenome.catalog.load import Catalog


def compose_bench(bench: Bench, catalog: Catalog) -> Network:
    """Return the model of ``bench`` with the central values of its first condition.

    Raises:
        ModelError: there is no model of that name, Antimony refuses it, or a constant has no value.
    """
    if bench.id not in catalog.bench_models:
        raise ModelError(f"benches/{bench.id}.ant: not there; each bench needs its model beside it")
    sbml = translate(union({"units": catalog.models["units"], bench.id: catalog.bench_models[bench.id]}))
    structure = describe(sbml)
    values = central(bench, bench.conditions[0]) | dict.fromkeys(structure.compartments, 1.0)
    missing = sorted(c for c in structure.constants if c not in values)
    if missing:
        raise ModelError(f"benches/{bench.id}.yaml: no value for {', '.join(missing)}")
    species = {name: {"name": entry.name, "is": list(entry.found_as)} for name, entry in bench.species.items()}
    finished = annotate(sbml, values, {"species": species, "compartments": {}, "reactions": {}})
    return Network(sbml=finished, structure=structure, digest=digest_text(finished))
