"""The page of the model holds everything that the model holds."""

from __future__ import annotations

import pytest

from estrogenome.export.page import model_page, reference_map
from estrogenome.network import compose

LARGEST = 300_000


@pytest.fixture(scope="module")
def page(catalog):
    return model_page(catalog, figure="map.svg")


def test_everything_of_the_model_is_on_it(catalog, page):
    structure = compose(catalog).structure
    for name in (*structure.species, *structure.reactions, *structure.constants, *structure.assigned):
        assert f"| `{name}` |" in page, name
    assert len(page.encode()) < LARGEST


def test_fitted_constants_show_prior_and_posterior(page):
    line = next(line for line in page.splitlines() if line.startswith("| `Q_liver` |"))
    assert line.count("(") == line.count("–") == 2


def test_each_table_is_rectangular(page):
    tables = [block.splitlines() for block in page.split("\n\n") if block.startswith("|")]
    assert len(tables) > 8
    for table in tables:
        assert {line.replace("\\|", "").count("|") for line in table} == {table[0].count("|")}, table[0]


def test_the_map_has_the_models_own_fluxes(catalog):
    edges = {edge.id: edge.flux for edge in reference_map(catalog).edges}
    assert set(edges) == {edge.id for edge in catalog.pathway.edges}
    assert all(low == high for low, _, high in edges.values())
