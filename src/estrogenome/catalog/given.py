"""What is given in words: regimens as a sentence, every dose of a schedule in the unit of its label."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estrogenome.core.compare_records import Given
from estrogenome.core.course_records import Dosing
from estrogenome.core.numbers import number, with_unit
from estrogenome.core.units import convert

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.therapies import Therapy
    from estrogenome.core.course_records import Regimen, Worn

_DIGITS = 3


def in_words(catalog: Catalog, regimen: Regimen) -> str:
    """Return a regimen in words: what, how much, how often, from when to when."""
    therapy = catalog.therapies[regimen.therapy]
    text = f"{therapy.name}, {with_unit(f'{regimen.dose:g}', therapy.dose.unit)}"
    if therapy.kind == "worn":
        text += " while worn"
    elif regimen.interval is None:
        text += " once"
    else:
        text += " every day" if regimen.interval == 1 else f" every {regimen.interval:g} days"
    if regimen.start:
        text += f", from day {regimen.start:g}"
    if regimen.stop is not None:
        text += f", until day {regimen.stop:g}"
    if regimen.missed:
        text += f", without dose {', '.join(map(str, regimen.missed))}"
    return text


def given(catalog: Catalog, events: Sequence[Dosing | Worn], days: float) -> tuple[Given, ...]:
    """Return every dose, and every stretch of what is worn, in the unit of its label."""
    found = []
    for i, event in enumerate(events):
        therapy = catalog.therapies[event.therapy]
        if isinstance(event, Dosing):
            found.append(_given(therapy, event.day, None, event.amount))
        elif event.rate > 0:
            until = next((e.day for e in events[i + 1 :] if e.therapy == event.therapy), days)
            found.append(_given(therapy, event.day, until, event.rate))
    return tuple(found)


def _given(therapy: Therapy, day: float, until: float | None, amount: float) -> Given:
    per_day = "/d" if therapy.kind == "worn" else ""
    per_unit = therapy.dose.nmol_per_unit
    dose = amount / per_unit.value if per_unit else convert(amount, f"nmol{per_day}", therapy.dose.unit, therapy.dose.molar_mass)
    return Given(day=day, until=until, therapy=therapy.id, name=therapy.name, text=with_unit(number(dose, _DIGITS), therapy.dose.unit))


def longest_interval(regimens: Iterable[Regimen]) -> float:
    """Return the longest interval between doses in days, 0 where nothing is given again."""
    return max((r.interval or 0.0 for r in regimens), default=0.0)
