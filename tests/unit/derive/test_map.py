"""The map of ``derive`` names every script, and nothing that is gone."""

from __future__ import annotations

import re
from pathlib import Path

DERIVE = Path(__file__).parents[3] / "derive"


def test_every_script_is_on_the_map():
    text = (DERIVE / "README.md").read_text(encoding="utf-8")
    table = {name for line in text.splitlines() if line.startswith("|") for name in re.findall(r"`(\w+)`", line)}
    told = table | set(re.findall(r"`(\w+)\.py`", text))
    assert told == {path.stem for path in DERIVE.glob("*.py")} - {"__init__"}
