"""Reading regimens as text: ``id:dose/interval[@start-stop][!missed,missed]``, joined by ``+``."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from estrogenome.core.course_records import Regimen
from estrogenome.core.errors import KnowledgeError, PersonError
from estrogenome.core.units import convert, parse_amount

if TYPE_CHECKING:
    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.therapies import Therapy

_FORM = "write id:dose/interval, with @start-stop and !missed where wanted, such as {example}"
_TEXT = re.compile(r"(?P<dose>[^@!]*)(?:@(?P<when>[^@!]*))?(?:!(?P<missed>[^@!]*))?")
_ONCE = "once"
_DAYS = {"w": 7, "wk": 7, "wks": 7, "week": 7, "weeks": 7, "day": 1, "days": 1}
_LONGEST_TEXT = 20_000
_LONGEST_DAYS = 36_525
_SHOWN = 60


def parse_regimens(catalog: Catalog, text: str) -> tuple[Regimen, ...]:
    """Return the regimens of ``text``; the name of a protocol stands for its regimens.

    A dose is a number with a unit; what is worn has a rate (``50ug/d``), with the interval between changes behind it if doses are missed
    (``50ug/d/3.5d``). An interval is a time, or ``once``. Start and stop are days from the first; the stop is no longer part of it.

    Raises:
        PersonError: something is not readable, not known, or impossible; the message says what exists.
    """
    if len(text) > _LONGEST_TEXT:
        raise PersonError(f"therapy: a text of {len(text)} characters is too long; write at most {_LONGEST_TEXT}")
    parts = [part.strip() for part in text.split("+")]
    found: list[Regimen] = []
    for part in parts:
        protocol = catalog.protocols.get(part)
        if protocol is None:
            found.append(_regimen(catalog, part))
        else:
            found += [_regimen(catalog, piece.strip()) for line in protocol.regimens for piece in line.split("+")]
    return tuple(found)


def known_therapies(catalog: Catalog) -> str:
    """Return what there is, with the unit of its dose."""
    return "there is " + (", ".join(f"{t.id} ({t.dose.unit}, {t.route})" for t in catalog.therapies.values()) or "no therapy")


def _regimen(catalog: Catalog, text: str) -> Regimen:
    shown = _shown(text)
    name, colon, rest = text.partition(":")
    if not text or not colon:
        raise PersonError(f"therapy {shown!r}: no regimen; {_FORM.format(example=_example(catalog))}; {_choices(catalog, name)}")
    therapy = _therapy(catalog, name.strip(), shown)
    where = f"therapy {shown}"
    found = _TEXT.fullmatch(rest)
    if found is None:
        raise PersonError(f"{where}: not readable; {_FORM.format(example=_example(catalog, therapy))}")
    dose_text, interval_text = _split(therapy, found["dose"].strip(), where)
    start, stop = _window(found["when"], where)
    return Regimen(
        therapy=therapy.id,
        dose=_dose(therapy, dose_text, where),
        interval=_interval(therapy, interval_text, where),
        start=start,
        stop=stop,
        missed=_missed(found["missed"], where),
    )


def _therapy(catalog: Catalog, name: str, shown: str) -> Therapy:
    names = {alias.lower(): entry for entry in catalog.therapies.values() for alias in (entry.id, *entry.aliases)}
    entry = names.get(name.lower())
    if entry is None:
        raise PersonError(f"therapy {shown}: {_shown(name) or 'nothing'} is not known; {_choices(catalog, name)}")
    return entry


def _choices(catalog: Catalog, name: str) -> str:
    """Return what exists: the same substance by other routes first, then everything."""
    stem = name.strip().lower().split("_")[0].split(" ")[0]
    same = [t for t in catalog.therapies.values() if stem and t.id.split("_")[0] == stem]
    own = f"{stem} exists as {', '.join(f'{t.id} ({t.route})' for t in same)}; " if same else ""
    protocols = f"; protocols are {', '.join(catalog.protocols)}" if catalog.protocols else ""
    return f"{own}{known_therapies(catalog)}{protocols}"


def _split(therapy: Therapy, text: str, where: str) -> tuple[str, str]:
    """Return the text of the dose and that of the interval (empty: worn without a change)."""
    if therapy.kind == "dosed":
        dose, slash, interval = text.rpartition("/")
        if not slash:
            some = text or _some(therapy)
            raise PersonError(f"{where}: no interval; write {some}/7d for every seven days, or {some}/once")
        return dose.strip(), interval.strip()
    pieces = text.split("/")
    return "/".join(pieces[:2]).strip(), "/".join(pieces[2:]).strip()


def _dose(therapy: Therapy, text: str, where: str) -> float:
    unit, (low, high) = therapy.dose.unit, therapy.dose.plausible
    mend = f"{therapy.id} takes {low:g} to {high:g} {unit}"
    try:
        number, given = parse_amount(text)
    except ValueError as error:
        raise PersonError(f"{where}: dose {_shown(text)!r} is not a number with a unit; {mend}") from error
    if not given:
        raise PersonError(f"{where}: dose {text} has no unit; {mend}")
    try:
        value = number if given.lower() == unit.lower() else convert(number, given, unit, therapy.dose.molar_mass)
    except KnowledgeError as error:
        raise PersonError(f"{where}: dose {text} is not in a unit that becomes {unit}; {mend}") from error
    if not (value == 0 or low <= value <= high):
        raise PersonError(f"{where}: dose {text} is out of range; {mend}")
    return value


def _interval(therapy: Therapy, text: str, where: str) -> float | None:
    low, high = therapy.every.plausible
    mend = f"{therapy.id} takes {low:g} to {high:g} d between doses, or once"
    if text.lower() == _ONCE or (not text and therapy.kind == "worn"):
        return None
    days = _days(text, where, f"interval {_shown(text)!r}", mend, one=True)
    if not low <= days <= high:
        raise PersonError(f"{where}: interval {text} is out of range; {mend}")
    return days


def _window(text: str | None, where: str) -> tuple[float, float | None]:
    if text is None:
        return 0.0, None
    mend = "write @start-stop in days from 0, such as @14d-84d or @14d"
    before, dash, after = text.strip().partition("-")
    if not before.strip():
        raise PersonError(f"{where}: no start before day 0; {mend}")
    start = _days(before, where, f"start {_shown(before)!r}", mend)
    if not dash:
        return start, None
    stop = _days(after, where, f"stop {_shown(after)!r}", mend)
    if stop <= start:
        raise PersonError(f"{where}: the stop (day {stop:g}) does not lie behind the start (day {start:g}); {mend}")
    return start, stop


def _missed(text: str | None, where: str) -> tuple[int, ...]:
    if text is None:
        return ()
    pieces = [piece.strip() for piece in text.split(",")]
    if not all(re.fullmatch(r"[1-9][0-9]{0,5}", piece) for piece in pieces):
        raise PersonError(f"{where}: missed doses {_shown(text)!r} are not numbers of doses; the first is 1: write !3 or !3,4")
    return tuple(sorted({int(piece) for piece in pieces}))


def _days(text: str, where: str, what: str, mend: str, *, one: bool = False) -> float:
    """Return a time in days; with ``one`` a unit alone is one of it."""
    text = text.strip()
    if one and re.fullmatch(r"[A-Za-z]+", text):
        text = f"1{text}"
    try:
        number, unit = parse_amount(text)
        days = number * _DAYS[unit.lower()] if unit.lower() in _DAYS else convert(number, unit or "1", "d")
    except (ValueError, KnowledgeError) as error:
        raise PersonError(f"{where}: {what} is not a time with its unit; {mend}") from error
    if not (math.isfinite(days) and 0 <= days <= _LONGEST_DAYS):
        raise PersonError(f"{where}: {what} is out of range; {mend}")
    return days


def _some(therapy: Therapy) -> str:
    return f"{therapy.dose.plausible[0]:g}{therapy.dose.unit}"


def _example(catalog: Catalog, therapy: Therapy | None = None) -> str:
    one = therapy or next(iter(catalog.therapies.values()), None)
    if one is None:
        return "id:100mg/7d@0d-84d!3"
    dose = f"{one.id}:{_some(one)}"
    return f"{dose}@0d-84d" if one.kind == "worn" else f"{dose}/{one.every.plausible[1]:g}d@0d-84d"


def _shown(text: str) -> str:
    """Return ``text`` on one line, cut where it is long."""
    flat = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return f"{flat[:_SHOWN]}…" if len(flat) > _SHOWN else flat
