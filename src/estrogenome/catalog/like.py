"""States that use another state's numbers until they have their own (``like`` in the state's file)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from estrogenome.catalog.exposures import fitted_row, saturation_row
from estrogenome.core.errors import KnowledgeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from estrogenome.catalog.exposures import Exposure
    from estrogenome.catalog.schema import Parameter
    from estrogenome.catalog.states import HormonalState
    from estrogenome.catalog.therapies import Therapy


def borrowers(states: Mapping[str, HormonalState]) -> Iterator[tuple[str, str]]:
    """Yield (state, the state whose numbers it uses).

    Raises:
        KnowledgeError: that state is in no file, or borrows itself.
    """
    for state in states.values():
        if state.like:
            lender = states.get(state.like)
            if lender is None or lender.like:
                raise KnowledgeError(f"states/{state.id}.yaml: like: {state.like} is no state with numbers of its own")
            yield state.id, lender.id


def lend_covariates(states: dict[str, HormonalState]) -> dict[str, HormonalState]:
    """Return the states, a borrower with the covariates of its lender that it does not list itself."""
    whole = dict(states)
    for borrower, lender in borrowers(states):
        own = states[borrower].covariates
        listed = {covariate.parameter for covariate in own}
        lent = tuple(c for c in states[lender].covariates if c.parameter not in listed)
        whole[borrower] = states[borrower].model_copy(update={"covariates": (*own, *lent)})
    return whole


def lend_rows(states: Mapping[str, HormonalState], rows: dict[str, Parameter]) -> dict[str, Parameter]:
    """Return the rows of the parameter tables, with ``name@borrower`` added for each ``name@lender`` that it lacks."""
    added = {}
    for borrower, lender in borrowers(states):
        for row in rows.values():
            name, _, state = row.id.partition("@")
            own = f"{name}@{borrower}"
            if state == lender and own not in rows:
                added[own] = row.model_copy(update={"id": own})
    return rows | added


def lend_fit(states: Mapping[str, HormonalState], posterior: dict[str, Any]) -> dict[str, Any]:
    """Return the posterior with a copy of each entry of a lender that the borrower lacks, wholly correlated with it.

    A copy says whose it is: ``lent`` is the identifier of the entry it was copied from.
    """
    parameters = list(posterior.get("parameters", ()))
    have = {entry["id"] for entry in parameters}
    cholesky = [list(row) for row in posterior.get("cholesky", ())]
    for borrower, lender in borrowers(states):
        for i, entry in enumerate(posterior.get("parameters", ())):
            name, _, state = entry["id"].partition("@")
            if state == lender and f"{name}@{borrower}" not in have:
                parameters.append(entry | {"id": f"{name}@{borrower}", "lent": entry["id"]})
                cholesky.append(list(cholesky[i]))
    square = [row + [0.0] * (len(cholesky) - len(row)) for row in cholesky]
    return posterior | {"parameters": parameters, "cholesky": square} if posterior else posterior


def lend_groups(states: Mapping[str, HormonalState], derived: dict[str, Any]) -> dict[str, Any]:
    """Return a derived file with ``states`` in it, the borrower's group being the lender's."""
    groups = dict(derived.get("states", {}))
    for borrower, lender in borrowers(states):
        if lender in groups:
            groups.setdefault(borrower, groups[lender])
    return derived | {"states": groups} if derived else derived


def lenders(exposures: Mapping[str, Exposure], therapy: Therapy) -> Iterator[tuple[int, int]]:
    """Yield (position of an act of the exposure of the therapy's name, position of the one release that arrives where the act does)."""
    for position, act in enumerate(exposures[therapy.id].acts if therapy.id in exposures else ()):
        releases = [i for i, release in enumerate(therapy.releases) if act.on == "input" and release.into == act.id]
        if len(releases) == 1:
            yield position, releases[0]


def lend_shares(exposures: Mapping[str, Exposure], therapies: Mapping[str, Therapy], posterior: dict[str, Any]) -> dict[str, Any]:
    """Return the posterior with a copy of each fitted share of an exposure, and of its saturation, for the therapy of the same name.

    Both say which share of a dose arrives at one place; steady studies fitted the first. Nothing is lent where the therapy has a
    fitted number of its own, or more than one release to that place.
    """
    parameters = list(posterior.get("parameters", ()))
    place = {entry["id"]: i for i, entry in enumerate(parameters)}
    cholesky = [list(row) for row in posterior.get("cholesky", ())]
    for therapy in therapies.values():
        for position, release in lenders(exposures, therapy):
            own = f"therapy/{therapy.id}/releases/{release}"
            for lender, borrower in (
                (fitted_row(therapy.id, position), f"{own}/share"),
                (saturation_row(therapy.id, position), f"{own}/saturation"),
            ):
                if lender in place and borrower not in place:
                    parameters.append(parameters[place[lender]] | {"id": borrower, "lent": lender})
                    cholesky.append(list(cholesky[place[lender]]))
    square = [row + [0.0] * (len(cholesky) - len(row)) for row in cholesky]
    return posterior | {"parameters": parameters, "cholesky": square} if posterior else posterior
