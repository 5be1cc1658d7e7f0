"""Fewer follicles: the variant of the core of Röblitz beside women of the survey with little AMH; the other core does not follow them."""

from __future__ import annotations

import pytest

from derive.followed import by_phase, central, follow
from derive.transition import by_amh
from estrogenome.catalog.axes import axes_of, axis_values
from estrogenome.catalog.load import Catalog

FEW, MANY = (0.09, 0.375), (1.5, 3.0)


def test_the_variant_is_asked_for_and_differs_in_one_number(catalog: Catalog) -> None:
    assert "cycle_roeblitz_fewer" not in axes_of(catalog, "follicular")
    usual, fewer = (axis_values(catalog, catalog.axes[name], "follicular") for name in ("cycle_roeblitz", "cycle_roeblitz_fewer"))
    assert {name for name in usual if fewer[name] != usual[name]} == {"roeblitz_k_AF1"}
    assert set(fewer) == set(usual)
    assert fewer["roeblitz_k_AF1"] == pytest.approx(usual["roeblitz_k_AF1"] / 2)


def test_fsh_rises_as_in_women_with_little_amh_and_estradiol_stays(catalog: Catalog) -> None:
    usual = follow("cycle_roeblitz", central("cycle_roeblitz", "follicular"))
    fewer = follow("cycle_roeblitz_fewer", central("cycle_roeblitz_fewer", "follicular"))
    assert fewer.cycling.all()
    seen, before = by_phase(fewer), by_phase(usual)
    women, others = by_amh()[FEW], by_amh()[MANY]
    # quartiles of women with little AMH over the median of those with more
    low, high = (women["FSH"][i] / others["FSH"][2] for i in (1, 3))
    assert low < seen["follicular", "FSH"] / before["follicular", "FSH"] < high
    for name in ("LH", "E2"):
        assert women[name][1] < seen["follicular", name] < women[name][3]
    assert 22 < fewer.periods(0).mean() < usual.periods(0).mean() - 1
    assert fewer.courses["P4"].max() > 3
