"""Records of what a genome file says: genotypes at the sites of the catalog, and the diplotypes they leave open."""

from __future__ import annotations

from enum import StrEnum

from estrogenome.core.records import IndexArray, Provenance, Record

_DIPLOID = 2


class SiteState(StrEnum):
    """What is known at a site."""

    OBSERVED = "observed"
    INFERRED = "inferred"
    NOT_ASSAYED = "not_assayed"


class SiteObservation(Record):
    """What one genome file says of one catalog site.

    ``compatible`` lists every allele pair (one tuple entry a chromosome copy) that the file leaves open, in the
    catalog's allele names; empty when not assayed. With ``phase_set`` the order of a pair is the order of
    the two chromosomes within that set; without it both orders are meant and pairs are stored sorted.
    A 0 at a biallelic record of a multi-allelic site therefore leaves several pairs open.
    """

    site: str
    state: SiteState
    compatible: tuple[tuple[str, ...], ...] = ()
    phase_set: str | None = None
    origin: str = ""
    flags: tuple[str, ...] = ()


class CopyObservation(Record):
    """How many copies of a gene somebody has in all: every number that is left open, or none when nothing is known."""

    gene: str
    state: SiteState
    counts: tuple[int, ...] = ()
    origin: str = ""


class Genotypes(Record):
    """Genotypes of everybody in a file at every site of the catalog.

    ``index[person, site]`` points into ``observations``; ``sites`` gives the order of the second axis.
    ``copies`` holds for each person what is known of copy numbers; empty where nobody's is.
    ``statements`` are the user's own words about the file (for example that absent means reference).
    """

    samples: tuple[str, ...]
    build: str
    sites: tuple[str, ...]
    observations: tuple[SiteObservation, ...]
    index: IndexArray
    copies: tuple[tuple[CopyObservation, ...], ...] = ()
    statements: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    provenance: Provenance

    def of(self, sample: str) -> tuple[SiteObservation, ...]:
        """Return the observations of one sample in the order of ``sites``."""
        row = self.index[self.samples.index(sample)]
        return tuple(self.observations[int(i)] for i in row)


class CallStatus(StrEnum):
    """How a diplotype came about."""

    CALLED = "called"
    AMBIGUOUS = "ambiguous"
    INFERRED = "inferred"
    PARTIAL = "partial"
    NOT_ASSAYED = "not_assayed"


class Haplotype(Record):
    """One chromosome copy of a gene: its name and its allele at each site of the gene's file, in that order."""

    name: str
    alleles: tuple[str, ...]


class DiplotypeOption(Record):
    """One compatible diplotype with its posterior weight (the weights of a gene sum to 1)."""

    haplotypes: tuple[Haplotype, ...]
    weight: float


class InferredSite(Record):
    """A pair of alleles at a site that the file leaves open, with its probability given everything else; never observed."""

    site: str
    alleles: tuple[str, ...]
    probability: float


class CopyWeight(Record):
    """One possible number of copies with its probability."""

    copies: int
    weight: float


class GeneDiplotypes(Record):
    """All compatible diplotypes of one gene, heaviest first.

    ``inferred`` are sites of that state (stated by the user); ``inferred_sites`` is what linkage says of open ones.
    ``copies`` is empty where the gene always has two; otherwise every possible number. Copies that are not read from
    the file (``copies_known`` is not *observed*) keep the shares of the reference population, or what the user stated.
    """

    gene: str
    status: CallStatus
    options: tuple[DiplotypeOption, ...]
    sites: tuple[str, ...]
    observed: tuple[str, ...] = ()
    inferred: tuple[str, ...] = ()
    not_assayed: tuple[str, ...] = ()
    inferred_sites: tuple[InferredSite, ...] = ()
    copies: tuple[CopyWeight, ...] = ()
    copies_known: SiteState | None = None
    copies_origin: str = ""

    def by_name(self) -> tuple[tuple[str, float], ...]:
        """Return (diplotype name, probability), most probable first; ties in alphabetical order.

        More copies than two are said behind the name, where their number is known.
        """
        weights: dict[str, float] = {}
        count = self.copies[0].copies if len(self.copies) == 1 and self.copies_known is not SiteState.NOT_ASSAYED else 0
        behind = f" ({count} copies)" if count > _DIPLOID else ""
        for option in self.options:
            name = "/".join(h.name for h in option.haplotypes) + behind
            weights[name] = weights.get(name, 0.0) + option.weight
        return tuple(sorted(weights.items(), key=lambda item: (-item[1], item[0])))


class Diplotypes(Record):
    """Diplotypes of everybody; ``index[person, gene]`` points into ``results``.

    ``ancestry`` is the population whose haplotype frequencies the user chose; empty: all of them alike.
    """

    samples: tuple[str, ...]
    genes: tuple[str, ...]
    results: tuple[GeneDiplotypes, ...]
    index: IndexArray
    ancestry: str = ""
    provenance: Provenance

    def of(self, sample: str) -> tuple[GeneDiplotypes, ...]:
        """Return one sample's results in the order of ``genes``."""
        return tuple(self.results[int(i)] for i in self.index[self.samples.index(sample)])
