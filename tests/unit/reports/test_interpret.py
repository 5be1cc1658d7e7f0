from __future__ import annotations

from typing import Any

import invented
import pytest

from estrogenome.core.errors import KnowledgeError, SampleError
from estrogenome.core.files import load
from estrogenome.core.genotype_records import CallStatus, SiteState
from estrogenome.core.records import Person
from estrogenome.core.report_records import Report
from estrogenome.reports import interpret
from estrogenome.reports.genes import alleles_in_words
from estrogenome.reports.renderers import json
from estrogenome.reports.summary import summarise
from estrogenome.reports.unseen import gaps, given_values

NAME = "NA00001"


def made(**changes: Any) -> Report:
    *records, catalog = invented.everything(NAME, **changes)
    return interpret(*records, catalog, sample=NAME)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def report() -> Report:
    return made()


def test_counts_of_sites_add_up(report: Report) -> None:
    genome = report.genome
    assert (genome.observed, genome.inferred, genome.not_assayed) == (3, 3, 6)


def test_summary_has_three_to_five_sentences_unusual_first(report: Report) -> None:
    assert 3 <= len(report.summary) <= 5
    assert "GENB (*2/*2)" in report.summary[0].text
    assert [e.level for e in report.summary[0].evidence] == ["enzyme", "body", "outcome"]


def test_what_was_not_assayed_is_never_called_normal(report: Report) -> None:
    gene = next(g for g in report.genes if g.id == "GEND")
    assert gene.status is CallStatus.NOT_ASSAYED
    assert gene.diplotypes == ()
    assert not gene.differs
    assert {s.alleles for s in gene.sites} == {"not assayed"}
    text = json.render(report).casefold()
    assert "normal" not in text
    assert any("GEND" in gap.text for gap in report.unseen)
    assert report.genes[-1] is gene


def test_the_users_statement_is_kept() -> None:
    assert made(statements=("absent sites are reference",)).genome.statements == ("absent sites are reference",)


def test_readouts_carry_the_public_fields(report: Report) -> None:
    fields = "id name matrix assay unit median interval50 interval90 percentile population_quantiles genotype_share genotype_effect failed_draws worst_state"
    for readout in report.model_dump(mode="json")["readouts"]:
        assert set(fields.split()) <= set(readout)
    assert "less than 10\u00a0%" in report.readouts[0].share_note
    assert report.readouts[0].own_value == 55.0


def test_every_reference_is_used_and_numbered(report: Report) -> None:
    assert [s.number for s in report.references] == list(range(1, len(report.references) + 1))
    assert {s.id for s in report.references} == {"first2001", "second2010"}


def test_glossary_holds_only_words_of_the_report(report: Report) -> None:
    assert [d.id for d in report.glossary] == ["liver"]


def test_map_sums_reactions_and_notes_enzymes(report: Report) -> None:
    edges = {e.id: e for e in report.map.edges}
    assert edges["methylation_2"].flux == (17.5, 35.0, 70.0)
    assert [t.gene for t in edges["methylation_2"].tags] == ["GENB"]
    assert edges["glucuronidation"].hatched
    assert not edges["glucuronidation"].tags[0].assayed
    assert not edges["methylation_2"].hatched


def test_an_arrow_shows_its_flux() -> None:
    person, genotypes, diplotypes, activities, readouts, catalog = invented.everything(NAME)
    fluxes = invented.fluxes() | {"methylation_2": (1.0, 2.0, 3.0)}
    changed = readouts.model_copy(update={"fluxes": (fluxes, fluxes)})  # type: ignore[attr-defined]
    report = interpret(person, genotypes, diplotypes, activities, changed, catalog, sample=NAME)  # type: ignore[arg-type]
    assert next(e for e in report.map.edges if e.id == "methylation_2").flux == (1.0, 2.0, 3.0)


def test_an_arrow_without_a_flux_is_an_error() -> None:
    person, genotypes, diplotypes, activities, readouts, catalog = invented.everything(NAME)
    fluxes = {k: v for k, v in invented.fluxes().items() if k != "methylation_2"}
    changed = readouts.model_copy(update={"fluxes": (fluxes, fluxes)})  # type: ignore[attr-defined]
    with pytest.raises(KnowledgeError, match="methylation_2"):
        interpret(person, genotypes, diplotypes, activities, changed, catalog, sample=NAME)  # type: ignore[arg-type]


def test_several_people_and_no_name() -> None:
    *records, catalog = invented.everything(NAME)
    with pytest.raises(SampleError):
        interpret(*records, catalog)  # type: ignore[arg-type]


def test_claims_about_carried_alleles_come_first(report: Report) -> None:
    claims = {g.id: [c.carried for c in g.claims] for g in report.genes}
    assert claims == {"GENB": [True, False], "GENA": [True, True], "GENC": [True, None], "GEND": [None, None]}


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ((("A", "G"),), "one A and one G"),
        ((("G", "G"),), "two\u00a0copies of G"),
        ((("A",),), "one\u00a0copy of A"),
        ((("A", "A"), ("A", "G")), "either two\u00a0copies of A, or one A and one G"),
        ((("A", "G"), ("G", "A")), "one A and one G"),
    ],
)
def test_alleles_in_plain_words(pairs: tuple[tuple[str, ...], ...], words: str) -> None:
    assert alleles_in_words(pairs) == words


def test_json_is_the_same_each_time_and_reads_back(report: Report, tmp_path: Any) -> None:
    assert json.render(report) == json.render(made())
    path = tmp_path / "report.json"
    path.write_text(json.render(report), encoding="utf-8")
    assert load(Report, path) == report


def test_inferred_by_statement_is_said_at_the_site(report: Report) -> None:
    sites = [s for g in report.genes for s in g.sites if s.state is SiteState.INFERRED]
    assert sites
    assert {s.origin for s in sites} == {"stated by the user"}


def test_one_site_not_assayed_is_said_so(report: Report) -> None:
    gene = next(g for g in report.genes if g.id == "GEND")
    alone = gene.model_copy(update={"sites": gene.sites[:1]})
    assert gaps([alone], (), ())[0].text == "GEND: its one site was not assayed."


def test_own_values_stand_with_their_unit() -> None:
    state = invented.catalog().states["state"]
    person = Person(sex="female", age=30, state="state", measured={"bind": 55.0})
    assert given_values(person, state, invented.catalog()) == ("binding globulin 55.0\u00a0nmol/L",)


def test_a_level_that_is_both_moved_and_unusual_is_said_once(report: Report) -> None:
    moved = report.readouts[0].model_copy(update={"genotype_effect": (0.3, 0.5, 0.9), "percentile": 4.0})
    texts = [s.text for s in summarise(report.genes, [moved], report.genome)]
    about = [text for text in texts if "nvented one" in text]
    assert len(about) == 1
    assert "times what a random genotype" in about[0]
    assert "4th\u00a0percentile" in about[0]
