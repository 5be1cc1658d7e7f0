"""The program ``estrogenome``: its commands, and what happens when something goes wrong.

A user's mistake is one line on stderr that names the mend, exit status 2. Anything else that goes wrong is one line
without a word of the user's data, exit status 1. Only light modules are imported here: ``--help`` must answer at once.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from estrogenome.cli import analyze, bench, call, cite, compare, demo, explain, export, lint, report, selftest, simulate, validate
from estrogenome.cli.stop import Stopped, check, listening
from estrogenome.cli.text import clean
from estrogenome.core.errors import EstrogenomeError, ModelError

_USAGE = 2
_INTERNAL = 1

app = typer.Typer(
    name="estrogenome",
    help="From a genome file to what this body makes of estrogens. Research and education only; nothing leaves the machine.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("analyze", short_help="A genome file to a report.")(analyze.analyze)
app.command("compare", short_help="Scenarios over time, side by side.")(compare.compare)
app.command("call", short_help="A genome file to diplotypes, for everybody in it.")(call.call)
app.command("simulate", short_help="Diplotypes to levels and ratios.")(simulate.simulate)
app.command("report", short_help="The report again, from its records.")(report.report)
app.command("export", short_help="The model for other programs.")(export.export)
app.command("explain", short_help="A gene, a readout or a word, with sources.")(explain.explain)
app.command("lint", short_help="Is the knowledge consistent?")(lint.lint)
app.command("cite", short_help="The sources behind the numbers.")(cite.cite)
app.command("validate", short_help="Published studies, predicted and scored.")(validate.validate)
app.command("selftest", short_help="The program against made-up people.")(selftest.selftest)
app.command("bench", short_help="An in vitro assay, run.")(bench.bench)
app.command("demo", short_help="Analyze the bundled genome.")(demo.demo)


def _version(wanted: bool) -> None:
    if wanted:
        from estrogenome.core.provenance import package_version

        typer.echo(f"estrogenome {package_version()}")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    knowledge: Annotated[
        Path | None, typer.Option("--knowledge", metavar="DIR", help="Use this knowledge folder instead of the package's own.")
    ] = None,
    _show: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")] = False,
) -> None:
    """From a genome file to what this body makes of estrogens. Research and education only; nothing leaves the machine."""
    context.obj = knowledge


def main(arguments: list[str] | None = None) -> None:
    """Run the program and leave with its exit status."""
    with listening():
        status = _run(sys.argv[1:] if arguments is None else arguments)
    sys.exit(status)


_CLICK_ERROR: Final[type[Any]] = next(c for c in typer.BadParameter.__mro__ if c.__name__ == "ClickException")


def _run(arguments: list[str]) -> int:
    try:
        status = _called(arguments)
    except EstrogenomeError as error:
        return _say(str(error), _INTERNAL if isinstance(error, ModelError) else _USAGE)
    except _CLICK_ERROR as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            typer.echo(error.format_message(), err=True)
            return _USAGE
        where = getattr(getattr(error, "ctx", None), "command_path", "") or "estrogenome"
        return _say(f"{error.format_message().rstrip('.')}; see {where} --help", _USAGE)
    except Stopped as stopped:
        return _say("stopped; nothing was written", stopped.status)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        # the last door: no traceback, since it could show somebody's genotypes
        if os.environ.get("ESTROGENOME_DEBUG"):
            raise
        return _say(_internal(error), _INTERNAL)
    return status if isinstance(status, int) else 0


def _called(arguments: list[str]) -> object:
    try:
        status = app(arguments, prog_name="estrogenome", standalone_mode=False)
        sys.stdout.flush()
    except Exception:
        # a signal that meets a wrapped library can come out as that library's own error
        check()
        raise
    return status


def _internal(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if "estrogenome" in Path(f.filename).parts]
    place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "start"
    return (
        f"internal error {type(error).__name__} at {place}; nothing was written. Please report this line with the version "
        "(estrogenome --version); it holds nothing of your data"
    )


def _say(message: str, status: int) -> int:
    typer.echo(f"estrogenome: {clean(' '.join(message.split()))}", err=True)
    return status


if __name__ == "__main__":
    main()
