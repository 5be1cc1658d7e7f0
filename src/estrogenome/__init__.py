"""From a genome file to what this body makes of estrogens.

The flow, each arrow one function and each name one record (``estrogenome.core``, modules ``*records``)::

    file ─▶ Genotypes ─▶ Diplotypes ─▶ Activities ─▶ ParameterSets ─▶ Trajectories ─▶ Readouts ─▶ Report
       read_genotypes  call_diplotypes  infer_activities  personalize      simulate       measure    interpret

``analyze`` makes these calls in order; ``compare`` follows one person through scenarios over time. Every record can be
written to a file and entered from one
(``estrogenome.core.files``). Everything known of a gene, a reaction, an assay or a claim is a file in ``knowledge/``,
read by ``load_catalog``. All errors raised on purpose are ``EstrogenomeError``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from estrogenome.activities import infer_activities
    from estrogenome.catalog.load import load_catalog
    from estrogenome.core.errors import EstrogenomeError
    from estrogenome.core.records import Person
    from estrogenome.diplotypes import call_diplotypes
    from estrogenome.genotypes import read_genotypes
    from estrogenome.parameters import personalize
    from estrogenome.pipeline import analyze, compare
    from estrogenome.readouts import measure
    from estrogenome.reports import interpret
    from estrogenome.trajectories import simulate

__all__ = [
    "EstrogenomeError",
    "Person",
    "analyze",
    "call_diplotypes",
    "compare",
    "infer_activities",
    "interpret",
    "load_catalog",
    "measure",
    "personalize",
    "read_genotypes",
    "simulate",
]

_HOMES = {
    "EstrogenomeError": "core.errors",
    "Person": "core.records",
    "analyze": "pipeline",
    "call_diplotypes": "diplotypes",
    "compare": "pipeline",
    "infer_activities": "activities",
    "interpret": "reports",
    "load_catalog": "catalog.load",
    "measure": "readouts",
    "personalize": "parameters",
    "read_genotypes": "genotypes",
    "simulate": "trajectories",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
