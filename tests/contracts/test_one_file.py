"""One file is enough: what the how-to pages invent, dropped into a copy of ``knowledge/``, reaches call, simulation and report."""

from __future__ import annotations

import dataclasses
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from estrogenome import Person, analyze
from estrogenome.catalog.arms import full_arm
from estrogenome.catalog.axes import axes_of, axis_values
from estrogenome.catalog.body import central_values
from estrogenome.catalog.check_studies import problems
from estrogenome.catalog.lint import Severity, lint
from estrogenome.catalog.lint_studies import studies_of
from estrogenome.catalog.load import KNOWLEDGE, Catalog, load_catalog
from estrogenome.catalog.regimens import parse_regimens
from estrogenome.catalog.scenarios import concerns, does
from estrogenome.core.errors import PersonError
from estrogenome.network import compose_course
from estrogenome.network.sbml import complaints
from estrogenome.parameters import personalize
from estrogenome.parameters.protocol import schedule
from estrogenome.reports.renderers import html, json
from estrogenome.trajectories import CourseEngine, kernel_of
from estrogenome.trajectories.rest import begin, body_at_rest, person_at_rest, references, set_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from estrogenome.core.records import Activities
    from estrogenome.pipeline import Analysis

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"
BLOCK = re.compile(r"^```(?:yaml|tsv|antimony)\n# knowledge/(\S+?\.(?:yaml|tsv|ant))\n(.*?)^```", re.MULTILINE | re.DOTALL)
WOMAN = Person(sex="female", age=64, state="postmenopausal")
THERAPY, PROTOCOL, AXIS = "invented_implant", "invented_protocol", "invented_loop"
GENE, ENZYME, SITE, READOUT, STATE = "ZZZ9", "YYY8", "rs999999999", "ratio_e1s_e1", "invented_late"


def invented_files() -> dict[str, str]:
    """Path below ``knowledge/`` → content, from the how-to pages."""
    return {name: text for page in sorted(HOW_TO.glob("*.md")) for name, text in BLOCK.findall(page.read_text(encoding="utf-8"))}


@pytest.fixture(scope="module")
def widened(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """The catalog of a copy of ``knowledge/`` with one invented file of each kind."""
    root = tmp_path_factory.mktemp("widened") / "knowledge"
    shutil.copytree(KNOWLEDGE, root)
    for name, text in invented_files().items():
        assert not (root / name).exists()
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return load_catalog(root)


@pytest.fixture(scope="module")
def run(widened: Catalog, invented: Callable[..., object], tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Analysis]:
    """A function that analyzes a made-up genome in the widened catalog."""
    folder = tmp_path_factory.mktemp("run")

    def analyzed(gt: str = "0|0", person: Person = WOMAN, catalog: Catalog = widened) -> Analysis:
        vcf = invented(catalog=catalog, genotypes={SITE: gt}).write(folder / "one.vcf")
        return analyze(vcf, person, catalog=catalog, draws=60, population=60)

    return analyzed


@pytest.fixture(scope="module")
def carrier(run: Callable[..., Analysis]) -> Analysis:
    return run("1|1")


def test_every_kind_of_addition_has_an_example() -> None:
    kinds = {name.split("/")[0] for name in invented_files()}
    assert kinds == {
        "genes",
        "enzymes",
        "claims",
        "readouts",
        "assays",
        "states",
        "refusals",
        "parameters",
        "sources",
        "glossary",
        "formats",
        "exposures",
        "therapies",
        "protocols",
        "axes",
        "consequences",
        "studies",
        "tracers",
    }


def test_lint_accepts_them_and_says_what_is_lacking(widened: Catalog, catalog: Catalog) -> None:
    issues = lint(widened)
    assert not {str(i) for i in issues if i.severity is not Severity.INFO} - {str(i) for i in lint(catalog)}
    lacking = [issue.message for issue in issues if issue.where == f"genes/{GENE}"]
    assert len(lacking) == 1
    assert "haplotype frequencies" in lacking[0]
    assert "second reading" in lacking[0]
    assert "claims" not in lacking[0]


def test_the_gene_is_called(carrier: Analysis, run: Callable[..., Analysis]) -> None:
    assert GENE in carrier.diplotypes.genes
    (called,) = (result for result in carrier.diplotypes.results if result.gene == GENE)
    assert called.by_name()[0][0] == "*2/*2"
    (called,) = (result for result in run("0|1").diplotypes.results if result.gene == GENE)
    assert called.by_name()[0][0] == "*1/*2"


def test_the_format_is_read(widened: Catalog, carrier: Analysis, tmp_path: Path) -> None:
    path = tmp_path / "no name tells it"
    rows = [f"{g.chromosome};{s.placements[b].position};{s.id};{a}+{a}" for g, s, b, a in _placed(widened)]
    path.write_text("\n".join(["! Invented Genomics", "where;place;what;read", *rows]) + "\n", encoding="utf-8")
    analysis = analyze(path, WOMAN, catalog=widened, draws=60, population=60)
    assert analysis.genotypes.warnings[0] == "read as Invented Genomics"
    (called,) = (result for result in analysis.diplotypes.results if result.gene == GENE)
    assert called.by_name()[0][0] == next(r for r in carrier.diplotypes.results if r.gene == GENE).by_name()[0][0] == "*2/*2"


def _placed(catalog: Catalog) -> list[tuple[Any, Any, str, str]]:
    """Every site of one base on GRCh38 with its last allele: the one that is not the reference, of the invented site."""
    return [
        (gene, site, "GRCh38", next(a for a in site.alleles if gene.id != GENE or a != site.placements["GRCh38"].reference))
        for gene in catalog.genes.values()
        for site in gene.sites
        if "GRCh38" in site.placements and not site.placements["GRCh38"].spellings
    ]


def test_the_gene_acts_in_the_model(carrier: Analysis, run: Callable[..., Analysis]) -> None:
    usual = run("0|0")

    def level(analysis: Analysis, readout: str) -> float:
        return next(r.median for r in analysis.readouts.readouts[0] if r.id == readout)

    term = next(i for i, t in enumerate(carrier.activities.terms) if t.gene == GENE)
    assert np.median(carrier.activities.values[0, :, term]) < np.median(usual.activities.values[0, :, term]) / 5
    assert level(carrier, "16aohe1") < level(usual, "16aohe1")
    others = [i for i, t in enumerate(carrier.activities.terms) if t.gene != GENE]
    np.testing.assert_array_equal(carrier.activities.values[..., others], usual.activities.values[..., others])


def test_a_new_gene_changes_no_other_draw(carrier: Analysis, run: Callable[..., Analysis], catalog: Catalog) -> None:
    before = run("0|0", catalog=catalog)
    kept = [i for i, t in enumerate(carrier.activities.terms) if t.gene not in {GENE, ENZYME}]
    np.testing.assert_array_equal(carrier.activities.values[..., kept], before.activities.values)
    names = [n for n in before.parameters.names if not n.startswith("factor_")]
    old = before.parameters.values[..., [before.parameters.names.index(n) for n in names]]
    new = carrier.parameters.values[..., [carrier.parameters.names.index(n) for n in names]]
    np.testing.assert_array_equal(old, new)


def test_the_enzyme_takes_its_share(widened: Catalog, carrier: Analysis) -> None:
    term = next(i for i, t in enumerate(carrier.activities.terms) if t.gene == ENZYME)
    np.testing.assert_array_equal(carrier.activities.values[..., term], 1.0)
    with_it, without = (
        dict(zip(p.names, p.values[0].T, strict=True))["factor_reduction_quinone_liver"]
        for p in (personalize(_faster(carrier.activities, speed), WOMAN, widened, draws=60, seed=0) for speed in (3.0, 1.0))
    )
    assert np.all(with_it > without)


def _faster(activities: Activities, speed: float) -> Activities:
    """``activities`` with those of the invented enzyme times ``speed``."""
    values = activities.values.copy()
    values[..., [t.gene == ENZYME for t in activities.terms]] *= speed
    return activities.model_copy(update={"values": values})


def test_the_readout_is_simulated(carrier: Analysis) -> None:
    readout = next(r for r in carrier.readouts.readouts[0] if r.id == READOUT)
    assert readout.assay
    assert readout.median > 0
    assert readout.percentile is not None
    assert readout.genotype_share is not None


def test_everything_stands_in_the_report(carrier: Analysis, widened: Catalog) -> None:
    page, data = html.render(carrier.report, widened), json.render(carrier.report)
    for text in (
        GENE,
        SITE,
        "*2/*2",
        "E1S : E1",
        "serum, invented method",
        "ZZZ9*2 stops an invented hydroxylation.",
        "An invented study",
        "invented hydroxylation",
    ):
        assert text.lower() in data.lower(), text
        assert text.lower() in page.lower(), text


def test_the_state_can_be_lived_in(run: Callable[..., Analysis]) -> None:
    there = run("0|0", person=Person(sex="female", age=64, state="late"))
    assert there.person.state == STATE
    usual = run("0|0")
    medians = [[r.median for r in analysis.readouts.readouts[0]] for analysis in (there, usual)]
    np.testing.assert_allclose(*medians)
    assert "invented subgroup" in there.report.state_name


def test_a_parameter_of_the_table_is_read(widened: Catalog) -> None:
    assert widened.parameters["invented_parameter"].quantity.unit == "L/d"


def test_the_study_can_be_predicted(widened: Catalog) -> None:
    (study,) = (study for study in studies_of(widened).studies if study.id == "invented1843")
    assert list(problems(study, widened)) == []
    assert studies_of(widened).side(study) == "check"
    assert full_arm(study, "treated", widened).exposures[0].dose == 1


def test_the_therapy_is_given_and_acts(widened: Catalog, catalog: Catalog) -> None:
    regimens = parse_regimens(widened, PROTOCOL)
    assert [(r.therapy, r.dose) for r in regimens] == [(THERAPY, 50), (THERAPY, 100)]
    given = schedule(widened, regimens, 28)
    assert [(one.day, round(one.amount)) for one in given] == [(0, 125_000), (7, 125_000), (14, 250_000), (21, 250_000)]
    network = compose_course(widened, None, [THERAPY], keep=["E2", "T"])
    values = central_values(widened, "man", compose_course(widened, None, keep=["E2", "T"]).structure.constants)
    named = {network.resting.get(name, name): float(value) for name, value in values.items()}
    constants = {name: value for name, value in named.items() if name in network.structure.constants}
    rest = kernel_of(network).solve({name: np.asarray(value) for name, value in constants.items()})
    start = {name: float(np.ravel(rest.of(name))[0]) for name in network.structure.species}
    engine, days = CourseEngine(network), np.linspace(0.0, 28.0, 57)
    weak, strong = (
        engine.run(constants | {f"therapy_{THERAPY}_acts_0_Ki": ki}, [start], days, events=given, names=["T", "E2"])[0]
        for ki in (2000.0, 1.0)
    )
    assert weak[-1, 0] > 1.3 * weak[0, 0]
    assert strong[-1, 1] < weak[-1, 1] / 2
    with pytest.raises(PersonError, match="is not known; there is"):
        parse_regimens(catalog, f"{THERAPY}:100mg/7d")


def test_the_axis_drives_and_its_loop_can_be_opened(widened: Catalog, catalog: Catalog) -> None:
    entry = widened.axes[AXIS]
    assert axes_of(widened, STATE) == (AXIS,)
    network = compose_course(widened, AXIS, keep=["E2", "LH"])
    assert complaints(network.sbml) == []
    structure = compose_course(widened, None).structure
    body = {name: np.full(2, value) for name, value in central_values(widened, "postmenopausal", structure.constants).items()}
    body |= {name: np.full(2, value) for name, value in axis_values(widened, entry, STATE).items()}
    given = body | {"input_E2_plasma": np.array([0.0, 100.0])}
    levels = {}
    for closed in (True, False):
        constants = set_for(network, given, 2, loop_closed=closed) | references(widened, entry, body, own_genotype=False)
        rest = person_at_rest(network, constants, begin(network, entry, constants, {}, body_at_rest(widened, given)))
        levels[closed] = (rest.of("E2"), rest.of("LH"))
        # given nothing, everything is as in the body
        np.testing.assert_allclose(rest.of("LH")[0], 30, rtol=1e-6)
        np.testing.assert_allclose(rest.of("E2")[0], body_at_rest(widened, body).of("E2")[0], rtol=1e-6)
    assert levels[True][1][1] < 20 < levels[False][1][1]
    assert levels[True][0][1] < levels[False][0][1]
    assert AXIS not in catalog.axes


def test_the_statement_concerns_whoever_is_given_it(widened: Catalog) -> None:
    entry = widened.consequences["invented_consequence"]
    assert concerns(entry, "male", does([widened.therapies["testosterone_gel"]]))
    assert not concerns(entry, "female", does([widened.therapies["testosterone_gel"]]))
    assert not concerns(entry, "male", does([widened.therapies["anastrozole"]]))


def test_the_catalog_itself_knows_none_of_it(catalog: Catalog) -> None:
    for field in dataclasses.fields(Catalog):
        value = getattr(catalog, field.name)
        if isinstance(value, dict):
            assert GENE not in value
            assert READOUT not in value
