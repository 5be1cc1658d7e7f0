"""Rows of the fit as other programs can take them: the constants of an arm, and what its assay reports, as products of a fitted number and
a plain one. The PEtab problem (``estrogenome.export.petab``) is made from this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estrogenome.catalog.body import at_state, central_values, factor_name
from estrogenome.catalog.exposures import ConstantAct, EnzymeAct, FactorAct, InputAct, fitted_row, observed_row, saturation_row
from estrogenome.core.units import convert, factor
from estrogenome.validate.bodies import explained_multiples, typical_covariates

if TYPE_CHECKING:
    from collections.abc import Collection

    from estrogenome.catalog.load import Catalog
    from estrogenome.validate.plan import Planned


# what people below a limit may move a logarithm by and still be left out
_UNMOVED = 1e-2


def expressed(
    planned: Planned, predicted: float, catalog: Catalog, fitted: Collection[str], constants: Collection[str]
) -> dict[str, object]:
    """Return ``condition`` (constant → [fitted row or "", number]: their product), ``gain``, ``blank`` ([row or "", number]), ``measured`` and
    ``modelled`` in the unit of the readout, typical person; or ``inexpressible``, the reason why not.
    """
    if planned.against is not None:
        return {"inexpressible": "two arms compared"}
    if planned.censored:
        return {"inexpressible": "a number that is known to lie below a limit"}
    if planned.arm.genotype:
        return {"inexpressible": "a genotype"}
    log_typical = predicted - planned.printed.shift
    moved = 0.0 if planned.floor is None else float(planned.floor.log_statistic(np.exp(log_typical)) - predicted)
    # where all lie below, what is printed is the share of the limit, and nothing of the model is left in it
    all_below = planned.floor is not None and predicted < np.log(planned.floor.limit * planned.floor.share) + _UNMOVED
    if abs(moved) > _UNMOVED or all_below:
        return {"inexpressible": "people below the limit of the assay"}
    if planned.per_day:
        return {"inexpressible": "a number per day of a readout that is not"}
    found: dict[str, tuple[str, float]] = {}
    state = planned.arm.state
    usual = central_values(catalog, state.id, constants)
    typical = typical_covariates(planned.arm, catalog)
    rows = {name: row for row in fitted if (name := at_state(row, state.id)) is not None}
    rows = {name: row for name, row in rows.items() if "@" not in row or row.endswith(f"@{state.id}")}
    if state.like:
        # what the state has no number of its own for is its lender's
        lent = {name: row for row in fitted if row.endswith(f"@{state.like}") and (name := at_state(row, state.like)) is not None}
        rows = lent | {name: row for name, row in rows.items() if "@" in row or name not in lent}
    for name, value in typical.items():
        if name in constants and not np.isclose(value, usual[name], rtol=1e-9):
            found[name] = ("", value)
    for name, multiple in explained_multiples(planned.arm, catalog, typical).items():
        if name in constants and not np.isclose(multiple, 1.0, rtol=1e-9):
            own = rows.get(name, "")
            found[name] = (own, float(multiple)) if own else ("", float(usual[name] * multiple))
    for exposed in planned.arm.exposures:
        entry = catalog.exposures[exposed.id]
        for position, act in enumerate(entry.acts):
            row, times = fitted_row(exposed.id, position), act.multiple.value
            if isinstance(act, EnzymeAct):
                return {"inexpressible": "an exposure that acts on an enzyme"}
            relative = 1.0 if isinstance(act, InputAct) or act.at_dose is None or exposed.dose is None else exposed.dose / act.at_dose
            if isinstance(act, ConstantAct) and exposed in planned.arm.covariates.get(act.id, (0.0, ()))[1]:
                continue
            name = factor_name(act.reaction, act.tissue) if isinstance(act, FactorAct) else act.id
            amount = 1.0
            if isinstance(act, InputAct):
                amount = (
                    convert(exposed.dose, entry.dose.unit, "nmol/d", entry.dose.molar_mass)
                    if exposed.dose is not None and entry.dose
                    else 1.0
                )
                if act.saturation is not None and exposed.dose is not None:
                    if saturation_row(exposed.id, position) in fitted:
                        return {"inexpressible": "a share that saturates"}
                    amount /= 1 + exposed.dose / act.saturation.value
            elif isinstance(act, ConstantAct):
                own, amount = found.get(name, ("", float(usual[name])))
                if own:
                    return {"inexpressible": "an exposure that acts on a fitted number"}
            if not np.isclose(relative, 1.0) and row in fitted:
                return {"inexpressible": "another dose than that at which an act is known"}
            if isinstance(act, InputAct | FactorAct) and name in found:
                return {"inexpressible": "two acts on one thing"}
            found[name] = (row, amount) if row in fitted else ("", amount * times)
    observation = catalog.assays[planned.row.assay].observes.get(planned.spec.id)
    gain: list[object] = ["", 1.0]
    blank: list[object] = ["", 0.0]
    if observation is not None and observation.gain is not None:
        row = observed_row(planned.row.assay, planned.spec.id, "gain")
        gain = [row, 1.0] if row in fitted else ["", observation.gain.value]
    if observation is not None and observation.blank is not None:
        row = observed_row(planned.row.assay, planned.spec.id, "blank")
        scale = factor(observation.blank.unit, planned.spec.unit, planned.spec.molar_mass)
        blank = [row, scale] if row in fitted else ["", observation.blank.value * scale]
    return {
        "condition": {name: list(product) for name, product in found.items()},
        "gain": gain,
        "blank": blank,
        "measured": float(f"{np.exp(planned.target - planned.printed.shift):.6g}"),
        "modelled": float(f"{np.exp(log_typical - moved):.6g}"),
    }
