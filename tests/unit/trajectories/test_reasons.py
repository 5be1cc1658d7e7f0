"""Why a gene moves a level little: each reason in the package's own model, on genotypes made for it."""

from __future__ import annotations

import numpy as np
import pytest

from estrogenome.activities import gene_by_gene, population_activities
from estrogenome.catalog.body import factor_name
from estrogenome.core.records import Person
from estrogenome.parameters import personalize
from estrogenome.trajectories.reasons import explained, smallest_seen

DRAWS = 20
MAN = Person(sex="male", age=45, state="man")


@pytest.fixture(scope="module")
def halved(catalog):
    """Everybody's activities, and behind them the same with one gene at half."""
    others = population_activities(catalog, people=DRAWS, seed=1, label="a")
    own = others.model_copy(update={"values": others.values / 2})
    genes = ("COMT", "CYP19A1", "UGT1A1")
    sets = personalize(gene_by_gene(others, own, genes), MAN, catalog, draws=DRAWS, seed=1)
    ratios = {gene: {factor_name(t.reaction, t.tissue): np.full(DRAWS, 0.5) for t in own.terms if t.gene == gene} for gene in genes}
    return {r.gene: r for r in explained(sets, ratios, catalog.readouts["e2"], catalog, 100, None)}


def test_one_gene_is_changed_at_a_time(catalog) -> None:
    others = population_activities(catalog, people=DRAWS, seed=1, label="a")
    own = others.model_copy(update={"values": others.values * 3})
    made = gene_by_gene(others, own, ("COMT",))
    changed = {t.gene for i, t in enumerate(made.terms) if not np.allclose(made.values[1, :, i], made.values[0, :, i])}
    assert changed == {"COMT"}
    assert made.samples[1:] == ("COMT",)


def test_each_reason_takes_something_away(halved) -> None:
    clears = halved["UGT1A1"]
    assert clears.activity == pytest.approx(0.5)
    assert clears.only_way == pytest.approx(2.0)
    assert clears.only_way > clears.share > clears.fraction > clears.flow > 1 - 1e-9
    assert clears.fraction - 1 < clears.fm


def test_an_enzyme_that_the_hormone_never_meets_has_no_part_of_its_removal(halved) -> None:
    assert halved["COMT"].fm == 0
    assert halved["COMT"].flow == pytest.approx(1.0)


def test_a_source_lowers_the_level(halved) -> None:
    assert halved["CYP19A1"].only_way < 1
    assert halved["CYP19A1"].flow < 0.6


def test_what_a_study_would_see() -> None:
    assert smallest_seen(0.5, 100) == pytest.approx(np.exp((1.959964 + 0.841621) * 0.5 * np.sqrt(0.02)), rel=1e-5)
    assert smallest_seen(0.5, 10_000) < smallest_seen(0.5, 100)
