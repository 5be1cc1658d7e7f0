"""An invented catalog and the records of one invented person: nothing in it is a real gene, and every field is filled."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import yaml

from estrogenome.catalog.claims import Claim, Finding, Statement, Term
from estrogenome.catalog.genes import Gene, Site, Unseen
from estrogenome.catalog.load import KNOWLEDGE, Catalog, HaplotypeTable
from estrogenome.catalog.pathway import PathwayMap
from estrogenome.catalog.readouts import Assay, ReadoutSpec
from estrogenome.catalog.schema import Quantity, Source
from estrogenome.catalog.states import Covariate, HormonalState
from estrogenome.core.genotype_records import (
    CallStatus,
    DiplotypeOption,
    Diplotypes,
    GeneDiplotypes,
    Genotypes,
    Haplotype,
    SiteObservation,
    SiteState,
)
from estrogenome.core.readout_records import Readout, Readouts
from estrogenome.core.records import Activities, ActivityTerm, Person, Provenance
from estrogenome.core.uncertainty import Distribution, State

MAP = KNOWLEDGE / "models" / "map.yaml"
ORIGIN = Provenance(
    version="0.0", knowledge_version="1", knowledge_hash="ab" * 32, input_digest="cd" * 32, model_hash="ef" * 32, seed=1, draws=200
)
SYMBOLS = ("GENA", "GENB", "GENC", "GEND")
ACTS = {
    "GENA": (("hydroxylation_2", "liver"), ("hydroxylation_4", "liver"), ("hydroxylation_16", "liver")),
    "GENB": (("methylation_2", "liver"), ("methylation_4", "liver")),
    "GENC": (("aromatisation", "periphery"), ("aromatisation", "gonad")),
    "GEND": (("glucuronidation", "liver"), ("sulfation", "liver"), ("hydroxylation_2", "liver")),
}
CENTRE = {"GENA": 1.1, "GENB": 0.42, "GENC": 0.85, "GEND": 1.0}


def quantity(value: float = 1.0, unit: str = "1") -> Quantity:
    return Quantity(
        value=value, unit=unit, distribution=Distribution.LOGNORMAL, spread=0.2, state=State.MEASURED, source="first2001", locator="table 1"
    )


def pathway() -> PathwayMap:
    return PathwayMap.model_validate(yaml.safe_load(MAP.read_text(encoding="utf-8")))


def gene(symbol: str, text: str) -> Gene:
    def site(identifier: str, *, defining: bool) -> Site:
        return Site(
            id=f"{symbol.lower()}_{identifier}", name=f"{identifier} {text}".strip(), alleles=("A", "G"), placements={}, defining=defining,
            source="first2001", locator="here",
        )  # fmt: skip

    return Gene(
        id=symbol, name=f"invented gene {symbol}", protein=f"invented protein {symbol[-1]} {text}".strip(), chromosome="1", strand="+", regions={},
        nomenclature="star", summary=f"{symbol} turns one invented estrogen into another {text}".strip(), default="*1",
        sites=(site("one", defining=True), site("two", defining=True), site("tag", defining=False)), default_alleles={}, alleles=(),
        unseen=(Unseen(id="copies", name="copy number", log_sd=quantity()),), limits=("a rare allele is not in the list",),
    )  # fmt: skip


def claim(symbol: str, allele: str, text: str) -> Claim:
    def statement(grade: str, words: str) -> Statement:
        return Statement(
            grade=grade, text=f"{words} {text}".strip(),  # type: ignore[arg-type]
            supports=(Finding(source="first2001", locator="table 2", finding="activity fell to a half", n=1204, design="ex vivo"),),
            contradicts=(Finding(source="second2010", locator="abstract", finding="no difference was seen", n=170, design="cross-sectional"),),
        )  # fmt: skip

    return Claim(
        id=f"{symbol}_{allele}", gene=symbol, site=f"{symbol.lower()}_one", alleles=(allele,), claim=f"Allele {allele} halves the enzyme {text}".strip(),
        enzyme=statement("strong", "Two copies of this allele make an enzyme with 0.4 (0.25–0.6) of the usual speed in the tissues where it was tested."),
        body=statement("null", "Levels in serum did not differ between carriers and others in two studies."),
        outcome=statement("disputed", "Studies of disease point in both directions."),
    )  # fmt: skip


def catalog(text: str = "") -> Catalog:
    names = {"levelone": "Invented one", "leveltwo": "Invented two", "ratio_a": "Ratio one:two", "ratio_b": "Methyl ratio"}
    unit = {"levelone": "pg/mL", "leveltwo": "pg/mL", "ratio_a": "1", "ratio_b": "1"}
    readouts = {
        i: ReadoutSpec(
            id=i, name=f"{n} {text}".strip(), plain=f"How much of {n} there is", kind="ratio" if i.startswith("ratio") else "level", matrix="serum",
            assay="lcms", unit=unit[i], formula="E2" if i == "levelone" else i, formula_unit="nmol/L", order=k, sources=("first2001",),
        )
        for k, (i, n) in enumerate(names.items())
    }  # fmt: skip
    table = HaplotypeTable(sites=("x_one", "x_two"), haplotypes=(("A", "A"), ("G", "A")), counts={"P": (80, 20), "Q": (60, 40)})
    return Catalog(
        root=Path(), version="1", digest="00", genes={g: gene(g, text) for g in SYMBOLS},
        claims={c.id: c for g in SYMBOLS for c in (claim(g, "G", text), claim(g, "A", text))},
        terms={
            "liver": Term(id="liver", term="liver", plain="the organ that clears most"),
            "unused": Term(id="unused", term="xylophone", plain="not a word of this page"),
        },
        sources={
            "first2001": Source(id="first2001", citation=f"First A. An invented paper {text}. J Inv 1:1", year=2001, doi="10.1000/1", pmid="1", read="full text"),
            "second2010": Source(id="second2010", citation="Second B. Another. J Inv 2:2", year=2010, url="https://example.org/2", read="abstract"),
        },
        states={
            "state": HormonalState(
                id="state", name=f"invented state {text}".strip(), sexes=("female",), ages=(18, 50), gonads="ovaries", plain="Days 3 to 7 of a cycle",
                covariates=(Covariate(parameter="bind", name="binding globulin", unit="nmol/L", plausible=(1, 300), option="binding"),),
            )
        },
        assays={"lcms": Assay(id="lcms", name="LC-MS/MS", matrix="serum")}, readouts=readouts, parameters={}, pathway=pathway(), models={},
        annotations={},
        haplotypes={g: HaplotypeTable(tuple(c.replace("x", g.lower()) for c in table.sites), table.haplotypes, table.counts) for g in SYMBOLS},
    )  # fmt: skip


def genotypes(name: str, statements: tuple[str, ...] = (), origin: str = "") -> Genotypes:
    seen, inferred, dark = SiteState.OBSERVED, SiteState.INFERRED, SiteState.NOT_ASSAYED
    rows = []
    for symbol in SYMBOLS:
        g = symbol.lower()
        if symbol == "GEND":
            rows += [SiteObservation(site=f"{g}_{x}", state=dark) for x in ("one", "two", "tag")]
            continue
        pair = {"GENA": (("A", "G"),), "GENB": (("G", "G"),), "GENC": (("A", "A"), ("A", "G"))}[symbol]
        rows += [
            SiteObservation(site=f"{g}_one", state=seen, compatible=pair, origin=origin),
            SiteObservation(site=f"{g}_two", state=inferred, compatible=(("A", "A"),), origin=origin or "stated by the user"),
            SiteObservation(site=f"{g}_tag", state=dark),
        ]
    return Genotypes(
        samples=("other", name), build="GRCh38", sites=tuple(o.site for o in rows), observations=tuple(rows),
        index=np.array([range(len(rows))] * 2), statements=statements, provenance=ORIGIN,
    )  # fmt: skip


def diplotypes(name: str) -> Diplotypes:
    def one(symbol: str, status: CallStatus, *options: tuple[str, float]) -> GeneDiplotypes:
        g = symbol.lower()
        return GeneDiplotypes(
            gene=symbol, status=status, sites=(f"{g}_one", f"{g}_two", f"{g}_tag"),
            options=tuple(
                DiplotypeOption(
                    haplotypes=tuple(Haplotype(name=n, alleles=("A" if n == "*1" else "G", "A", "A")) for n in names.split("/")), weight=w
                )
                for names, w in options
            ),
        )  # fmt: skip

    results = (
        one("GENA", CallStatus.CALLED, ("*1/*2", 1.0)),
        one("GENB", CallStatus.CALLED, ("*2/*2", 1.0)),
        one("GENC", CallStatus.AMBIGUOUS, ("*1/*1", 0.7), ("*1/*2", 0.3)),
        one("GEND", CallStatus.NOT_ASSAYED, ("*1/*1", 0.49), ("*1/*2", 0.42), ("*2/*2", 0.09)),
    )
    return Diplotypes(samples=("other", name), genes=SYMBOLS, results=results, index=np.array([range(4)] * 2), provenance=ORIGIN)


def activities(name: str) -> Activities:
    generator = np.random.default_rng(7)
    terms = [
        ActivityTerm(gene=g, reaction=a, tissue=b, mean=(1.0, CENTRE[g]), worst_state=State.TRANSFERRED, sources=("second2010",))
        for g in SYMBOLS for a, b in ACTS[g]
    ]  # fmt: skip
    values = np.stack([CENTRE[t.gene] * np.exp(0.25 * generator.standard_normal((2, 200))) for t in terms], axis=2)
    return Activities(samples=("other", name), terms=tuple(terms), values=values, provenance=ORIGIN)


def readouts(name: str) -> Readouts:
    def one(identifier: str, median: float, percentile: float | None, unit: str, **more: object) -> Readout:
        spread = (0.3, 0.4, 0.7, 1.0, 1.4, 2.4, 3.3)
        usual = {"genotype_share": 0.04, "failed_draws": 0, "population_quantiles": tuple(q * median * 1.2 for q in spread)}
        return Readout(
            id=identifier, name=CATALOG_NAMES[identifier], matrix="serum", assay="lcms", unit=unit, median=median, percentile=percentile,
            interval50=(median * 0.8, median * 1.3), interval90=(median * 0.5, median * 2.1), worst_state=State.FITTED,
            sources=("first2001",), **(usual | more),
        )  # fmt: skip

    mine = (
        one("levelone", 38.2, 42.0, "pg/mL"),
        one("leveltwo", 0.0123, 96.2, "pg/mL", failed_draws=3, genotype_share=0.21),
        one("ratio_a", 12.6, None, "1", population_quantiles=(), genotype_share=None),
        one("ratio_b", 0.43, 7.0, "1", genotype_effect=(0.7, 0.55, 0.9)),
    )
    return Readouts(samples=("other", name), readouts=(mine, mine), fluxes=(fluxes(), fluxes()), provenance=ORIGIN)


CATALOG_NAMES = {"levelone": "Invented one", "leveltwo": "Invented two", "ratio_a": "Ratio one:two", "ratio_b": "Methyl ratio"}


def fluxes() -> dict[str, tuple[float, float, float]]:
    sizes = {
        "aromatise_A4_periphery": 90, "aromatise_T_periphery": 20, "secrete_E2_gonad": 200, "secrete_E1_gonad": 60, "source_E1_adrenal": 40,
        "oxidise_E2_liver": 90, "oxidise_E2_periphery": 60, "reduce_E1_liver": 30, "reduce_E1_periphery": 40, "sulfate_E1_liver": 250,
        "bile_E1S": 60, "desulfate_liver": 100, "desulfate_periphery": 120, "glucuronidate_E1_liver": 70, "glucuronidate_E2_liver": 30,
        "hydroxylate2_E1_liver": 70, "hydroxylate16_E1_liver": 40, "hydroxylate4_E1_liver": 9, "methylate2_E1_liver": 10, "methylate4_E1_liver": 4,
        "conjugate2_E1_liver": 50, "conjugate4_E1_liver": 4, "conjugate16_E1_liver": 45,
    }  # fmt: skip
    totals = {edge.id: sum(sizes.get(name, 5) for name in edge.reactions) for edge in pathway().edges}
    return {name: (0.5 * v, float(v), 2.0 * v) for name, v in totals.items()}


def everything(name: str = "NA00001", text: str = "", statements: tuple[str, ...] = (), origin: str = "") -> tuple[object, ...]:
    person = Person(sex="female", age=30, state="state", measured={"levelone": 55.0})
    return person, genotypes(name, statements, origin), diplotypes(name), activities(name), readouts(name), catalog(text)
