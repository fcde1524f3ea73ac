"""Nobody is named in what is typed: reasons, notes and a recipient's code stay in the ledger for ever."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from registry.errors import PatientData, WrongUsage
from registry.intake.checks.free_text_privacy import refuse_person
from registry.services import ProductDraft
from tests.people import account_of
from tests.services.conftest import SECRET, House

NAMES = [
    ("Patient name: Ada Lovelace", "somebody's name or number"),
    ("Held for MRN 4711.", "somebody's name or number"),
    ("It was given out to Patient ID: 4711", "somebody's name or number"),
    ("Surname: Lovelace", "somebody's name or number"),
    ("patient: Ada Lovelace", "somebody's name or number"),
    ("The child born 10.12.1815", "a date of birth"),
    ("Ada Lovelace (1915-12-10)", "a date of birth"),
    ("Ada Lovelace, 10 Dec 1915", "a date of birth"),
]
HARMLESS = [
    "The patient is prepared; the culture ends on day 14.",
    "Needed for the patient: The culture ends on 2026-12-06.",
    "Reviewed by Anna Li 2026-11-20.",
    "Validation Report 2019-02-01 was read.",
    "donor id D-17, subject 4 of cohort 2, patient 1",
    "Whitehouse 2017, Cytotherapy, doi 10.1016/j.jcyt.2017.01.002",
    "A freezer's alarm.",
]


@pytest.mark.parametrize(("text", "found"), NAMES)
def test_a_text_that_says_who_somebody_is_is_refused_and_never_repeated(text: str, found: str) -> None:
    """By what a name or number is called, or by a date of birth."""
    with pytest.raises(PatientData) as refusal:
        refuse_person("reason", text, 2026)
    assert refusal.value.as_dict() == {
        "kind": "PatientData",
        "code": "patient-data",
        "message": "The reason says who somebody is, and nothing was entered.",
        "expected": "words without a patient's or donor's name, number or date of birth",
        "found": found,
        "where": "reason",
        "todo": "Write it without the person: the ledger keeps it for ever. A lot and a code say who is meant.",
    }


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200b", "\ufeff", "\x00", "\x1b", "\x7f"])
def test_a_sign_that_is_not_shown_is_refused_by_its_number(sign: str) -> None:
    """It may turn what a signer reads around, or hide in it."""
    with pytest.raises(WrongUsage) as refusal:
        refuse_person("reason", f"Freezer{sign} alarm", 2026)
    assert (refusal.value.found, refusal.value.where) == (f"U+{ord(sign):04X}", "reason")


@pytest.mark.parametrize(
    "text", [*HARMLESS, "Line one\nline two\tand\u00a0three", "soft\u00adhyphen", "e\u0301 µ 細胞"]
)
def test_what_names_nobody_is_let_through(text: str) -> None:
    """A patient is spoken of, somebody of the staff is named with today's date, a publication is cited."""
    refuse_person("reason", text, 2026)


def _decided(house: House, said: str) -> None:
    house.decide("H-01", "hold", reason=said)


def _meant(house: House, said: str) -> None:
    house.registry.releases.sign("H-01", "hold", name="q.one", password=SECRET, meaning=said, reason="For the test.")


def _withdrawn(house: House, said: str) -> None:
    panel = house.registry.lots.get("H-01").panels[0].panel
    house.registry.submissions.withdraw(panel, reason=said, name="q.one", password=SECRET)


def _accepted(house: House, said: str) -> None:
    house.registry.releases.accept("H-01", "cd73", reason=said, name="q.one", password=SECRET)


def _noted(house: House, said: str) -> None:
    house.lot("H-02", note=said)


def _of_a_product(house: House, said: str) -> None:
    draft = ProductDraft("P-X", "A product", "CL:0000134", "words", "allogeneic", "NCBITaxon:9606", note=said)
    house.registry.products.register(draft, account_of(house.registry, "q.two"))


@pytest.mark.parametrize("enter", [_decided, _meant, _withdrawn, _accepted, _noted, _of_a_product])
def test_nothing_is_entered(house: House, enter: Callable[[House, str], None]) -> None:
    """A decision's reason and meaning, a withdrawal's, an acceptance's, a lot's note, a product's."""
    house.lot("H-01")
    house.submit("H-01")
    size = house.registry.size()
    with pytest.raises(PatientData):
        enter(house, "Patient name: Ada Lovelace")
    assert house.registry.size() == size


@pytest.fixture
def autologous(house: House) -> House:
    """A product that is made for one recipient."""
    draft = ProductDraft("AUTO", "own cells", "CL:0000134", "marrow", "autologous", "NCBITaxon:9606")
    house.registry.products.register(draft, account_of(house.registry, "q.two"))
    return house


def test_only_a_lot_for_one_recipient_takes_a_code(autologous: House) -> None:
    """A code on an allogeneic lot, or on a bank, would say that it is for one person; nothing is registered."""
    for name, of in (("A-01", {"product": "POI-M"}), ("A-02", {"product": None, "kind": "cell bank"})):
        with pytest.raises(WrongUsage) as refusal:
            autologous.lot(name, recipient="R-0042", **of)
        assert (refusal.value.where, refusal.value.message) == (
            "recipient", f"{name} is made for nobody in particular: it takes no recipient's code.",
        )  # fmt: skip
        assert autologous.registry.lot_index.find(name) == []
    autologous.lot("A-03", product="AUTO", recipient="R-0042")
    viewer = autologous.account("clinic.one")
    assert autologous.registry.lots.get("A-03", viewer=viewer).answer.recipient == "R-0042"


@pytest.mark.parametrize("code", ["Ada Lovelace", "AL", "R-0042\x00", "R" + "0" * 64])
def test_a_code_is_no_name(autologous: House, code: str) -> None:
    """It is short and holds a digit; what was typed is not repeated."""
    with pytest.raises(WrongUsage) as refusal:
        autologous.lot("A-04", product="AUTO", recipient=code)
    assert refusal.value.where == "recipient"
    assert code not in str(refusal.value)


@pytest.mark.parametrize("code", ["Ada Lovelace 10.12.1915", "MRN 4711"])
def test_a_code_is_no_date_of_birth_and_no_hospitals_number(autologous: House, code: str) -> None:
    """Both lead to the person, digits or not."""
    with pytest.raises(PatientData) as refusal:
        autologous.lot("A-05", product="AUTO", recipient=code)
    assert (refusal.value.where, code in str(refusal.value)) == ("recipient", False)
