"""What a printed number says: its logarithm, how far it may lie from the truth by sampling, and what a mean is beside a typical person.

People are taken as log-normal. With log-sd s the mean lies exp(s²/2) above the typical person. Standard errors of log statistics of n
people: geometric mean s/√n · mean √((exp(s²) − 1)/n) (delta method) · median √(π/2)·s/√n · percentile p √(p(1−p)/n)·s/φ(z) (both
asymptotic; Kendall and Stuart, The advanced theory of statistics, vol. 1). A range holds s by the expected extremes of n normal
values (Blom 1958: Φ⁻¹((n − 0.375)/(n + 0.25))).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from estrogenome.catalog.studies import Row, Spread

_NORMAL = NormalDist()
_BLOM = (0.375, 0.25)
_COVERED = {"CI90": 0.95, "CI95": 0.975}
# a wider spread is no log-normal: what stands there is an error or a mixture
_WIDEST = 1.5


@dataclass(frozen=True)
class Defaults:
    """What stands in where a study prints nothing: people behind a number, their log-sd, the log-sd of a change within people."""

    n: float
    people: float
    change: float


@dataclass(frozen=True)
class Printed:
    """A published number on the scale of the score.

    ``log_value`` is the natural logarithm of the number (of 1 + change, of the size of a difference); ``shift`` is what the statistic lies
    above a typical person, in the logarithm; ``sampling`` the log-sd of sampling; ``people`` that between people (of a change, where
    two arms are compared). ``marks`` say which defaults stand in it.
    """

    log_value: float
    shift: float
    sampling: float
    people: float
    marks: tuple[str, ...]


def printed(row: Row, n: int | None, against_n: int | None, paired: bool, defaults: Defaults) -> Printed:
    """Return what ``row`` says. ``n`` and ``against_n`` are the people of its arms; ``paired`` where both are the same people."""
    marks = []
    own = row.n or n
    if own is None:
        marks.append("n: default")
    count = float(own or defaults.n)
    compared = row.against is not None
    value = _positive(row.value, row.statistic)
    people, sampling = _spread(row.spread, row, value, count)
    if people is None and sampling is None:
        marks.append("spread: default")
        people = defaults.change if compared and paired else defaults.people
        if compared and not paired:
            sampling = people * math.sqrt(1 / count + 1 / float(against_n or own or defaults.n))
    if people is None:
        people = min((sampling or 0.0) * math.sqrt(count), _WIDEST)
    if sampling is None:
        sampling = standard_error("mean" if compared else row.statistic, people, count)
    return Printed(math.log(value), 0.0 if compared else shift(row.statistic, people), sampling, people, tuple(marks))


def shift(statistic: str, log_sd: float) -> float:
    """Return the logarithm of a statistic of people over the typical one of them."""
    if statistic == "mean":
        return log_sd**2 / 2
    if _is_percentile(statistic):
        return _NORMAL.inv_cdf(float(statistic[1:]) / 100) * log_sd
    return 0.0


def standard_error(statistic: str, log_sd: float, n: float) -> float:
    """Return the standard error of the logarithm of a statistic of ``n`` people."""
    if statistic == "mean":
        return math.sqrt(math.expm1(log_sd**2) / n)
    if statistic == "median":
        return math.sqrt(math.pi / 2 / n) * log_sd
    if _is_percentile(statistic):
        p = float(statistic[1:]) / 100
        return math.sqrt(p * (1 - p) / n) / _NORMAL.pdf(_NORMAL.inv_cdf(p)) * log_sd
    return log_sd / math.sqrt(n)


def _is_percentile(statistic: str) -> bool:
    return statistic.startswith("p") and statistic != "percent_change"


def _positive(value: float, statistic: str) -> float:
    """Return the number as it is scored: 1 + change for a change in percent, its size for a difference."""
    return 1 + value / 100 if statistic == "percent_change" else abs(value)


def _spread(spread: Spread | None, row: Row, value: float, n: float) -> tuple[float | None, float | None]:
    """Return (log-sd of people, log-sd of sampling) as far as the printed spread says them."""
    if spread is None:
        return None, None
    if isinstance(spread.value, tuple):
        return _interval(spread, row, n)
    size = spread.value
    if spread.type in {"SDln", "SEln"}:
        return (min(size, _WIDEST), None) if spread.type == "SDln" else (min(size * math.sqrt(n), _WIDEST), size)
    if spread.type == "CV":
        size *= value / 100
    elif row.statistic == "percent_change":
        size /= 100
    if spread.type == "SE":
        size *= math.sqrt(n)
    return min(math.sqrt(math.log1p((size / value) ** 2)), _WIDEST), None


def _interval(spread: Spread, row: Row, n: float) -> tuple[float | None, float | None]:
    low, high = (_end(v, row.statistic) for v in spread.value)  # type: ignore[union-attr]  # an interval, by its type
    if low <= 0 or high <= low:
        return None, None
    width = math.log(high / low)
    if spread.type in _COVERED:
        return None, width / 2 / _NORMAL.inv_cdf(_COVERED[spread.type])
    if spread.type == "range":
        extreme = (n - _BLOM[0]) / (n + _BLOM[1])
        return (min(width / 2 / _NORMAL.inv_cdf(extreme), _WIDEST), None) if extreme > 1 / 2 else (None, None)
    p = spread.percentiles()
    if p is None or not 0 < p[0] < p[1] < 100:
        return None, None
    return min(width / (_NORMAL.inv_cdf(p[1] / 100) - _NORMAL.inv_cdf(p[0] / 100)), _WIDEST), None


def _end(value: float, statistic: str) -> float:
    return 1 + value / 100 if statistic == "percent_change" else value
