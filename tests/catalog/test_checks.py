"""Second readings: what another reading of the source gives agrees with what the entry says."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import pytest
import yaml

from estrogenome.catalog.load import KNOWLEDGE, load_catalog
from estrogenome.catalog.schema import Quantity
from estrogenome.core.uncertainty import Distribution

CATALOG = load_catalog()
CHECKS: list[dict[str, Any]] = [c for p in sorted((KNOWLEDGE / "checks").glob("*.yaml")) for c in yaml.safe_load(p.read_text("utf-8"))]
FIELDS = {"target", "value", "low", "high", "derived_from", "arithmetic", "reader"}
Z = NormalDist().inv_cdf(0.95)


def quantity(target: str) -> Quantity:
    """The number that ``genes/GENE.yaml#list/identifier/field`` points at."""
    file, path = target.split("#")
    kind, identifier, field = path.split("/")
    gene = CATALOG.genes[file.removeprefix("genes/").removesuffix(".yaml")]
    if kind == "copies":
        (share,) = [e.share for e in gene.copies.shares if e.copies == int(identifier)]
        return share
    (entry,) = [e for e in getattr(gene, kind) if e.id == identifier]
    found = getattr(entry, field)
    assert isinstance(found, Quantity)
    return found


def interval(number: Quantity) -> tuple[float, float]:
    """90 % interval of a number."""
    if number.distribution is Distribution.LOGNORMAL:
        return number.value * math.exp(-Z * number.spread), number.value * math.exp(Z * number.spread)
    if number.distribution is Distribution.FIXED:
        return -math.inf, math.inf
    return number.value - Z * number.spread, number.value + Z * number.spread


@pytest.mark.parametrize("check", CHECKS, ids=[c["target"] for c in CHECKS])
def test_second_reading_agrees(check: dict[str, Any]) -> None:
    assert set(check) == FIELDS
    entry = quantity(check["target"])
    low, high = interval(entry)
    assert check["low"] <= check["value"] <= check["high"]
    assert low <= check["value"] <= high, f"the entry's interval is {low:.3g} to {high:.3g}"
    assert check["low"] <= entry.value <= check["high"]
    assert check["arithmetic"].strip()
    assert check["reader"].strip()
    for reading in check["derived_from"]:
        assert reading["source"] in CATALOG.sources
        assert reading["locator"].strip()


def test_enough_effects_are_read_twice() -> None:
    assert len([c for c in CHECKS if "#effects/" in c["target"]]) >= 12
    with_numbers = {gene.id for gene in CATALOG.genes.values() if gene.effects or gene.copies}
    assert {c["target"].split("/")[1].split(".")[0] for c in CHECKS} == with_numbers
