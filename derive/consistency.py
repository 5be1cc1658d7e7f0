"""Consistency of the body with itself and with what tracers, doses and urine say of it, each row with the error of its source.

What a row's verdict means stands in ``derive.published``. Clearances are compared at the body surface that the source states. No number was fitted here; rows marked *input* set a parameter, so that they test the arithmetic alone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from derive.bodies import DRAWS, body, constants, of, solved
from derive.published import Check, Published, number, span
from estrogenome.catalog.load import load_catalog
from estrogenome.network import compose
from estrogenome.trajectories import CourseEngine
from estrogenome.validate.answer import Answers


def at_surface(readout: str, state: str, surface: float) -> np.ndarray:
    """Return a clearance or production rate at a body surface in m2."""
    answer = body(state)
    own = answer.beside.get("body_surface")
    return of(answer, readout) * surface / (answer.solution.of("body_surface") if own is None else own)


LW74 = "longcope1974, abstract"
TABLE = "steroid_clearance_table (secondary)"
LKH69 = "longcope1969, abstract"
SAEZ = "saez1972, abstract"
ITO = "ito1971, abstract"


def clearances() -> list[Check]:
    """Clearance rates: physiology from tracer infusions."""
    g = "Clearance rates"
    per_man, per_woman = 1.9, 1.73
    rows: list[tuple[str, str, str, float | None, Published]] = [
        ("mcr-e2-fol", "mcr_e2", "follicular", per_woman, number(1280, 87, LW74, sets=True)),
        ("mcr-e1-fol", "mcr_e1", "follicular", per_woman, number(1938, None, LW74, sets=True)),
        ("mcr-e2-man", "mcr_e2", "man", per_man, number(1600, None, TABLE, sets=True)),
        ("mcr-e1-man", "mcr_e1", "man", per_man, number(2050, None, TABLE, sets=True)),
        ("mcr-e2-pm", "mcr_e2", "postmenopausal", per_woman, number(910, None, TABLE, sets=True)),
        ("mcr-e1-pm", "mcr_e1", "postmenopausal", per_woman, number(1610, None, TABLE, sets=True)),
        ("mcr-e1s-man", "mcr_e1s", "man", per_man, number(167, None, TABLE, sets=True)),
        ("mcr-e1s-fol", "mcr_e1s", "follicular", per_woman, number(146, None, TABLE, sets=True)),
        ("mcr-t-man", "mcr_t", "man", None, number(980, 72.5, f"{SAEZ}: 516 (SD 108) L/d/m2 of 8, at 1.9 m2", sets=True)),
        ("mcr-t-fol", "mcr_t", "follicular", None, number(526, 34.7, f"{SAEZ}: 304 (SD 53) L/d/m2 of 7, at 1.73 m2", sets=True)),
        ("mcr-dht-man", "mcr_dht", "man", None, number(652, 35, ITO, sets=True)),
        ("mcr-dht-fol", "mcr_dht", "follicular", None, number(314, 63, ITO, sets=True)),
        ("mcr-a4-man", "mcr_a4", "man", None, number(2150, None, TABLE, sets=True)),
        ("mcr-a4-fol", "mcr_a4", "follicular", None, number(2000, None, TABLE, sets=True)),
        ("mcr-p4-fol", "mcr_p4", "follicular", None, number(2100, None, TABLE, sets=True)),
    ]
    return [
        Check(
            i,
            g,
            f"{readout.replace('_', ' ').upper()}, {state}",
            "L/d",
            at_surface(readout, state, s) if s else of(body(state), readout),
            p,
        )
        for i, readout, state, s, p in rows
    ]


def productions() -> list[Check]:
    """Production rates and what T gives of E2."""
    g = "Production rates"
    man, luteal = body("man"), body("luteal")
    # the rate at which tracer dilution finds E2 of T: production of T times its transfer constant, in ug/d
    from_t = of(man, "pr_t") * 1e3 / 288.42 * of(man, "rho_t_e2") * 272.38
    return [
        Check("pr-e2-fol", g, "E2, follicular", "ug/d", at_surface("pr_e2", "follicular", 1.73), number(80, 11, LW74, sets=True)),
        Check("pr-e1-fol", g, "E1, follicular", "ug/d", at_surface("pr_e1", "follicular", 1.73), number(101, 13, LW74, sets=True)),
        Check("pr-e2-lut", g, "E2, luteal", "ug/d", of(luteal, "pr_e2"), span(180, 250, "collected range, paper not reached")),
        Check("pr-e2-man", g, "E2, men", "ug/d", of(man, "pr_e2"), span(35, 60, "collected range, paper not reached")),
        Check(
            "pr-e1-man",
            g,
            "E1, men",
            "ug/d",
            of(man, "pr_e1"),
            span(40, 60, "tracer arithmetic at 28 pg/mL; 150, as widely copied, would be 73 pg/mL"),
        ),
        Check("pr-t-man", g, "T, men", "mg/d", of(man, "pr_t"), number(6.5, None, "collected value, paper not reached")),
        Check("e2-of-t-man", g, "E2 made of T, men", "ug/d", from_t, number(25, None, "6.5 mg/d x 0.39 % (longcope1969)")),
        Check("pr-dht-man", g, "DHT, men", "ug/d", of(man, "pr_dht") * 1e3, number(390, 35, f"{SAEZ}: SD 100 of 8")),
        Check("pr-dht-man-ito", g, "DHT, men", "ug/d", of(man, "pr_dht") * 1e3, number(302, None, ITO)),
        Check("pr-dht-fol", g, "DHT, follicular", "ug/d", of(body("follicular"), "pr_dht") * 1e3, number(56, None, ITO)),
    ]


def transfers() -> list[Check]:
    """Transfer constants of androgens into estrogens and into each other (those among estrogens: tests/reproduce/tracer)."""
    g = "Transfer constants"
    rows = [
        ("rho-a4-e1-man", "rho_a4_e1", "man", number(1.35, None, LKH69, sets=True)),
        ("rho-a4-e1-fol", "rho_a4_e1", "follicular", number(0.74, None, LKH69, sets=True)),
        ("rho-a4-e1-pm", "rho_a4_e1", "postmenopausal", span(1.68, 4.27, "geisler2002, abstract", sets=True)),
        ("rho-t-e2-man", "rho_t_e2", "man", number(0.39, None, LKH69, sets=True)),
        ("rho-t-e2-fol", "rho_t_e2", "follicular", number(0.15, None, LKH69, sets=True)),
        ("rho-a4-t-man", "rho_a4_t", "man", number(4.5, None, LKH69, sets=True)),
        ("rho-a4-t-fol", "rho_a4_t", "follicular", number(2.2, None, LKH69, sets=True)),
        ("rho-t-a4-man", "rho_t_a4", "man", number(8.2, None, LKH69, sets=True)),
        ("rho-t-a4-fol", "rho_t_a4", "follicular", number(12, None, LKH69, sets=True)),
        ("rho-t-dht-man", "rho_t_dht", "man", span(2.8, 3.9, "saez1972 and ito1971, abstracts", sets=True)),
        ("rho-t-dht-fol", "rho_t_dht", "follicular", span(1.56, 1.7, "saez1972 and ito1971, abstracts", sets=True)),
    ]
    return [Check(i, g, f"{'→'.join(r.split('_')[1:]).upper()}, {s}", "%", 100 * of(body(s), r), p) for i, r, s, p in rows]


def fates() -> list[Check]:
    """What becomes of a labelled E2 dose, of a swallowed one, and of what a body makes."""
    g = "Fates of a dose and of production"
    man, woman, luteal = body("man"), body("follicular"), body("luteal")
    seventeen = number(76.9, None, "schneider1982, abstract: 76.9 %")
    michnovicz, schneider = "michnovicz1986, abstract", "schneider1982, abstract"
    return [
        Check(
            "2oh-man",
            g,
            "share of an E2 dose 2-hydroxylated, men",
            "%",
            100 * of(man, "dose_2oh"),
            number(31.7, 2.3, "galbraith1989, abstract", sets=True),
        ),
        Check("2oh-fol", g, "the same, women", "%", 100 * of(woman, "dose_2oh"), number(31.1, 4.0, schneider, sets=True)),
        Check("2oh-fol-mic", g, "the same, women who do not smoke", "%", 100 * of(woman, "dose_2oh"), number(35.1, 1.8, michnovicz)),
        Check("16oh-fol", g, "share 16a-hydroxylated, women", "%", 100 * of(woman, "dose_16oh"), number(9.3, 0.8, schneider, sets=True)),
        Check(
            "17ox-low",
            g,
            "share oxidised at carbon 17, no sulfated E2 counted",
            "%",
            oxidised(0.0),
            span(0, seventeen.limits()[1], seventeen.where),
        ),
        Check("17ox-high", g, "the same, all sulfated E2 counted", "%", oxidised(1.0), span(seventeen.limits()[0], 100, seventeen.where)),
        Check(
            "4-to-2-serum",
            g,
            "4-path over 2-path, serum, postmenopausal",
            "1",
            four_to_two("postmenopausal", "{}_total"),
            number(1 / 7, None, "bfit_serum, Table 2", sets=True),
        ),
        Check(
            "4-to-2-urine",
            g,
            "4-path over 2-path, urine, luteal",
            "1",
            four_to_two("luteal", "urine_{}"),
            number(1 / 9, None, "sisti2015, about"),
        ),
        Check(
            "oral",
            g,
            "swallowed E2 that reaches plasma as E2",
            "%",
            100 * of(woman, "oral_e2"),
            number(4.9, 1.34, "kuhnz1993, abstract: SD 5.0 of 14", sets=True),
        ),
        Check(
            "oral-ratio",
            g,
            "E1 over E2 of swallowed E2",
            "1",
            of(woman, "oral_ratio_e1_e2"),
            span(8.8, 19.8, "kuhnz1993, abstract: means of 2 to 8 mg", sets=True),
        ),
        Check(
            "urine-luteal",
            g,
            "urine, fifteen estrogens, over production, luteal",
            "1",
            urine_share(luteal),
            number(1 / 3, None, "sisti2015, Table 3, over production of luteal women"),
        ),
    ]


def oxidised(sulfated_share: float) -> np.ndarray:
    """Return the share (%) of a labelled E2 dose that is oxidised at carbon 17 at its first way out of E2.

    The model counts sulfate of E2 as E1S and cannot say how much of it was oxidised before: ``sulfated_share`` of it is counted.
    """
    known = constants("follicular")
    # reduction off: what comes back from E1 would be counted twice
    label = solved(known | {n: np.zeros(1) for n in known if n.startswith("factor_reduction_17_")}).solution.tracer("E2")
    direct = sum(label.of(r) for r in ("oxidise_E2_liver", "oxidise_E2_periphery", "oxidise_E2_gut"))
    catechols = sum(label.of(r) for r in label.kernel.reactions if r.startswith(("oxidise_OH2E2", "oxidise_OH4E2")))
    sulfated = sum(label.of(r) for r in ("sulfate_E2_liver", "sulfate_E2_periphery", "sulfate_E2_gut"))
    return np.asarray(100 * (direct + catechols + sulfated * sulfated_share))


TWO = ("OH2E1", "OH2E2", "MeO2E1", "MeO2E2", "OH2E1Me3")
FOUR = ("OH4E1", "MeO4E1", "MeO4E2")


def four_to_two(state: str, name: str) -> np.ndarray:
    """Return the 4-path over the 2-path as a panel measures them; ``name`` makes the model's name of a metabolite's."""
    solution = body(state).solution
    four, two = (sum(solution.of(name.format(m)) for m in panel) for panel in (FOUR, TWO))
    return np.asarray(four / two)


def urine_share(answer: Answers) -> np.ndarray:
    """Return the fifteen estrogens in urine as a share of all estrogen that is made."""
    made = sum(answer.solution.of(r) for r in SOURCES)
    return np.asarray(answer.readout(load_catalog().readouts["urine_sum"], per_day=True) / made)


SOURCES = ("aromatise_A4_periphery", "aromatise_T_periphery", "source_E1_adrenal", "secrete_E2_gonad", "secrete_E1_gonad")


def fractions() -> list[Check]:
    """Unbound fractions at our people's SHBG and albumin."""
    g = "Unbound fractions"
    where = "sodergard1982, abstract"
    rows = [("man", "fu_t", 2.0, 11), ("man", "fu_e2", 2.4, 11), ("follicular", "fu_t", 1.5, 16), ("follicular", "fu_e2", 2.0, 16)]
    return [
        Check(
            f"{r.replace('_', '-')}-{s[:3]}", g, f"{r.split('_')[1].upper()}, {s}", "%", of(body(s), r), number(v, None, where, sets=True)
        )
        for s, r, v, _ in rows
    ]


PATCH = (("estradiol_patch", 100.0),)


def patches() -> list[Check]:
    """A patch that is labelled 100 ug/d."""
    rise = of(body("postmenopausal", PATCH), "e2") - of(body("postmenopausal"), "e2")
    where = "patch_label: rise over baseline, pharmacokinetics of the label"
    return [Check("patch", "A patch of 100 ug/d", "rise of E2", "pg/mL", rise, number(66, None, where))]


def patch_arithmetic() -> np.ndarray:
    """Return the rise (pg/mL) if all of the 100 ug/d were delivered: dose over clearance."""
    return np.asarray(100e3 / of(body("postmenopausal"), "mcr_e2"))


# SHBG of pregnancy near term over that before: recalled, about five times; saez1972 prints none
PREGNANT_SHBG = 5.0


def binding() -> list[Check]:
    """Clearance of T and E2 as SHBG rises."""
    g = "Clearance as SHBG rises"
    before = body("follicular")
    usual = float(np.median(of(before, "shbg")))
    high = body("follicular", (), (("SHBG", usual * PREGNANT_SHBG),))
    # 192 over 304 L/d/m2; the error of seven women (17.4 % / sqrt 7) on both sides
    ratio = number(192 / 304, 192 / 304 * 0.0932, f"{SAEZ}: pregnancy 192 over 304 L/d/m2; SHBG x{PREGNANT_SHBG:g} is recalled")
    return [
        Check("shbg-t", g, "clearance of T in pregnancy over that before", "1", of(high, "mcr_t") / of(before, "mcr_t"), ratio),
        Check(
            "shbg-e2", g, "clearance of E2 falls as well", "1", of(high, "mcr_e2") / of(before, "mcr_e2"), span(0.0, 1.0, "direction alone")
        ),
    ]


# mg of ester a week → nadir of total T in ng/dL, men whose axis a GnRH agonist stops
ENANTHATE = {25: 253, 50: 306, 125: 542, 300: 1345, 600: 2370}
ESTER, MIDDLE = 0.72, 125
# nmol/L: what is left of own T where the axis is off
OFF = 0.01


def enanthate(*, constant: bool = False) -> dict[int, np.ndarray]:
    """Return dose → T (nmol/L) of a steady input in men without T of their own; ``constant``: at one clearance for all doses."""
    doses = {dose: dose * ESTER / 7 / 288.42 * 1e6 for dose in ENANTHATE}
    if constant:
        return {dose: nmol / of(body("man"), "mcr_t") for dose, nmol in doses.items()}
    known = constants("man") | {"baseline_T": np.full(1, OFF)}
    return {dose: solved(known | {"input_T_plasma": np.full(1, nmol)}).solution.of("T") for dose, nmol in doses.items()}


def androgens() -> list[Check]:
    """T of weekly enanthate over that of 125 mg: what a nadir is of a mean cancels."""
    g = "Testosterone enanthate, axis off: T over that of 125 mg a week"
    where = "nadirs of Bhasin 2001 (253, 306, 542, 1345, 2370 ng/dL)"
    found = {n: load_catalog().parameters[f"scoring_{n}"].quantity.value for n in ("log_sd_people", "n")}
    error = float(found["log_sd_people"] * np.sqrt(2 / found["n"]))
    level = enanthate()
    rows = []
    for dose, nadir in ENANTHATE.items():
        if dose != MIDDLE:
            ratio = nadir / ENANTHATE[MIDDLE]
            rows.append(Check(f"enanthate-{dose}", g, f"{dose} mg", "1", level[dose] / level[MIDDLE], number(ratio, ratio * error, where)))
    return rows


# hours; courses of so many of the draws
HOURS = np.linspace(0.0, 72.0, 145)
DOSED, COURSES = "follicular", 60


@cache
def rise(species: str, amount: float) -> tuple[tuple[str, ...], np.ndarray]:
    """Return the species and the rise over the steady state, (draw, time, species), after ``amount`` nmol put into one."""
    network = compose(load_catalog())
    courses = CourseEngine(network)
    values = {n: np.broadcast_to(v, (DRAWS,))[:COURSES] for n, v in constants(DOSED).items() if n in network.structure.constants}
    steady = solved(values).solution
    place = species.rpartition("_")[2] if "_" in species else "plasma"
    volume = np.broadcast_to(steady.of(place), (COURSES,))
    start = [{s: float(steady.of(s)[i]) for s in courses.species} for i in range(COURSES)]
    dosed = [point | {species: point[species] + amount / float(volume[i])} for i, point in enumerate(start)]
    both = courses.run({n: np.concatenate([v, v]) for n, v in values.items()}, start + dosed, HOURS / 24)
    return courses.species, both[COURSES:] - both[:COURSES]


def half_life(species: str, amount: float, read: str, begin: float, end: float) -> np.ndarray:
    """Return the half-life (h) of the rise of ``read`` between two times, by the slope of its logarithm, (draws,)."""
    names, course = rise(species, amount)
    inside = (begin <= HOURS) & (end >= HOURS)
    logs = np.log(course[:, inside, names.index(read)])
    return np.asarray(np.log(2) / -np.polyfit(HOURS[inside], logs.T, 1)[0])


def times() -> list[Check]:
    """Half-lives from courses over time."""
    g = "Half-lives"
    recalled = "widely quoted, paper not reached"
    return [
        Check("t-e1s", g, "E1S after a pulse of it, 4 to 12 h", "h", half_life("E1S", 100.0, "E1S", 4.0, 12.0), span(4, 6, recalled)),
        Check(
            "t-oral",
            g,
            "E2 after 2 mg by mouth, 12 to 48 h",
            "h",
            half_life("E2_gut", 2e6 / 272.38, "E2", 12.0, 48.0),
            span(13, 20, recalled),
        ),
    ]


GROUPS: tuple[Callable[[], list[Check]], ...] = (clearances, productions, transfers, fates, fractions, patches, binding, androgens, times)


@cache
def checks() -> tuple[Check, ...]:
    """Return every row."""
    return tuple(check for group in GROUPS for check in group())
