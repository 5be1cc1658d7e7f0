"""Every diplotype × phased or not × one missing site × both builds × strand, read and called; what came out against the truth."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from estrogenome.core.errors import EstrogenomeError
from estrogenome.core.genotype_records import CallStatus
from estrogenome.diplotypes import call_diplotypes
from estrogenome.diplotypes.names import haplotype_name
from estrogenome.genotypes import read_genotypes
from estrogenome.genotypes.targets import BUILDS
from estrogenome.validate.made import haplotypes, pairs, vcf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from estrogenome.catalog.genes import Gene
    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.schema import Build
    from estrogenome.core.genotype_records import GeneDiplotypes
    from estrogenome.validate.made import Copy

VERDICTS = ("right", "open", "outweighed", "below floor", "refused", "failed")
LISTED = {"below floor", "failed"}
SURE = {CallStatus.CALLED, CallStatus.INFERRED}


@dataclass(frozen=True)
class Case:
    """People of one gene, in one kind of file: how many came out how; ``outweighed`` and ``listed`` say what instead."""

    gene: str
    build: str
    phased: bool
    without: str
    flipped: bool
    verdicts: Counter[str]
    outweighed: Counter[tuple[str, str]]
    listed: tuple[tuple[str, str, str, str], ...]


def selftest(
    catalog: Catalog, genes: Iterable[str], *, most: int, every: int = 1, tell: Callable[[str], None] = lambda _: None
) -> list[Case]:
    """Return every case of the genes; ``most`` panel haplotypes without a name of their own are added to the named ones.

    With ``every`` only each so-many-th diplotype is called, the first included.
    """
    found: list[Case] = []
    with TemporaryDirectory() as folder:
        for name in genes:
            tell(f"calling every diplotype of {name}")
            gene = catalog.genes[name]
            alone = dataclasses.replace(catalog, genes={name: gene}, haplotypes={k: v for k, v in catalog.haplotypes.items() if k == name})
            people = pairs(haplotypes(gene, catalog, most))[::every]
            found += list(_of_gene(gene, alone, people, Path(folder) / "made.vcf"))
    return found


def _of_gene(gene: Gene, catalog: Catalog, people: list[tuple[Copy, Copy]], path: Path) -> Iterator[Case]:
    truth = ["/".join(sorted(haplotype_name(gene, copy) for copy in pair)) for pair in people]
    for phased in (True, False):
        for without in ("", *(site.id for site in gene.sites)):
            called = {build: _called(gene, catalog, people, path, build, phased=phased, without=without) for build in BUILDS}
            for build, results in called.items():
                other = called[next(b for b in BUILDS if b != build)]
                yield _judged(gene, build, phased, without, truth, results, other)
        for build in BUILDS:
            results = _called(gene, catalog, people, path, build, phased=phased, flipped=True)
            yield _judged(gene, build, phased, "", truth, results, None, flipped=True)


def _called(
    gene: Gene,
    catalog: Catalog,
    people: list[tuple[Copy, Copy]],
    path: Path,
    build: Build,
    *,
    phased: bool,
    without: str = "",
    flipped: bool = False,
) -> list[GeneDiplotypes] | None:
    """Return everybody's result; None where the file is refused or holds no site at all."""
    path.write_text(vcf(gene, people, build, phased=phased, without=without, flipped=flipped), encoding="utf-8")
    try:
        diplotypes = call_diplotypes(read_genotypes(path, catalog), catalog)
    except EstrogenomeError:
        return None
    return [diplotypes.results[int(row[0])] for row in diplotypes.index]


def _judged(
    gene: Gene,
    build: str,
    phased: bool,
    without: str,
    truth: list[str],
    results: list[GeneDiplotypes] | None,
    other: list[GeneDiplotypes] | None,
    *,
    flipped: bool = False,
) -> Case:
    verdicts: Counter[str] = Counter()
    outweighed: Counter[tuple[str, str]] = Counter()
    listed: list[tuple[str, str, str, str]] = []
    if results is None:
        verdicts["refused"] = len(truth)
    for place, (own, result) in enumerate(zip(truth, results or (), strict=False)):
        verdict = judge(own, result, complete=phased and not without and not flipped)
        if other and other[place].by_name() != result.by_name():
            verdict = "failed"
        verdicts[verdict] += 1
        if verdict == "outweighed":
            outweighed[own, _names(result)[0][0]] += 1
        if verdict in LISTED:
            listed.append((verdict, own, _names(result)[0][0], result.status.value))
    return Case(gene.id, build, phased, without, flipped, verdicts, outweighed, tuple(listed))


def _names(result: GeneDiplotypes) -> list[tuple[str, float]]:
    """Return (diplotype name with its copies in alphabetical order, probability), most probable first."""
    return [("/".join(sorted(name.split("/"))), probability) for name, probability in result.by_name()]


def judge(truth: str, result: GeneDiplotypes, *, complete: bool) -> str:
    """Return the verdict on one answer.

    *right*: confident and true. *open*: not confident, the truth among what stays possible. *outweighed*: confident in another
    diplotype that fits what the file shows and is far more frequent than the truth. *below floor*: the truth fits the file, but
    weighs less than what is kept. *failed*: anything else; where the file is complete (phased, no site missing), anything but right.
    """
    names = dict(_names(result))
    sure = result.status in SURE
    if sure and next(iter(names)) == truth:
        return "right"
    if result.status is CallStatus.NOT_ASSAYED:
        return "open"
    if complete:
        return "failed"
    if truth not in names:
        return "below floor"
    return "outweighed" if sure else "open"
