"""The composed model: one SBML without a complaint about units, and a test that notices a broken one."""

from __future__ import annotations

import pytest

from estrogenome.core.errors import ModelError
from estrogenome.network import compose
from estrogenome.network.compose import translate, union
from estrogenome.network.sbml import annotate, complaints, describe


@pytest.fixture(scope="module")
def network(catalog):
    return compose(catalog)


def test_libsbml_has_no_word_on_units_of_any_severity(network):
    assert complaints(network.sbml) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("Q_liver has L_per_day;", "Q_liver has nmol_per_L;"),
        ("baseline_A4 has nmol_per_L;", "baseline_A4 has nmol_per_day;"),
        ("K_SHBG_T has L_per_nmol;", "K_SHBG_T has nmol_per_L;"),
        ("CL_glucuronidation_E1 has L_per_day;", ""),
        ("1 dimensionless + K_albumin_E2", "1 + K_albumin_E2"),
    ],
)
def test_one_broken_unit_is_noticed(catalog, right, wrong):
    holders = [name for name, text in catalog.models.items() if right in text]
    assert holders
    broken = {name: text.replace(right, wrong) for name, text in catalog.models.items()}
    sbml = translate(union(broken))
    structure = describe(sbml)
    values = dict.fromkeys((*structure.constants, *structure.compartments), 1.0)
    assert complaints(annotate(sbml, values, catalog.annotations))


def test_sbml_is_level_3_version_2_and_runs_by_itself(network):
    assert 'level="3" version="2"' in network.sbml
    assert "NaN" not in network.sbml


def test_every_species_and_reaction_is_annotated(catalog, network):
    assert set(catalog.annotations["species"]) == set(network.structure.species)
    prefixes = tuple(catalog.annotations["reactions"])
    assert [r for r in network.structure.reactions if not r.startswith(prefixes)] == []
    assert network.sbml.count("sboTerm") >= len(network.structure.reactions)


def test_modules_hold_no_numbers(catalog):
    """Structure only: beside units, every number in a module is dimensionless arithmetic of a formula."""
    for name, text in catalog.models.items():
        if name == "units":
            continue
        code = [line.split("//")[0] for line in text.splitlines()]
        assert not [line for line in code if " = " in line], name


def test_a_module_under_another_name_is_refused():
    with pytest.raises(ModelError, match="name the module as the file"):
        union({"one": "model two()\nend\n"})


def test_what_antimony_refuses_is_one_line():
    with pytest.raises(ModelError) as error:
        translate("model x(\n -> ;;; end")
    assert "\n" not in str(error.value)
