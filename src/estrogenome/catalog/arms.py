"""The arms of a study with everything filled in from their bases, in the units of the model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from estrogenome.catalog.exposures import parse_dose
from estrogenome.catalog.person import amount_of, covariate_named
from estrogenome.core.errors import KnowledgeError, PersonError
from estrogenome.core.records import Exposed
from estrogenome.core.suggest import known

if TYPE_CHECKING:
    from estrogenome.catalog.load import Catalog
    from estrogenome.catalog.states import HormonalState
    from estrogenome.catalog.studies import Arm, Genotype, GivenExposure, Study


@dataclass(frozen=True)
class FullArm:
    """An arm by itself.

    ``covariates`` hold the value in the covariate's unit (levels, body mass index, weight) and the exposures under which it was measured:
    these do not move it again.
    """

    name: str
    state: HormonalState
    n: int | None
    age: float | None
    covariates: dict[str, tuple[float, tuple[Exposed, ...]]]
    exposures: tuple[Exposed, ...]
    genotype: dict[str, Genotype]
    therapies: tuple[str, ...] = ()
    axis: str | None = None

    @property
    def in_time(self) -> bool:
        """Whether the arm has to be followed in time: something is given, or an axis is asked for by name."""
        return bool(self.therapies) or self.axis is not None


def full_arm(study: Study, name: str, catalog: Catalog) -> FullArm:
    """Return an arm of ``study`` with everything it takes from its bases.

    Raises:
        KnowledgeError: something in it is unknown, out of range, or goes round in a circle.
    """
    where = f"studies/{study.id}: arm {name}"
    chain = _chain(study, name)
    arms = [study.arms[n] for n in reversed(chain)]
    state = _state(next((a.state for a in reversed(arms) if a.state), None), catalog, where)
    # a state that borrows its numbers has the lender's covariates
    own = state if state.covariates or not state.like else catalog.states[state.like]
    exposures: tuple[Exposed, ...] = ()
    covariates: dict[str, tuple[float, tuple[Exposed, ...]]] = {}
    genotype: dict[str, Genotype] = {}
    for arm in arms:
        if arm.exposures is not None:
            exposures = tuple(_exposed(given, catalog, where) for given in arm.exposures)
        covariates |= {n: (v, exposures) for n, v in _covariates(arm, own, where).items()}
        genotype |= arm.genotype
    age = next((a.age for a in reversed(arms) if a.age is not None), None)
    if age is not None and not state.ages[0] <= age <= state.ages[1]:
        raise KnowledgeError(f"{where}: age {age:g} does not fit state {state.id}; it takes {state.ages[0]:g} to {state.ages[1]:g} years")
    for gene, given in genotype.items():
        _check_genotype(gene, given, catalog, where)
    return FullArm(
        name=name,
        state=state,
        n=next((a.n for a in reversed(arms) if a.n is not None), None),
        age=age,
        covariates=covariates,
        exposures=exposures,
        genotype=genotype,
        therapies=next((a.therapies for a in reversed(arms) if a.therapies is not None), ()),
        axis=next((a.axis for a in reversed(arms) if a.axis is not None), None),
    )


def _chain(study: Study, name: str) -> list[str]:
    chain: list[str] = []
    following: str | None = name
    while following is not None:
        if following not in study.arms:
            raise KnowledgeError(f"studies/{study.id}: arm {following} is not there; {known(following, study.arms)}")
        if following in chain:
            raise KnowledgeError(f"studies/{study.id}: arm {name}: its base leads back to itself; give one arm without base")
        chain.append(following)
        following = study.arms[following].base
    return chain


def _state(name: str | None, catalog: Catalog, where: str) -> HormonalState:
    if name is None:
        raise KnowledgeError(f"{where}: no state; give one of {', '.join(catalog.states)}")
    for entry in catalog.states.values():
        if name in {entry.id, *entry.aliases}:
            return entry
    raise KnowledgeError(f"{where}: state {name!r} is not known; {known(name, catalog.states)}")


def _exposed(given: GivenExposure, catalog: Catalog, where: str) -> Exposed:
    exposure = catalog.exposures.get(given.id)
    if exposure is None:
        raise KnowledgeError(f"{where}: exposure {given.id} is in no file of exposures/; {known(given.id, catalog.exposures)}")
    try:
        return Exposed(id=exposure.id, dose=parse_dose(exposure, given.dose, where))
    except PersonError as error:
        raise KnowledgeError(str(error)) from error


def _covariates(arm: Arm, state: HormonalState, where: str) -> dict[str, float]:
    found = {}
    body = {name: f"{value:g}" for name, value in (("bmi", arm.bmi), ("weight", arm.weight)) if value is not None}
    for name, text in (body | arm.covariates).items():
        covariate = covariate_named(state, name)
        if covariate is None:
            offered = known(name, [c.parameter for c in state.covariates])
            raise KnowledgeError(f"{where}: covariate {name} is not known in state {state.id}; {offered}")
        try:
            value = amount_of(text, covariate)
        except (KnowledgeError, ValueError) as error:
            raise KnowledgeError(f"{where}: covariate {name}: {text!r} is not a number in {covariate.unit}") from error
        low, high = covariate.plausible
        if not low <= value <= high:
            raise KnowledgeError(f"{where}: covariate {name} {text} is out of range; {low:g} to {high:g} {covariate.unit} are plausible")
        found[covariate.parameter] = value
    return found


def _check_genotype(name: str, given: Genotype, catalog: Catalog, where: str) -> None:
    gene = catalog.genes.get(name)
    if gene is None:
        raise KnowledgeError(f"{where}: gene {name} is in no file of genes/; {known(name, catalog.genes)}")
    sites = {site.id: site for site in gene.sites}
    for site, alleles in given.sites.items():
        if site not in sites:
            raise KnowledgeError(f"{where}: site {site} is not in genes/{name}; {known(site, sites)}")
        wrong = [allele for allele in alleles if allele not in sites[site].alleles]
        if wrong or len(alleles) != len("xy"):
            raise KnowledgeError(f"{where}: {site}: give two alleles of {', '.join(sites[site].alleles)}")
    if given.copies is not None and gene.copies is None:
        raise KnowledgeError(f"{where}: {name} always has two copies; leave out copies")
    names = {allele.name for allele in gene.alleles} | {gene.default}
    for part in given.diplotype.split("/") if given.diplotype else ():
        if part not in names:
            raise KnowledgeError(f"{where}: {part} is no named allele of {name}; {known(part, names)}")
