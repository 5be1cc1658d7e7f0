"""The body as a matrix: the same network as ``knowledge/models/*.ant``, written a second time in NumPy.

Used to fit the posterior (``derive/posterior.py``) and, in the tests, as a computation that shares nothing with the
engine. Concentrations in nmol/L of plasma, clearances in L/d, production in nmol/d.
"""

from __future__ import annotations

import numpy as np

STATES = ("E2", "E1", "E1S", "E2_liver", "E1_liver", "E1S_liver", "E2_periphery", "E1_periphery", "E1S_periphery")
FACTORS = (
    "hydroxylation_2_liver",
    "hydroxylation_4_liver",
    "hydroxylation_16a_liver",
    "hydroxylation_2_periphery",
    "hydroxylation_4_periphery",
    "methylation_2_liver",
    "methylation_2_periphery",
    "methylation_4_liver",
    "methylation_4_periphery",
    "glucuronidation_liver",
    "sulfation_liver",
    "sulfation_periphery",
    "desulfation_liver",
    "desulfation_periphery",
    "oxidation_17_liver",
    "oxidation_17_periphery",
    "reduction_17_liver",
    "reduction_17_periphery",
    "aromatisation_periphery",
    "aromatisation_gonad",
    "conjugation_catechol_liver",
    "conjugation_catechol_periphery",
)


def free_shbg(p: dict[str, float]) -> float:
    """Return unbound SHBG (nmol/L): mass action with testosterone alone, albumin linear."""
    n = 1 + p["K_albumin_T"] * p["albumin"]
    b = n + p["K_SHBG_T"] * (p["baseline_T"] - p["SHBG"])
    return 2 * n * p["SHBG"] / (b + np.sqrt(b * b + 4 * n * p["K_SHBG_T"] * p["SHBG"]))


def unbound_fraction(p: dict[str, float]) -> float:
    """Return the unbound fraction of E2 in plasma."""
    return 1 / (1 + p["K_albumin_E2"] * p["albumin"] + p["K_SHBG_E2"] * free_shbg(p))


def system(p: dict[str, float]) -> tuple[np.ndarray, np.ndarray, dict[str, tuple[float, str]]]:
    """Return (M, b, fluxes): ``M @ c = b`` at steady state; a flux is coefficient × the named state."""
    a = {f: p.get("factor_" + f, 1.0) for f in FACTORS}
    size = p["size"]
    bound = (unbound_fraction(p) / p["fu_reference"]) ** p["fu_exponent"]
    i = {s: k for k, s in enumerate(STATES)}
    m = np.zeros((9, 9))
    b = np.zeros(9)
    flux: dict[str, tuple[float, str]] = {}

    def exchange(one: str, two: str, flow: float) -> None:
        for x, y in ((one, two), (two, one)):
            m[i[x], i[x]] += flow
            m[i[x], i[y]] -= flow

    def convert(name: str, source: str, target: str | None, clearance: float) -> None:
        m[i[source], i[source]] += clearance
        if target:
            m[i[target], i[source]] -= clearance
        flux[name] = (clearance, source)

    q2 = size * p["Q_liver"]
    exchange("E2", "E2_liver", q2)
    exchange("E1", "E1_liver", q2 * p["flow_ratio_E1"])
    exchange("E2", "E2_periphery", size * p["Q_periphery"])
    exchange("E1", "E1_periphery", size * p["Q_periphery"] * p["flow_ratio_E1"])
    exchange("E1S", "E1S_liver", size * p["CL_uptake_E1S_liver"])
    exchange("E1S", "E1S_periphery", size * p["CL_uptake_E1S_periphery"])

    e2, e1 = size * bound, size
    convert("oxidise_E2_liver", "E2_liver", "E1_liver", e2 * p["CL_oxidation_liver"] * a["oxidation_17_liver"])
    convert("reduce_E1_liver", "E1_liver", "E2_liver", e1 * p["CL_reduction_liver"] * a["reduction_17_liver"])
    convert("hydroxylate2_E2_liver", "E2_liver", None, e2 * p["CL_2OH_E2_liver"] * a["hydroxylation_2_liver"])
    convert("hydroxylate2_E1_liver", "E1_liver", None, e1 * p["CL_2OH_E2_liver"] * p["ratio_2OH_E1_E2"] * a["hydroxylation_2_liver"])
    convert("hydroxylate4_E2_liver", "E2_liver", None, e2 * p["CL_2OH_E2_liver"] * p["ratio_4OH_2OH"] * a["hydroxylation_4_liver"])
    convert(
        "hydroxylate4_E1_liver",
        "E1_liver",
        None,
        e1 * p["CL_2OH_E2_liver"] * p["ratio_2OH_E1_E2"] * p["ratio_4OH_2OH"] * a["hydroxylation_4_liver"],
    )
    convert("hydroxylate16_E1_liver", "E1_liver", None, e1 * p["CL_16OH_E1_liver"] * a["hydroxylation_16a_liver"])
    convert("hydroxylate16_E2_liver", "E2_liver", None, e2 * p["CL_16OH_E1_liver"] * p["ratio_16OH_E2_E1"] * a["hydroxylation_16a_liver"])
    convert("glucuronidate_E2_liver", "E2_liver", None, e2 * p["CL_glucuronidation_E2"] * a["glucuronidation_liver"])
    convert("glucuronidate_E1_liver", "E1_liver", None, e1 * p["CL_glucuronidation_E1"] * a["glucuronidation_liver"])
    convert("sulfate_E1_liver", "E1_liver", "E1S_liver", e1 * p["CL_sulfation_E1_liver"] * a["sulfation_liver"])
    convert(
        "sulfate_E2_liver",
        "E2_liver",
        "E1S_liver",
        e2 * p["CL_sulfation_E1_liver"] * p["ratio_sulfation_E2_E1_liver"] * a["sulfation_liver"],
    )
    convert(
        "desulfate_liver", "E1S_liver", "E1_liver", size * p["CL_uptake_E1S_liver"] * p["ratio_desulfation_return"] * a["desulfation_liver"]
    )
    convert("dispose_E1S_liver", "E1S_liver", None, size * p["CL_uptake_E1S_liver"] * p["ratio_disposal_return"])

    convert("oxidise_E2_periphery", "E2_periphery", "E1_periphery", e2 * p["CL_oxidation_periphery"] * a["oxidation_17_periphery"])
    convert("reduce_E1_periphery", "E1_periphery", "E2_periphery", e1 * p["CL_reduction_periphery"] * a["reduction_17_periphery"])
    convert("sulfate_E1_periphery", "E1_periphery", "E1S_periphery", e1 * p["CL_sulfation_E1_periphery"] * a["sulfation_periphery"])
    convert(
        "sulfate_E2_periphery",
        "E2_periphery",
        "E1S_periphery",
        e2 * p["CL_sulfation_E1_periphery"] * p["ratio_sulfation_E2_E1_periphery"] * a["sulfation_periphery"],
    )
    convert(
        "desulfate_periphery",
        "E1S_periphery",
        "E1_periphery",
        size * p["CL_uptake_E1S_periphery"] * p["ratio_desulfation_return_periphery"] * a["desulfation_periphery"],
    )
    for steroid, factor in (("E2", e2), ("E1", e1)):
        other = factor * p["CL_other_periphery"]
        convert(
            f"hydroxylate2_{steroid}_periphery",
            f"{steroid}_periphery",
            None,
            other * p["share_2OH_periphery"] * a["hydroxylation_2_periphery"],
        )
        convert(
            f"hydroxylate4_{steroid}_periphery",
            f"{steroid}_periphery",
            None,
            other * p["share_4OH_periphery"] * a["hydroxylation_4_periphery"],
        )
        convert(
            f"dispose_{steroid}_periphery", f"{steroid}_periphery", None, other * (1 - p["share_2OH_periphery"] - p["share_4OH_periphery"])
        )

    arom, gonad = a["aromatisation_periphery"], a["aromatisation_gonad"]
    b[i["E1_periphery"]] += (p["CL_aromatisation_A4"] * p["baseline_A4"] + p["production_E1_other"]) * arom
    b[i["E2_periphery"]] += p["CL_aromatisation_A4"] * p["ratio_aromatisation_T_A4"] * p["baseline_T"] * arom
    b[i["E2"]] += p["secretion_E2_gonad"] * gonad
    b[i["E1"]] += p["secretion_E1_gonad"] * gonad
    return m, b, flux


def solve(p: dict[str, float]) -> dict[str, float]:
    """Return concentrations (nmol/L), fluxes (nmol/d) and serum totals at steady state."""
    m, b, flux = system(p)
    c = dict(zip(STATES, np.linalg.solve(m, b), strict=True))
    f = {name: k * c[s] for name, (k, s) in flux.items()}
    return c | f | catechols(p, f) | {"fu_E2": unbound_fraction(p)}


def catechols(p: dict[str, float], f: dict[str, float]) -> dict[str, float]:
    """Return methylation and conjugation fluxes and the serum totals of catechols and their methyl ethers."""
    a = {x: p.get("factor_" + x, 1.0) for x in FACTORS}
    out: dict[str, float] = {}
    made = {
        ("2", "liver"): f["hydroxylate2_E2_liver"] + f["hydroxylate2_E1_liver"],
        ("4", "liver"): f["hydroxylate4_E2_liver"] + f["hydroxylate4_E1_liver"],
        ("2", "periphery"): f["hydroxylate2_E2_periphery"] + f["hydroxylate2_E1_periphery"],
        ("4", "periphery"): f["hydroxylate4_E2_periphery"] + f["hydroxylate4_E1_periphery"],
    }
    for (path, tissue), total in made.items():
        methyl = p[f"ratio_methylation_conjugation_{path}"] * a[f"methylation_{path}_{tissue}"]
        conjugate = a[f"conjugation_catechol_{tissue}"]
        out[f"methylate{path}_{tissue}"] = total * methyl / (methyl + conjugate)
        out[f"conjugate{path}_{tissue}"] = total * conjugate / (methyl + conjugate)
    clear = p["size"] * p["CL_apparent_catechol_total"]
    for path in "24":
        out[f"OH{path}_total"] = sum(out[f"conjugate{path}_{t}"] for t in ("liver", "periphery")) / clear
        out[f"Me{path}_total"] = sum(out[f"methylate{path}_{t}"] for t in ("liver", "periphery")) / clear
    out["OH16_total"] = (f["hydroxylate16_E1_liver"] + f["hydroxylate16_E2_liver"]) / (p["size"] * p["CL_apparent_16OH_total"])
    return out


def tracer(p: dict[str, float]) -> dict[str, float]:
    """Return MCR (L/d), transfer constants and the fate of an E2 dose, from unit infusions into plasma."""
    m, _, flux = system(p)
    inverse = np.linalg.inv(m)
    plasma = STATES[:3]
    response = {j: inverse[:, k] for k, j in enumerate(plasma)}
    out = {f"MCR_{j}": 1 / response[j][k] for k, j in enumerate(plasma)}
    for source in plasma:
        for k, target in enumerate(plasma):
            if source != target:
                out[f"rho_{source}_{target}"] = response[source][k] * out[f"MCR_{target}"]
    dose = dict(zip(STATES, response["E2"], strict=True))
    for path, key in (("2", "hydroxylate2"), ("16", "hydroxylate16")):
        out[f"dose_fraction_{path}OH"] = sum(k * dose[s] for n, (k, s) in flux.items() if n.startswith(key))
    periphery = inverse[:, STATES.index("E1_periphery")][1], inverse[:, STATES.index("E2_periphery")][0]
    out["rho_A4_E1"] = p["CL_aromatisation_A4"] * periphery[0] * out["MCR_E1"] / p["MCR_A4"]
    out["rho_T_E2"] = p["CL_aromatisation_A4"] * p["ratio_aromatisation_T_A4"] * periphery[1] * out["MCR_E2"] / p["MCR_T"]
    return out
