"""What therapies add to a model, as Antimony: depots, chains of release, drugs and what these do.

Amounts are nmol: depots and drugs are species of a compartment of one litre, so that their concentration is the amount. The constants are
named after the rows of the therapy's numbers, ``therapy/<id>/releases/0/share`` being ``therapy_<id>_releases_0_share``.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from estrogenome.catalog.body import constant_of, factor_name
from estrogenome.catalog.therapies import Fold, Inhibition, nmol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from estrogenome.catalog.therapies import Release, Therapy

DEPOT = "depot"
"""Compartment of one litre; begins the names of what doses go into."""
WORN = "worn_"
"""Begins the names of the constants that are the rates (nmol/day) of what is worn."""
_UNBOUND = "unbound_"
"""Begins the names of unbound concentrations of drugs, nmol/L."""
_LOST = "lost_"
"""Begins the names of shares that drugs have destroyed, as species whose nmol/L count for 1."""
_RATE, _AMOUNT_RATE, _LEVEL, _SHARE, _VOLUME = "per_day", "nmol_per_day", "nmol_per_L", "dimensionless", "litre"
MODULE = "therapies"


@dataclass
class Written:
    """Antimony of several therapies.

    ``depots`` are the species into which a dose goes, per therapy; ``like`` parameters whose unit is that of another name.
    """

    text: str
    depots: dict[str, tuple[str, ...]]
    like: dict[str, str]


@dataclass
class _Acting:
    """What acts on one quantity: sums of terms, each a formula."""

    added: list[str] = field(default_factory=list)
    slowed: list[str] = field(default_factory=list)
    multiplied: list[str] = field(default_factory=list)

    def formula(self, base: str) -> str:
        whole = " + ".join([base, *self.added])
        whole = f"({whole})/(1 dimensionless + {' + '.join(self.slowed)})" if self.slowed else whole
        return "*".join([f"({whole})", *self.multiplied]) if self.multiplied else whole


def written(therapies: Iterable[Therapy], has: Callable[[str], bool], own: Callable[[str], str]) -> Written:
    """Return what ``therapies`` add to a model.

    ``has`` says whether the model has a quantity: an act on a handle that it lacks does nothing. ``own`` gives the name under which the
    model's own quantity stays.
    """
    one = _Writer()
    for therapy in therapies:
        one.add(therapy, has)
    lines = [f"model {MODULE}()", f"  compartment {DEPOT};", f"  {DEPOT} has {_VOLUME};", *one.lines]
    for name, acting in sorted(one.acting.items()):
        base = own(name)
        one.like |= {base: name, name: name}
        lines += [f"  const {base};"] if base.startswith("resting") else []
        lines.append(f"  {name} := {acting.formula(base)};")
    return Written("\n".join([*lines, "end", ""]), one.depots, one.like)


class _Writer:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.depots: dict[str, tuple[str, ...]] = {}
        self.like: dict[str, str] = {}
        self.acting: dict[str, _Acting] = defaultdict(_Acting)

    def add(self, therapy: Therapy, has: Callable[[str], bool]) -> None:
        first = []
        if therapy.kind == "worn":
            self._constant(WORN + therapy.id, _AMOUNT_RATE)
        for position, release in enumerate(therapy.releases):
            first += self._release(therapy, position, release)
        if therapy.drug is not None:
            first += self._drug(therapy)
        self.depots[therapy.id] = tuple(first)
        for position in range(len(therapy.acts)):
            self._act(therapy, position, has)

    def _release(self, therapy: Therapy, position: int, release: Release) -> list[str]:
        path = f"releases/{position}"
        share = self._number(therapy, f"{path}/share", _SHARE)
        steps = [self._species(f"{DEPOT}_{therapy.id}_{position}_{i}") for i in range(len(release.chain))]
        if not steps:
            self._arrive(therapy, path, release, share, WORN + therapy.id)
            return []
        rates = [f"{self._number(therapy, f'{path}/chain/{i}', _RATE)}*{step}*{DEPOT}" for i, step in enumerate(steps)]
        for i, (step, rate) in enumerate(zip(steps, rates, strict=True)):
            following = steps[i + 1] if i + 1 < len(steps) else ""
            self.lines.append(f"  release_{therapy.id}_{position}_{i}: {step} -> {following}; {rate};")
        self._wear(therapy, steps[0])
        self._arrive(therapy, path, release, share, rates[-1])
        return [steps[0]]

    def _arrive(self, therapy: Therapy, path: str, release: Release, share: str, pace: str) -> None:
        taken = f"{share}*{pace}"
        if release.saturation is not None:
            # the number is in the dose's unit per day, and the model knows moles alone
            half = f"{self._number(therapy, f'{path}/saturation', _SHARE)}*{nmol(therapy, 1.0)!r} {_AMOUNT_RATE}"
            taken = f"{taken}/(1 dimensionless + {pace}/({half}))"
        self.acting[release.into].added.append(taken)

    def _drug(self, therapy: Therapy) -> list[str]:
        waiting, central = self._species(f"{DEPOT}_{therapy.id}_drug"), self._species(f"drug_{therapy.id}")
        absorption, elimination = (self._number(therapy, f"drug/{part}", _RATE) for part in ("absorption", "elimination"))
        volume, unbound = self._number(therapy, "drug/volume", _VOLUME), self._number(therapy, "drug/unbound", _SHARE)
        level = _UNBOUND + therapy.id
        self.lines += [
            f"  absorb_{therapy.id}: {waiting} -> {central}; {absorption}*{waiting}*{DEPOT};",
            f"  eliminate_{therapy.id}: {central} -> ; {elimination}*{central}*{DEPOT};",
            f"  {level} := {unbound}*{central}*{DEPOT}/{volume};",
            f"  {level} has {_LEVEL};",
        ]
        self._wear(therapy, waiting)
        return [waiting]

    def _act(self, therapy: Therapy, position: int, has: Callable[[str], bool]) -> None:
        act, path, level = therapy.acts[position], f"acts/{position}", _UNBOUND + therapy.id
        if isinstance(act, Inhibition):
            half = self._number(therapy, f"{path}/Ki", _LEVEL)
            for tissue in act.tissues:
                self.acting[factor_name(act.reaction, tissue)].slowed.append(f"{level}/{half}")
        elif isinstance(act, Fold):
            self._fold(therapy, position, act, [name for name in (act.id, *act.also) if has(name)])
        elif not has(act.id):
            return
        elif act.slope is not None:
            # the slope is per nmol/L
            slope = self._number(therapy, f"{path}/slope", like=act.id)
            self.acting[act.id].added.append(f"{slope}*{level}/(1 {_LEVEL})")
        else:
            most, half = self._number(therapy, f"{path}/emax", like=act.id), self._number(therapy, f"{path}/C50", _LEVEL)
            self.acting[act.id].added.append(f"{most}*{level}/({half} + {level})")

    def _fold(self, therapy: Therapy, position: int, act: Fold, names: list[str]) -> None:
        if not names:
            return
        path, level = f"acts/{position}", _UNBOUND + therapy.id
        part = "emax" if act.left is None else "left"
        most, half = self._number(therapy, f"{path}/{part}", _SHARE), self._number(therapy, f"{path}/C50", _LEVEL)
        most = most if act.left is None else f"({most} - 1 dimensionless)"
        share = f"{level}/({half} + {level})"
        if act.turnover is not None:
            pace, name = self._number(therapy, f"{path}/turnover", _RATE), f"{therapy.id}_{position}"
            lost = self._species(_LOST + name)
            self.lines += [
                f"  lose_{name}: -> {lost}; {pace}*(1 {_LEVEL} - {lost})*({level}/{half})*{DEPOT};",
                f"  renew_{name}: {lost} -> ; {pace}*{lost}*{DEPOT};",
            ]
            share = f"{lost}/(1 {_LEVEL})"
        for quantity in names:
            self.acting[quantity].multiplied.append(f"(1 dimensionless + {most}*{share})")

    def _wear(self, therapy: Therapy, into: str) -> None:
        if therapy.kind == "worn":
            self.lines.append(f"  wear_{into.removeprefix(f'{DEPOT}_')}: -> {into}; {WORN}{therapy.id};")

    def _species(self, name: str) -> str:
        self.lines.append(f"  species {name} in {DEPOT};")
        return name

    def _number(self, therapy: Therapy, path: str, unit: str = "", like: str = "") -> str:
        name = constant_of(f"therapy/{therapy.id}/{path}")
        self._constant(name, unit)
        if like:
            self.like[name] = like
        return name

    def _constant(self, name: str, unit: str) -> None:
        self.lines += [f"  const {name};", *([f"  {name} has {unit};"] if unit else [])]
