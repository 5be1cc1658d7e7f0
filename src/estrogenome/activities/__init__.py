"""Stage: diplotypes to relative enzyme activities per reaction and tissue, as distributions."""

from estrogenome.activities.combine import infer_activities
from estrogenome.activities.group import gene_by_gene, group_activities
from estrogenome.activities.population import population_activities

__all__ = ["gene_by_gene", "group_activities", "infer_activities", "population_activities"]
