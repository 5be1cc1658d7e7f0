"""A composed course with its doses in it, as SBML events, for programs that are given nothing but the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from estrogenome.core.errors import ModelError
from estrogenome.network.sbml import read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estrogenome.network.course import CourseNetwork

_AMOUNT, _DAY, _RATE = "nmol", "day", "nmol_per_day"


@dataclass(frozen=True)
class Repeated:
    """A dose (nmol; of what is worn the rate, nmol/day) from day ``first`` on.

    It is given every ``interval`` days (once without) before ``stop`` (None: for ever); what is worn is worn until then.
    """

    therapy: str
    amount: float
    first: float = 0.0
    interval: float | None = None
    stop: float | None = None


def with_events(network: CourseNetwork, doses: Iterable[Repeated]) -> str:
    """Return the SBML of ``network`` with ``doses``: ``at (time >= next), t0=false: depot += dose, next += interval``.

    Each regimen has its own ``next_<therapy>_<position>``, ``interval_…``, ``dose_…`` and, where it ends, ``stop_…``, so that it can be
    changed in the file. An event that holds at time 0 happens then.

    Raises:
        ModelError: a therapy is not in the model.
    """
    import libsbml

    document = read(network.sbml)
    model = document.getModel()
    for position, dose in enumerate(doses):
        name = f"{dose.therapy}_{position}"
        if dose.therapy in network.depots:
            _doses(model, name, dose, network.depots[dose.therapy])
        elif dose.therapy in network.worn:
            _wears(model, name, dose, network.worn[dose.therapy])
        else:
            raise ModelError(f"model: therapy {dose.therapy} is not in it; compose the course with it")
    written: str = libsbml.writeSBMLToString(document)
    return written


def _doses(model: Any, name: str, dose: Repeated, depots: tuple[str, ...]) -> None:
    following = f"next_{name}"
    _parameter(model, following, dose.first, _DAY, constant=False)
    _parameter(model, f"dose_{name}", dose.amount, _AMOUNT)
    trigger = f"time >= {following}"
    # once: what comes next never comes
    step = f"interval_{name}" if dose.interval is not None else f"once_{name}"
    _parameter(model, step, float("inf") if dose.interval is None else dose.interval, _DAY)
    if dose.stop is not None:
        _parameter(model, f"stop_{name}", dose.stop, _DAY)
        trigger = f"{trigger} && {following} < stop_{name}"
    changes = {depot: f"{depot} + dose_{name}/{model.getSpecies(depot).getCompartment()}" for depot in depots}
    _event(model, f"give_{name}", trigger, changes | {following: f"{following} + {step}"})


def _wears(model: Any, name: str, dose: Repeated, rate: str) -> None:
    if dose.interval is not None:
        raise ModelError(f"model: {dose.therapy} is worn; leave out the interval")
    if (parameter := model.getParameter(rate)) is None:
        return
    parameter.setConstant(False)
    _parameter(model, f"start_{name}", dose.first, _DAY)
    _parameter(model, f"rate_{name}", dose.amount, _RATE)
    _event(model, f"put_on_{name}", f"time >= start_{name}", {rate: f"{rate} + rate_{name}"})
    if dose.stop is not None:
        _parameter(model, f"stop_{name}", dose.stop, _DAY)
        _event(model, f"take_off_{name}", f"time >= stop_{name}", {rate: f"{rate} - rate_{name}"})


def _parameter(model: Any, identifier: str, value: float, unit: str, *, constant: bool = True) -> None:
    parameter = model.createParameter()
    parameter.setId(identifier)
    parameter.setValue(value)
    parameter.setUnits(unit)
    parameter.setConstant(constant)


def _event(model: Any, identifier: str, trigger: str, changes: dict[str, str]) -> None:
    import libsbml

    event = model.createEvent()
    event.setId(identifier)
    # each adds to what the one before it left, where two come at one time
    event.setUseValuesFromTriggerTime(False)
    when = event.createTrigger()
    # false before the start, so that what holds at time 0 happens then
    when.setInitialValue(False)
    when.setPersistent(True)
    when.setMath(libsbml.parseL3Formula(trigger))
    for variable, formula in changes.items():
        assignment = event.createEventAssignment()
        assignment.setVariable(variable)
        assignment.setMath(libsbml.parseL3Formula(formula))
