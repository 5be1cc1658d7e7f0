"""The same file, person and seed give the same bytes; another seed gives other draws of the same person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from estrogenome import Person, analyze
from estrogenome.core.files import save
from estrogenome.reports.renderers import json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from estrogenome.pipeline import Analysis

PERSON = Person(sex="female", age=30, state="premenopausal")
RECORDS = ("genotypes", "diplotypes", "activities", "parameters", "trajectories", "readouts")


@pytest.fixture
def again(vcf: Path) -> Callable[[int], Analysis]:
    return lambda seed: analyze(vcf, PERSON, draws=40, population=60, seed=seed)


def test_same_seed_same_bytes(again: Callable[[int], Analysis], tmp_path: Path) -> None:
    for run in ("one", "two"):
        (tmp_path / run).mkdir()
        analysis = again(7)
        (tmp_path / run / "report.json").write_text(json.render(analysis.report), encoding="utf-8")
        for name in RECORDS:
            save(getattr(analysis, name), tmp_path / run / f"{name}.json")
    one, two = (sorted((tmp_path / run).iterdir()) for run in ("one", "two"))
    assert [p.name for p in one] == [p.name for p in two]
    for first, second in zip(one, two, strict=True):
        assert first.read_bytes() == second.read_bytes(), first.name


def test_another_seed_draws_anew_and_calls_the_same(again: Callable[[int], Analysis]) -> None:
    one, two = again(7), again(8)
    assert one.diplotypes.results == two.diplotypes.results
    assert not np.array_equal(one.activities.values, two.activities.values)


def test_draws_do_not_depend_on_how_many_there_are(vcf: Path) -> None:
    few, many = (analyze(vcf, PERSON, draws=draws, population=60, seed=7) for draws in (40, 80))
    np.testing.assert_array_equal(few.activities.values, many.activities.values[:, :40])
    np.testing.assert_allclose(few.parameters.values, many.parameters.values[:, :40])


def test_a_person_in_a_cohort_is_the_person_alone(make_vcf: Callable[..., Path]) -> None:
    alone = analyze(make_vcf("alone.vcf", samples=("ben",)), PERSON, draws=40, population=60)
    among = analyze(make_vcf("among.vcf", samples=("anna", "ben", "carl")), PERSON, sample="ben", draws=40, population=60)
    assert [r.median for r in alone.readouts.readouts[0]] == [r.median for r in among.readouts.readouts[0]]
