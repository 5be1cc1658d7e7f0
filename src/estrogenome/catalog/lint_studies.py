"""Rules on exposures, observation models and studies. Each yields (where, what is wrong and how to mend it)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from estrogenome.catalog import formula
from estrogenome.catalog.body import factor_name
from estrogenome.catalog.check_studies import problems
from estrogenome.catalog.lint_model import model_names
from estrogenome.catalog.load_studies import FOLDER, SPLIT, Studies, load_studies
from estrogenome.core.errors import KnowledgeError
from estrogenome.core.suggest import known
from estrogenome.core.units import factor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from estrogenome.catalog.exposures import Act, Exposure
    from estrogenome.catalog.load import Catalog


def studies_of(catalog: Catalog) -> Studies:
    """Return all studies of the catalog's folder; none where there is no such folder."""
    return _studies_of(catalog.root, catalog.digest)


@lru_cache(maxsize=2)
def _studies_of(root: Path, _digest: str) -> Studies:
    folder = root / FOLDER
    return load_studies(folder) if folder.is_dir() else Studies((), {})


def exposures_act_on_things_that_exist(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """An act on an input, a quantity, a factor or an enzyme that is not there, or in a unit that does not fit."""
    names = model_names(catalog)
    for exposure in catalog.exposures.values():
        for position, act in enumerate(exposure.acts):
            where = f"exposures/{exposure.id}.acts[{position}]"
            yield from ((where, what) for what in (*_targets(act, catalog, names), *_units(act, exposure)))


def _targets(act: Act, catalog: Catalog, names: frozenset[str]) -> Iterator[str]:
    if act.on == "factor":
        name = factor_name(act.reaction, act.tissue)
        if name not in names:
            yield f"the model has no {name}; {known(name, (n for n in names if n.startswith('factor_')))}"
    elif act.on == "enzyme":
        catalysts = catalog.catalysts
        if act.id not in catalysts:
            yield f"{act.id} is in no file of genes/ or enzymes/; {known(act.id, catalysts)}"
        elif not catalysts[act.id].catalyses:
            yield f"{act.id} has no share of any reaction of the model; the act does nothing"
    elif act.id not in names:
        yield f"{act.id} is no quantity of the model; {known(act.id, names)}"


def _units(act: Act, exposure: Exposure) -> Iterator[str]:
    wanted = "nmol/d" if act.on == "input" and exposure.dose is None else "1"
    if act.multiple.unit != wanted:
        yield f"multiple is in {act.multiple.unit}; here it must be in {wanted}"
    if act.on == "input" and act.saturation is not None and exposure.dose is not None:
        if act.saturation.unit != exposure.dose.unit:
            yield f"saturation is in {act.saturation.unit}; here it must be in {exposure.dose.unit}"
        if act.saturation.value <= 0:
            yield "saturation must be above 0"
    if act.on != "input" and act.half_dose is not None and exposure.dose is not None:
        if act.half_dose.unit != exposure.dose.unit:
            yield f"half_dose is in {act.half_dose.unit}; here it must be in {exposure.dose.unit}"
        if act.half_dose.value <= 0:
            yield "half_dose must be above 0"
    if act.on == "input" and exposure.dose is not None:
        try:
            factor(exposure.dose.unit, "nmol/d", exposure.dose.molar_mass)
        except KnowledgeError as error:
            yield f"dose: {error}"


def observations_are_of_readouts_of_their_matrix(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """An observation model of a readout that is not there, of another matrix, or in a unit that does not fit."""
    specs = catalog.readouts | catalog.axis_readouts
    for assay in catalog.assays.values():
        for name, observation in assay.observes.items():
            where = f"assays/{assay.id}.observes[{name}]"
            spec = specs.get(name)
            if spec is None:
                yield where, f"readout {name} is in no file of readouts/; {known(name, specs)}"
                continue
            if spec.matrix != assay.matrix:
                yield where, f"readout {name} is of {spec.matrix}, but the assay measures in {assay.matrix}"
            for part, unit in (("gain", "1"), ("blank", spec.unit), ("limit", spec.unit)):
                quantity = getattr(observation, part)
                if quantity is not None:
                    try:
                        factor(quantity.unit, unit, spec.molar_mass)
                    except KnowledgeError:
                        yield where, f"{part} is in {quantity.unit}, which cannot become {unit}"


def tracers_follow_things_of_the_model(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A label of something the model does not have, a formula that does not parse, or a unit that does not fit."""
    names = model_names(catalog)
    for spec in catalog.tracers.values():
        where = f"tracers/{spec.id}"
        try:
            used = formula.names(spec.formula) if spec.formula else set()
            factor(spec.formula_unit, spec.unit, spec.molar_mass)
        except KnowledgeError as error:
            yield where, str(error)
            continue
        for name in sorted({spec.label, spec.to, spec.over, *used} - names - {""}):
            yield where, f"{name} is nothing of the model; {known(name, names)}"


def studies_can_be_predicted(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A study that names what is not there, or gives a unit that does not fit; the first error alone where the folder cannot be read."""
    try:
        studies = studies_of(catalog)
    except KnowledgeError as error:
        yield FOLDER, str(error)
        return
    for study in studies.studies:
        yield from problems(study, catalog)
        if study.source not in catalog.sources:
            yield f"studies/{study.id}", f"source {study.source!r} is in no file of sources/; add it there"


def cohorts_and_sides_still_lack(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A cohort of the split without a study file, or one of a study file without a side."""
    try:
        studies = studies_of(catalog)
    except KnowledgeError:
        return
    have = {study.cohort for study in studies.studies}
    for cohort in sorted(have - set(studies.split)):
        yield f"studies/{SPLIT}", f"still lacks cohort {cohort}, which counts as check until it stands there"
    for cohort in sorted(set(studies.split) - have):
        yield f"studies/{SPLIT}", f"cohort {cohort} still lacks a study file"
