"""The method of the fit on made-up linear problems whose answer is known."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from derive.calibrate import Calibrated, left_out
from derive.groups import Groups
from estrogenome.validate.plan import KINDS


def rows(cohorts: int, each: int, kind: str = "level", group: str = "ms/x/none"):
    return tuple(
        SimpleNamespace(kind=kind, group=group, study=SimpleNamespace(cohort=f"c{c}"), target=0.0)
        for c in range(cohorts)
        for _ in range(each)
    )


def made(rng, cohorts, each, unknowns, tau, noise):
    """Return a linear problem: design, residual at the prior mean, prior sd 1, own variances."""
    design = rng.standard_normal((cohorts * each, unknowns))
    shared = np.repeat(tau * rng.standard_normal(cohorts), each)
    y = design @ rng.standard_normal(unknowns) + shared + noise * rng.standard_normal(cohorts * each)
    return design, y


def test_tau_knows_the_degrees_of_freedom(catalog):
    """With half as many unknowns as cohorts, residuals are far too small; the evidence is not fooled."""
    rng = np.random.default_rng(3)
    tau, noise, cohorts, unknowns = 0.4, 0.1, 40, 20
    found, naive = [], []
    groups = Groups(rows(cohorts, 1))
    for _ in range(12):
        design, y = made(rng, cohorts, 1, unknowns, tau, noise)
        known = design @ design.T + noise**2 * np.eye(len(y))
        logs = groups.evidence(y, known, groups.start(catalog), catalog, np.zeros_like(known))
        found.append(np.exp(logs[len(KINDS)]))
        fitted = design @ np.linalg.lstsq(design, y, rcond=None)[0]
        naive.append(np.sqrt(max(np.mean((y - fitted) ** 2) - noise**2, 0)))
    assert np.mean(found) == pytest.approx(tau, rel=0.15)
    assert np.mean(naive) < 0.75 * tau


def test_rows_of_one_cohort_share_one_deviation(catalog):
    """Many equal rows of few cohorts are not many witnesses of a small tau."""
    rng = np.random.default_rng(4)
    groups = Groups(rows(12, 10))
    design, y = made(rng, 12, 10, 3, 0.5, 0.1)
    none = np.zeros((120, 120))
    logs = groups.evidence(y, design @ design.T + 0.01 * np.eye(120), groups.start(catalog), catalog, none)
    assert np.exp(logs[len(KINDS)]) == pytest.approx(0.5, rel=0.4)
    covariance = groups.covariance(logs, none)
    assert covariance[0, 9] == pytest.approx(np.exp(2 * logs[len(KINDS)]))
    assert covariance[0, 10] == 0


def test_a_small_class_stays_near_its_kind(catalog):
    wide = rows(30, 1)
    lone = rows(1, 1, group="ria/y/none")
    groups = Groups(wide + lone)
    rng = np.random.default_rng(5)
    y = np.append(0.2 * rng.standard_normal(30), 0.6)
    logs = groups.evidence(y, 1e-4 * np.eye(31), groups.start(catalog), catalog, np.zeros((31, 31)))
    _, by_name = groups.named(logs)
    assert by_name["level:ms/x/none"] < by_name["level:ria/y/none"] < 2 * by_name["level:ms/x/none"]


def test_blanks_of_laboratories_are_told_from_what_cohorts_share(catalog):
    """Rows near the floor say how blanks differ, rows far above it what else cohorts share."""
    rng = np.random.default_rng(7)
    groups = Groups(rows(60, 4))
    # in the empty samples of a cohort the blank is nine tenths of what is read, in the others a hundredth
    share = np.tile([0.9, 0.9, 0.01, 0.01], 60)
    cohort = np.repeat(np.arange(60), 4)
    blanks = np.equal.outer(cohort, cohort) * np.outer(share, share)
    y = share * np.repeat(1.2 * rng.standard_normal(60), 4) + np.repeat(0.2 * rng.standard_normal(60), 4) + 0.1 * rng.standard_normal(240)
    logs = groups.evidence(y, 0.01 * np.eye(240), groups.start(catalog), catalog, blanks)
    assert groups.blank(logs) == pytest.approx(1.2, rel=0.2)
    assert groups.named(logs)[1]["level:ms/x/none"] == pytest.approx(0.2, rel=0.25)
    # where no sample is near the floor, the prior stays
    alone = groups.evidence(y, 0.01 * np.eye(240), groups.start(catalog), catalog, np.zeros_like(blanks))
    assert groups.blank(alone) == pytest.approx(catalog.parameters["tau_blank"].quantity.value, rel=1e-3)


def test_leaving_a_cohort_out_is_what_a_fit_without_it_says():
    rng = np.random.default_rng(6)
    design, y = made(rng, 6, 2, 4, 0.3, 0.1)
    errors = Groups(rows(6, 2)).covariance(np.log([0.3] * 5), np.zeros((12, 12))) + 0.01 * np.eye(12)

    def solved(keep):
        inverse = np.linalg.inv(errors[np.ix_(keep, keep)])
        covariance = np.linalg.inv(design[keep].T @ inverse @ design[keep] + np.eye(4))
        return covariance @ design[keep].T @ inverse @ y[keep], covariance

    everything = np.arange(12)
    x, covariance = solved(everything)
    planned = tuple(SimpleNamespace(**(vars(r) | {"target": float(t)})) for r, t in zip(rows(6, 2), y, strict=True))
    fit = Calibrated((), planned, x, covariance, design @ x, design, errors, {}, {}, {}, 1, 0.7)
    alone = left_out(fit)
    without = np.setdiff1d(everything, [4, 5])
    other, spread = solved(without)
    np.testing.assert_allclose(alone["error"][4:6], y[4:6] - design[4:6] @ other)
    expected = np.sqrt(np.diag(errors)[4:6] + np.diag(design[4:6] @ spread @ design[4:6].T))
    np.testing.assert_allclose(alone["sd"][4:6], expected)
