"""A paper that is read twice under two names counts twice: no two sources of studies with another cohort each have one identifier."""

from __future__ import annotations

from collections import defaultdict

from estrogenome.catalog.load import load_catalog
from estrogenome.catalog.load_studies import FOLDER, load_studies


def test_people_of_one_paper_are_of_one_cohort_or_its_numbers_differ():
    catalog = load_catalog()
    papers = defaultdict(list)
    for study in load_studies(catalog.root / FOLDER).studies:
        source = catalog.sources[study.source]
        for name in (source.doi, source.pmid):
            if name:
                papers[str(name).lower()].append(study)
    twice = []
    for name, studies in papers.items():
        said = defaultdict(set)
        for study in studies:
            for row in study.rows:
                said[(row.readout, row.statistic, row.value, row.unit)].add(study.cohort)
        twice += [(name, *number) for number, cohorts in said.items() if len(cohorts) > 1]
    assert not twice
