"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from estrogenome.core.errors import InputError, PersonError

if TYPE_CHECKING:
    from estrogenome.catalog.load import Catalog
    from estrogenome.core.records import Person

Sex = Annotated[str, typer.Option("--sex", help="female or male: the sex of the gonads that the body has, or had.")]
Age = Annotated[float, typer.Option("--age", help="Age in years.")]
StateName = Annotated[
    str | None,
    typer.Option("--state", help="Hormonal state, such as premenopausal or postmenopausal; not needed where only one fits."),
]
Measured = Annotated[
    list[str] | None,
    typer.Option(
        "--measured",
        metavar='"NAME=VALUE UNIT"',
        help="A value of your own, with its unit; may be repeated. estrogenome explain STATE lists the names.",
    ),
]
Exposures = Annotated[
    list[str] | None,
    typer.Option(
        "--exposure",
        metavar="NAME[:DOSE]",
        help="Something that acts on you, such as a habit or a drug, by your statement, with its daily dose where it has one; may be "
        "repeated. A name that is not known lists all.",
    ),
]
Weight = Annotated[str | None, typer.Option("--weight", metavar='"VALUE UNIT"', help="Body weight, such as 70kg or 154lb.")]
Height = Annotated[str | None, typer.Option("--height", metavar='"VALUE UNIT"', help="Height, such as 170cm or 67in.")]
Bmi = Annotated[str | None, typer.Option("--bmi", metavar="VALUE", help="Body mass index in kg/m2; not needed beside weight and height.")]
Sample = Annotated[str | None, typer.Option("--sample", help="Which person of a file of several.")]
Draws = Annotated[int, typer.Option("--draws", min=20, max=20000, help="Joint draws of everything uncertain.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same bytes.")]
Population = Annotated[int, typer.Option("--population", min=50, max=20000, help="People in each simulated reference population.")]
CallableBed = Annotated[
    Path | None, typer.Option("--callable", metavar="BED", help="Regions in which an absent record means reference: your statement.")
]
AbsentIsReference = Annotated[
    bool, typer.Option("--absent-is-reference", help="State that absent records mean reference everywhere; the report says so.")
]

Ancestry = Annotated[
    str | None,
    typer.Option("--ancestry", metavar="NAME", help="Use the haplotype frequencies of one population of the tables; all alike by default."),
]
Copies = Annotated[
    list[str] | None,
    typer.Option("--copies", metavar="GENE=N", help="How many copies of a gene you have: your statement; may be repeated."),
]


def catalog_of(context: typer.Context) -> Catalog:
    """Return the catalog of ``--knowledge``, or the package's own."""
    from estrogenome.catalog.load import load_catalog

    return load_catalog(context.find_root().obj)


def person_of(
    catalog: Catalog,
    sex: str,
    age: float,
    state: str | None,
    measured: list[str] | None,
    exposures: list[str] | None = None,
    **body: str | None,
) -> Person:
    """Return the person that the options describe; ``body`` holds measures of the body that have an option of their own.

    Raises:
        PersonError: something is unknown, out of range or contradictory.
    """
    from estrogenome.catalog.person import make_person

    given = {name: text for name, text in body.items() if text is not None}
    for name, text in (_pair(text) for text in measured or []):
        if name in given:
            raise PersonError(f"{name} is given twice; give it once")
        given[name] = text
    return make_person(catalog, sex=sex, age=age, state=state, measured=given, exposures=exposures or ())


def copies_of(given: list[str] | None) -> dict[str, int]:
    """Return the numbers of gene copies that the options state.

    Raises:
        InputError: something is not GENE=N, or a gene stands twice.
    """
    found: dict[str, int] = {}
    for text in given or []:
        gene, _, count = text.partition("=")
        if not count.strip().isdecimal() or gene.strip() in found:
            raise InputError(f"--copies {text}: not GENE=N with a whole number, or a gene that was given before")
        found[gene.strip()] = int(count)
    return found


def existing(path: Path) -> Path:
    """Return ``path`` if it is a file.

    Raises:
        InputError: it is not.
    """
    if not path.is_file():
        raise InputError(f"{path.name}: {'is a folder' if path.is_dir() else 'no such file'}; give the path of a file")
    return path


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not value.strip():
        raise PersonError(f'--measured {text}: not of the form NAME=VALUE; write --measured "NAME=VALUE UNIT", with a number and its unit')
    return name.strip(), value.strip()
