"""Regimens become one list of what is given when."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from estrogenome.catalog.therapies import nmol
from estrogenome.core.course_records import Dosing, Worn
from estrogenome.core.errors import PersonError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.therapies import Therapy
    from estrogenome.core.course_records import Regimen

MOST_DOSES = 5000
MOST_DAYS = 7305
"""Twenty years: state and age of a person stand still in a course."""
_DECIMALS = 9
"""Of a day; doses nearer than that are one."""


def schedule(catalog: Catalog, regimens: Iterable[Regimen], horizon: float) -> tuple[Dosing | Worn, ...]:
    """Return everything that is given in [0, ``horizon``) days, in order of time, then of therapy.

    Amounts are nmol, rates nmol/d, of the active substance. Doses of one therapy at one time are added; ``Worn`` says the whole rate of a
    therapy from its day on, over all regimens. A regimen gives at start, start + interval, … before its stop; a missed dose is left out and
    the others stay where they are. A dose at the horizon changes nothing before it and is left out.

    Raises:
        PersonError: the horizon is no positive number of days or more than ``MOST_DAYS``, a regimen begins behind it, a missed dose does
            not exist, or there are more than ``MOST_DOSES`` doses.
    """
    if not (math.isfinite(horizon) and horizon > 0):
        raise PersonError(f"a course of {horizon:g} days cannot be; give a number of days above 0")
    if horizon > MOST_DAYS:
        raise PersonError(f"a course of {horizon:g} days is too long, since nobody ages in it; give at most {MOST_DAYS} days")
    doses: dict[tuple[float, str], float] = {}
    steps: dict[tuple[float, str], float] = {}
    count = 0
    for regimen in regimens:
        therapy = catalog.therapies[regimen.therapy]
        count += _checked(regimen, therapy, horizon)
        if count > MOST_DOSES:
            raise PersonError(f"therapy {therapy.id}: more than {MOST_DOSES} doses; give a longer interval or a shorter course")
        amount = nmol(therapy, regimen.dose)
        if therapy.kind == "dosed":
            for day in _days(regimen, horizon):
                doses[day, therapy.id] = doses.get((day, therapy.id), 0.0) + amount
        else:
            for start, stop in _spans(regimen, horizon):
                for day, change in ((start, amount), (stop, -amount)):
                    steps[day, therapy.id] = steps.get((day, therapy.id), 0.0) + change
    given: list[Dosing | Worn] = [Dosing(day=day, therapy=name, amount=amount) for (day, name), amount in doses.items()]
    given += _rates(steps, horizon)
    return tuple(sorted(given, key=lambda one: (one.day, one.therapy)))


def _checked(regimen: Regimen, therapy: Therapy, horizon: float) -> int:
    """Return how many doses a regimen has within the horizon, all counted."""
    if regimen.start >= horizon:
        begins = f"it starts on day {regimen.start:g}, but the course ends on day {horizon:g}"
        raise PersonError(f"therapy {therapy.id}: {begins}; give more days")
    if regimen.stop is not None and regimen.stop <= regimen.start:
        raise PersonError(f"therapy {therapy.id}: it stops on day {regimen.stop:g}, not behind its start on day {regimen.start:g}")
    there = _number(regimen, horizon if regimen.stop is None else regimen.stop)
    if regimen.missed and regimen.missed[-1] > there:
        raise PersonError(f"therapy {therapy.id}: missed dose {regimen.missed[-1]} does not exist; there are {there}")
    return _number(regimen, _end(regimen, horizon))


def _number(regimen: Regimen, end: float) -> int:
    if regimen.interval is None:
        return 1
    # rounded so that 0.1 + 0.2 is no dose more than 0.3
    return math.ceil(round((end - regimen.start) / regimen.interval, _DECIMALS))


def _end(regimen: Regimen, horizon: float) -> float:
    return horizon if regimen.stop is None else min(regimen.stop, horizon)


def _starts(regimen: Regimen, horizon: float) -> Iterator[float]:
    """Yield the day of every dose, missed or not."""
    for position in range(_number(regimen, _end(regimen, horizon))):
        yield round(regimen.start + position * (regimen.interval or 0.0), _DECIMALS)


def _days(regimen: Regimen, horizon: float) -> Iterator[float]:
    """Yield the day of every dose that is given."""
    for number, day in enumerate(_starts(regimen, horizon), 1):
        if number not in regimen.missed:
            yield day


def _spans(regimen: Regimen, horizon: float) -> Iterator[tuple[float, float]]:
    """Yield (from, to) of every patch that is worn, of the whole where it is not changed."""
    end = _end(regimen, horizon)
    starts = list(_starts(regimen, horizon))
    for number, (start, stop) in enumerate(zip(starts, [*starts[1:], end], strict=True), 1):
        if number not in regimen.missed:
            yield start, stop


def _rates(steps: Mapping[tuple[float, str], float], horizon: float) -> Iterator[Worn]:
    """Yield the rate of each therapy from each day on which it changes; what ends with the horizon needs no end."""
    for therapy in sorted({name for _, name in steps}):
        rate, told = 0.0, None
        own = sorted((day, change) for (day, name), change in steps.items() if name == therapy and day < horizon)
        largest = max((abs(change) for _, change in own), default=0.0)
        for day, change in own:
            rate = round(rate + change, _DECIMALS)
            # what is left of a sum that is zero on paper
            rate = rate if abs(rate) > largest * math.ulp(1.0) * len(own) else 0.0
            if rate != told:
                yield Worn(day=day, therapy=therapy, rate=rate)
                told = rate
