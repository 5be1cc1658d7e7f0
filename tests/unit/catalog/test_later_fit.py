"""A later fit stands beside the body's posterior and does not move it."""

from __future__ import annotations

import numpy as np

from estrogenome.catalog.later_fit import joined


def entries(names, covariance):
    spread = np.sqrt(np.diag(covariance))
    parameters = [{"id": n, "median": 2.0, "log_sd": float(s)} for n, s in zip(names, spread, strict=True)]
    return {"parameters": parameters, "cholesky": np.linalg.cholesky(covariance).tolist(), "rows": [{"id": names[0]}]}


def test_new_numbers_come_behind_with_their_own_covariance():
    rng = np.random.default_rng(1)
    body, later = (root @ root.T + np.eye(len(root)) for root in (rng.standard_normal((3, 3)), rng.standard_normal((4, 4))))
    found = joined(entries("abc", body), entries("dbef", later))
    assert [p["id"] for p in found["parameters"]] == list("abcdef")
    assert [p["id"] for p in found["parameters"] if p.get("later")] == list("def")
    root = np.array(found["cholesky"])
    whole = root @ root.T
    np.testing.assert_allclose(whole[:3, :3], body)
    np.testing.assert_allclose(whole[3:, 3:], later[np.ix_([0, 2, 3], [0, 2, 3])])
    assert not whole[:3, 3:].any()
    assert np.array_equal(root, np.tril(root))


def test_nothing_later_changes_nothing():
    first = entries("a", np.eye(1))
    assert joined(first, {}) is first
    assert joined({}, first) == {}
