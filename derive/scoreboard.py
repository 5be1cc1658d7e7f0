"""Write ``docs/reference/scoreboard.md``: both sides of the studies, scored, and every row outside its interval with a reason.

Run: ``python -m derive.scoreboard`` (``--check`` compares). The rows are those of the body (no row of a course in time). Reasons stand in
``derive/data/misses.tsv``, written after the check side was scored; nothing is fitted to it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from derive.alike import alike
from derive.inputs import read
from derive.kept import kept
from estrogenome.catalog.load import load_catalog
from estrogenome.catalog.load_studies import FOLDER, load_studies
from estrogenome.validate.markdown import table
from estrogenome.validate.plan import IN_TIME
from estrogenome.validate.scoreboard import validate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from estrogenome.catalog.load import Catalog

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "scoreboard.md"
DRAWS = 200
SEED = 0
LOCAL = ("c",)
"""Areas whose paths keep a free factor of their own."""
SHARES = (("between studies", "tau"), ("parameters", "parameters"), ("sampling", "sampling"), ("assay", "calibration"))


def reasons() -> dict[str, tuple[str, str]]:
    """Return (reason, row that cannot be true beside it) by the id of a row."""
    return {r["id"]: (r["reason"], r["excludes"]) for r in read("misses.tsv")}


def looks(catalog: Catalog) -> dict[str, frozenset[str]]:
    """Return the cohorts of the check side by whether this fit is the first that they are held against."""
    before = frozenset(r["cohort"] for r in read("looked.tsv"))
    studies = load_studies(catalog.root / FOLDER, "check").studies
    return {"first look": frozenset(s.cohort for s in studies) - before, "looked at before": before}


def number(value: float | None) -> str:
    """Return a number as the page shows it."""
    return "–" if value is None else f"{value:.3g}"


def share(value: float) -> str:
    """Return a share in percent."""
    return f"{100 * value:.0f} %"


def cells(s: dict[str, Any]) -> tuple[object, ...]:
    """Return what a line of the summary says behind its name."""
    low, high = s["gmfe90"]
    size = (s["n"], s["cohorts"], number(s["gmfe"]), f"{low:.2f} to {high:.2f}", share(s["coverage90"]), f"{s['median_width']:.1f}-fold")
    return (*size, f"{s['log_score']:+.2f}", f"{s['log_score_by_cohort']:+.2f}", number(s["bias"]))


def scores(b: dict[str, Any]) -> tuple[str, str]:
    """Return the two log scores of a comparison."""
    return f"{b['log_score']:+.2f}", f"{b['model_log_score']:+.2f}"


def summary(side: str, found: dict[str, Any], apart: Mapping[str, dict[str, Any]]) -> list[str]:
    """Return the lines of one side's summary; ``apart`` are parts of it by themselves."""
    whole = [(name, *cells(s)) for name, s in (("fitted model", found), ("priors alone", found["prior"]))]
    whole += [(name, *cells(s)) for name, s in apart.items() if s["n"]]
    areas = [(f"area {a}: {s['name']}" + (" (*not validated*)" if a in LOCAL else ""), *cells(s)) for a, s in found["areas"].items()]
    return section(side, whole + areas, found)


def section(side: str, lines: Sequence[Sequence[object]], found: dict[str, Any]) -> list[str]:
    """Return one side's section: ``lines`` of ``cells``, where the variance is, and what stands beside the model."""
    head = ("", "rows", "cohorts", "GMFE", "90 % of it", "90 % coverage", "median width", "mean log score", "the same by cohort", "bias")
    beside = [
        (name.replace("_", " "), b["n"], b["cohorts"], number(b["gmfe"]), number(b["model_gmfe"]), *scores(b))
        for name, b in found["baselines"].items()
        if b and b.get("n")
    ]
    shares = ", ".join(f"{name} {share(found[f'{key}_share'])}" for name, key in SHARES)
    return [
        f"## The {side} side",
        "",
        *table(head, lines),
        "",
        f"Of the variance of a row, on average: {shares}.",
        "",
        *table(("beside no model", "rows", "cohorts", "its GMFE", "ours", "its log score", "ours"), beside),
        "",
    ]


def set_beside(r: dict[str, Any], by: str) -> tuple[str, ...]:
    """Return the cells of a row, published number and prediction side by side; ``by`` is what it is told apart by."""
    interval = f"{number(r['low90'])} to {number(r['high90'])}"
    published, predicted = number(r["published"]), number(r["predicted_median"])
    return (f"`{r['id']}`", r["cohort"], r["readout"], r[by], published, r["unit"], predicted, interval, number(r["fold_error"]))


def misses(rows: Iterable[dict[str, Any]], why: dict[str, tuple[str, str]]) -> Sequence[str]:
    """Return the lines on rows outside their interval."""
    lines = [
        (*set_beside(r, "assay"), "; excludes: ".join(w for w in why.get(r["id"], ("**none yet**",)) if w))
        for r in rows
        if r["scored"] and not r["inside"]
    ]
    head = ("row", "cohort", "readout", "assay", "published", "unit", "predicted", "90 %", "fold error", "our reading")
    return [*table(head, lines), ""] if lines else ["None.", ""]


def page() -> str:
    """Return the page as it is written."""
    catalog = load_catalog()
    found = validate(catalog, draws=DRAWS, seed=SEED, timed=False, apart=looks(catalog))
    why = reasons()
    lines = [
        "# The scoreboard",
        "",
        "Generated by `python -m derive.scoreboard`: every scored row of `knowledge/studies`, predicted by the body (`estrogenome validate`).",
        "How a row is scored stands in [validation](../explanation/validation.md). The calibration side was fitted; the check side was encoded by one",
        "readers who fitted nothing. Cohorts *looked at before* were scored under an earlier fit (`derive/data/looked.tsv`), so that their figures are a second look, though nothing was tuned to them;",
        "those under *first look* are scored for the first time here.",
        "*Our reading* of a miss was written after the score and, unless it names rows, is not tested.",
        "",
    ]
    for side in ("check", "calibration"):
        lines += summary(side, found["summary"][side], found["apart"] if side == "check" else {})
        lines += [f"### Rows of the {side} side outside their interval", ""]
        lines += misses((r for r in found["rows"] if r["side"] == side), why)
    grouped: dict[str, list[str]] = {}
    # people followed in time have a page of their own
    for r in (r for r in found["not_predicted"] if r["reason"] != IN_TIME):
        grouped.setdefault(r["reason"], []).append(f"`{r['id']}`")
    lines += ["## Not predicted", "", *(f"- {len(ids)} rows: {why}." for why, ids in grouped.items()), ""] if grouped else []
    return "\n".join(lines)


def main() -> int:
    """Write or check the page."""
    return kept("scoreboard", {PAGE: page()}, alike)


if __name__ == "__main__":
    raise SystemExit(main())
