"""The calibration as a PEtab problem (version 1): an arm of a study is a condition, a fitted row a measurement at steady state.

The rows of the posterior say how each is expressed: constants of the arm as products of a fitted number and a plain one, the observation
model of its assay, the number itself for a typical person. Fitted constants are parameters on the scale of the natural logarithm with
the normal priors of the fit; a row's error is the standard deviation of its logarithm. That rows of a cohort err together cannot be
said here, nor that two arms are compared: such rows are left out, with the reason. Tracer rows (clearances, transfer constants, fates of
a dose) are quantities over labelled copies, which the problem's own SBML holds beside the body.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from estrogenome.catalog import formula
from estrogenome.catalog.body import LABEL, LABELLED, central_values
from estrogenome.core.errors import KnowledgeError
from estrogenome.core.units import factor
from estrogenome.export.values import of_state
from estrogenome.network import compose
from estrogenome.network.labelled import OWN, TIMES, with_quantities
from estrogenome.network.portable import Dressing, portable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from estrogenome.catalog.load import Catalog

_AT, _FITTED = "_at_", "_fitted"
_WIDE = 6
"""Bounds stand this many prior standard deviations from the prior's median, or the fit's from its own if that is further."""
_UNITS = {"1": "dimensionless", "d": "day"}
_NAME = re.compile(r"[A-Za-z_]\w*")
_QUANTITY, _OBSERVABLE = "quantity_", "observable_"


@dataclass(frozen=True)
class Problem:
    """The files of the problem by name, and the rows that cannot be said in it (id, why)."""

    files: dict[str, str]
    left_out: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Condition:
    """The people of an arm: a hormonal state, and the constants in which they differ from its typical person.

    ``stated`` holds (constant, fitted row or nothing, number): the constant is their product.
    """

    id: str
    state: str
    stated: tuple[tuple[str, str, float], ...]


def problem(catalog: Catalog, model: str = "petab_model.xml") -> Problem:
    """Return the PEtab problem of the catalog's calibration.

    Raises:
        KnowledgeError: the catalog holds no calibration.
    """
    if not catalog.posterior.get("rows"):
        raise KnowledgeError("derived/posterior.json holds no rows; rebuild it with make derive")
    rows = [row for row in catalog.posterior["rows"] if "inexpressible" not in row]
    left_out = tuple((row["id"], row["inexpressible"]) for row in catalog.posterior["rows"] if "inexpressible" in row)
    conditions = dict.fromkeys(_condition(row) for row in rows)
    states = tuple(dict.fromkeys(condition.state for condition in conditions))
    # the problem is that of the body alone: what a later fit added no row of it depends on, what it moved stands as these rows put it
    own = [e | e.get("alone", {}) for e in catalog.posterior["parameters"] if not e.get("later")]
    fitted = [e for e in own if "/" not in e["id"] and e["id"].partition("@")[2] in {"", *states}]
    products = sorted({name for c in conditions for name, row, number in c.stated if row and (number != 1 or "/" in row)})
    symbols = {e["id"]: _symbol(e["id"], products) for e in own}
    observed = {(row["quantity"], row["assay"]): (_observable(row), _observed(row, symbols, catalog)) for row in rows}
    sbml, added = _sbml(catalog, rows, products)
    columns = _columns(catalog, conditions, fitted, added, products, symbols)
    wanted = {e.get("lent", e["id"]) for e in fitted} | {r for c in conditions for _, r, _ in c.stated if r}
    wanted |= {row[part][0] for row in rows for part in ("gain", "blank") if row[part][0]}
    files = {
        model: sbml,
        "petab_conditions.tsv": _tsv(
            ("conditionId", "conditionName", *columns),
            ((c.id, catalog.states[c.state].name, *(column[c] for column in columns.values())) for c in conditions),
        ),
        "petab_observables.tsv": _tsv(
            ("observableId", "observableName", "observableFormula", "observableTransformation", "noiseFormula", "noiseDistribution"),
            ((o, f"{q} by {assay}", text, "log", f"noiseParameter1_{o}", "normal") for (q, assay), (o, text) in observed.items()),
        ),
        "petab_measurements.tsv": _tsv(
            ("observableId", "simulationConditionId", "measurement", "time", "noiseParameters", "datasetId"),
            ((_observable(r), _condition(r).id, r["measured"], "inf", r["log_sd"], r["id"]) for r in rows),
        ),
        "petab_parameters.tsv": _tsv(_PARAMETER_COLUMNS, (_parameter(e, symbols) for e in own if e["id"] in wanted)),
    }
    files["petab.yaml"] = _yaml(model)
    return Problem(files, left_out)


def _formula(readout: str, catalog: Catalog) -> tuple[str, str]:
    """Return the formula of a readout or a tracer number over the body and its labelled copies, and its unit."""
    spec = catalog.tracers.get(readout)
    if spec is None:
        return catalog.readouts[readout].formula, catalog.readouts[readout].formula_unit
    own, to, over = (f"{name}{LABELLED}{spec.label}" for name in (spec.label, spec.to, spec.over or spec.label))
    return {
        "clearance": f"{LABEL}/{own}",
        "production": f"{LABEL}/{own}*{spec.label}",
        "transfer": f"{to}/{spec.to}{LABELLED}{spec.to}",
        "conversion": f"{to}/{over}",
        "dose": f"({_NAME.sub(lambda found: found[0] + LABELLED + spec.label, spec.formula)})/{LABEL}",
    }[spec.of], spec.formula_unit


def _scale(readout: str, catalog: Catalog) -> float:
    """Return what turns the number of the formula into the unit of the readout."""
    spec = catalog.tracers.get(readout) or catalog.readouts[readout]
    return factor(spec.formula_unit, spec.unit, spec.molar_mass)


def _sbml(catalog: Catalog, rows: Sequence[Mapping[str, Any]], products: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Return the body with labelled copies and quantities, and the constants that were added for these."""
    network = compose(catalog)
    formulas = {readout: _formula(readout, catalog) for readout in dict.fromkeys(row["quantity"] for row in rows)}
    reference = str(catalog.annotations["reference_state"])
    values = central_values(catalog, reference, network.structure.constants)
    units = {p.id.partition("@")[0]: p.quantity.unit for p in catalog.parameters.values()}
    units |= {e["id"].partition("@")[0]: e["unit"] for e in catalog.posterior["parameters"]}
    known = {*network.structure.species, *network.structure.constants, *network.structure.assigned, *network.structure.reactions, LABEL}
    used = {name for text, _ in formulas.values() for name in formula.names(text)}
    added = sorted(name for name in used - known if name in values)
    text = with_quantities(
        network.sbml,
        {_QUANTITY + q: (text, _unit(unit)) for q, (text, unit) in formulas.items()},
        {name: (values[name], _unit(units[name])) for name in added},
        products,
    )
    dressing = Dressing(
        name="estrogenome body with tracers",
        notes=("The body model with labelled copies, for the PEtab problem of its calibration; not the model for use.",),
        values={},
        start=of_state(catalog).steady,
    )
    return portable(text, dressing), tuple(added)


def _condition(row: Mapping[str, Any]) -> _Condition:
    stated = tuple((name, fitted, float(number)) for name, (fitted, number) in row["condition"].items())
    return _Condition(re.sub(r"\W", "_", f"{row['study']}_{row['arm']}"), row["state"], stated)


def _observable(row: Mapping[str, Any]) -> str:
    return f"{_OBSERVABLE}{row['quantity']}_{row['assay']}"


def _observed(row: Mapping[str, Any], symbols: Mapping[str, str], catalog: Catalog) -> str:
    """Return gain x quantity + blank, each with its fitted parameter where it has one."""
    gain, blank = (f"{symbols[name]}*{number!r}" if name else repr(float(number)) for name, number in (row["gain"], row["blank"]))
    return f"{gain}*{_scale(row['quantity'], catalog)!r}*{_QUANTITY}{row['quantity']} + {blank}"


def _columns(
    catalog: Catalog,
    conditions: Iterable[_Condition],
    fitted: Iterable[Mapping[str, Any]],
    added: Sequence[str],
    products: Sequence[str],
    symbols: Mapping[str, str],
) -> dict[str, dict[_Condition, float | str]]:
    """Return, per constant that differs between conditions, its number or the parameter that stands for it, by condition.

    What a state borrows is the parameter of the state that lends it. A constant of ``products`` has two columns, the number beside it.
    """
    names = [*compose(catalog).structure.constants, *added]
    found: dict[str, dict[_Condition, float | str]] = {}
    own = {e["id"]: symbols[e.get("lent", e["id"])] for e in fitted}
    for condition in conditions:
        values = central_values(catalog, condition.state, names)
        stated = {name: (row, number) for name, row, number in condition.stated}
        for name in names:
            usual = own.get(f"{name}@{condition.state}", own.get(name, values[name]))
            row, number = stated.get(name, ("", 1.0))
            plain = number if name in stated and not row else usual
            value = symbols[row] if row else plain
            if name in products:
                found.setdefault(OWN + name, {})[condition] = value
                found.setdefault(TIMES + name, {})[condition] = number if row else 1.0
            else:
                found.setdefault(name, {})[condition] = value
    return {name: column for name, column in found.items() if name not in own and (len(set(column.values())) > 1 or name.startswith(OWN))}


def _symbol(row: str, products: Collection[str]) -> str:
    """Return the identifier of a fitted row in the problem: its own, but where that names a product of the SBML."""
    return row + _FITTED if row in products else re.sub(r"\W", "_", row.replace("@", _AT))


_PARAMETER_COLUMNS = (
    "parameterId",
    "parameterName",
    "parameterScale",
    "lowerBound",
    "upperBound",
    "nominalValue",
    "estimate",
    "objectivePriorType",
    "objectivePriorParameters",
)


def _parameter(entry: Mapping[str, Any], symbols: Mapping[str, str]) -> tuple[object, ...]:
    middle, sd, value = math.log(entry["prior_median"]), entry["prior_log_sd"], math.log(entry["median"])
    reach = max(_WIDE * sd, abs(value - middle) + _WIDE * entry["log_sd"])
    return (
        symbols[entry["id"]],
        entry["meaning"],
        "log",
        _short(math.exp(middle - reach)),
        _short(math.exp(middle + reach)),
        entry["median"],
        1,
        "parameterScaleNormal",
        f"{middle!r};{sd!r}",
    )


def _short(value: float) -> float:
    return float(f"{value:.4g}")


def _unit(unit: str) -> str:
    return "_per_".join(_UNITS.get(part, part) for part in unit.split("/"))


def _tsv(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a table; numbers with all their digits."""
    lines = ["\t".join(header), *("\t".join(str(cell) for cell in row) for row in rows)]
    return "\n".join(lines) + "\n"


def _yaml(model: str) -> str:
    return f"""format_version: 1
parameter_file: petab_parameters.tsv
problems:
  - sbml_files: [{model}]
    condition_files: [petab_conditions.tsv]
    measurement_files: [petab_measurements.tsv]
    observable_files: [petab_observables.tsv]
"""
