"""A made-up catalog: one gene, two sites, two tissues, and diplotypes over it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from estrogenome.catalog.genes import Gene
from estrogenome.catalog.load import Catalog, HaplotypeTable, load_catalog
from estrogenome.core.genotype_records import CallStatus, DiplotypeOption, Diplotypes, GeneDiplotypes, Haplotype
from estrogenome.core.records import Provenance

if TYPE_CHECKING:
    from collections.abc import Sequence

SITES = ("s1", "s2")
PROVENANCE = Provenance(version="0", knowledge_version="0", knowledge_hash="0", input_digest="0")


def number(
    value: float, spread: float = 0.3, distribution: str = "lognormal", state: str = "measured", source: str = "a"
) -> dict[str, object]:
    return {
        "value": value,
        "unit": "1",
        "distribution": distribution,
        "spread": spread,
        "state": state,
        "source": source,
        "locator": "p. 1",
    }


def gene(*, unseen: bool = False) -> Gene:
    place = {"GRCh38": {"position": 1, "reference": "A"}}
    share = number(0.5, 0.1, "beta")
    return Gene.model_validate(
        {
            "id": "G",
            "name": "G",
            "protein": "g",
            "chromosome": "1",
            "strand": "+",
            "regions": {"GRCh38": [1, 9]},
            "nomenclature": "star",
            "summary": "x",
            "sites": [
                {"id": s, "name": s, "alleles": ["A", "C"], "placements": place, "defining": True, "source": "a", "locator": "b"}
                for s in SITES
            ],
            "default": "*1",
            "default_alleles": {"s1": "A", "s2": "A"},
            "alleles": [{"name": "*1"}],
            "catalyses": [
                {"reaction": "r1", "tissue": "t1", "share": share},
                {"reaction": "r1", "tissue": "t2", "share": share},
                {"reaction": "r2", "tissue": "t1", "share": share},
            ],
            "effects": [
                {"id": "e1", "site": "s1", "allele": "C", "multiple": number(0.4)},
                {
                    "id": "e2",
                    "site": "s2",
                    "allele": "C",
                    "tissues": ["t2"],
                    "multiple": number(3.0, state="assumed", source="b"),
                    "contradicted_by": ["c"],
                },
            ],
            "unseen": [{"id": "u", "name": "u", "log_sd": number(0.5, 0, "fixed")}] if unseen else [],
        }
    )


TABLE = HaplotypeTable(
    sites=("s2", "s1"),
    haplotypes=(("A", "A"), ("A", "C"), ("C", "A"), ("C", "C")),
    counts={"X": (60, 30, 8, 2), "Y": (1, 1, 1, 1), "EMPTY": (0, 0, 0, 0)},
)


def catalog(entry: Gene, *, table: bool = True) -> Catalog:
    return replace(load_catalog(), enzymes={}, genes={"G": entry}, haplotypes={"G": TABLE} if table else {})


def diplotypes(*people: Sequence[tuple[float, tuple[str, ...]]]) -> Diplotypes:
    """Each person is options (weight, haplotypes as strings of alleles over s1, s2)."""
    results = tuple(
        GeneDiplotypes(
            gene="G",
            status=CallStatus.CALLED,
            options=tuple(
                DiplotypeOption(haplotypes=tuple(Haplotype(name=h, alleles=tuple(h)) for h in haplotypes), weight=weight)
                for weight, haplotypes in person
            ),
            sites=SITES,
        )
        for person in people
    )
    return Diplotypes(
        samples=tuple(f"p{i}" for i in range(len(people))),
        genes=("G",),
        results=results,
        index=np.arange(len(people)).reshape(-1, 1),
        provenance=PROVENANCE,
    )
