"""What somebody probably meant by a name that is not known."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHOWN = 12


def known(name: str, names: Iterable[str]) -> str:
    """Return the end of a message about the unknown ``name``: the nearest of ``names``, or all of them where they are few."""
    choices = sorted(names)
    near = get_close_matches(name, choices, n=1)
    if near:
        return f"did you mean {near[0]}?"
    listed = ", ".join(choices[:_SHOWN]) or "none"
    return f"known: {listed}{', …' if len(choices) > _SHOWN else ''}"
