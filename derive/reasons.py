"""Why rows of ``docs/reference/probes.md`` do not hold, by row. A text is shown only while its row is off."""

from __future__ import annotations

_CIMETIDINE = (
    "the labelled share falls further than caffeine (CYP1A2) and midazolam (CYP3A4) say that cimetidine slows the two enzymes that make most of it; the table below says which rate "
    "the published share asks for. Either estrogens meet a stronger inhibition than those two drugs, or enzymes that cimetidine stops do more of it."
)
_E1S = (
    "a linear body leaves of E1S what the tracer leaves of aromatisation, and these numbers are two to three times that under both drugs. Tracer and E1S of one study cannot both be "
    "true of such a body: the assay has a floor that nobody printed (the blank needed stands below; none is put in), or a little of E1S is made without aromatase."
)
_DIXON = "the blank of a radioimmunoassay that is assumed here is larger than that of this laboratory, whose residuals are lower than those of Geisler 2002 with the same drugs."
_MEN_E2 = (
    "half of a man's E2 is secreted by the gonad here and the drug's hold on it is assumed; T rises by half or more in these men and drives a gonad whose secretion is held in this "
    "version. Immunoassays of E2 add a floor. The tracer of postmenopausal women says nothing of a gonad."
)
_MEN_E1 = "what is left of E1 under an inhibitor is above the tracer's residual as after menopause: a floor of the immunoassay, or E1 that the gonad or another precursor gives."
_ORAL_SMOKE = (
    "smoke raises CYP1A2 half again, and the liver is one of several places where a swallowed dose is lost; the table below says how active the enzyme would have to be. What smoke does in the gut "
    "is CYP1A1 alone here, with an assumed share."
)
_LEVEL = "a production rate is clearance × level, and our men stand at the NHANES medians of all ages (T near 420 ng/dL, E1 near 35 pg/mL); the collected numbers are of other levels."
_BINDING = "our unbound fractions are at the SHBG of NHANES people; with the same constants the published people must have had more SHBG (their own is not printed)."

REASONS: dict[str, str] = {
    "PR083": _CIMETIDINE,
    "PR084": _CIMETIDINE,
    "PR085-E2": "2-hydroxylation is a small part of E2's removal and blood flow limits the rest; the steps and the largest possible rise stand below.",
    "PR085-U": "follows the labelled share.",
    **dict.fromkeys(("H1-313", "H1-317", "DIX-e1s-ana", "DIX-e1s-let"), _E1S),
    **dict.fromkeys(("DIX-e2-ana", "DIX-e2-let", "WIL-E2"), _DIXON),
    **dict.fromkeys(
        ("H1-311", "H1-312", "H1-315", "H1-316"), "floors: gain and blank of the assay decide what is printed; see the blanks needed."
    ),
    **dict.fromkeys(("H1-024", "H1-030", "H1-017", "H1-001", "H1-002", "H1-061", "H1-063", "DEB-E2-LET"), _MEN_E2),
    **dict.fromkeys(("H1-018", "H1-007", "H1-008"), _MEN_E1),
    **dict.fromkeys(("H3146", "H3147", "H3149"), _ORAL_SMOKE),
    "MIC-1": "as cimetidine from the other side: caffeine says that smoke raises CYP1A2 half again; the published share asks for about twice that.",
    **dict.fromkeys(("H3153", "H3154"), "E1 over E2 of swallowed E2: studies give 3 to 20, the fit stands between."),
    **dict.fromkeys(("H3150", "H3156", "H3158"), "no difference was found; half of the women of the larger study took hormones."),
    **dict.fromkeys(
        ("mcr-e1-pm", "mcr-e1-man", "mcr-e2-man", "mcr-e1-fol", "mcr-e2-fol"),
        "one factor scales all clearances of a state, and levels after menopause pull it down; the table's paper was not reached.",
    ),
    "mcr-e2-pm": "levels under patches, gels and sprays ask for more oxidation in the periphery, and so for a faster clearance, than this table has; its paper was not reached.",
    **dict.fromkeys(
        ("mcr-e1s-man", "mcr-e1s-fol"),
        "levels of E1S by mass spectrometry beside those of E1 ask for about half of the clearance in this table, whose paper was not reached.",
    ),
    **dict.fromkeys(
        ("mcr-t-man", "mcr-t-fol"),
        "clearance of T rises with its unbound fraction, and our people have less SHBG than those of the reference.",
    ),
    **dict.fromkeys(("pr-t-man", "pr-e1-man", "e2-of-t-man", "pr-e2-man", "pr-dht-man", "pr-dht-man-ito", "pr-dht-fol"), _LEVEL),
    "pr-e2-lut": "our luteal women stand at the NHANES median of days that are not the peak.",
    **dict.fromkeys(
        ("rho-a4-e1-fol", "rho-t-e2-fol", "rho-a4-e1-man", "rho-t-e2-man"),
        "one ratio of T to A4 serves both sexes; Longcope's women have a lower T → E2 beside a higher A4 → E1 than that allows.",
    ),
    **dict.fromkeys(("rho-t-dht-man", "rho-t-dht-fol"), "Saez and Ito differ by more than their errors; the model follows Ito."),
    **dict.fromkeys(
        ("2oh-fol-mic", "2oh-fol", "2oh-man"),
        "two tracer studies of women differ by a tenth; the fit follows that of Schneider and the men.",
    ),
    "16oh-fol": "urine has as much of the 16-path as of the 2-path, the labelled dose a third; the fit lies above the dose.",
    **dict.fromkeys(("17ox-low", "17ox-high"), "the model counts sulfate of E2 as E1S and cannot say how much of it was oxidised."),
    **dict.fromkeys(
        ("4-to-2-serum", "4-to-2-urine"),
        "one ratio of 4- to 2-hydroxylation serves serum of women after menopause (1/7) and luteal urine (1/9), which differ.",
    ),
    "oral": "one dose in fourteen women, with a spread as large as the mean.",
    "oral-ratio": "areas after one dose in Kuhnz give 9 to 20, other oral studies 5 to 6.5; the fit lies between.",
    "urine-luteal": "urine of the model holds more unchanged E1 and E2 (as conjugates) than the panel found; how much leaves by urine rests on glucuronides of one labelled dose.",
    **dict.fromkeys(("fu-t-man", "fu-e2-man", "fu-t-fol", "fu-e2-fol"), _BINDING),
    "patch": "the delivered share is a prior of 0.85 unless the fit says otherwise, and the label's number is an immunoassay's rise.",
    "shbg-t": "no SHBG is printed; the exponent of the unbound fraction in clearance is assumed.",
    **dict.fromkeys(
        ("enanthate-25", "enanthate-50"),
        "the published nadirs rise by a fifth from 25 to 50 mg, so that about 200 ng/dL of them do not come from the injection; own T is none here, and no law of clearance gives it.",
    ),
    **dict.fromkeys(("enanthate-300", "enanthate-600"), "SHBG falls under high doses, which an input of T does not do here."),
    "t-e1s": "volumes move no steady state and were never fitted: E1S has the plasma volume of E2 (10.9 L) and a liver and periphery of assumed size.",
    "t-oral": "as for E1S: the reservoir's volume is assumed.",
}
