"""Write ``docs/reference/`` and the figures; ``--check`` compares without writing (status 1 on a difference).

The command-line page is made from the commands' own declarations, not from their rendered help, so that it does not
change with the terminal's width or a library's version.
"""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path
from typing import Any

import typer

import estrogenome
from estrogenome import pipeline
from estrogenome.catalog.load import load_catalog
from estrogenome.catalog.person import make_person
from estrogenome.cli.main import app
from estrogenome.export.page import model_page, reference_map
from estrogenome.reports.renderers import html

REFERENCE = Path(__file__).parent / "reference"
FIGURES = Path(__file__).parent / "figures"
MODEL_MAP = "model-map.svg"
NOTE = "<!-- made by docs/generate.py; run `make docs` -->\n"


def cli() -> str:
    """Return the page of all commands and options."""
    group: Any = typer.main.get_command(app)
    parts = [NOTE, "# Command line\n", f"{group.help}\n", *_options(group)]
    parts.append(
        "A mistake is one line on stderr that names the mend, exit status 2. An internal error is one line without your data, exit "
        "status 1. Results are written all or nothing, readable for you alone.\n"
    )
    for name in sorted(group.commands):
        command = group.commands[name]
        arguments = [p for p in command.params if p.param_type_name == "argument"]
        usage = " ".join(["estrogenome", name, *(p.metavar for p in arguments)])
        parts += [f"## estrogenome {name}\n", f"`{usage}`\n", f"{command.help}\n"]
        parts += [f"- `{p.metavar}`: {p.help}" for p in arguments]
        parts += _options(command)
    return "\n".join(parts)


def _options(command: Any) -> list[str]:
    lines = []
    for p in command.params:
        if p.param_type_name != "option" or p.name == "help":
            continue
        names = ", ".join(f"`{o}`" for o in p.opts)
        default = "" if p.required or p.default in (None, False) else f" Default: {getattr(p.default, 'value', p.default)}."
        lines.append(f"- {names}{' (needed)' if p.required else ''}: {p.help}{default}")
    return [*lines, ""]


def readouts() -> str:
    """Return the page of all readouts."""
    catalog = load_catalog()
    rows = [
        f"| `{r.id}` | {r.name} | {r.matrix} | {catalog.assays[r.assay].name} | {r.unit} | `{r.formula}` |"
        for r in catalog.readouts.values()
    ]
    return "\n".join([NOTE, "# Readouts\n", "| id | name | matrix | assay | unit | computed as |", "|---|---|---|---|---|---|", *rows, ""])


def genes() -> str:
    """Return the page of all genes."""
    rows = []
    for gene in load_catalog().genes.values():
        reactions = ", ".join(sorted({f"{c.reaction} ({c.tissue})" for c in gene.catalyses}))
        rows.append(f"| {gene.id} | {gene.name} | {', '.join(s.id for s in gene.sites)} | {reactions} |")
    return "\n".join([NOTE, "# Genes\n", "| gene | enzyme | sites | carries a share of |", "|---|---|---|---|", *rows, ""])


def states() -> str:
    """Return the page of all hormonal states."""
    rows = []
    for state in load_catalog().states.values():
        names = ", ".join(f"`{name}`" for name in (state.id, *state.aliases))
        own = ", ".join(f"`{c.option}` ({c.shown or c.unit})" for c in state.covariates if c.option) or "none"
        ages = f"{state.ages[0]:g}–{state.ages[1]:g}"
        rows.append(f"| {names} | {', '.join(state.sexes)} | {ages} | {state.gonads} | {own} | {state.plain} |")
    head = ["| state | for | years | gonads | takes with `--measured` | what it means |", "|---|---|---|---|---|---|"]
    refused = [
        f"| {', '.join(f'`{n}`' for n in (r.id, *r.aliases))} | {r.name} | {r.reason} | {r.instead} |"
        for r in load_catalog().refusals.values()
    ]
    second = ["", "## Refused\n", "| `--state` | what it is | why no numbers are given | what is possible |", "|---|---|---|---|"]
    return "\n".join([NOTE, "# Hormonal states\n", *head, *rows, *second, *refused, ""])


def therapies() -> str:
    """Return the page of all therapies and protocols."""
    catalog = load_catalog()
    rows, labels = [], []
    for t in catalog.therapies.values():
        low, high = t.dose.plausible
        does = [_release(r) for r in t.releases]
        does += [_act(act) for act in t.acts]
        names = ", ".join(f"`{name}`" for name in (t.id, *t.aliases))
        rows.append(f"| {names} | {t.name} | {t.route}, {t.kind} | {low:g}–{high:g} {t.dose.unit} | {'; '.join(does)} | {t.limits} |")
        labels += [
            f"| `{t.id}` | {label.dose} | {label.every or ('once' if t.kind == 'dosed' else 'worn')} | {label.locator} | {label.source} |"
            for label in t.labels
        ]
    protocols = [
        f"| `{p.id}` | {p.name} | {', '.join(p.states)} | {'<br>'.join(f'`{text}`' for text in p.regimens)} | "
        f"{', '.join(p.sources)}: {p.locator} |"
        for p in catalog.protocols.values()
    ]
    return "\n".join(
        [
            NOTE,
            "# Therapies and protocols\n",
            "Simulated as labelled or as published, never proposed. Rates are per day, levels unbound in nmol/L; every number has its",
            "spread, state and source in the file. How to [add one](../how-to/therapy.md).\n",
            *("| id | name | route | one dose | what it does | what is not known |", "|---|---|---|---|---|---|", *rows, ""),
            *("## Regimens as labelled or studied\n", "| therapy | dose | every | where | source |", "|---|---|---|---|---|", *labels, ""),
            *("## Protocols\n", "| id | name | for | regimens | source |", "|---|---|---|---|---|", *protocols, ""),
        ]
    )


def _number(quantity: Any) -> str:
    return f"{quantity.value:g}" + ("" if quantity.unit in {"1", "1/d"} else f" {quantity.unit}")


def _release(release: Any) -> str:
    text = f"{_number(release.share)} into `{release.into}`, chain {' → '.join(_number(k) for k in release.chain) or 'none'}"
    return text + (f", half at {_number(release.saturation)}" if release.saturation else "")


def _act(act: Any) -> str:
    if act.on == "inhibition":
        return f"{act.reaction} ({', '.join(act.tissues)}) / (1 + C/{_number(act.Ki)})"
    if getattr(act, "slope", None):
        return f"`{act.id}` + {_number(act.slope)} C"
    share = f"C/({_number(act.C50)} + C)"
    if act.on == "quantity":
        return f"`{act.id}` + {_number(act.emax)} {share}"
    most = _number(act.emax) if act.emax else f"({_number(act.left)} - 1)"
    anew = f", made anew at {_number(act.turnover)}" if act.turnover else ""
    return f"{', '.join(f'`{name}`' for name in (act.id, *act.also))} × (1 + {most} {share}){anew}"


def api() -> str:
    """Return the page of all public names."""
    parts = [NOTE, "# Python\n", f"{inspect.getdoc(estrogenome)}\n"]
    for name in estrogenome.__all__:
        thing = getattr(estrogenome, name)
        title = f"{name}{_signature(thing)}" if inspect.isfunction(thing) else name
        parts += [f"## {name}\n", f"```text\n{title}\n```\n", f"```text\n{inspect.getdoc(thing)}\n```\n"]
    return "\n".join(parts)


def _signature(function: Any) -> str:
    lines = [f"    {parameter}," for parameter in inspect.signature(function).parameters.values()]
    names = [line.replace("'", "") for line in lines]
    first = next((i for i, p in enumerate(inspect.signature(function).parameters.values()) if p.kind is p.KEYWORD_ONLY), None)
    if first is not None:
        names.insert(first, "    *,")
    result = str(inspect.signature(function).return_annotation).replace("'", "")
    return "\n".join(["(", *names, f") -> {result}"])


def model() -> str:
    """Return the page of the model."""
    return model_page(load_catalog(), note=NOTE, figure=f"../figures/{MODEL_MAP}")


def demo_map() -> str:
    """Return the pathway map of the demo's report as a picture that stands alone."""
    catalog = load_catalog()
    person = make_person(catalog, sex="female", age=34, state="premenopausal")
    report = pipeline.analyze(next((catalog.root / "demo").glob("*.vcf*")), person, catalog=catalog).report
    return html.figure(report.map, "Pathway map of the demonstration")


def model_map() -> str:
    """Return the pathway map with the fluxes of the model's reference state."""
    return html.figure(reference_map(load_catalog()), "Pathway map of the model, reference state")


def words(svg: str) -> str:
    """Return a picture's text without its numbers, which may differ in the last digit between machines."""
    return re.sub(r"[0-9.,]+", "0", re.sub(r'<[^>]*?(?:aria-label="([^"]*)")?[^>]*?>', r" \1 ", svg.partition("</style>")[2]))


PAGES = {
    "api.md": api,
    "cli.md": cli,
    "readouts.md": readouts,
    "genes.md": genes,
    "states.md": states,
    "therapies.md": therapies,
    "model.md": model,
}
PICTURES = {"demo-map.svg": demo_map, MODEL_MAP: model_map}


def main() -> int:
    """Write the pages, or compare them."""
    check = "--check" in sys.argv[1:]
    stale = []
    REFERENCE.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        path, text = REFERENCE / name, page()
        if check and (not path.is_file() or path.read_text(encoding="utf-8") != text):
            stale.append(name)
        elif not check:
            path.write_text(text, encoding="utf-8")
    FIGURES.mkdir(exist_ok=True)
    for name, picture in PICTURES.items():
        path, text = FIGURES / name, picture()
        if check and (not path.is_file() or words(path.read_text(encoding="utf-8")) != words(text)):
            stale.append(name)
        elif not check:
            path.write_text(text, encoding="utf-8")
    if stale:
        print(f"docs: {', '.join(stale)} out of date; run make docs", file=sys.stderr)
    return bool(stale)


if __name__ == "__main__":
    sys.exit(main())
