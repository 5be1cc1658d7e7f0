"""What a comparison of scenarios shows, what of it the data cannot tell (``knowledge/compare``), what is known of consequences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from estrogenome.catalog.claims import Statement
from estrogenome.catalog.schema import Entry, Quantity
from estrogenome.catalog.therapies import acted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estrogenome.catalog.therapies import Therapy


class Mark(Entry):
    """Numbers that the data cannot tell of scenarios in which everything of ``given`` is given."""

    id: str
    readouts: tuple[str, ...]
    given: Annotated[tuple[str, ...], Field(min_length=1)]
    """What therapies must do, all of it: an input they arrive in, a reaction they inhibit, or a quantity they act on; ``a|b``: either."""
    sexes: tuple[str, ...] = ()
    why: str


class Panel(Entry):
    """What a comparison shows, in its order."""

    readouts: tuple[str, ...] = ()
    """Readouts that are followed; those whose formula an axis cannot answer are left out."""
    plots: tuple[str, ...] = ()
    """Those of which a course is drawn; the first two are named in the summary."""
    loop: tuple[str, ...] = ()
    """Those for which the effect of genotype is shown with production held and with the axis answering."""
    reasons: str = ""
    """The one for which the reasons of a small effect are taken apart."""
    people: int = 1
    """People in each of two groups of the study whose power is shown beside it."""
    undetermined: tuple[Mark, ...] = ()


class Threshold(Entry):
    """A level that a consequence speaks of."""

    readout: str
    side: Literal["below", "above"]
    at: Quantity


class Consequence(Entry):
    """What is often said of a hormone given, or of a level, and what holds: at the enzyme, in the body, for health."""

    id: str
    name: str
    sexes: tuple[str, ...] = ()
    """Empty: everybody."""
    given: tuple[str, ...] = ()
    """As in ``Mark``; empty: whatever is given."""
    without: tuple[str, ...] = ()
    """None of these may be given."""
    threshold: Threshold | None = None
    claim: str
    enzyme: Statement
    body: Statement
    outcome: Statement


def does(therapies: Iterable[Therapy]) -> set[str]:
    """Return everything that therapies do: inputs they arrive in, reactions they inhibit, quantities they act on."""
    found: set[str] = set()
    for therapy in therapies:
        found |= {release.into for release in therapy.releases}
        found |= {name for act in therapy.acts for name in acted(act)}
    return found


def concerns(entry: Mark | Consequence, sex: str, done: set[str]) -> bool:
    """Say whether an entry is about somebody of ``sex`` to whom what does ``done`` is given."""
    without = set(entry.without) if isinstance(entry, Consequence) else set()
    given = all(done & set(wanted.split("|")) for wanted in entry.given)
    return (not entry.sexes or sex in entry.sexes) and given and not without & done
