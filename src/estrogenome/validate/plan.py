"""The rows of studies made ready to be predicted: arms filled in, numbers on the scale of the score, the class each belongs to."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from estrogenome.catalog.arms import full_arm
from estrogenome.catalog.check_studies import Scale, first_problem, in_time, measured_as, row_scale
from estrogenome.catalog.readouts import TracerSpec
from estrogenome.catalog.studies import TIMES
from estrogenome.core.errors import EstrogenomeError, KnowledgeError
from estrogenome.network import compose
from estrogenome.trajectories import kernel_of
from estrogenome.validate.answer import answers, limit
from estrogenome.validate.bodies import people_constants, typical_covariates
from estrogenome.validate.floor import Floor
from estrogenome.validate.printed import Defaults, Printed, printed
from estrogenome.validate.theta import central

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estrogenome.catalog.arms import FullArm
    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.load_studies import Studies
    from estrogenome.catalog.readouts import ReadoutSpec
    from estrogenome.catalog.studies import Row, Side, Study
    from estrogenome.validate.answer import Answers

Kind = Literal["level", "ratio", "tracer"]
KINDS: tuple[Kind, ...] = ("level", "ratio", "tracer")
_PEOPLE = 200
# outside these a simulated log-sd says that the model knows no variance of the readout, or too much of it
_BELIEVED = (0.05, 1.2)


@dataclass(frozen=True)
class Planned:
    """One row, ready. ``limit`` is the logarithm below which the number says no more than that it is below (-inf: none)."""

    study: Study
    row: Row
    side: Side
    spec: ReadoutSpec | TracerSpec
    arm: FullArm
    against: FullArm | None
    kind: Kind
    group: str
    printed: Printed
    scale: float
    per_day: bool
    limit: float
    floor: Floor | None
    """What laboratories print of people below the limit; None without one, or where the number itself says no more than *below*."""
    calibration: float
    """Log-sd of calibration between laboratories; 0 where it cancels."""
    marks: tuple[str, ...]
    timed: bool = False
    """Whether its people are followed in time."""

    @property
    def difference(self) -> bool:
        """Whether the number is the difference of two arms."""
        return self.against is not None and self.row.as_ == "difference"

    @property
    def target(self) -> float:
        """The logarithm of the published number, in the unit of the prediction."""
        return self.printed.log_value

    @property
    def censored(self) -> bool:
        """Whether the published number says only that the truth lies below it."""
        return self.row.below or self.target <= self.limit


IN_TIME = "it was measured in time, under an axis or a therapy, and steady states alone were asked for"
"""Why a row stands outside the plan."""


def plan(studies: Studies, catalog: Catalog, *, timed: bool = False) -> tuple[Planned, ...]:
    """Return every row of ``studies`` that a steady state answers, ready to be predicted; with ``timed`` those of people followed in time.

    Raises:
        KnowledgeError: a study names what is not there; the message is one line.
    """
    spreads = _Spreads(catalog)
    return tuple(planned for study in studies.studies for planned in _of_study(study, studies.side(study), catalog, spreads, timed=timed))


def waiting(studies: Studies, catalog: Catalog) -> tuple[str, ...]:
    """Return the ids of the rows in time."""
    found: list[str] = []
    for study in studies.studies:
        arms = {name: full_arm(study, name, catalog) for name in study.arms}
        found += [row.id for row in study.rows if in_time(row, arms, catalog)]
    return tuple(found)


def _of_study(study: Study, side: Side, catalog: Catalog, spreads: _Spreads, *, timed: bool) -> Iterator[Planned]:
    first_problem(study, catalog)
    arms = {name: full_arm(study, name, catalog) for name in study.arms}
    number = {name: catalog.parameters[f"scoring_{name}"].quantity.value for name in ("n", "log_sd_change", "log_sd_assay")}
    for row in study.rows:
        if in_time(row, arms, catalog) != timed:
            continue
        spec = measured_as(row.readout, catalog)
        if spec is None:
            raise KnowledgeError(f"studies/{study.id}: row {row.id}: readout {row.readout} is not there")
        arm, against = arms[row.arm], arms[row.against] if row.against else None
        compared = against is not None and row.as_ == "ratio"
        kind: Kind = "ratio" if compared else "tracer" if isinstance(spec, TracerSpec) else "level"
        given = Scale(1.0) if row.statistic == "percent_change" else row_scale(row, spec)
        # a clearance per m2 is held against that of a body of this arm
        scale = given.times * (_in_unit(arm, given.per, catalog) if given.per else 1.0)
        people, simulated = spreads.of(arm, spec)
        defaults = Defaults(number["n"], people, number["log_sd_change"])
        paired = against is not None and _same_people(study, arm, against)
        says = printed(row, arm.n, against.n if against else None, paired, defaults)
        marks = tuple(f"{m} (simulated people)" if m.startswith("spread") and simulated and not compared else m for m in says.marks)
        target = says.log_value + math.log(scale)
        told = limit(row, spec, catalog)
        # a limit that is known for this number; what laboratories usually have is none: a number below it came from a better one
        known = math.log(told[0]) if told and not told[1] and against is None else -math.inf
        yield Planned(
            study=study,
            row=row,
            side=side,
            spec=spec,
            arm=arm,
            against=against,
            kind=kind,
            group=f"{catalog.assays[row.assay].family}/{row.readout}/{_route(arm, against, catalog)}",
            printed=replace(says, log_value=target, marks=marks),
            scale=scale,
            per_day=given.per_day,
            limit=known,
            floor=_floor(row, told, says.people if against is None else people, catalog) if told and target > known else None,
            calibration=0.0 if compared else number["log_sd_assay"],
            marks=marks,
            timed=timed,
        )


def _floor(row: Row, told: tuple[float, float], people: float, catalog: Catalog) -> Floor | None:
    """Return what the limit ``told`` does to a row: nothing to numbers printed as below it, to differences, to what is no level."""
    no_level = row.at is not None and (row.at.take in {*TIMES, "area"} or row.at.minus is not None)
    if row.below or no_level or (row.against is not None and row.as_ == "difference"):
        return None
    share, log_sd = (catalog.parameters[f"scoring_{name}"].quantity.value for name in ("substitute", "log_sd_substitute"))
    # two arms are compared as their typical people
    return Floor(*told, share, log_sd, people, row.statistic if row.against is None else "geomean")


def _in_unit(arm: FullArm, unit: str, catalog: Catalog) -> float:
    """Return the one covariate of a typical person of ``arm`` that is counted in ``unit``."""
    lender = catalog.states[arm.state.like] if arm.state.like and not arm.state.covariates else arm.state
    typical = typical_covariates(arm, catalog)
    found = [typical[c.parameter] for c in lender.covariates if c.unit == unit and c.parameter in typical]
    if len(found) != 1:
        raise KnowledgeError(f"arm {arm.name}: no number is counted in {unit} in state {arm.state.id}; give the row without it")
    return found[0]


def _route(arm: FullArm, against: FullArm | None, catalog: Catalog) -> str:
    def given(of: FullArm | None) -> dict[object, str]:
        if of is None:
            return {}
        known: dict[object, str] = {e: catalog.exposures[e.id].route for e in of.exposures}
        therapies = {text: catalog.therapies.get(text.partition(":")[0]) for text in of.therapies}
        return known | {text: therapy.route for text, therapy in therapies.items() if therapy}

    # the same people at another time: what they are given acts all the same
    one, other = given(arm), given(None if against is not None and against.name == arm.name else against)
    routes = {route for what, route in (one | other).items() if (what in one) != (what in other)}
    return "+".join(sorted(routes)) or "none"


def _same_people(study: Study, arm: FullArm, against: FullArm) -> bool:
    """Say whether two arms are the same people under two conditions, by their common base and what it fixes."""
    alike = (arm.state, arm.genotype, arm.age) == (against.state, against.genotype, against.age)
    return alike and _root(study, arm.name) == _root(study, against.name)


def _root(study: Study, name: str) -> str:
    base = study.arms[name].base
    return name if base is None else _root(study, base)


class _Spreads:
    """How much a readout differs between simulated people of a state, for rows that print no spread."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._people: dict[str, Answers] = {}

    def of(self, arm: FullArm, spec: ReadoutSpec | TracerSpec) -> tuple[float, bool]:
        """Return (log-sd between people, whether people were simulated for it)."""
        table = self._catalog.parameters
        if isinstance(spec, TracerSpec):
            return table["scoring_log_sd_tracer"].quantity.value, False
        state = arm.state.id
        if state not in self._people:
            self._people[state] = self._simulated(arm)
        try:
            with np.errstate(all="ignore"):
                logs = np.log(self._people[state].readout(spec))
        except EstrogenomeError:
            logs = np.array([np.nan])
        sd = float(np.nanstd(logs)) if np.isfinite(logs).sum() > 1 else 0.0
        if not _BELIEVED[0] < sd < _BELIEVED[1]:
            return table["scoring_log_sd_people"].quantity.value, False
        return sd, True

    def _simulated(self, arm: FullArm) -> Answers:
        kernel = kernel_of(compose(self._catalog))
        names = frozenset(compose(self._catalog).structure.constants)
        return answers(people_constants(arm, self._catalog, central(self._catalog), names, _PEOPLE, seed=0), kernel, names)
