"""A number that sets a prior is no row besides: what a prior names of a source, no scored row of that source repeats."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from estrogenome.catalog.load import load_catalog
from estrogenome.catalog.load_studies import FOLDER, load_studies
from estrogenome.catalog.studies import Row
from estrogenome.catalog.walk import quantities
from estrogenome.core.errors import KnowledgeError
from estrogenome.core.units import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

COVARIATES = Path(__file__).parents[2] / "derive" / "data" / "covariates.tsv"
BARE = ""


def named(text: str) -> set[tuple[float, str]]:
    """Return (number, unit) of every number in ``text``; no unit where what follows is none."""
    found = re.findall(r"(?<![\w.])(\d+(?:\.\d+)?)(?![\w.]*\d)\s*(%|[A-Za-z][\w./]*)?", text)
    return {(float(number), unit if unit == "%" or _is_unit(unit) else BARE) for number, unit in found}


def _is_unit(word: str) -> bool:
    try:
        parse(word.rstrip("."))
    except KnowledgeError:
        return word in {"hours", "hour", "h", "days", "day"}
    return bool(word)


def printed(row: Row) -> set[tuple[float, str]]:
    """Return the ways in which a text would print a row: as it is, and a ratio as a percentage or as the change."""
    if row.unit == "%":
        return {(abs(row.value), "%")}
    if row.unit == "1":
        return {(row.value, BARE), *((round(abs(share) * 100, 6), "%") for share in (row.value, row.value - 1))}
    return {(row.value, row.unit), (row.value, BARE)}


def priors() -> Iterator[tuple[str, str, str]]:
    """Yield (place, source, text) of every number of the catalog and of the people's table."""
    for place, number in quantities(load_catalog()):
        yield place, number.source, f"{number.locator} {number.note}"
    with COVARIATES.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            yield f"covariates {row['sex']} {row['covariate']}", row["source"], f"{row['locator']} {row['note']}"


def test_a_number_of_a_prior_is_no_row():
    catalog = load_catalog()
    rows = defaultdict(list)
    for study in load_studies(catalog.root / FOLDER, "calibration").studies:
        rows[study.source] += [row for row in study.rows if row.scored]
    twice = []
    for place, source, text in priors():
        sources = {source} | (set(re.findall(r"\w+", text)) & set(rows))
        said = named(text)
        twice += [(place, name, row.id) for name in sources for row in rows[name] if printed(row) & said]
    assert not twice


@pytest.mark.parametrize(
    ("text", "value", "unit", "same"),
    [
        ("abstract: own LH at 5 %", 0.05, "1", True),
        ("abstract: -99.1 % at 2.5 mg/d", -99.1, "%", True),
        ("kinetics: peak 70 over 40 pg/mL", 70, "pg/mL", True),
        ("median 11.6 nmol/L", 11.6, "nmol/L", True),
        ("about 12 % of what is put on", 12, "ng/mL", False),
        ("highest after 6 to 7 hours", 7, "ng/mL", False),
        ("half_LH 3, at rest 5.31 IU/L", 0.03, "1", False),
        ("medians 6.1 and 3.4 IU/L", 3.4, "ng/dL", False),
    ],
)
def test_what_names_a_row(text: str, value: float, unit: str, same: bool):
    statistic = {"%": "percent_change", "1": "ratio"}.get(unit, "mean")
    row = Row(
        id="A",
        area="d",
        readout="e2",
        assay="serum",
        arm="a",
        against="b",
        statistic=statistic,
        value=value,
        unit=unit,
        locator="x",
        evidence="read",
    )
    assert bool(printed(row) & named(text)) is same
