"""The model as a page (Markdown): everything that is in it, made from the model and its numbers."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from estrogenome.catalog import formula
from estrogenome.catalog.between import between
from estrogenome.catalog.body import FACTOR, factor_name
from estrogenome.catalog.covariates import covariates
from estrogenome.core.numbers import number, percent
from estrogenome.export.values import of_state
from estrogenome.network import compose
from estrogenome.network.maths import symbols
from estrogenome.network.words import formula_text, maths_of, reaction_names
from estrogenome.reports.pathway import pathway

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from estrogenome.catalog.genes import Catalysis
    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.schema import Parameter, Quantity
    from estrogenome.catalog.states import Covariate, HormonalState
    from estrogenome.core.report_records import ReportedMap

_Z90 = 1.6449
"""Half width of a 90 % interval in standard deviations."""
_DIGITS, _MOST = 3, 6
_COMMENT = re.compile(r"^\s*//\s?(.*)$")
_SPREADS = {"lognormal": "log-sd {:g}", "normal": "sd {:g}", "beta": "sd {:g}, within 0 to 1", "uniform": "± {:g}"}
_SBML_UNITS = (("_per_", "/"), ("day", "d"))


def model_page(catalog: Catalog, *, note: str = "", figure: str = "") -> str:
    """Return the page; ``note`` is a comment for its top, ``figure`` the path of a picture of the map, relative to the page."""
    parts: tuple[Callable[[Catalog], Iterator[str]], ...] = (
        _species, _reactions, _assigned, _factors, _fitted, _tables, _covariates, _between, _sources,
    )  # fmt: skip
    return "\n".join([*_head(catalog, note, figure), *(line for part in parts for line in part(catalog)), ""])


def reference_map(catalog: Catalog) -> ReportedMap:
    """Return the pathway map with the fluxes of the reference state: nobody's, and without an interval."""
    fluxes = of_state(catalog).fluxes
    arrows = {edge.id: sum(fluxes[r] for r in edge.reactions) for edge in catalog.pathway.edges}
    return pathway(catalog, {name: (flux, flux, flux) for name, flux in arrows.items()}, (), ())


def _head(catalog: Catalog, note: str, figure: str) -> Iterator[str]:
    structure = compose(catalog).structure
    if note:
        yield note
    yield from ("# The model", "")
    yield (
        f"{len(structure.species)} species in {len(structure.compartments)} compartments, {len(structure.reactions)} reactions, "
        f"{len(structure.constants)} constants and {len(structure.assigned)} assigned quantities, composed from "
        f"{len(catalog.models)} modules (`knowledge/models/*.ant`). Concentrations in nmol per litre of plasma, "
        "clearances in litres of plasma per day, fluxes in nmol per day. `estrogenome export model` writes the same as SBML; why it is "
        "built so is said in [the explanation](../explanation/model.md)."
    )
    yield ""
    titles = ("Species", "Reactions", "Assigned quantities", "Enzymes", "Fitted constants", "Other constants", "Covariates",
              "Differences between people", "Sources")  # fmt: skip
    yield " · ".join(f"[{title}](#{title.lower().replace(' ', '-')})" for title in titles)
    yield ""
    if figure:
        yield from (f"![What becomes what, with the fluxes of the reference state; arrow width grows with the square root]({figure})", "")


# ---------------------------------------------------------------- structure


def _own(catalog: Catalog) -> list[HormonalState]:
    """Return the states with numbers of their own: those that borrow none, or have fitted ones besides."""
    fitted = {e["id"].partition("@")[2] for e in catalog.posterior.get("parameters", ()) if "lent" not in e}
    known = catalog.population.get("states", {})
    return [state for state in catalog.states.values() if state.id in known and (not state.like or state.id in fitted)]


def _species(catalog: Catalog) -> Iterator[str]:
    states = _own(catalog)
    levels = {state.id: of_state(catalog, state.id).steady for state in states}
    yield from ("## Species", "")
    yield "Levels are the steady state at the central values of each state, nmol/L."
    yield ""
    yield from _table_head(["species", "name", "identifier", *(state.id for state in states)])
    known = list(catalog.annotations["species"])
    for name in sorted(compose(catalog).structure.species, key=lambda s: known.index(s) if s in known else len(known)):
        entry = catalog.annotations["species"].get(name, {})
        links = " ".join(_identifier(text) for text in entry.get("is", ()))
        yield _row([f"`{name}`", entry.get("name", ""), links, *(number(levels[state.id][name], _DIGITS) for state in states)])
    yield ""


def _identifier(text: str) -> str:
    accession = text.partition("/")[2]
    return f"[{accession}](https://identifiers.org/{accession})"


def _reactions(catalog: Catalog) -> Iterator[str]:
    maths, names, enzymes = maths_of(catalog), reaction_names(catalog), _enzymes(catalog)
    rates = dict(zip(maths.reactions, maths.rates, strict=True))
    species = set(maths.species)
    yield from ("## Reactions", "", "By module. Names in brackets are concentrations; enzymes act through the factors of a rate.", "")
    for module, text in catalog.models.items():
        own = [r for r in maths.reactions if re.search(rf"^\s*{r}\s*:", text, re.MULTILINE)]
        if not own:
            continue
        yield from (f"### {module}", "", " ".join(_opening(text)), "")
        yield from _table_head(["reaction", "what happens", "rate, nmol/d", "enzymes"])
        for reaction in own:
            rate = rates[reaction]
            acting = dict.fromkeys(e for name in sorted(symbols(rate)) for e, _ in enzymes.get(name, ()))
            yield _row([f"`{reaction}`", names[reaction], formula_text(rate, species), ", ".join(acting)])
        yield ""


def _opening(module: str) -> Iterator[str]:
    """Yield the comment a module begins with."""
    for line in module.splitlines():
        found = _COMMENT.match(line)
        if not found:
            return
        yield found[1].strip()


def _assigned(catalog: Catalog) -> Iterator[str]:
    maths, structure = maths_of(catalog), compose(catalog).structure
    yield from ("## Assigned quantities", "")
    yield from _table_head(["quantity", "unit", "formula"])
    for name, expression in maths.rules:
        yield _row([f"`{name}`", _unit(structure.units.get(name, "")), formula_text(expression, set(maths.species))])
    yield ""


def _unit(sbml: str) -> str:
    for old, new in _SBML_UNITS:
        sbml = sbml.replace(old, new)
    return "" if sbml == "dimensionless" else sbml


def _enzymes(catalog: Catalog) -> dict[str, list[tuple[str, Catalysis]]]:
    """Return, per factor of the model, who has a share in it."""
    found: dict[str, list[tuple[str, Catalysis]]] = {}
    for enzyme in catalog.catalysts.values():
        for catalysis in enzyme.catalyses:
            found.setdefault(factor_name(catalysis.reaction, catalysis.tissue), []).append((enzyme.id, catalysis))
    return found


def _factors(catalog: Catalog) -> Iterator[str]:
    maths, enzymes = maths_of(catalog), _enzymes(catalog)
    yield from ("## Enzymes", "")
    yield (
        "A factor is 1 + Σ share · (activity − 1): 1 for the mean of the reference population. What the shares leave is carried by "
        "what has no name here, at activity 1."
    )
    yield ""
    yield from _table_head(["factor", "reactions", "share of the flux ± sd (how it is known, source)"])
    for name in compose(catalog).structure.constants:
        if name.startswith(FACTOR):
            acts = [r for r, rate in zip(maths.reactions, maths.rates, strict=True) if name in symbols(rate)]
            shares = [f"{enzyme} {_share(c.share)}" for enzyme, c in enzymes.get(name, ())]
            yield _row([f"`{name}`", ", ".join(f"`{r}`" for r in acts), "; ".join(shares) or "nobody's: always 1"])
    yield ""


def _share(quantity: Quantity) -> str:
    spread = f" ± {quantity.spread:g}" if quantity.spread else ""
    return f"{quantity.value:g}{spread} ({quantity.state}, {quantity.source})"


def _spread(quantity: Quantity) -> str:
    return _SPREADS.get(str(quantity.distribution), "").format(quantity.spread) if quantity.spread else "fixed"


# ---------------------------------------------------------------- numbers


def _fitted(catalog: Catalog) -> Iterator[str]:
    yield from ("## Fitted constants", "")
    yield (
        "Median (90 % interval) before and after the fit to the rows of [the calibration](fit.md); the last column is the "
        "standard deviation of the logarithm after the fit as a share of that before: near 100 %, the rows say nothing about this "
        "constant alone."
    )
    yield ""
    yield from _table_head(["constant", "state", "meaning", "unit", "prior", "posterior", "spread left"])
    for entry in catalog.posterior.get("parameters", ()):
        name, _, state = entry["id"].partition("@")
        if "lent" not in entry:
            before, after = (_interval(entry[m], entry[s]) for m, s in (("prior_median", "prior_log_sd"), ("median", "log_sd")))
            left = percent(entry["log_sd"] / entry["prior_log_sd"])
            yield _row([f"`{name}`", state, entry["meaning"], _ratio(entry["unit"]), before, after, left])
    yield ""


def _interval(median: float, log_sd: float) -> str:
    reach = math.exp(_Z90 * log_sd)
    return f"{number(median, _DIGITS)} ({number(median / reach)}–{number(median * reach)})"


def _ratio(unit: str) -> str:
    return "" if unit == "1" else unit


def _tables(catalog: Catalog) -> Iterator[str]:
    wanted = _wanted(catalog)
    yield from ("## Other constants", "", "Rows of `knowledge/parameters`; a constant without a state is the same in all.", "")
    yield from _table_head(["constant", "state", "meaning", "value", "unit", "spread", "known", "source", "note"])
    for row in catalog.parameters.values():
        name, _, state = row.id.partition("@")
        if name in wanted and not _lent(row, catalog):
            q = row.quantity
            source = f"{q.source}: {q.locator}"
            yield _row([f"`{name}`", state, row.meaning, number(q.value, _MOST), _ratio(q.unit), _spread(q), q.state, source, q.note])
    yield ""


def _lent(row: Parameter, catalog: Catalog) -> bool:
    """Return whether a state uses another state's row."""
    name, _, state = row.id.partition("@")
    lender = catalog.parameters.get(f"{name}@{catalog.states[state].like}") if state in catalog.states else None
    return lender is not None and lender.quantity == row.quantity


def _wanted(catalog: Catalog) -> set[str]:
    """Return every name whose number the model, a readout or a row of the calibration needs."""
    structure = compose(catalog).structure
    formulas = [*(r.formula for r in catalog.readouts.values()), *(t.formula for t in catalog.tracers.values() if t.formula)]
    used = {name for text in formulas for name in formula.names(text)}
    return {*structure.constants, *(f"volume_{c}" for c in structure.compartments), *used}


def _covariates(catalog: Catalog) -> Iterator[str]:
    yield from ("## Covariates", "")
    yield (
        "What a person brings along and may state; what is not stated is drawn from the joint distribution of people of the same state, "
        "given what is. Medians are for the mean age of these people; some covariates follow from others."
    )
    yield ""
    yield from _table_head(
        ["constant", "state", "meaning", "median (90 % interval)", "unit", "per year of age, or from what", "known", "source"]
    )
    for state in _own(catalog):
        joint, group = covariates(catalog, state.id), catalog.population["states"][state.id]
        middle = joint.log_medians()
        for entry in state.covariates:
            if entry.parameter not in middle:
                continue
            powers = joint.row(entry.parameter)[1]
            log_sd = math.sqrt(powers @ (joint.covariance + joint.error) @ powers)
            level = _interval(math.exp(middle[entry.parameter]), log_sd)
            own = group["covariates"].get(entry.parameter, {})
            slope = f"{100 * own['log_slope_age']:+.1f} %".replace("-", "−") if own else _follows(entry)
            scale = {"state": entry.scale.state, "source": entry.scale.source} if entry.scale else {}
            known, source = ((own or scale).get(key, "") for key in ("state", "source"))
            yield _row([f"`{entry.parameter}`", state.id, entry.name, level, _ratio(entry.unit), slope, known, source])
    yield ""


def _follows(covariate: Covariate) -> str:
    """Return the formula of a covariate that follows from others."""
    scale = number(covariate.scale.value, _DIGITS) if covariate.scale else "1"
    return " · ".join([scale, *(name if power == 1 else f"{name}^({power:g})" for name, power in covariate.powers.items())])


def _between(catalog: Catalog) -> Iterator[str]:
    states = _own(catalog)
    effects = {state.id: {e.id: e for e in between(catalog, state.id).effects} for state in states}
    yield from ("## Differences between people", "", "Variance that nothing explains: log-sd by state, on top of all else.", "")
    yield from _table_head(["what", "moves", *(state.id for state in states), "known", "source"])
    for name, entry in catalog.between.get("entries", {}).items():
        shown = [number(effects[s.id][name].log_sd) if name in effects[s.id] else "" for s in states]
        moved = ", ".join(f"`{p}`" for p in entry["parameters"])
        yield _row([entry["meaning"], moved, *shown, entry["state"], f"{entry['source']}: {entry['locator']}"])
    yield ""
    yield from ("What age and covariates explain: slope of the logarithm per year of age, or on the logarithm of a covariate.", "")
    yield from _table_head(["what", "on", *(state.id for state in states)])
    for name in catalog.between.get("entries", {}):
        slopes = {s.id: {"age": effects[s.id][name].slope_age, **effects[s.id][name].slopes} for s in states if name in effects[s.id]}
        for on in dict.fromkeys(n for found in slopes.values() for n, slope in found.items() if slope):
            shown = [f"{slopes.get(s.id, {}).get(on, 0.0):+.2g}".replace("-", "−").removesuffix("+0") for s in states]
            yield _row([name, "age" if on == "age" else f"`{on}`", *shown])
    yield ""


def _sources(catalog: Catalog) -> Iterator[str]:
    wanted, structure = _wanted(catalog), compose(catalog).structure
    used = {row.quantity.source for row in catalog.parameters.values() if row.id.partition("@")[0] in wanted}
    used |= {c.share.source for name in structure.constants for _, c in _enzymes(catalog).get(name, ())}
    used |= {e["source"] for e in catalog.between.get("entries", {}).values()} | {
        entry["source"] for state in _own(catalog) for entry in catalog.population["states"][state.id]["covariates"].values()
    }
    yield from (
        "## Sources",
        "",
        "*read* says how much of a source was read here: full text, a table, the abstract, or another's word for it.",
        "",
    )
    for source in sorted((catalog.sources[s] for s in used if s in catalog.sources), key=lambda s: s.id):
        link = f" [doi:{source.doi}](https://doi.org/{source.doi})" if source.doi else f" <{source.url}>" if source.url else ""
        yield f"- **{source.id}** {_text(source.citation)}{link} (read: {source.read})"


# ---------------------------------------------------------------- Markdown


def _table_head(titles: Sequence[str]) -> Iterator[str]:
    yield _row(titles)
    yield "|" + "---|" * len(titles)


def _row(cells: Iterable[Any]) -> str:
    return "| " + " | ".join(_text(str(cell)) for cell in cells) + " |"


def _text(text: str) -> str:
    """Return ``text`` so that Markdown shows it as it is (links and code stay)."""
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")
