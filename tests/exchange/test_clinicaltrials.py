"""A study of ClinicalTrials.gov's API v2: every field with its source, no person, and no dose that is guessed."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import vocabulary
from registry.domain import Arm, Captured, PlannedOutcome, Publication
from registry.errors import RegistryError, Unreadable
from registry.exchange.clinicaltrials import BOTH, SOURCE, read
from registry.intake.values.unreadable_value import Misprint

DISEASES = vocabulary.load().diseases
FIELDS = ["armGroups", "interventions", "label", "description", "conditions", "phases", "date"]


def protocol(dose: str = "0.5×10^7 cells per ovary, both ovaries") -> dict[str, Any]:
    """A record as the API gives it, made up in part: the modules of the seed study, with contacts to leave out."""
    return {
        "identificationModule": {
            "nctId": "NCT03877471", "acronym": "MSCLCTWPOI", "briefTitle": "MSC-like cells in POI",
            "orgStudyIdInfo": {"id": "IOZ ChineseAS POI-2"},
        },
        "statusModule": {
            "overallStatus": "UNKNOWN", "startDateStruct": {"date": "2019-04-01", "type": "ESTIMATED"},
            "completionDateStruct": {"date": "2021-12-31", "type": "ESTIMATED"},
        },
        "sponsorCollaboratorsModule": {
            "responsibleParty": {"investigatorFullName": "Ada Example", "investigatorTitle": "Professor"},
            "leadSponsor": {"name": "Chinese Academy of Sciences", "class": "OTHER"},
        },
        "conditionsModule": {"conditions": ["Primary Ovarian Insufficiency", "A disease of nobody"]},
        "designModule": {"phases": ["PHASE1"], "enrollmentInfo": {"count": 28, "type": "ESTIMATED"}},
        "armsInterventionsModule": {
            "armGroups": [
                {"label": "Medium dose", "type": "EXPERIMENTAL", "description": dose},
                {"label": "Observed", "description": "No cells."},
            ],
            "interventions": [{"type": "GENETIC", "name": "Cell therapy", "armGroupLabels": ["Medium dose"]}],
        },
        "outcomesModule": {"primaryOutcomes": [{"measure": "Safety", "timeFrame": "12 months"}]},
        "eligibilityModule": {
            "sex": "FEMALE", "maximumAge": "40 Years", "eligibilityCriteria": "Inclusion:\n\n* FSH > 25 IU/mL\n",
        },
        "contactsLocationsModule": {
            "overallOfficials": [{"name": "Ada Example", "role": "STUDY_DIRECTOR"}],
            "centralContacts": [{"name": "Ada Example", "phone": "+86 10 5555 0100", "email": "ada@example.org"}],
            "locations": [{"facility": "A hospital", "city": "Beijing", "country": "China",
                           "contacts": [{"name": "Ada Example", "email": "ada@example.org"}]}],
        },
        "referencesModule": {"references": [{"pmid": "1", "citation": "Example A. doi: 10.1016/J.X.2025.1."}]},
    }  # fmt: skip


def record(**modules: Any) -> bytes:
    """Its bytes, with some modules replaced."""
    return json.dumps({"protocolSection": {**protocol(), **modules}, "hasResults": False}).encode()


def test_every_field_of_the_record_is_read_with_its_source() -> None:
    """Title, identifiers, dates, condition by its name, sponsor, arms, outcomes, eligibility, DOIs."""
    study = read(record(), DISEASES)
    assert (study.id, study.title, study.phase, study.status) == (
        "NCT03877471", "MSC-like cells in POI", "Phase 1", "UNKNOWN",
    )  # fmt: skip
    assert study.identifiers == (("sponsor", "IOZ ChineseAS POI-2"),)
    assert (study.enrolment, study.enrolment_type) == (28, "estimated")
    assert study.start == (Captured("2019-04-01", f"{SOURCE}, estimated"),)
    assert study.conditions == ("http://purl.obolibrary.org/obo/DOID_5426",)
    assert [each.value for each in study.captured["conditions"]] == [
        "Primary Ovarian Insufficiency", "A disease of nobody",
    ]  # fmt: skip
    assert study.arms == (Arm("medium-dose", "Medium dose", 5_000_000, BOTH),)
    assert study.arms[0].total == 10_000_000
    assert study.arms_without_dose == ("Observed",)
    assert study.outcomes == (PlannedOutcome("Safety", "12 months", "primary"),)
    assert study.eligibility == ("Sex: FEMALE", "Maximum age: 40 Years", "Inclusion:", "FSH > 25 IU/mL")
    assert study.places == ("A hospital, Beijing, China",)
    assert study.publications == (Publication("10.1016/j.x.2025.1", ""),)
    assert study.sources["arms"] == (f"{SOURCE}, armsInterventionsModule",)


def test_no_person_is_kept() -> None:
    """Neither officials nor contacts nor authors; a sponsor who is a person is left out as well."""
    person = {"leadSponsor": {"name": "Ada Example", "class": "INDIV"}}
    study = read(record(sponsorCollaboratorsModule=person), DISEASES)
    assert "Ada" not in repr(study)
    assert "Example" not in repr(study)
    assert "example.org" not in repr(study)
    assert "5555" not in repr(study)
    assert study.sponsor == ""


@pytest.mark.parametrize("dose", ["Low dose (0.2×107) in both ovaries", "2x106 cells per ovary, both ovaries"])
def test_a_lost_superscript_is_refused_with_both_readings(dose: str) -> None:
    """Every mirror of the seed study prints its dose so."""
    with pytest.raises(Misprint, match="can be read as") as refusal:
        read(record(**{"armsInterventionsModule": protocol(dose)["armsInterventionsModule"]}), DISEASES)
    assert refusal.value.where == "protocolSection.armsInterventionsModule.armGroups[0]"
    assert "2000000 cells" in refusal.value.message


@pytest.mark.parametrize(
    "dose",
    ["5×10^6 cells", "5×10^6 or 10^7 cells per ovary, 1×10^7 in both ovaries", "5000000 cells per ovary, both ovaries",
     "5×10^6 cells in both ovaries together"],
)  # fmt: skip
def test_a_dose_that_is_not_said_of_each_site_is_not_taken(dose: str) -> None:
    """Without sites, with two doses, without a power of ten: the arm is kept as one of unknown dose."""
    study = read(record(**{"armsInterventionsModule": protocol(dose)["armsInterventionsModule"]}), DISEASES)
    assert (study.arms, study.arms_without_dose) == ((), ("Medium dose", "Observed"))


@pytest.mark.parametrize("data", [b"{}", b'{"protocolSection": {}}', b'{"protocolSection": 7}', record(
    identificationModule={"nctId": "NCT1"}), b"[" * 50_000])  # fmt: skip
def test_what_is_no_study_is_refused(data: bytes) -> None:
    """An empty object, a text for a number, a number that is none."""
    with pytest.raises(Unreadable):
        read(data, DISEASES)


@given(st.sampled_from(sorted(protocol())), st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=40),
    lambda x: st.lists(x, max_size=4) | st.dictionaries(st.sampled_from(FIELDS), x),
    max_leaves=12))  # fmt: skip
def test_any_module_gives_a_study_or_a_refusal(module: str, value: Any) -> None:
    """Hostile input ends in one of our own errors."""
    with suppress(RegistryError):
        read(record(**{module: value}), lambda _text: ())
