"""Checking knowledge: every rule is one small function named as a sentence; all issues are collected before anything fails."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from estrogenome.catalog import (
    lint_axes,
    lint_benches,
    lint_compare,
    lint_formats,
    lint_genes,
    lint_model,
    lint_sources,
    lint_studies,
    lint_therapies,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from estrogenome.catalog.load import Catalog

    Rule = Callable[[Catalog], Iterator[tuple[str, str]]]


class Severity(StrEnum):
    """How much an issue matters: an error breaks something, a warning misleads, an info says what is still lacking."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True)
class Issue:
    """One thing a rule found."""

    severity: Severity
    rule: str
    where: str
    message: str

    def __str__(self) -> str:
        """Return the issue as one line."""
        return f"{self.severity}: {self.where}: {self.message} [{self.rule}]"


RULES: tuple[tuple[Severity, Rule], ...] = (
    (Severity.ERROR, lint_sources.every_source_is_in_the_catalog),
    (Severity.ERROR, lint_sources.every_number_has_a_locator),
    (Severity.ERROR, lint_sources.every_unit_parses),
    (Severity.WARNING, lint_sources.what_nobody_here_read_is_not_measured),
    (Severity.INFO, lint_sources.every_source_is_used),
    (Severity.ERROR, lint_sources.no_two_sources_are_one_paper),
    (Severity.ERROR, lint_genes.alleles_carry_alleles_of_their_sites),
    (Severity.WARNING, lint_genes.named_alleles_say_who_named_them),
    (Severity.ERROR, lint_genes.the_default_haplotype_is_complete),
    (Severity.ERROR, lint_genes.effects_act_on_alleles_and_reactions_of_their_gene),
    (Severity.ERROR, lint_genes.placements_name_alleles_of_their_site),
    (Severity.ERROR, lint_genes.positions_lie_in_the_region_of_their_gene),
    (Severity.ERROR, lint_genes.site_names_are_unique),
    (Severity.ERROR, lint_genes.shares_sum_to_at_most_one),
    (Severity.ERROR, lint_genes.shares_of_copies_sum_to_one),
    (Severity.ERROR, lint_genes.stated_frequencies_leave_room_for_the_default),
    (Severity.ERROR, lint_genes.the_panel_knows_the_sites_it_counts),
    (Severity.ERROR, lint_genes.claims_name_a_site_of_their_gene),
    (Severity.ERROR, lint_genes.graded_statements_have_findings),
    (Severity.INFO, lint_genes.genes_still_lack),
    (Severity.ERROR, lint_model.states_use_parameters_that_exist),
    (Severity.ERROR, lint_model.readout_formulas_name_quantities_of_the_model),
    (Severity.ERROR, lint_model.readouts_name_an_assay),
    (Severity.ERROR, lint_model.map_edges_join_stations),
    (Severity.ERROR, lint_model.map_edges_name_reactions_of_the_model),
    (Severity.ERROR, lint_model.catalysed_reactions_have_a_factor_in_the_model),
    (Severity.INFO, lint_model.what_nobody_carries),
    (Severity.ERROR, lint_model.annotations_name_things_of_the_model),
    (Severity.ERROR, lint_model.names_and_aliases_are_unique),
    (Severity.INFO, lint_model.readouts_still_lack),
    (Severity.ERROR, lint_formats.formats_do_not_call_a_base_missing),
    (Severity.ERROR, lint_formats.formats_differ_in_what_they_are_known_by),
    (Severity.INFO, lint_formats.formats_still_lack),
    (Severity.ERROR, lint_studies.exposures_act_on_things_that_exist),
    (Severity.ERROR, lint_studies.observations_are_of_readouts_of_their_matrix),
    (Severity.ERROR, lint_studies.tracers_follow_things_of_the_model),
    (Severity.ERROR, lint_studies.studies_can_be_predicted),
    (Severity.INFO, lint_studies.cohorts_and_sides_still_lack),
    (Severity.ERROR, lint_therapies.therapies_act_on_things_that_exist),
    (Severity.ERROR, lint_therapies.numbers_of_therapies_have_their_units),
    (Severity.ERROR, lint_therapies.shares_that_are_lent_saturate_alike),
    (Severity.ERROR, lint_therapies.labels_are_regimens),
    (Severity.ERROR, lint_therapies.protocols_can_be_read),
    (Severity.ERROR, lint_therapies.therapies_and_protocols_have_names_of_their_own),
    (Severity.ERROR, lint_axes.axes_name_what_there_is),
    (Severity.ERROR, lint_axes.names_of_axes_stand_in_their_modules),
    (Severity.ERROR, lint_axes.tables_of_axes_set_what_a_module_reads),
    (Severity.ERROR, lint_compare.comparisons_show_readouts_that_exist),
    (Severity.ERROR, lint_compare.statements_on_therapies_can_be_met),
    (Severity.ERROR, lint_benches.benches_and_their_models_name_the_same),
    (Severity.ERROR, lint_benches.benches_name_what_there_is),
    (Severity.ERROR, lint_benches.bench_variants_have_a_size),
)


def lint(catalog: Catalog) -> list[Issue]:
    """Return every issue of every rule, errors first."""
    issues = [
        Issue(severity, rule.__name__.replace("_", " "), where, message) for severity, rule in RULES for where, message in rule(catalog)
    ]
    return sorted(issues, key=lambda issue: (list(Severity).index(issue.severity), issue.where, issue.message))
