"""Each rule of the lint finds what it is for: one thing is broken in a copy of the catalog at a time."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from estrogenome.catalog.exposures import Exposure
from estrogenome.catalog.like import lenders
from estrogenome.catalog.lint import RULES, Severity, lint
from estrogenome.catalog.lint_therapies import shares_that_are_lent_saturate_alike
from estrogenome.catalog.readouts import Observation
from estrogenome.catalog.therapies import Label, unit_per_day

if TYPE_CHECKING:
    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.therapies import Therapy


def changed(entry: Any, **fields: Any) -> Any:
    return entry.model_copy(update=fields)


def first(entries: dict[str, Any]) -> Any:
    return next(iter(entries.values()))


def with_gene(catalog: Catalog, **fields: Any) -> Catalog:
    gene = first(catalog.genes)
    return replace(catalog, genes=catalog.genes | {gene.id: changed(gene, **fields)})


def with_effect(catalog: Catalog, **fields: Any) -> Catalog:
    gene = next(g for g in catalog.genes.values() if g.effects)
    effects = (changed(gene.effects[0], **fields), *gene.effects[1:])
    return replace(catalog, genes=catalog.genes | {gene.id: changed(gene, effects=effects)})


def with_number(catalog: Catalog, **fields: Any) -> Catalog:
    row = first(catalog.parameters)
    return replace(catalog, parameters=catalog.parameters | {row.id: changed(row, quantity=changed(row.quantity, **fields))})


def with_share(catalog: Catalog, value: float) -> Catalog:
    gene = next(g for g in catalog.genes.values() if g.catalyses)
    catalysis = changed(gene.catalyses[0], share=changed(gene.catalyses[0].share, value=value))
    return replace(catalog, genes=catalog.genes | {gene.id: changed(gene, catalyses=(catalysis, *gene.catalyses[1:]))})


def with_catalysis(catalog: Catalog, **fields: Any) -> Catalog:
    gene = next(g for g in catalog.genes.values() if g.catalyses)
    return replace(catalog, genes=catalog.genes | {gene.id: changed(gene, catalyses=(changed(gene.catalyses[0], **fields),))})


def with_more_copies(catalog: Catalog) -> Catalog:
    gene = next(g for g in catalog.genes.values() if g.copies)
    shares = (*gene.copies.shares, changed(gene.copies.shares[0], copies=9))
    return replace(catalog, genes=catalog.genes | {gene.id: changed(gene, copies=changed(gene.copies, shares=shares))})


def with_frequency(catalog: Catalog) -> Catalog:
    gene = next(g for g in catalog.genes.values() if any(a.frequencies for a in g.alleles))
    alleles = tuple(changed(a, frequencies={p: changed(q, value=0.9) for p, q in a.frequencies.items()}) for a in gene.alleles)
    return replace(catalog, genes=catalog.genes | {gene.id: changed(gene, alleles=(*alleles, changed(alleles[-1], name="*99")))})


def with_entry(catalog: Catalog, kind: str, **fields: Any) -> Catalog:
    entries = getattr(catalog, kind)
    entry = first(entries)
    return replace(catalog, **{kind: entries | {entry.id: changed(entry, **fields)}})


def with_site(catalog: Catalog, build: str = "GRCh38", site: dict[str, Any] | None = None, **placement: Any) -> Catalog:
    gene = first(catalog.genes)
    old = gene.sites[0]
    placements = old.placements | {build: changed(old.placements[build], **placement)}
    return with_gene(catalog, sites=(changed(old, placements=placements, **(site or {})), *gene.sites[1:]))


def with_edge(catalog: Catalog, **fields: Any) -> Catalog:
    edges = catalog.pathway.edges
    return replace(catalog, pathway=changed(catalog.pathway, edges=(changed(edges[0], **fields), *edges[1:])))


def named(allele: Any, **carries: str) -> Any:
    return changed(allele, carries=carries)


STUDY = """id: made
source: nobody2001
cohort: Made-1
title: made up
arms: {all: {state: postmenopausal}}
rows:
  - {id: X-1, area: b, readout: luck, assay: serum_lcms, arm: all, statistic: median, value: 4, unit: pg/mL, locator: t, evidence: read}
"""


def with_study(catalog: Catalog) -> Catalog:
    (folder := Path(tempfile.mkdtemp()) / "studies").mkdir()
    (folder / "made.yaml").write_text(STUDY, encoding="utf-8")
    return replace(catalog, root=folder.parent, digest="made")


def with_exposure(catalog: Catalog) -> Catalog:
    act = {"on": "enzyme", "id": "LUCK", "multiple": first(catalog.parameters).quantity.model_dump()}
    return replace(catalog, exposures={"moonlight": Exposure.model_validate({"id": "moonlight", "name": "m", "plain": "m", "acts": [act]})})


def released(catalog: Catalog) -> Therapy:
    return next(t for t in catalog.therapies.values() if t.releases and t.kind == "dosed")


def with_therapy(catalog: Catalog, release: dict[str, Any] | None = None, **fields: Any) -> Catalog:
    therapy = released(catalog)
    if release:
        fields["releases"] = (changed(therapy.releases[0], **release),)
    return replace(catalog, therapies=catalog.therapies | {therapy.id: changed(therapy, **fields)})


def with_saturation(catalog: Catalog) -> Catalog:
    """A share that saturates in the therapy alone."""
    lent = (t for t in catalog.therapies.values() if next(lenders(catalog.exposures, t), None))
    therapy = next(t for t in lent if t.releases[0].saturation is None)
    release = changed(therapy.releases[0], saturation=changed(therapy.releases[0].share, unit=unit_per_day(therapy)))
    return replace(catalog, therapies=catalog.therapies | {therapy.id: changed(therapy, releases=(release,))})


def with_copy_of_a_source(catalog: Catalog, **fields: Any) -> Catalog:
    """Its first source with an identifier under a second name; ``fields`` take away what tells them to be one."""
    source = next(s for s in catalog.sources.values() if s.doi and s.pmid)
    return replace(catalog, sources=catalog.sources | {"nobody1900": changed(source, id="nobody1900", **fields)})


BREAKS = {
    "comparisons_show_readouts_that_exist": lambda c: replace(c, panel=changed(c.panel, plots=("luck",))),
    "statements_on_therapies_can_be_met": lambda c: with_entry(c, "consequences", given=("input_luck",)),
    "every_source_is_in_the_catalog": lambda c: with_number(c, source="nobody1900"),
    "every_number_has_a_locator": lambda c: with_number(c, locator=" "),
    "every_unit_parses": lambda c: with_number(c, unit="furlong"),
    "what_nobody_here_read_is_not_measured": lambda c: with_number(
        c, state="measured", source=next(s.id for s in c.sources.values() if s.read == "secondary")
    ),
    "no_two_sources_are_one_paper": lambda c: with_copy_of_a_source(c, doi="", pmid=""),
    "every_source_is_used": lambda c: replace(c, sources=c.sources | {"nobody1900": changed(first(c.sources), id="nobody1900")}),
    "alleles_carry_alleles_of_their_sites": lambda c: with_gene(c, alleles=(named(first(c.genes).alleles[0], rs1="A"),)),
    "named_alleles_say_who_named_them": lambda c: with_gene(c, alleles=(changed(first(c.genes).alleles[0], source=None),)),
    "the_default_haplotype_is_complete": lambda c: with_gene(c, default_alleles={}),
    "effects_act_on_alleles_and_reactions_of_their_gene": lambda c: with_effect(c, allele="Q"),
    "placements_name_alleles_of_their_site": lambda c: with_site(c, reference="Q"),
    "positions_lie_in_the_region_of_their_gene": lambda c: with_site(c, position=7),
    "site_names_are_unique": lambda c: with_gene(c, sites=(first(c.genes).sites[0], *first(c.genes).sites)),
    "shares_sum_to_at_most_one": lambda c: with_share(c, 1.5),
    "shares_of_copies_sum_to_one": with_more_copies,
    "stated_frequencies_leave_room_for_the_default": with_frequency,
    "the_panel_knows_the_sites_it_counts": lambda c: with_gene(c, sites=()),
    "claims_name_a_site_of_their_gene": lambda c: with_entry(c, "claims", site="rs1"),
    "graded_statements_have_findings": lambda c: with_entry(
        c, "claims", body=changed(first(c.claims).body, grade="strong", supports=(), contradicts=())
    ),
    "genes_still_lack": lambda c: with_gene(c, limits=(), effects=()),
    "states_use_parameters_that_exist": lambda c: with_entry(
        c, "states", covariates=(changed(first(c.states).covariates[0], parameter="luck"),)
    ),
    "readout_formulas_name_quantities_of_the_model": lambda c: with_entry(c, "readouts", formula="luck * 2"),
    "readouts_name_an_assay": lambda c: with_entry(c, "readouts", assay="crystal_ball"),
    "map_edges_join_stations": lambda c: with_edge(c, end="nowhere"),
    "map_edges_name_reactions_of_the_model": lambda c: with_edge(c, reactions=("luck",)),
    "catalysed_reactions_have_a_factor_in_the_model": lambda c: with_catalysis(c, reaction="luck"),
    "what_nobody_carries": lambda c: replace(c, enzymes={}),
    "annotations_name_things_of_the_model": lambda c: replace(c, annotations=c.annotations | {"species": {"luck": {}}}),
    "names_and_aliases_are_unique": lambda c: with_entry(c, "states", aliases=tuple(c.states)),
    "readouts_still_lack": lambda c: with_entry(c, "readouts", sources=()),
    "formats_do_not_call_a_base_missing": lambda c: with_entry(c, "formats", no_calls=("A",)),
    "formats_differ_in_what_they_are_known_by": lambda c: replace(c, formats=c.formats | {"twin": changed(first(c.formats), id="twin")}),
    "formats_still_lack": lambda c: with_entry(c, "formats", strand="unknown"),
    "exposures_act_on_things_that_exist": with_exposure,
    "observations_are_of_readouts_of_their_matrix": lambda c: with_entry(c, "assays", observes={"luck": Observation()}),
    "tracers_follow_things_of_the_model": lambda c: with_entry(c, "tracers", label="luck"),
    "studies_can_be_predicted": with_study,
    "cohorts_and_sides_still_lack": with_study,
    "axes_name_what_there_is": lambda c: with_entry(c, "axes", states=("luck",)),
    "names_of_axes_stand_in_their_modules": lambda c: with_entry(c, "axes", references={"luck": "E2"}),
    "tables_of_axes_set_what_a_module_reads": lambda c: replace(
        c, axis_parameters={name: {**rows, "luck": changed(first(rows), id="luck")} for name, rows in c.axis_parameters.items()}
    ),
    "therapies_act_on_things_that_exist": lambda c: with_therapy(c, release={"into": "luck"}),
    "numbers_of_therapies_have_their_units": lambda c: with_therapy(c, dose=changed(released(c).dose, unit="L")),
    "shares_that_are_lent_saturate_alike": with_saturation,
    "labels_are_regimens": lambda c: with_therapy(c, labels=(Label(dose="9 t", every="7 d", source="s", locator="l"),)),
    "protocols_can_be_read": lambda c: with_entry(c, "protocols", regimens=("luck:1mg/d",)),
    "therapies_and_protocols_have_names_of_their_own": lambda c: with_therapy(c, aliases=(first(c.protocols).id,)),
    "benches_and_their_models_name_the_same": lambda c: with_entry(c, "benches", species={"luck": {}}),
    "benches_name_what_there_is": lambda c: with_entry(c, "benches", outcome="luck"),
    "bench_variants_have_a_size": lambda c: with_entry(c, "benches", variants=(changed(first(c.benches).variants[0], readings={}),)),
}


def test_every_rule_has_its_break() -> None:
    assert {rule.__name__ for _, rule in RULES} == set(BREAKS)


@pytest.mark.parametrize("rule", BREAKS)
def test_rule_finds_what_it_is_for(rule: str, catalog: Catalog) -> None:
    name = rule.replace("_", " ")
    before = {str(issue) for issue in lint(catalog)}
    found = [issue for issue in lint(BREAKS[rule](catalog)) if str(issue) not in before]
    assert name in {issue.rule for issue in found}, [str(issue) for issue in found]


def test_a_formula_outside_the_grammar_is_an_issue(catalog: Catalog) -> None:
    broken = with_entry(catalog, "readouts", formula="__import__('os')")
    assert any(issue.severity is Severity.ERROR and "not allowed" in issue.message for issue in lint(broken))


def test_errors_come_first(catalog: Catalog) -> None:
    severities = [list(Severity).index(issue.severity) for issue in lint(with_number(catalog, unit="furlong"))]
    assert severities == sorted(severities)
    assert severities[0] == 0


@pytest.mark.parametrize("unit", ["mg", "1", "ug/d"])
def test_a_saturation_is_in_the_unit_of_the_dose_per_day(unit: str, catalog: Catalog) -> None:
    therapy = next(t for t in catalog.therapies.values() if any(r.saturation for r in t.releases) and t.dose.unit == "mg")
    number = changed(therapy.releases[0].saturation, unit=unit)
    broken = changed(therapy, releases=(changed(therapy.releases[0], saturation=number),))
    found = [issue for issue in lint(replace(catalog, therapies=catalog.therapies | {therapy.id: broken})) if "saturation" in issue.where]
    assert "here it must be in mg/d" in found[0].message


@pytest.mark.parametrize("kept", ["doi", "pmid"])
def test_one_identifier_makes_two_sources_one_paper(kept: str, catalog: Catalog) -> None:
    fields = {"doi": "", "pmid": "", "citation": "Somebody else. Another title."}
    broken = with_copy_of_a_source(catalog, **{name: value for name, value in fields.items() if name != kept})
    assert [issue.message for issue in lint(broken) if issue.where == "sources/nobody1900" and f"the {kept} of" in issue.message]


@pytest.mark.parametrize("fields", [{"value": 7.0}, {"spread": 0.07}, {"source": "nobody1900"}, {"unit": "ng/d"}])
def test_a_lent_saturation_is_the_same_number(fields: dict[str, Any], catalog: Catalog) -> None:
    therapy, release = next(
        (t, release)
        for t in catalog.therapies.values()
        for _, i in lenders(catalog.exposures, t)
        for release in [t.releases[i]]
        if release.saturation
    )
    other = changed(release, saturation=changed(release.saturation, **fields))
    releases = tuple(other if r is release else r for r in therapy.releases)
    broken = replace(catalog, therapies=catalog.therapies | {therapy.id: changed(therapy, releases=releases)})
    assert not list(shares_that_are_lent_saturate_alike(catalog))
    assert [where.startswith(f"therapies/{therapy.id}.") for where, _ in shares_that_are_lent_saturate_alike(broken)] == [True]
