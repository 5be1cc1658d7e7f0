"""``estrogenome bench``: an assay in a tube, run as its paper describes it."""

from __future__ import annotations

from typing import Annotated

import typer

from estrogenome.cli import options as o


def bench(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="A file of knowledge/benches; not needed where there is one.")] = None,
    draws: Annotated[int, typer.Option("--draws", min=20, max=10_000, help="Draws of what is not known.")] = 200,
    seed: o.Seed = 0,
) -> None:
    """Run an in vitro assay: what it must show, and haplotypes ranked with their probability (Markdown); status 1 if a fact fails."""
    from estrogenome.cli.progress import progress
    from estrogenome.core.errors import InputError
    from estrogenome.validate.bench import Tube, check, page, rank

    catalog = o.catalog_of(context)
    chosen = name or next(iter(catalog.benches), "")
    if chosen not in catalog.benches or (name is None and len(catalog.benches) > 1):
        raise InputError(f"bench: give one of {', '.join(catalog.benches) or 'none: knowledge/benches is empty'}")
    with progress() as tell:
        tell("facts")
        tube = Tube(catalog.benches[chosen], catalog)
        facts = check(tube)
        rankings = []
        for condition in tube.bench.conditions:
            for everything in (False, True):
                tell(f"{condition.name}, {'everything' if everything else 'amounts alone'}")
                rankings.append(rank(tube, condition, draws=draws, seed=seed, everything=everything))
    typer.echo(page(tube, facts, rankings, seed=seed), nl=False)
    if not all(fact.holds for fact in facts):
        raise typer.Exit(1)
