"""hostile.py OUT.html COMPARISON.html: a report and a comparison whose every free field holds an attack, for the browser to open."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "reports"))

import invented
import made_courses

from estrogenome.reports import interpret
from estrogenome.reports.renderers import compare, html

ATTACK = '<script>window.__pwned=1</script>"><img src=x onerror="window.__pwned=1"> {{7*7}} \u202egnp.exe \x1b[31m' + "W" * 90_000

if __name__ == "__main__":
    *records, catalog = invented.everything(ATTACK, text=ATTACK[:70], statements=(ATTACK,), origin=ATTACK)
    Path(sys.argv[1]).write_text(html.render(interpret(*records, catalog, sample=ATTACK), catalog), encoding="utf-8")
    Path(sys.argv[2]).write_text(compare.render(*made_courses.comparison(label=ATTACK[:400])), encoding="utf-8")
