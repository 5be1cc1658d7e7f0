"""Simulated people of a hormonal state, as the scripts of this folder use them: constants at the medians of the fit, so that what differs
between them is between people alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from derive.inputs import read
from derive.model import at, predict
from derive.population import LEVELS
from estrogenome.activities import population_activities
from estrogenome.catalog.body import FACTOR
from estrogenome.catalog.covariates import covariates
from estrogenome.catalog.load import Catalog, load_catalog
from estrogenome.core.records import Person
from estrogenome.core.uncertainty import stream
from estrogenome.parameters import personalize
from estrogenome.parameters.draw import differences, own_covariates

SEED = 0


@cache
def drawn_factors(state: str, people: int) -> dict[str, np.ndarray]:
    """Return the activity factors of random genotypes and expression, each of shape (people,)."""
    catalog = load_catalog()
    activities = population_activities(catalog, people=people, seed=SEED, label="virtual")
    person = Person(sex=catalog.states[state].sexes[0], age=catalog.population["states"][state]["age_centre"], state=state)
    blank = with_differences(catalog, state, {"effects": {}, "correlation": []})
    sets = personalize(activities, person, blank, draws=people, seed=SEED)
    return {n: sets.values[0, :, i] for i, n in enumerate(sets.names) if n.startswith(FACTOR)}


def entries() -> dict[str, dict[str, object]]:
    """Return what each effect of ``derive/data/between.tsv`` moves, and how it is known."""
    return {
        r["id"]: {
            "parameters": r["parameters"].split(),
            "meaning": r["meaning"],
            "source": r["source"] or "nhanes2021",
            "state": "fitted" if not r["log_sd"] else "assumed" if r["source"] == "estrogenome" else "transferred",
            "locator": r["locator"] or "moments of E2, E1, E1S, T, A4 and SHBG between people with an even number",
        }
        for r in read("between.tsv")
    }


def with_differences(catalog: Catalog, state: str, group: Mapping[str, object]) -> Catalog:
    """Return the catalog with other differences between the people of a state."""
    return replace(catalog, between={"entries": entries(), "states": catalog.between["states"] | {state: group}})


def virtual_levels(
    state: str, theta: Mapping[str, float], group: Mapping[str, Any], people: int, ages: np.ndarray | None = None
) -> dict[str, np.ndarray]:
    """Return logarithms of what one sample of each simulated person shows, by name: levels, covariates (their errors included).

    ``ages`` (people,) are whole years; everybody has the mean age of the state without them.
    """
    catalog = with_differences(load_catalog(), state, group)
    constants = {**at(state, theta), **drawn_factors(state, people)}
    own: dict[str, np.ndarray] = {}
    for age in [None] if ages is None else np.unique(ages):
        who = np.ones(people, dtype=bool) if age is None else ages == age
        seed = SEED if age is None else int(age)
        drawn = own_covariates(catalog, state, age, {}, int(who.sum()), seed)
        multiples = differences(catalog, state, age, drawn, int(who.sum()), seed)
        for name, value in drawn.items():
            own.setdefault(name, np.empty(people))[who] = value
        for name, multiple in multiples.items():
            own.setdefault(name, np.empty(people))[who] = constants[name] * multiple
    found = predict({**constants, **own})
    joint = covariates(catalog, state)
    values, vectors = np.linalg.eigh(joint.error)
    z = np.array([stream(SEED, f"virtual/{n}").standard_normal(people) for n in joint.names])
    error = dict(zip(joint.names, (vectors * np.sqrt(np.maximum(values, 0))) @ z, strict=True))
    logs = {n: np.log(own[n]) + error[n] for n in joint.names}
    noise = group.get("sample_noise", {})
    return logs | {n: np.log(found.of(n)) + noise.get(n, 0.0) * stream(SEED, f"virtual/{n}").standard_normal(people) for n in LEVELS}
