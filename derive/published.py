"""Published numbers with their errors, our draws beside them, and the verdict.

A row ``holds`` when our median lies within two standard errors of the published number (inside the range, where a range is printed). It is ``near``
when it does not, but our 90 % interval and the published one overlap, and a ``miss`` when they do not. Where a source prints no error the
defaults of the scoreboard stand in: ten people, a log-sd of 0.25 between them for tracer numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from estrogenome.catalog.load import load_catalog

ERRORS = 2.0
HOLDS, NEAR, MISS = "holds", "near", "miss"
# percentiles that are shown
SHOWN = (5, 50, 95)


@dataclass(frozen=True)
class Published:
    """A number with its standard error, or a range; ``error`` None: none is printed."""

    value: float | None
    error: float | None
    span: tuple[float, float] | None
    where: str
    sets: bool = False
    """Whether it set a parameter."""

    def limits(self) -> tuple[float, float]:
        """Return what our median must lie between."""
        if self.span or self.value is None:
            assert self.span is not None
            return self.span
        return self.value / np.exp(ERRORS * self.log_error), self.value * np.exp(ERRORS * self.log_error)

    @property
    def log_error(self) -> float:
        """The standard error of the logarithm, with the defaults where none is printed."""
        if self.error is not None and self.value:
            return float(np.sqrt(np.log1p((self.error / self.value) ** 2)))
        number = {n: load_catalog().parameters[f"scoring_{n}"].quantity.value for n in ("n", "log_sd_tracer")}
        return float(number["log_sd_tracer"] / number["n"] ** 0.5)


def number(value: float, error: float | None, where: str, *, sets: bool = False) -> Published:
    """Return a published number with its standard error."""
    return Published(value, error, None, where, sets)


def span(low: float, high: float, where: str, *, sets: bool = False) -> Published:
    """Return a published range."""
    return Published(None, None, (low, high), where, sets)


@dataclass(frozen=True)
class Check:
    """One row: what we say, (draws,), beside what was published, in one unit."""

    id: str
    group: str
    what: str
    unit: str
    ours: np.ndarray
    published: Published

    @property
    def interval(self) -> tuple[float, float, float]:
        """Our 5th, 50th and 95th percentile."""
        low, middle, high = np.nanpercentile(self.ours, SHOWN)
        return float(low), float(middle), float(high)

    @property
    def verdict(self) -> str:
        """By the rule of the module."""
        low, high = self.published.limits()
        below, middle, above = self.interval
        if low <= middle <= high:
            return HOLDS
        return NEAR if below <= high and above >= low else MISS
