"""``estrogenome explain``: a gene, a readout, a state or a term in plain text, with sources."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Annotated

import typer

from estrogenome.cli import options as o
from estrogenome.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estrogenome.catalog.claims import Claim, Statement, Term
    from estrogenome.catalog.genes import Enzyme, Gene
    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.readouts import ReadoutSpec
    from estrogenome.catalog.schema import Entry, Quantity

_WIDTH = 100


def explain(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="GENE|READOUT|TERM", help="Such as a gene, a readout, a state or a word of the field.")],
) -> None:
    """Explain a gene, a readout, a hormonal state or a term, with its sources."""
    catalog = o.catalog_of(context)
    found = _index(catalog).get(name.strip().lower())
    if not found:
        raise InputError(f"{name} is not in the catalog{_near(name, catalog)}")
    sections = [list(_text(entry, catalog)) for entry in found]
    sections.append(["Sources", *_sources(found, catalog)])
    typer.echo("\n\n".join("\n".join(_wrapped(line) for line in section) for section in sections if section[1:]))


def _index(catalog: Catalog) -> dict[str, list[Entry]]:
    index: dict[str, list[Entry]] = {}
    for kind in ("genes", "enzymes", "readouts", "states", "refusals", "terms", "assays"):
        for entry in getattr(catalog, kind).values():
            names = {getattr(entry, "id", ""), getattr(entry, "name", ""), getattr(entry, "term", ""), *getattr(entry, "aliases", ())}
            names.add(getattr(entry, "protein", ""))
            for name in {n.lower() for n in names if n}:
                index.setdefault(name, []).append(entry)
    for gene in catalog.genes.values():
        for site in gene.sites:
            for name in {site.id.lower(), *(alias.lower() for alias in site.aliases)}:
                index.setdefault(name, []).append(gene)
    for term in _evidence_words():
        index.setdefault(term.id, []).append(term)
    return index


def _evidence_words() -> Iterator[Term]:
    """Yield the words of the evidence chips and of the states of a number as terms."""
    from estrogenome.catalog.claims import Term
    from estrogenome.reports.grade import MEANINGS, STATE_MEANINGS

    for words, kind in ((MEANINGS, "evidence"), (STATE_MEANINGS, "state of a number")):
        for word, meaning in words.items():
            yield Term(id=str(word), term=f"{word} ({kind})", plain=f"{meaning[0].upper()}{meaning[1:]}.")


def _near(name: str, catalog: Catalog) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name.strip().lower(), list(_index(catalog)), n=4, cutoff=0.5)
    return f"; near: {', '.join(near)}" if near else "; try one of the genes: " + ", ".join(sorted(catalog.genes))


def _text(entry: Entry, catalog: Catalog) -> Iterator[str]:
    from estrogenome.catalog.claims import Term
    from estrogenome.catalog.genes import Enzyme, Gene
    from estrogenome.catalog.readouts import Assay, ReadoutSpec
    from estrogenome.catalog.states import HormonalState, Refusal
    from estrogenome.core.units import convert

    if isinstance(entry, Gene):
        yield from _gene(entry, catalog)
    elif isinstance(entry, Enzyme):
        yield f"{entry.id}: {entry.name}"
        yield entry.summary
        yield from _shares(entry)
    elif isinstance(entry, ReadoutSpec):
        yield from _readout(entry, catalog)
    elif isinstance(entry, HormonalState):
        yield f"{entry.id}: {entry.name}"
        yield f"{entry.plain} For: {', '.join(entry.sexes)}, {entry.ages[0]:g} to {entry.ages[1]:g} years; gonads: {entry.gonads}."
        for covariate in entry.covariates:
            unit = covariate.shown or covariate.unit
            low, high = (convert(end, covariate.unit, unit, covariate.molar_mass) for end in covariate.plausible)
            given = f'; give your own with --measured "{covariate.option}=VALUE {unit}"' if covariate.option else ""
            yield f"  {covariate.name}, {low:.3g} to {high:.3g} {unit}{given}"
    elif isinstance(entry, Refusal):
        yield f"{entry.id}: {entry.name}"
        yield f"No numbers are given, because {entry.reason}; {entry.instead}."
    elif isinstance(entry, Term):
        yield entry.term
        yield entry.plain
    elif isinstance(entry, Assay):
        yield f"{entry.id}: {entry.name}, {entry.matrix}"
        yield entry.note


def _gene(gene: Gene, catalog: Catalog) -> Iterator[str]:
    yield f"{gene.id}: {gene.name}"
    yield gene.summary
    yield ""
    yield "Sites"
    for site in gene.sites:
        yield f"  {site.id} ({site.name}): {' / '.join(site.alleles)}{'' if site.defining else ', a tag'} [{site.source}]"
    yield "Named alleles"
    for allele in gene.alleles:
        yield f"  {allele.name}: {allele.description or ', '.join(f'{s} {a}' for s, a in allele.carries.items()) or 'the default'}"
    yield from _shares(gene)
    if gene.effects:
        yield "What an allele does to one copy, as a multiple of the default copy"
    for effect in gene.effects:
        contradicted = f"; contradicted by {', '.join(effect.contradicted_by)}" if effect.contradicted_by else ""
        yield f"  {effect.allele} at {effect.site}: {_number(effect.multiple)}{contradicted}"
    for claim in catalog.claims.values():
        if claim.gene == gene.id:
            yield from _claim(claim)
    if gene.limits:
        yield "What a genotype file cannot show"
    yield from (f"  {limit}" for limit in gene.limits)


def _shares(catalyst: Gene | Enzyme) -> Iterator[str]:
    if catalyst.catalyses:
        yield "Share of reactions in the reference population"
    for catalysis in catalyst.catalyses:
        yield f"  {_words(catalysis.reaction)}, {catalysis.tissue}: {_number(catalysis.share)}"


def _sources(found: list[Entry], catalog: Catalog) -> Iterator[str]:
    from estrogenome.catalog.walk import citations
    from estrogenome.cli.cite import reference

    names = {getattr(entry, "id", "") for entry in found}
    places = {f"{kind}/{name}" for kind in ("genes", "enzymes", "readouts", "states", "refusals", "terms", "assays") for name in names}
    places |= {f"claims/{claim.id}" for claim in catalog.claims.values() if claim.gene in names}
    used = {source for place, source in citations(catalog) if place.split(".")[0] in places}
    yield from (f"  {reference(catalog.sources[source])}" for source in sorted(used) if source in catalog.sources)


def _claim(claim: Claim) -> Iterator[str]:
    yield ""
    yield f"Claim ({claim.site}): {claim.claim}"
    for level in ("enzyme", "body", "outcome"):
        statement: Statement = getattr(claim, level)
        yield f"  {level} · {statement.grade}: {statement.text}"
        for label, findings in (("supports", statement.supports), ("contradicts", statement.contradicts)):
            for finding in findings:
                people = f", n = {finding.n}" if finding.n else ""
                yield f"    {label}: {finding.finding.rstrip('.')}{people} [{finding.source}: {finding.locator}]"


def _readout(readout: ReadoutSpec, catalog: Catalog) -> Iterator[str]:
    assay = catalog.assays.get(readout.assay)
    yield f"{readout.id}: {readout.name}"
    yield readout.plain
    name = assay.name if assay else readout.assay
    where = name if name.casefold().startswith(readout.matrix.casefold()) else f"{readout.matrix}, {name}"
    yield f"Measured as: {where}; {'a ratio without unit' if readout.unit == '1' else 'in ' + readout.unit}"
    yield f"Computed as {readout.formula}{'' if readout.formula_unit == '1' else f' ({readout.formula_unit})'}"
    yield from (f"  {name}: {words}" for name, words in _named(readout, catalog))
    yield f"Sources: {', '.join(readout.sources) or 'none yet'}"


def _words(identifier: str) -> str:
    """Return a reaction's identifier as words, in characters that every terminal has."""
    from estrogenome.reports.text import HYPHEN, phrase

    return phrase(identifier).replace(HYPHEN, "-")


def _named(readout: ReadoutSpec, catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Yield what each name of a readout's formula stands for."""
    from estrogenome.catalog.formula import names
    from estrogenome.export.dress import meanings
    from estrogenome.network.words import reaction_names

    words = meanings(catalog) | reaction_names(catalog) | {s: e.get("name", "") for s, e in catalog.annotations["species"].items()}
    yield from ((name, words[name]) for name in sorted(names(readout.formula)) if words.get(name))


def _number(quantity: Quantity) -> str:
    spread = f" ± {quantity.spread:g} ({quantity.distribution})" if quantity.spread else ""
    unit = "" if quantity.unit == "1" else f" {quantity.unit}"
    return f"{quantity.value:g}{unit}{spread}, {quantity.state} [{quantity.source}: {quantity.locator}]"


def _wrapped(line: str) -> str:
    indent = " " * (len(line) - len(line.lstrip()))
    return textwrap.fill(line.strip(), _WIDTH, initial_indent=indent, subsequent_indent=indent + "    " if indent else "") or ""
