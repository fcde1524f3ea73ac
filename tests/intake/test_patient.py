"""Patients' data: the whole file is refused, and what they are is never repeated."""

from __future__ import annotations

import pytest

from registry import intake, workbook
from registry.errors import PatientData
from registry.intake import find_patient_data, is_patient_key
from tests.intake.inputs import HEADER, TERMS, table

SECRET = "Ada-4711"
NAMES = [
    *("Patient name", "patient_name", "PatientName", "PATIENT ID", "patientId", "Patient's name", "Patient", "MRN"),
    *("Date of birth", "date_of_birth", "DOB", "birthDate", "Surname", "last name", "First Name", "givenName"),
    *("Name", "NAMES", "Patientin", "initials", "Spender", "Spenderin", "Nom", "Nombre", "Cognome", "full_name"),
    *("medical record number", "NHS number", "SSN", "subject ID", "recipient name", "donor name", "Geburtsdatum"),
]


@pytest.mark.parametrize("name", NAMES)
def test_a_filled_column_refuses_the_file(name: str) -> None:
    """The refusal names the column and how many rows, and repeats nothing of them."""
    with pytest.raises(PatientData) as caught:
        table(f"P-1,CD73,98,%,{SECRET}", "P-2,CD73,98,%,", header=f"{HEADER},{name}")
    assert caught.value.found == f"filled in: {name}: 1 row"
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_column_does_not(name: str) -> None:
    """Instruments export the column whether it is used or not."""
    assert len(table("P-1,CD73,98,%,", "P-2,CD73,98,%,-", header=f"{HEADER},{name}").results) == 2


@pytest.mark.parametrize(
    "name", ["lot", "analyst", "NAME", "sample name", "donor id", "patient 1", "operator", "clone", "birch", ""]
)
def test_names_that_ask_for_nobody(name: str) -> None:
    """A sample's name, a donor's pseudonym and a lot called patient 1 are no patients' data."""
    assert not is_patient_key(name)


@pytest.mark.parametrize("name", ["Sample name", "file name", "Instrument name", "Operator", "donor id", "nominal"])
def test_a_heading_that_only_holds_such_a_word_stays_readable(name: str) -> None:
    """Only a whole heading names a person; of any other column that is kept unread the laboratory is told."""
    said = table("P-1,CD73,98,%,x", header=f"{HEADER},{name}")
    assert ([result.printed for result in said.results], [notice.message for notice in said.notices]) == (
        ["98"],
        [
            f"The column '{name}' is not known and was not read. Once submitted, the file is kept whole, with this "
            "column. If it says anything about a person, take it out first."
        ],
    )


def test_an_unread_column_that_holds_nothing_is_no_danger() -> None:
    """It is only named."""
    said = table("P-1,CD73,98,%,", header=f"{HEADER},Operator")
    assert [notice.message for notice in said.notices] == ["The column 'Operator' is not known and was not read."]


def test_a_sheet_headed_by_a_name_refuses_the_workbook() -> None:
    """As in a text table."""
    rows = [["lot", "CD73 (%)", "Name"], ["P-1", "98", SECRET]]
    with pytest.raises(PatientData) as caught:
        intake.read("panel.xlsx", workbook.write([("rows", rows)]), TERMS)
    assert (caught.value.found, SECRET in str(caught.value)) == ("filled in: Name: 1 row", False)


def test_lots_named_after_pseudonymous_patients_are_fine() -> None:
    """``patient 1`` is how publications call their lots."""
    assert [result.lot for result in table("patient 1,CD73,98,%").results] == ["patient 1"]


@pytest.mark.parametrize(
    "rows",
    [
        ("P-1,PATIENT ID,4711,",),
        ("P-1,CD73,98,%,Patient name: Ada",),
        ("PATIENT ID,4711,,", "P-1,CD73,98,%"),
    ],
)
def test_keywords_are_found_where_they_stand(rows: tuple[str, ...]) -> None:
    """As a row of an instrument's list, or inside a note."""
    with pytest.raises(PatientData):
        table(*rows, header=f"{HEADER},note")


def test_it_is_found_before_the_table_is_understood() -> None:
    """A file that is no panel table is refused for what it holds, not for what it lacks."""
    with pytest.raises(PatientData):
        intake.read("export.csv", b"sample;surname\n1;Lovelace\n", TERMS)


def test_names_and_answers_are_counted() -> None:
    """Empty answers do not count."""
    assert find_patient_data([("MRN", "1"), ("MRN", "2"), ("MRN", ""), ("lot", "P-1")]) == {"MRN": 2}


CPR = "https://w3id.org/cell-product-registry/ns#"
RESULT = '[ cpr:characteristic "CD73"; cpr:valueAsPrinted "98"; cpr:unitAsPrinted "%" ]'
PANEL = f'a cpr:Panel; cpr:lot "P-1"; cpr:result {RESULT} .'


@pytest.mark.parametrize(
    "line",
    [
        '[] <http://xmlns.com/foaf/0.1/name> "Ada" .',
        '[] <https://schema.org/birthDate> "1815" .',
        '[] <http://www.w3.org/2006/vcard/ns#fn> "Ada" .',
        '[] cpr:patientId "4711" .',
        "# Patient name: Ada",
    ],
)
def test_rdf_about_a_person_is_refused_as_a_whole(line: str) -> None:
    """By vocabularies about people, by a property's name, in a comment."""
    with pytest.raises(PatientData):
        intake.read("panel.ttl", f"@prefix cpr: <{CPR}> .\n[] {PANEL}\n{line}\n".encode(), TERMS)


def test_json_is_looked_at_before_it_is_rdf() -> None:
    """A key that the context would drop still holds somebody's number."""
    with pytest.raises(PatientData):
        intake.read("panel.jsonld", b'{"@type": "Panel", "PATIENT ID": "4711"}', TERMS)
