"""A later fit stands beside the body's posterior and does not move it."""

from __future__ import annotations

import numpy as np

from estrogenome.catalog.later_fit import joined


def entries(names, covariance):
    spread = np.sqrt(np.diag(covariance))
    parameters = [{"id": n, "median": 2.0, "log_sd": float(s)} for n, s in zip(names, spread, strict=True)]
    return {"parameters": parameters, "cholesky": np.linalg.cholesky(covariance).tolist(), "rows": [{"id": names[0]}]}


def given(names, slopes):
    return {"given": {"names": list(names), "slopes": np.array(slopes).tolist()}}


def test_new_numbers_come_behind_and_go_with_the_first_as_the_later_fit_says():
    rng = np.random.default_rng(1)
    body, left = (root @ root.T + np.eye(len(root)) for root in (rng.standard_normal((3, 3)), rng.standard_normal((2, 2))))
    slopes = rng.standard_normal((2, 2))
    found = joined(entries("abc", body), entries("de", left) | given("ca", slopes))
    assert [p["id"] for p in found["parameters"]] == list("abcde")
    assert [p["id"] for p in found["parameters"] if p.get("later")] == list("de")
    root = np.array(found["cholesky"])
    whole = root @ root.T
    np.testing.assert_allclose(whole[:3, :3], body)
    np.testing.assert_allclose(whole[3:, :3], slopes @ body[[2, 0]])
    np.testing.assert_allclose(whole[3:, 3:], left + slopes @ body[np.ix_([2, 0], [2, 0])] @ slopes.T)
    assert np.array_equal(root, np.tril(root))


def test_what_goes_with_nothing_is_on_its_own():
    found = joined(entries("a", np.eye(1)), entries("b", np.eye(1)) | given("", [[]]))
    np.testing.assert_array_equal(found["cholesky"], np.eye(2))


def test_nothing_later_changes_nothing():
    first = entries("a", np.eye(1))
    assert joined(first, {}) is first
    assert joined({}, first) == {}
