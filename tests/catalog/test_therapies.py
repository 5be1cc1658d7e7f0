"""The files of ``therapies/`` and ``protocols/``: they agree with each other, with the exposures and with what they say of themselves."""

from __future__ import annotations

import numpy as np
import pytest

from estrogenome.catalog.load import load_catalog
from estrogenome.catalog.regimens import parse_regimens
from estrogenome.catalog.therapies import Protocol, Release, Therapy, acted, nmol, numbers
from estrogenome.core.uncertainty import State
from estrogenome.core.units import convert
from estrogenome.parameters.expose import at_dose
from estrogenome.parameters.protocol import schedule

CATALOG = load_catalog()
THERAPIES = sorted(CATALOG.therapies.values(), key=lambda t: t.id)
PROTOCOLS = sorted(CATALOG.protocols.values(), key=lambda p: p.id)
ESTERS_IN_OIL = ["testosterone_cypionate", "testosterone_enanthate", "testosterone_undecanoate", "estradiol_valerate_im"]
# DHT is made on the way in of the testosterone that the dose weighs
MOLAR = {"T": 288.42, "DHT": 288.42, "E2": 272.38, "P4": 314.46}


def released(therapy: Therapy) -> list[Release]:
    return list(therapy.releases)


@pytest.mark.parametrize("therapy", THERAPIES, ids=lambda t: t.id)
def test_a_therapy_has_a_labelled_regimen_and_a_limit(therapy: Therapy) -> None:
    assert therapy.labels
    assert therapy.limits.strip()


@pytest.mark.parametrize("therapy", THERAPIES, ids=lambda t: t.id)
def test_no_more_arrives_than_is_given(therapy: Therapy) -> None:
    if therapy.releases:
        assert sum(release.share.value for release in therapy.releases) <= 1


@pytest.mark.parametrize("therapy", THERAPIES, ids=lambda t: t.id)
def test_an_ester_weighs_more_than_its_steroid(therapy: Therapy) -> None:
    for release in released(therapy):
        steroid = MOLAR[release.into.split("_")[1]]
        assert therapy.dose.molar_mass is not None
        assert therapy.dose.molar_mass >= steroid


@pytest.mark.parametrize("therapy", THERAPIES, ids=lambda t: t.id)
def test_shares_agree_with_the_exposure_or_say_why_not(therapy: Therapy) -> None:
    exposure = CATALOG.exposures.get(therapy.id)
    inputs = [act for act in exposure.acts if act.on == "input"] if exposure else []
    for act in inputs:
        (release,) = (r for r in therapy.releases if r.into == act.id)
        same = (release.share.value, release.share.spread) == (act.multiple.value, act.multiple.spread)
        assert same or f"exposures/{therapy.id}" in release.share.note


@pytest.mark.parametrize("name", ESTERS_IN_OIL)
def test_esters_in_oil_have_one_prior(name: str) -> None:
    first, own = CATALOG.therapies[ESTERS_IN_OIL[0]].releases[0].share, CATALOG.therapies[name].releases[0].share
    assert (own.value, own.spread) == (first.value, first.spread)


@pytest.mark.parametrize("therapy", [t for t in THERAPIES if t.drug], ids=lambda t: t.id)
def test_inhibition_at_the_known_dose_is_that_of_the_exposure(therapy: Therapy) -> None:
    exposure = CATALOG.exposures.get(therapy.id)
    # an act without a dose is net of what the axis answers, which courses follow
    acts = [a for a in exposure.acts if a.on == "factor" and a.at_dose is not None] if exposure else []
    for act in acts:
        (own,) = (a for a in therapy.acts if a.on == "inhibition" and act.tissue in a.tissues)
        drug = therapy.drug
        rate = convert(act.at_dose, exposure.dose.unit, "nmol/d", therapy.dose.molar_mass)
        unbound = drug.unbound.value * rate / (drug.volume.value * drug.elimination.value)
        left = 1 / (1 + unbound / own.Ki.value)
        assert 0.6 < left / act.multiple.value < 1.6


@pytest.mark.parametrize("therapy", [t for t in THERAPIES if t.drug], ids=lambda t: t.id)
def test_what_is_left_at_a_dose_is_that_of_the_exposure(therapy: Therapy) -> None:
    exposure = CATALOG.exposures.get(therapy.id)
    folds = {name: act for act in therapy.acts if act.on == "fold" for name in acted(act)}
    for act in exposure.acts if exposure else ():
        if act.on != "constant" or act.half_dose is None:
            continue
        own, drug = folds[act.id], therapy.drug
        for dose in np.array([0.25, 1, 4, 16, 64, 256]) * act.half_dose.value:
            rate = convert(float(dose), exposure.dose.unit, "nmol/d", therapy.dose.molar_mass)
            unbound = drug.unbound.value * rate / (drug.volume.value * drug.elimination.value)
            most = own.emax.value if own.emax else own.left.value - 1
            half = np.array([act.half_dose.value / act.at_dose])
            (steady,) = at_dose(np.array([act.multiple.value]), dose / act.at_dose, half)
            assert 1 + most * unbound / (own.C50.value + unbound) == pytest.approx(steady, abs=0.03)


@pytest.mark.parametrize("therapy", THERAPIES, ids=lambda t: t.id)
def test_what_was_not_read_is_not_called_measured(therapy: Therapy) -> None:
    for row, number in numbers(therapy).items():
        if CATALOG.sources[number.source].read in {"own", "secondary"}:
            assert number.state != State.MEASURED, row


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda p: p.id)
def test_a_protocol_can_be_scheduled(protocol: Protocol) -> None:
    regimens = parse_regimens(CATALOG, protocol.id)
    assert schedule(CATALOG, regimens, 84)
    assert schedule(CATALOG, regimens, 365)


def test_there_are_many_protocols_of_both_sexes() -> None:
    assert len(PROTOCOLS) >= 15
    assert {state for p in PROTOCOLS for state in p.states} >= {"man", "postmenopausal"}


def test_moles_of_esters_are_those_of_the_steroid() -> None:
    shares = {"testosterone_cypionate": 0.699, "testosterone_enanthate": 0.720, "testosterone_undecanoate": 0.632}
    for name, share in shares.items():
        grams = nmol(CATALOG.therapies[name], 100) * MOLAR["T"] / 1e6
        assert grams == pytest.approx(100 * share, abs=0.06)
