"""A share that steady studies fitted holds for the therapy of the same name."""

from __future__ import annotations

import numpy as np

from estrogenome.catalog.exposures import fitted_row, saturation_row
from estrogenome.catalog.like import lend_shares, lenders


def test_a_fitted_share_is_lent_once_and_wholly_correlated(catalog):
    name = next(t.id for t in catalog.therapies.values() if t.id in catalog.exposures and len(t.releases) == 1)
    position = next(i for i, act in enumerate(catalog.exposures[name].acts) if act.on == "input")
    lender, own = fitted_row(name, position), f"therapy/{name}/releases/0/share"
    posterior = {"parameters": [{"id": lender, "median": 0.5}, {"id": "other", "median": 1.0}], "cholesky": [[0.2, 0.0], [0.1, 0.3]]}
    found = lend_shares(catalog.exposures, catalog.therapies, posterior)
    lent = next(i for i, p in enumerate(found["parameters"]) if p["id"] == own)
    assert found["parameters"][lent] == {"id": own, "median": 0.5, "lent": lender}
    root = np.array(found["cholesky"])
    covariance = root @ root.T
    assert covariance[0, lent] == covariance[0, 0] == covariance[lent, lent]
    assert lend_shares(catalog.exposures, catalog.therapies, found) == found


def test_without_a_posterior_there_is_nothing_to_lend(catalog):
    assert lend_shares(catalog.exposures, catalog.therapies, {}) == {}


def test_a_saturation_is_lent_with_its_share(catalog):
    therapy = next(t for t in catalog.therapies.values() if t.id in catalog.exposures and any(r.saturation for r in t.releases))
    position, release = next(lenders(catalog.exposures, therapy))
    lent = fitted_row(therapy.id, position), saturation_row(therapy.id, position)
    own = [f"therapy/{therapy.id}/releases/{release}/{part}" for part in ("share", "saturation")]
    posterior = {"parameters": [{"id": lent[0], "median": 0.2}, {"id": lent[1], "median": 90.0}], "cholesky": [[0.2, 0.0], [-0.3, 0.4]]}
    found = lend_shares(catalog.exposures, catalog.therapies, posterior)
    assert [(p["id"], p["median"], p["lent"]) for p in found["parameters"][2:]] == [(own[0], 0.2, lent[0]), (own[1], 90.0, lent[1])]
    root = np.array(found["cholesky"])
    np.testing.assert_allclose((root @ root.T)[2:, 2:], (root @ root.T)[:2, :2])
