"""The calibration as a PEtab problem (version 1): a hormonal state is a condition, a fitted row a measurement at steady state.

A row whose people differ from the state's in a constant (it has a column of that name) has a condition of its own.
Fitted constants are parameters on the scale of the natural logarithm with the normal priors of the fit; a row's error is the standard
deviation of its logarithm. So the objective is that of the fit, up to a constant. Tracer rows (clearances, transfer constants, fates of a
dose) are quantities over labelled copies, which the problem's own SBML holds beside the body.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from estrogenome.catalog import formula
from estrogenome.catalog.body import LABEL, central_values
from estrogenome.core.errors import KnowledgeError
from estrogenome.export.values import of_state
from estrogenome.network import compose
from estrogenome.network.labelled import with_quantities
from estrogenome.network.portable import Dressing, portable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from estrogenome.catalog.load import Catalog

_AT = "_at_"
_WIDE = 6
"""Bounds stand this many prior standard deviations from the prior's median, or the fit's from its own if that is further."""
_UNITS = {"1": "dimensionless", "d": "day"}
_QUANTITY, _OBSERVABLE = "quantity_", "observable_"


@dataclass(frozen=True)
class Problem:
    """The files of the problem by name, and the rows that cannot be said in it (id, why)."""

    files: dict[str, str]
    left_out: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Condition:
    """A body: a hormonal state, and constants that its people's study states."""

    state: str
    stated: tuple[tuple[str, float], ...]

    @property
    def id(self) -> str:
        """An identifier that PEtab takes."""
        return "_".join([self.state, *(f"{name}_{value:g}".replace(".", "p") for name, value in self.stated)])


def problem(catalog: Catalog, model: str = "petab_model.xml") -> Problem:
    """Return the PEtab problem of the catalog's calibration.

    Raises:
        KnowledgeError: the catalog holds no calibration.
    """
    if not catalog.posterior.get("rows"):
        raise KnowledgeError("derived/posterior.json holds no rows; rebuild it with make derive")
    rows, left_out = _expressible(catalog)
    conditions = dict.fromkeys(_condition(row, catalog) for row in rows)
    states = tuple(dict.fromkeys(condition.state for condition in conditions))
    fitted = [e for e in catalog.posterior["parameters"] if e["id"].partition("@")[2] in {"", *states}]
    wanted = {e.get("lent", e["id"]) for e in fitted}
    sbml, added = _sbml(catalog, rows)
    columns = _columns(catalog, conditions, fitted, added)
    measured = dict.fromkeys(row["quantity"] for row in rows)
    files = {
        model: sbml,
        "petab_conditions.tsv": _tsv(
            ("conditionId", "conditionName", *columns),
            ((c.id, catalog.states[c.state].name, *(column[c] for column in columns.values())) for c in conditions),
        ),
        "petab_observables.tsv": _tsv(
            ("observableId", "observableName", "observableFormula", "observableTransformation", "noiseFormula", "noiseDistribution"),
            ((_OBSERVABLE + q, q, _symbol(catalog, q), "log", f"noiseParameter1_{_OBSERVABLE}{q}", "normal") for q in measured),
        ),
        "petab_measurements.tsv": _tsv(
            ("observableId", "simulationConditionId", "measurement", "time", "noiseParameters", "datasetId"),
            ((_OBSERVABLE + r["quantity"], _condition(r, catalog).id, r["value"], "inf", r["log_sd"], r["id"]) for r in rows),
        ),
        "petab_parameters.tsv": _tsv(_PARAMETER_COLUMNS, (_parameter(e) for e in catalog.posterior["parameters"] if e["id"] in wanted)),
    }
    files["petab.yaml"] = _yaml(model)
    return Problem(files, left_out)


def _expressible(catalog: Catalog) -> tuple[list[dict[str, Any]], tuple[tuple[str, str], ...]]:
    structure = compose(catalog).structure
    known = {*catalog.quantities, *structure.species, *structure.assigned}
    rows, left_out = [], []
    for row in catalog.posterior["rows"]:
        if row["quantity"] in known:
            rows.append(row)
        else:
            left_out.append((row["id"], f"{row['quantity']} has no formula in models/quantities.yaml"))
    return rows, tuple(left_out)


def _sbml(catalog: Catalog, rows: Sequence[Mapping[str, Any]]) -> tuple[str, tuple[str, ...]]:
    """Return the body with labelled copies and quantities, and the constants that were added for these."""
    network = compose(catalog)
    formulas = {r["quantity"]: (catalog.quantities[r["quantity"]], _unit(r["unit"])) for r in rows if r["quantity"] in catalog.quantities}
    reference = str(catalog.annotations["reference_state"])
    values = central_values(catalog, reference, network.structure.constants)
    units = {p.id.partition("@")[0]: p.quantity.unit for p in catalog.parameters.values()}
    units |= {e["id"].partition("@")[0]: e["unit"] for e in catalog.posterior["parameters"]}
    known = {*network.structure.species, *network.structure.constants, *network.structure.assigned, *network.structure.reactions, LABEL}
    used = {name for text, _ in formulas.values() for name in formula.names(text)}
    added = sorted(name for name in used - known if name in values)
    text = with_quantities(
        network.sbml, {_QUANTITY + q: f for q, f in formulas.items()}, {name: (values[name], _unit(units[name])) for name in added}
    )
    dressing = Dressing(
        name="estrogenome body with tracers",
        notes=("The body model with labelled copies, for the PEtab problem of its calibration; not the model for use.",),
        values={},
        start=of_state(catalog).steady,
    )
    return portable(text, dressing), tuple(added)


def _condition(row: Mapping[str, Any], catalog: Catalog) -> _Condition:
    constants = compose(catalog).structure.constants
    return _Condition(row["state"], tuple((name, float(row[name])) for name in constants if row.get(name) not in {None, ""}))


def _columns(
    catalog: Catalog, conditions: Iterable[_Condition], fitted: Iterable[Mapping[str, Any]], added: Sequence[str]
) -> dict[str, dict[_Condition, float | str]]:
    """Return, per constant that differs between conditions, its number or the parameter that stands for it, by condition.

    What a state borrows is the parameter of the state that lends it.
    """
    names = [*compose(catalog).structure.constants, *added]
    by_condition: dict[str, dict[_Condition, float | str]] = {name: {} for name in names}
    own = {e["id"]: e.get("lent", e["id"]).replace("@", _AT) for e in fitted}
    for condition in conditions:
        values = central_values(catalog, condition.state, names)
        for name in names:
            stated = dict(condition.stated).get(name)
            by_condition[name][condition] = own.get(f"{name}@{condition.state}", values[name]) if stated is None else stated
    return {name: found for name, found in by_condition.items() if name not in own and len(set(found.values())) > 1}


def _symbol(catalog: Catalog, quantity: str) -> str:
    return _QUANTITY + quantity if quantity in catalog.quantities else quantity


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


def _parameter(entry: Mapping[str, Any]) -> tuple[object, ...]:
    middle, sd, value = math.log(entry["prior_median"]), entry["prior_log_sd"], math.log(entry["median"])
    reach = max(_WIDE * sd, abs(value - middle) + _WIDE * entry["log_sd"])
    return (
        entry["id"].replace("@", _AT),
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
