"""Reading ``knowledge/`` into one frozen catalog."""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from estrogenome.catalog.axes import Axis
from estrogenome.catalog.bench import Bench
from estrogenome.catalog.claims import Claim, Term
from estrogenome.catalog.exposures import Exposure
from estrogenome.catalog.formats import Format
from estrogenome.catalog.genes import Enzyme, Gene
from estrogenome.catalog.haplotypes import stated_haplotypes
from estrogenome.catalog.later_fit import joined
from estrogenome.catalog.like import lend_covariates, lend_fit, lend_groups, lend_rows, lend_shares
from estrogenome.catalog.pathway import PathwayMap
from estrogenome.catalog.readouts import Assay, ReadoutSpec, TracerSpec
from estrogenome.catalog.scenarios import Consequence, Panel
from estrogenome.catalog.schema import Parameter, Quantity, Source, Tubes
from estrogenome.catalog.states import HormonalState, Refusal
from estrogenome.catalog.strict import read_strict
from estrogenome.catalog.therapies import Protocol, Therapy
from estrogenome.core.errors import KnowledgeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

KNOWLEDGE = Path(__file__).resolve().parent.parent / "knowledge"
_TEXT_SUFFIXES = {".yaml", ".tsv", ".ant", ".json", ".txt", ".md"}
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
T = TypeVar("T")


@dataclass(frozen=True)
class HaplotypeTable:
    """Haplotype counts of one gene in the reference panel.

    ``haplotypes[i]`` is the allele at each of ``sites``; ``counts[population][i]`` its count.
    """

    sites: tuple[str, ...]
    haplotypes: tuple[tuple[str, ...], ...]
    counts: dict[str, tuple[int, ...]]
    stated: bool = False
    """True if the counts stand for published frequencies; otherwise they were counted in the panel."""


@dataclass(frozen=True)
class Catalog:
    """All knowledge, checked against its schemas; identifiers are unique within a kind."""

    root: Path
    version: str
    digest: str
    genes: dict[str, Gene]
    claims: dict[str, Claim]
    terms: dict[str, Term]
    sources: dict[str, Source]
    states: dict[str, HormonalState]
    assays: dict[str, Assay]
    readouts: dict[str, ReadoutSpec]
    parameters: dict[str, Parameter]
    pathway: PathwayMap
    models: dict[str, str]
    annotations: dict[str, Any]
    tubes: Tubes | None = None
    enzymes: dict[str, Enzyme] = field(default_factory=dict)
    formats: dict[str, Format] = field(default_factory=dict)
    exposures: dict[str, Exposure] = field(default_factory=dict)
    therapies: dict[str, Therapy] = field(default_factory=dict)
    protocols: dict[str, Protocol] = field(default_factory=dict)
    axes: dict[str, Axis] = field(default_factory=dict)
    axis_models: dict[str, str] = field(default_factory=dict)
    axis_parameters: dict[str, dict[str, Parameter]] = field(default_factory=dict)
    """Name of a table of ``axes/`` → its rows."""
    tracers: dict[str, TracerSpec] = field(default_factory=dict)
    benches: dict[str, Bench] = field(default_factory=dict)
    bench_models: dict[str, str] = field(default_factory=dict)
    haplotypes: dict[str, HaplotypeTable] = field(default_factory=dict)
    posterior: dict[str, Any] = field(default_factory=dict)
    population: dict[str, Any] = field(default_factory=dict)
    between: dict[str, Any] = field(default_factory=dict)
    refusals: dict[str, Refusal] = field(default_factory=dict)
    tau: dict[str, Any] = field(default_factory=dict)
    axis_readouts: dict[str, ReadoutSpec] = field(default_factory=dict)
    """Readouts of what an axis adds to the body."""
    panel: Panel = field(default_factory=Panel)
    """What a comparison of scenarios shows."""
    consequences: dict[str, Consequence] = field(default_factory=dict)

    @property
    def catalysts(self) -> dict[str, Gene | Enzyme]:
        """Everything that carries shares of reactions: genes, then enzymes without a genotype."""
        return {**self.genes, **self.enzymes}


def load_catalog(root: Path | None = None) -> Catalog:
    """Return the catalog of ``root`` (the package's own knowledge by default); read once per folder.

    Raises:
        KnowledgeError: a file breaks its schema, or two entries of a kind share an identifier.
    """
    return _load((root or KNOWLEDGE).resolve())


@lru_cache(maxsize=4)
def _load(root: Path) -> Catalog:
    if not (root / "VERSION").is_file():
        raise KnowledgeError(f"{root.name}: no knowledge folder (VERSION is missing); give the folder that holds genes/ and sources/")
    genes = _keyed(_each(root / "genes", Gene))
    states = lend_covariates(_keyed(_each(root / "states", HormonalState)))
    readouts = _keyed(sorted(_each(root / "readouts", ReadoutSpec), key=lambda r: (r.order, r.id)))
    exposures = _keyed(_each(root / "exposures", Exposure, read_strict))
    therapies = _keyed(_each(root / "therapies", Therapy, read_strict))
    derived = root / "derived"
    return Catalog(
        root=root,
        version=(root / "VERSION").read_text(encoding="utf-8").strip(),
        digest=digest_folder(root),
        genes=genes,
        claims=_keyed(_lists(root / "claims", Claim)),
        terms=_keyed(_lists(root / "glossary", Term)),
        sources=_keyed(_lists(root / "sources", Source)),
        states=states,
        assays=_keyed(_each(root / "assays", Assay)),
        readouts={name: readout for name, readout in readouts.items() if not readout.axis},
        parameters=lend_rows(states, _keyed(_parameters(root / "parameters"))),
        pathway=_parse(root / "models" / "map.yaml", PathwayMap),
        models={p.stem: p.read_text(encoding="utf-8") for p in sorted((root / "models").glob("*.ant"))},
        annotations=yaml.load((root / "models" / "annotations.yaml").read_text(encoding="utf-8"), _Loader),  # noqa: S506 - safe loader
        tubes=_parse(root / "models" / "tubes.yaml", Tubes) if (root / "models" / "tubes.yaml").is_file() else None,
        enzymes=_enzymes(root / "enzymes", genes),
        formats=_keyed(_each(root / "formats", Format)),
        exposures=exposures,
        therapies=therapies,
        protocols=_keyed(_each(root / "protocols", Protocol, read_strict)),
        axes=_keyed(_each(root / "axes", Axis)),
        axis_models={p.stem: p.read_text(encoding="utf-8") for p in sorted((root / "axes").glob("*.ant"))},
        axis_parameters={p.name: _keyed(_rows(p)) for p in sorted((root / "axes").glob("*.tsv"))},
        tracers=_keyed(_lists(root / "tracers", TracerSpec)),
        benches=_keyed(_each(root / "benches", Bench)),
        bench_models={p.stem: p.read_text(encoding="utf-8") for p in sorted((root / "benches").glob("*.ant"))},
        haplotypes=_stated(genes)
        | {p.stem: _haplotypes(p) for p in sorted((root / "derived" / "haplotypes").glob("*.tsv")) if p.stem in genes},
        posterior=lend_fit(
            states, lend_shares(exposures, therapies, joined(_derived(derived / "posterior.json"), _derived(derived / "axis.json")))
        ),
        population=lend_groups(states, _derived(root / "derived" / "population.json")),
        between=lend_groups(states, _derived(root / "derived" / "between.json")),
        refusals=_keyed(_each(root / "refusals", Refusal)),
        tau=_derived(derived / "tau.json") | _in_time(_derived(derived / "tau_in_time.json")),
        panel=_parse(root / "compare" / "panel.yaml", Panel) if (root / "compare" / "panel.yaml").is_file() else Panel(),
        consequences=_keyed(_lists(root / "consequences", Consequence)),
        axis_readouts={name: readout for name, readout in readouts.items() if readout.axis},
    )


def digest_folder(root: Path) -> str:
    """Return one SHA-256 over the names and contents of all knowledge files."""
    digest = hashlib.sha256()
    for path in sorted(p for p in root.rglob("*") if p.is_file() and p.suffix in _TEXT_SUFFIXES):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _read(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - safe loader
    except (OSError, yaml.YAMLError) as error:
        raise KnowledgeError(f"{path.parent.name}/{path.name}: not readable YAML: {str(error).splitlines()[0]}") from error


def _parse(path: Path, kind: type[T], read: Callable[[Path], Any] = _read) -> T:
    try:
        return TypeAdapter(kind).validate_python(read(path))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(p) for p in first["loc"])
        raise KnowledgeError(f"{path.parent.name}/{path.name}: {where}: {first['msg']}") from error


def _each(folder: Path, kind: type[T], read: Callable[[Path], Any] = _read) -> Iterator[T]:
    for path in sorted(folder.glob("*.yaml")):
        entry = _parse(path, kind, read)
        if getattr(entry, "id") != path.stem:  # noqa: B009 - entries have an id
            raise KnowledgeError(f"{folder.name}/{path.name}: id must be {path.stem}, the name of the file")
        yield entry


def _lists(folder: Path, kind: type[T]) -> Iterator[T]:
    for path in sorted(folder.glob("*.yaml")):
        yield from _parse(path, list[kind])  # type: ignore[valid-type]


def _keyed(entries: Iterable[T]) -> dict[str, T]:
    result: dict[str, T] = {}
    for entry in entries:
        identifier: str = getattr(entry, "id")  # noqa: B009 - entries have an id
        if identifier in result:
            raise KnowledgeError(f"{type(entry).__name__} {identifier} stands twice; remove one")
        result[identifier] = entry
    return result


def _parameters(folder: Path) -> Iterator[Parameter]:
    for path in sorted(folder.glob("*.tsv")):
        yield from _rows(path)


def _rows(path: Path) -> Iterator[Parameter]:
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            try:
                yield Parameter(
                    id=row["id"],
                    meaning=row["meaning"],
                    quantity=Quantity.model_validate(
                        {k: row[k] for k in ("value", "unit", "distribution", "spread", "state", "source", "locator")}
                        | {"note": row.get("note") or ""}
                    ),
                )
            except (KeyError, ValidationError) as error:
                reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else f"no column {error}"
                raise KnowledgeError(f"{path.parent.name}/{path.name}: row {row.get('id')}: {reason}") from error


def _haplotypes(path: Path) -> HaplotypeTable:
    with path.open(encoding="utf-8", newline="") as stream:
        lines = (line for line in stream if not line.startswith("#"))
        rows = list(csv.DictReader(lines, delimiter="\t"))
    columns = list(rows[0])
    sites = tuple(c for c in columns if not c.startswith("n_"))
    return HaplotypeTable(
        sites=sites,
        haplotypes=tuple(tuple(row[s] for s in sites) for row in rows),
        counts={c[2:]: tuple(int(row[c]) for row in rows) for c in columns if c.startswith("n_")},
    )


def _stated(genes: dict[str, Gene]) -> dict[str, HaplotypeTable]:
    """Return tables of the genes whose files state frequencies; a table counted in the panel goes before."""
    found = {}
    for gene in genes.values():
        haplotypes, counts = stated_haplotypes(gene)
        if haplotypes:
            found[gene.id] = HaplotypeTable(tuple(site.id for site in gene.sites), haplotypes, counts, stated=True)
    return found


def _enzymes(folder: Path, genes: dict[str, Gene]) -> dict[str, Enzyme]:
    enzymes = _keyed(_each(folder, Enzyme))
    for both in sorted(enzymes.keys() & genes.keys()):
        raise KnowledgeError(f"enzymes/{both}.yaml: {both} is a gene already; extend catalyses in genes/{both}.yaml")
    return enzymes


def _in_time(content: dict[str, Any]) -> dict[str, Any]:
    """Return the variance between studies of people in time as ``Catalog.tau`` holds it, empty where there is none."""
    return {"in_time": content["kinds"], "freedom_in_time": content["freedom"]} if content else {}


def _derived(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
