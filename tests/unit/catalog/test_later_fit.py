"""A later fit brings the body's posterior up to date."""

from __future__ import annotations

import numpy as np

from estrogenome.catalog.later_fit import joined


def entries(names, covariance, median=2.0):
    spread = np.sqrt(np.diag(covariance))
    parameters = [{"id": n, "median": median, "log_sd": float(s)} for n, s in zip(names, spread, strict=True)]
    return {"parameters": parameters, "cholesky": np.linalg.cholesky(covariance).tolist(), "rows": [{"id": names[0]}]}


def positive(rng, size):
    root = rng.standard_normal((size, size))
    return root @ root.T + np.eye(size)


def after(told, own, medians, covariance):
    body = [{"id": n, "median": float(np.exp(m)), "log_sd": 0.0} for n, m in zip(told, medians, strict=True)]
    return {
        "body": body,
        "parameters": [{"id": n, "median": 3.0, "log_sd": 0.1} for n in own],
        "cholesky": np.linalg.cholesky(covariance).tolist(),
    }


def test_rows_seen_later_count_as_if_all_had_been_fitted_at_once():
    """A normal prior over five, of which two stand in the second fit with two more; its rows are linear."""
    rng = np.random.default_rng(1)
    prior, own = positive(rng, 3), positive(rng, 2)
    slopes, error, target = rng.standard_normal((4, 4)), positive(rng, 4), rng.standard_normal(4)
    # all at once: names a b c d e, rows see c, a, d, e
    whole = np.block([[prior, np.zeros((3, 2))], [np.zeros((2, 3)), own]])
    mean = np.log([2.0, 2.0, 2.0, 3.0, 3.0])
    seen = np.zeros((4, 5))
    seen[:, [2, 0, 3, 4]] = slopes
    gain = whole @ seen.T @ np.linalg.inv(seen @ whole @ seen.T + error)
    expected = mean + gain @ (target - seen @ mean)
    left = whole - gain @ seen @ whole
    # in two steps: the second fit has c, a, d, e alone
    part = [2, 0, 3, 4]
    second = after("ca", "de", expected[[2, 0]], left[np.ix_(part, part)])
    second["parameters"] = [e | {"median": float(np.exp(m))} for e, m in zip(second["parameters"], expected[3:], strict=True)]
    found = joined(entries("abc", prior), second)
    assert [p["id"] for p in found["parameters"]] == list("abcde")
    assert [p["id"] for p in found["parameters"] if p.get("later")] == list("de")
    np.testing.assert_allclose(np.log([p["median"] for p in found["parameters"]]), expected)
    root = np.array(found["cholesky"])
    np.testing.assert_allclose(root @ root.T, left)
    assert np.array_equal(root, np.tril(root))
    assert (np.diag(root) > 0).all()
    np.testing.assert_allclose([p["log_sd"] for p in found["parameters"][:3]], np.sqrt(np.diag(left))[:3])


def test_a_moved_entry_keeps_what_it_was():
    found = joined(entries("a", np.eye(1)), after("a", "", [1.0], np.eye(1) / 4))
    (entry,) = found["parameters"]
    assert entry["alone"] == {"median": 2.0, "log_sd": 1.0}
    np.testing.assert_allclose((entry["median"], entry["log_sd"]), (np.e, 0.5))


def test_what_goes_with_nothing_is_on_its_own():
    found = joined(entries("a", np.eye(1)), after("", "b", [], np.eye(1)))
    np.testing.assert_array_equal(found["cholesky"], np.eye(2))


def test_nothing_later_changes_nothing():
    first = entries("a", np.eye(1))
    assert joined(first, {}) is first
    assert joined({}, first) == {}
