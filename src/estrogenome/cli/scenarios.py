"""Scenarios from the command line: regimens as text, by name, by protocol, or from a file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from estrogenome.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estrogenome.catalog.load import Catalog

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
_FILES = {".yaml", ".yml"}
_UNNAMED = "therapy"
_MOST = 8
_LARGEST = 1_000_000


def scenarios_of(
    catalog: Catalog, scenarios: Sequence[str], therapies: Sequence[str], protocols: Sequence[str], baseline: str
) -> dict[str, tuple[str, ...]]:
    """Return name → regimens as text, in the order given; ``therapies`` make one scenario together, each of ``protocols`` one.

    Raises:
        InputError: a name is missing, odd, given twice or ``baseline``; a protocol is not known; there are too many.
    """
    found: dict[str, tuple[str, ...]] = {}

    def add(name: str, regimens: tuple[str, ...], where: str) -> None:
        if name == baseline:
            raise InputError(f"{where}: {baseline} is the scenario in which nothing is given; choose another name")
        if name in found:
            raise InputError(f"{where}: a scenario {name} was given before; choose another name")
        found[name] = regimens

    for text in scenarios:
        name, equals, regimens = text.partition("=")
        if not equals or not _NAME.fullmatch(name.strip()):
            raise InputError(
                f"--scenario {_shown(text)}: not NAME=REGIMENS with a name of at most 40 letters, digits, points and dashes; write "
                "--scenario name=therapy:dose/interval, several joined by +"
            )
        if not regimens.strip():
            raise InputError(f"--scenario {_shown(text)}: gives nothing; {baseline} is there already")
        add(name.strip(), (regimens.strip(),), f"--scenario {name.strip()}")
    if therapies:
        add(_UNNAMED, tuple(therapies), "--therapy")
    for text in protocols:
        if Path(text).suffix in _FILES:
            add(*_from_file(Path(text)), f"--protocol {_shown(text)}")
        elif text in catalog.protocols:
            add(text, catalog.protocols[text].regimens, f"--protocol {text}")
        else:
            there = ", ".join(catalog.protocols) or "none"
            raise InputError(f"--protocol {_shown(text)}: not known; there is {there}, or give a file that ends in .yaml")
    if len(found) > _MOST:
        raise InputError(f"{len(found)} scenarios are more than a page holds; give at most {_MOST}")
    return found


def _from_file(path: Path) -> tuple[str, tuple[str, ...]]:
    """Return the name of a file and the regimens in it."""
    from estrogenome.catalog.strict import read_strict
    from estrogenome.core.errors import KnowledgeError

    mend = "give a YAML file with regimens: [text, …]"
    if not path.is_file() or path.stat().st_size > _LARGEST:
        raise InputError(f"--protocol {_shown(path.name)}: {'too large' if path.is_file() else 'no such file'}; {mend}")
    try:
        content = read_strict(path)
    except KnowledgeError as error:
        reason = str(error).partition(f"{path.name}: ")[2] or str(error)
        raise InputError(f"--protocol {_shown(path.name)}: {reason}; {mend}") from error
    regimens = content.get("regimens") if isinstance(content, dict) else None
    if not isinstance(regimens, list) or not regimens or not all(isinstance(text, str) and text.strip() for text in regimens):
        raise InputError(f"--protocol {_shown(path.name)}: holds no list of regimens; {mend}")
    if not _NAME.fullmatch(path.stem):
        raise InputError(f"--protocol {_shown(path.name)}: its name is that of the scenario; use letters, digits, points and dashes")
    return path.stem, tuple(text.strip() for text in regimens)


def _shown(text: str) -> str:
    longest = 60
    return text if len(text) <= longest else text[:longest] + "…"
