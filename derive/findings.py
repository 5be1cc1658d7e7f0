"""What others measured by genotype (``data/variants_published.tsv``), with the error and the smallest effect that each study could find.

Columns: ``kind`` is number (a printed fold, with interval or P), direction (``>1``, ``<1``) or null. Numbers of people by genotype are
``groups`` where they are printed, else Hardy-Weinberg shares of ``n`` at the frequency of ``allele`` among ``people`` of the reference panel
(``copies`` against ``against_copies``, or a ``trend`` over copies). ``spread``, the between-person log-sd, is ``own`` (what the printed
effect with its P or interval implies at these numbers), ``row:<id>`` (that of another row), ``nhanes:<hormone>`` (individuals of that
state), a number, or ``se:<number>``, the standard error itself. ``tests`` counts the comparisons that the paper names, 1 where unknown.
"""

from __future__ import annotations

from functools import cache
from math import exp, log
from typing import NamedTuple

from scipy.stats import t as student

from derive.inputs import read
from derive.power import CRITICAL, DETECTABLE, Study, genotype_share, per_unit_spread, z_of
from estrogenome.catalog.load import load_catalog

ASSUMED = "assumed"


class Finding(NamedTuple):
    """A row, what it says in logarithms, and the numbers of people and between-person log-sd behind its error."""

    row: dict[str, str]
    study: Study
    counts: tuple[float, float] | None
    log_sd: float | None
    spread: str

    @property
    def detectable(self) -> float | None:
        """The smallest fold (as a rise) found four times in five."""
        return None if self.study.error is None else exp(DETECTABLE * self.study.error)

    @property
    def implied(self) -> float | None:
        """The fold that a direction with a P implies at the error of its row."""
        s, n = self.study, self.row["n"]
        if s.kind != "direction" or s.p is None or s.error is None or s.effect is None:
            return None
        # few people: the z of a small P is Student's t
        z = float(student.isf(s.p / 2, int(n) - 2)) if n else z_of(s.p)
        return exp(s.effect * z * s.error)


@cache
def findings() -> tuple[Finding, ...]:
    """Return every row."""
    table = {row["id"]: row for row in read("variants_published.tsv")}
    return tuple(_finding(row, table) for row in table.values())


def frequency(row: dict[str, str]) -> float:
    """Return the frequency of the row's allele: the mean over the named populations of the panel."""
    site, allele = row["allele"].split("=")
    table = load_catalog().haplotypes[_gene(row)]
    column = table.sites.index(site)
    carried = [haplotype[column] == allele for haplotype in table.haplotypes]
    shares = [sum(n for n, has in zip(table.counts[p], carried, strict=True) if has) / sum(table.counts[p]) for p in row["people"].split()]
    return sum(shares) / len(shares)


def _gene(row: dict[str, str]) -> str:
    return next(v["gene"] for v in read("variants.tsv") if v["id"] == row["variant"])


def _counts(row: dict[str, str]) -> tuple[float, float] | None:
    if row["groups"]:
        one, other = row["groups"].split()
        return float(one), float(other)
    if not row["n"]:
        return None
    against = "0" if row["against_copies"] == "trend" else row["against_copies"]
    n, p = float(row["n"]), frequency(row)
    return n * genotype_share(p, row["copies"]), n * genotype_share(p, against)


def _unit(row: dict[str, str]) -> float | None:
    """Return the standard error per unit of log-sd."""
    if row["groups"]:
        one, other = (float(n) for n in row["groups"].split())
        return float((1 / one + 1 / other) ** 0.5)
    return per_unit_spread(float(row["n"]), frequency(row), row["copies"], row["against_copies"]) if row["n"] else None


def _printed_error(row: dict[str, str]) -> float:
    if row["low"]:
        return log(float(row["high"]) / float(row["low"])) / (2 * CRITICAL)
    return abs(log(float(row["fold"]))) / z_of(float(row["p"]))


def _spread(row: dict[str, str], table: dict[str, dict[str, str]]) -> tuple[float | None, float | None, str]:
    """Return (standard error, log-sd, where it comes from)."""
    kind, _, value = row["spread"].partition(":")
    unit = _unit(row)
    note = f"; {row['spread_note']}" if row["spread_note"] else ""
    if kind == "own":
        error = _printed_error(row)
        return error, error / unit if unit else None, "implied by the printed interval" if row["low"] else "implied by the printed P"
    if kind == "se":
        return float(value), None, row["spread_note"]
    if kind == "row":
        other = table[value]
        log_sd = _spread(other, table)[1]
        how = f"of {value}{note}"
    elif kind == "nhanes":
        log_sd, how = float(load_catalog().population["states"][row["state"]]["levels"][value]["log_sd"]), f"NHANES{note}"
    else:
        log_sd, how = float(kind), row["spread_note"] or ASSUMED
    return (log_sd * unit if unit and log_sd else None), log_sd, how


def _finding(row: dict[str, str], table: dict[str, dict[str, str]]) -> Finding:
    error, log_sd, how = _spread(row, table)
    effect = log(float(row["fold"])) if row["kind"] == "number" else {"<1": -1.0, ">1": 1.0}.get(row["fold"])
    study = Study(row["kind"], effect, error, float(row["p"]) if row["p"] else None, int(row["tests"] or 1))
    return Finding(row, study, _counts(row), log_sd, how)
