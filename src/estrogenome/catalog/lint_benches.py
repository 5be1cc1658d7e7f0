"""Rules on benches. Each yields (where, what is wrong and how to mend it)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from estrogenome.catalog.bench import central, constants_of, multiple_of
from estrogenome.core.errors import KnowledgeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estrogenome.catalog.bench import Bench
    from estrogenome.catalog.load import Catalog

_NAME = re.compile(r"[A-Za-z_]\w*")


def benches_and_their_models_name_the_same(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A bench without a model, or a constant or species that one of the two lacks."""
    for bench in catalog.benches.values():
        text = catalog.bench_models.get(bench.id)
        if text is None:
            yield f"benches/{bench.id}", f"no {bench.id}.ant beside it"
            continue
        names = set(_NAME.findall(text))
        wanted = {*bench.species, *central(bench, bench.conditions[0])}
        for name in sorted(wanted - names):
            yield f"benches/{bench.id}", f"{name} is not in {bench.id}.ant"


def benches_name_what_there_is(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A condition, variant or fact that names a set, reading, reaction, species or enzyme that the file lacks."""
    for bench in catalog.benches.values():
        for missing in _missing(bench):
            yield f"benches/{bench.id}", missing
        for variant in bench.variants:
            if variant.enzyme not in catalog.genes:
                yield f"benches/{bench.id}", f"{variant.id}: {variant.enzyme} is no gene of the catalog"


def bench_variants_have_a_size(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A variant without the reading that a condition uses, or of an effect that its gene lacks."""
    for bench in catalog.benches.values():
        for condition in bench.conditions:
            for variant in bench.variants:
                if condition.reading not in variant.readings:
                    yield f"benches/{bench.id}", f"{variant.id} has no reading {condition.reading}"
                elif variant.enzyme in catalog.genes:
                    try:
                        multiple_of(variant, condition, catalog)
                    except KnowledgeError as error:
                        yield f"benches/{bench.id}", str(error)


def _missing(bench: Bench) -> Iterator[str]:
    reactions, enzymes = {r.id for r in bench.reactions}, {r.enzyme for r in bench.reactions}
    sets = {name for r in bench.reactions for name in r.kinetics}
    named = {"reaction": set[str](), "enzyme": set[str](), "species": {bench.outcome}}
    for condition in bench.conditions:
        if condition.kinetics not in sets:
            yield f"{condition.id}: no reaction has kinetics {condition.kinetics}"
        for enzyme in sorted(enzymes - set(condition.amounts)):
            yield f"{condition.id}: no amount of {enzyme}"
        named["species"] |= set(condition.start)
        named["enzyme"] |= {n.removeprefix("amount_") for n in constants_of(bench, condition) if n.startswith("amount_")}
    for variant in bench.variants:
        named["reaction"] |= {r for reading in variant.readings.values() for r in reading.reactions}
    named["reaction"] |= {r for fact in bench.facts.directions for r in fact.reactions}
    for unmoved in bench.facts.unmoved:
        named["species"].add(unmoved.species)
        named["enzyme"] |= set(unmoved.enzymes)
    for yields in bench.facts.yields:
        named["species"] |= {yields.species, *yields.products}
        named["enzyme"].add(yields.enzyme)
    known = {"reaction": reactions, "enzyme": enzymes, "species": set(bench.species)}
    for kind, names in named.items():
        for name in sorted(names - known[kind]):
            yield f"{kind} {name} is not in the file"
