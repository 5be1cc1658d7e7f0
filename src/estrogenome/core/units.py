"""A small UCUM subset, parsed: amounts, masses, volumes, times, lengths, international units, their powers and quotients."""

from __future__ import annotations

import re

from estrogenome.core.errors import KnowledgeError

_AMOUNT = re.compile(r"([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)\s*(\S*)")
# how people write units that have another code
_EVERYDAY = {
    "lb": "[lb_av]",
    "lbs": "[lb_av]",
    "in": "[in_i]",
    "ft": "[ft_i]",
    "kg/m^2": "kg/m2",
    "kg/m²": "kg/m2",
    "m^2": "m2",
    "m²": "m2",
    "mcg": "ug",
    "mcg/d": "ug/d",
    "iu": "IU",
    "iu/l": "IU/L",
    "miu/ml": "mIU/mL",
}
# dimension vector: (amount, mass, volume, time, length, arbitrary activity); factor to mol, g, L, day, m, IU
_ATOMS: dict[str, tuple[tuple[int, int, int, int, int, int], float]] = {
    "1": ((0, 0, 0, 0, 0, 0), 1.0),
    "%": ((0, 0, 0, 0, 0, 0), 0.01),
    "mol": ((1, 0, 0, 0, 0, 0), 1.0),
    "g": ((0, 1, 0, 0, 0, 0), 1.0),
    "[lb_av]": ((0, 1, 0, 0, 0, 0), 453.59237),
    "L": ((0, 0, 1, 0, 0, 0), 1.0),
    "d": ((0, 0, 0, 1, 0, 0), 1.0),
    "h": ((0, 0, 0, 1, 0, 0), 1 / 24),
    "min": ((0, 0, 0, 1, 0, 0), 1 / 1440),
    "a": ((0, 0, 0, 1, 0, 0), 365.25),
    "m": ((0, 0, 0, 0, 1, 0), 1.0),
    "[in_i]": ((0, 0, 0, 0, 1, 0), 0.0254),
    "[ft_i]": ((0, 0, 0, 0, 1, 0), 0.3048),
    "IU": ((0, 0, 0, 0, 0, 1), 1.0),
}
_POWER = re.compile(r"([^0-9]+)([2-9])")
_WITHOUT_PREFIX = {"1", "%", "d", "min", "a", "[lb_av]", "[in_i]", "[ft_i]"}
_PREFIXES = {"k": 1e3, "d": 1e-1, "c": 1e-2, "m": 1e-3, "u": 1e-6, "n": 1e-9, "p": 1e-12, "f": 1e-15}

Dimension = tuple[int, int, int, int, int, int]


def parse(unit: str) -> tuple[Dimension, float]:
    """Return (dimension, factor to base) of a unit such as ``nmol/L``, ``L/d`` or ``kg/m2``.

    Raises:
        KnowledgeError: the unit is not of the grammar ``atom(.atom)*(/atom)*``, an atom with a power from 2 to 9 behind it or without.
    """
    dimension = [0, 0, 0, 0, 0, 0]
    factor = 1.0
    for position, part in enumerate(unit.split("/")):
        sign = -1 if position else 1
        for atom in part.split("."):
            powered = _POWER.fullmatch(atom)
            power = sign * int(powered[2]) if powered else sign
            vector, scale = _atom(powered[1] if powered else atom, unit)
            factor *= scale**power
            dimension = [d + power * v for d, v in zip(dimension, vector, strict=True)]
    return (dimension[0], dimension[1], dimension[2], dimension[3], dimension[4], dimension[5]), factor


def convert(value: float, unit: str, to: str, molar_mass: float | None = None) -> float:
    """Convert ``value``; ``molar_mass`` (g/mol) bridges moles and grams.

    Raises:
        KnowledgeError: the dimensions differ and no molar mass bridges them.
    """
    return value * factor(unit, to, molar_mass)


def factor(unit: str, to: str, molar_mass: float | None = None) -> float:
    """Return what a number in ``unit`` is multiplied with to be in ``to`` (see ``convert``)."""
    (source, a), (target, b) = parse(unit), parse(to)
    if source == target:
        return a / b
    shift = source[0] - target[0]
    moved = (target[0] + shift, target[1] - shift, *target[2:])
    if molar_mass and moved == source:
        return a * molar_mass**shift / b
    raise KnowledgeError(f"unit {unit} cannot become {to}; mend the unit or give the molar mass")


def _atom(text: str, unit: str) -> tuple[Dimension, float]:
    if text in _ATOMS:
        return _ATOMS[text]
    if len(text) > 1 and text[0] in _PREFIXES and text[1:] in _ATOMS and text[1:] not in _WITHOUT_PREFIX:
        vector, scale = _ATOMS[text[1:]]
        return vector, _PREFIXES[text[0]] * scale
    raise KnowledgeError(f"unit {unit!r}: {text!r} is not a known unit")


def parse_amount(text: str) -> tuple[float, str]:
    """Return the number and the unit of ``text``, as this project writes units.

    Raises:
        ValueError: it does not begin with a number.
    """
    found = _AMOUNT.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is no number with a unit")
    ucum = re.sub(r"(?<=[a-zµμ/])l$|^l$", "L", _EVERYDAY.get(found[2].lower(), found[2])).replace("µ", "u").replace("μ", "u")
    return float(found[1]), ucum
