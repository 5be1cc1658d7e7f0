"""``estrogenome validate``: published studies predicted and scored."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from estrogenome.cli import options as o

if TYPE_CHECKING:
    from rich.console import Console

_WIDE = 170


class Side(StrEnum):
    """Which cohorts are read."""

    CALIBRATION = "calibration"
    CHECK = "check"
    ALL = "all"


class Form(StrEnum):
    """How the scoreboard is written."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"


def validate(
    context: typer.Context,
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Folder of study files (*.yaml); the package's own by default.")
    ] = None,
    side: Annotated[Side, typer.Option("--side", help="Which cohorts are read at all.")] = Side.ALL,
    form: Annotated[Form, typer.Option("--format", help="How the scoreboard is written.")] = Form.TEXT,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write it there instead of showing it.")] = None,
    draws: o.Draws = 200,
    seed: o.Seed = 0,
    timed: Annotated[
        bool, typer.Option("--time/--no-time", help="Follow people in time too, under their therapies; takes minutes.")
    ] = True,
) -> None:
    """Predict what studies published and score it: fold error, intervals, and the same for the priors and without a model."""
    import json

    from estrogenome.cli.progress import progress
    from estrogenome.core.errors import InputError
    from estrogenome.core.files import write_bytes
    from estrogenome.validate.board import page
    from estrogenome.validate.scoreboard import validate as run

    if out is not None and (form is Form.TEXT or out.is_dir() or not out.parent.is_dir()):
        reason = "give --format json or html" if form is Form.TEXT else "give the path of a file in a folder that is there"
        raise InputError(f"--out {out.name}: cannot be written; {reason}")
    if folder is not None and folder.is_dir() and not any(folder.glob("*.yaml")):
        raise InputError(f"{folder.name}: no study file in it; give a folder that holds study files (*.yaml)")
    catalog = o.catalog_of(context)
    with progress() as tell:
        board = run(catalog, folder, side=side.value, draws=draws, seed=seed, timed=timed, tell=tell)
    if form is Form.TEXT:
        _show(board)
        return
    text = page(board) if form is Form.HTML else json.dumps(board, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_bytes(out, text.encode())
        typer.echo(str(out))


def _show(board: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    from estrogenome.catalog.studies import AREAS
    from estrogenome.validate.board import head, table

    # what is piped has no width of its own
    console = Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else _WIDE)
    for area, name in AREAS.items():
        rows = [row for row in board["rows"] if row["area"] == area and row["scored"]]
        if rows:
            _rows(console, name, rows)
    shown = Table(title="Fold errors are means over cohorts", title_justify="left", box=None)
    for i, column in enumerate(head()):
        shown.add_column(column, justify="right" if i else "left", no_wrap=not i)
    for line in table(board):
        shown.add_row(*line)
    console.print(shown)
    for name, part in board["others"].items():
        console.print(f"not scored, {name}: {part['n']} rows, mean fold error {part['gmfe']:.2f}, in the interval {part['coverage90']:.0%}")
    if board["not_predicted"]:
        console.print(f"not predicted: {', '.join(r['id'] for r in board['not_predicted'])} (--format json says why)")


def _rows(console: Console, name: str, rows: list[dict[str, Any]]) -> None:
    from rich.table import Table

    from estrogenome.cli.text import clean
    from estrogenome.validate.drawing import bar

    shown = Table(title=name.capitalize(), title_justify="left", box=None)
    for column in ("study", "row", "what", "published", "predicted (90 %)"):
        shown.add_column(column)
    shown.add_column("÷10  published  ×10", no_wrap=True)
    shown.add_column("fold", justify="right")
    for row in rows:
        what = f"{row['readout']} {row['arm']}" + (f" / {row['against']}" if row["against"] else "")
        predicted = f"{row['predicted_median']:.3g} ({row['low90']:.3g} to {row['high90']:.3g})"
        published = f"{'< ' if row['censored'] else ''}{row['published']:g}{'' if row['unit'] == '1' else ' ' + row['unit']}"
        cells = (row["study"], row["id"], what, published, predicted, bar(row), f"{row['fold_error']:.2f}")
        shown.add_row(*(clean(cell) for cell in cells))
    console.print(shown)
    console.print()
