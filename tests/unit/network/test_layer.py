"""One model over another: what is replaced, what speaks of rest, and what stays when nothing acts."""

from __future__ import annotations

import numpy as np
import pytest

from estrogenome.core.errors import ModelError
from estrogenome.network.compose import Network, translate
from estrogenome.network.layer import lay_over
from estrogenome.network.prune import pruned
from estrogenome.network.sbml import describe
from estrogenome.trajectories import CourseEngine, Kernel

LOWER = """model estrogenome_body()
  compartment tub; tub = 1; species A in tub, B in tub, C in tub; A = 0; B = 0; C = 0;
  k = 2; level_baseline_of = 3; tap = 4; soap = 0.5;
  slowed := k*soap;
  loss_baseline := slowed*3;
  made := loss_baseline;
  fill: -> A; tub*made; drain: A -> B; tub*slowed*A; rinse: B -> C; tub*k*B; gone: C -> ; tub*tap*C;
end"""
REPLACING = "model estrogenome_body()\n compartment tub; tub = 1; species A in tub; soap = 0.5; soap' = 1 - soap; grown := soap*2;\nend"


def composed(sbml):
    return Network(sbml=sbml, structure=describe(sbml), digest=sbml)


def test_what_is_replaced_stays_as_resting_and_speaks_in_baselines_alone():
    sbml, names = lay_over(translate(LOWER), translate(REPLACING))
    found = describe(sbml)
    assert names == {"soap": "resting_soap"}
    assert found.evolving == ("soap",)
    assert {"resting_soap", "k", "tap"} <= set(found.constants)
    # slowed follows soap now; the baseline reads a copy of it that does not
    assert "resting_slowed" in found.assigned
    at = Kernel(composed(sbml)).solve({})
    assert at.of("slowed")[0] == pytest.approx(2.0)
    assert at.of("resting_slowed")[0] == pytest.approx(1.0)
    assert at.of("made")[0] == pytest.approx(3.0)
    assert at.of("A")[0] == pytest.approx(1.5)


def test_an_assigned_quantity_that_is_replaced_stays_at_rest():
    upper = "model estrogenome_body()\n soap = 0.5; soap' = 1 - soap; resting_made = 0; made := 2*resting_made;\nend"
    sbml, names = lay_over(translate(LOWER), translate(upper))
    assert names == {"made": "resting_made", "soap": "resting_soap"}
    at = Kernel(composed(sbml)).solve({"resting_soap": 0.25})
    assert at.of("resting_made")[0] == pytest.approx(1.5)
    assert at.of("made")[0] == pytest.approx(3.0)


def test_what_acts_now_follows_everything_else():
    once, _ = lay_over(translate(LOWER), translate(REPLACING))
    upper = "model estrogenome_body()\n untreated_slowed = 0; slowed := untreated_slowed/2; resting_tap = 4; tap := resting_tap + 1;\nend"
    sbml, names = lay_over(once, translate(upper), acting=True)
    assert names == {"slowed": "untreated_slowed", "tap": "resting_tap"}
    at = Kernel(composed(sbml)).solve({})
    assert at.of("untreated_slowed")[0] == pytest.approx(2.0)
    assert at.of("slowed")[0] == pytest.approx(1.0)
    assert at.of("made")[0] == pytest.approx(3.0)
    assert at.of("tap")[0] == pytest.approx(5.0)


def test_a_species_of_the_body_is_not_assigned_and_what_evolves_is_not_replaced_again():
    with pytest.raises(ModelError, match="assigns the species A"):
        lay_over(translate(LOWER), translate("model estrogenome_body()\n A := 3;\nend"))
    once, _ = lay_over(translate(LOWER), translate(REPLACING))
    with pytest.raises(ModelError, match="soap evolves already"):
        lay_over(once, translate("model estrogenome_body()\n soap := 3;\nend"))
    with pytest.raises(ModelError, match="fill stands twice"):
        lay_over(translate(LOWER), translate("model estrogenome_body()\n species A; A = 0; fill: -> A; 1;\nend"))


def test_pruning_leaves_what_is_asked_for_as_it_was():
    whole, _ = lay_over(translate(LOWER), translate(REPLACING))
    part = pruned(whole, ["B"])
    found = describe(part)
    assert (found.species, found.evolving) == (("A", "B"), ("soap",))
    assert "tap" not in found.constants
    assert "grown" not in found.assigned
    times = np.linspace(0.0, 5.0, 21)
    full, less = (CourseEngine(composed(sbml)).run({}, [{"soap": 0.2}], times, names=["A", "B", "soap"]) for sbml in (whole, part))
    np.testing.assert_allclose(less, full, rtol=1e-8, atol=1e-12)
    with pytest.raises(ModelError, match="has no ghost"):
        pruned(whole, ["ghost"])
