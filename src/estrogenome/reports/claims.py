"""Popular claims with what holds at enzyme, body and outcome level, seen from one person's genotype."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estrogenome.core.genotype_records import SiteState
from estrogenome.core.report_records import Evidence, GradedStatement, ReportedClaim

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estrogenome.catalog.claims import Claim, Finding, Statement
    from estrogenome.core.genotype_records import SiteObservation
    from estrogenome.reports.references import Numbering


def report_claims(
    claims: Iterable[Claim], observed: dict[str, SiteObservation], numbering: Numbering, counts: frozenset[int] = frozenset()
) -> tuple[ReportedClaim, ...]:
    """Return claims with their evidence: those about alleles this person carries first, those the file leaves open next.

    ``counts`` are the numbers of copies of the gene that the file or the user leaves open, none where nothing is known.
    """
    order = {True: 0, None: 1, False: 2}
    sorted_claims = sorted(claims, key=lambda c: order[carries(c, observed.get(c.site), counts)])
    return tuple(
        ReportedClaim(
            id=claim.id,
            site=claim.site,
            claim=claim.claim,
            alleles=claim.alleles,
            carried=carries(claim, observed.get(claim.site), counts),
            enzyme=graded("enzyme", claim.enzyme, numbering),
            body=graded("body", claim.body, numbering),
            outcome=graded("outcome", claim.outcome, numbering),
        )
        for claim in sorted_claims
    )


def carries(claim: Claim, observation: SiteObservation | None, counts: frozenset[int] = frozenset()) -> bool | None:
    """Return whether this person carries an allele, or has a number of copies, the claim is about; None where the file leaves it open.

    A claim about no allele in particular concerns everybody.
    """
    if claim.copies:
        found = {count in claim.copies for count in counts}
        return found.pop() if len(found) == 1 else None
    if not claim.alleles:
        return True
    if observation is None or observation.state is SiteState.NOT_ASSAYED or not observation.compatible:
        return None
    answers = {any(allele in claim.alleles for allele in pair) for pair in observation.compatible}
    return answers.pop() if len(answers) == 1 else None


def graded(level: str, statement: Statement, numbering: Numbering) -> GradedStatement:
    """Return a statement of one level with its sources numbered."""
    return GradedStatement(
        level=level,
        grade=statement.grade,
        text=statement.text,
        supports=tuple(_evidence(f, numbering) for f in statement.supports),
        contradicts=tuple(_evidence(f, numbering) for f in statement.contradicts),
    )


def _evidence(finding: Finding, numbering: Numbering) -> Evidence:
    number = numbering.cite(finding.source)
    return Evidence(
        text=finding.finding,
        reference=number,
        year=numbering.year(finding.source),
        locator=finding.locator,
        n=finding.n,
        design=finding.design,
    )
