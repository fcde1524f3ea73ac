"""A patient's name or number in a file that is not the place for it: the whole file is refused, nothing of it kept.

Instruments export ``PATIENT ID`` beside the lot, filled in or not. The refusal names the column and how many rows
hold something, and never repeats what they hold. Lots that are called ``patient 1`` are pseudonyms and welcome.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from registry.errors import PatientData
from registry.intake.tabular.grid import Row

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_]+|\d+")
_PERSON = r"(?:patient|subject|recipient|participant|donor)s?(?: s)?"
_ABOUT = (
    r"(?:(?:full |first |last |given |family |sur ?|fore|maiden )?names?|initials|address|phone|telephone|e ?mail"
    r"|mrn|ssn|date of birth|dob|birth ?date|birthday)"
)
_NUMBER = r"(?:id|ids|identifier|identification|no|nr|number|code)"
_KEY = re.compile(
    rf"{_PERSON} {_ABOUT}|(?:name|date of birth|birth date|address|initials) of (?:the )?{_PERSON}"
    rf"|(?:patient|subject|recipient|participant)s?(?: s)? {_NUMBER}|patient"
    r"|mrn|medical record(?: number| no| nr| id)?|hospital (?:number|no|nr|id)"
    r"|(?:nhs|chi|insurance|passport) (?:number|no)|national id(?:entifier| number)?|ssn"
    r"|social security(?: number| no)?"
    r"|dob|date of birth|birth ?date|birthday|sur ?name|(?:family|last|first|given|fore|maiden) ?name"
    r"|vorname|nachname|geburtsdatum|patienten (?:id|name|nummer)|nom du patient|date de naissance|pr[ée]nom"
    r"|patient(?:in|en)|patienten ?name|spender(?:in)? ?name|empf[äa]nger(?:in)? ?name|cognome|apellidos?"
)
_HEADINGS = frozenset(
    {
        *("name", "names", "full name", "initials", "donor name", "donor initials"),
        *("spender", "spenderin", "empfänger", "empfängerin", "proband", "probandin", "initialen", "namen"),
        *("nom", "noms", "nom complet", "initiales", "donneur", "donneuse"),
        *("nombre", "nombres", "iniciales", "paciente", "nome", "iniziali", "paziente", "donante"),
    }
)
"""What a column of a panel table asks for by these words is a person: nothing of a lot is called so there. An
instrument's ``NAME`` is a sample's, and a mapping's is what it maps."""
_HINT = re.compile(
    r"patient|subject|recipient|participant|donor|mrn|medical|hospital|nhs|chi|insurance|passport|national|ssn|social"
    r"|dob|birth|name|naissance|geburt|pr[ée]nom|cognom|apellid",
    re.IGNORECASE,
)
_BLANK = frozenset({"", "-", "–", "—", "n/a", "na", "none", "null"})


def is_patient_key(name: str) -> bool:
    """True for ``Patient ID``, ``patientName``, ``MRN``, ``date of birth``; not for ``donor id`` or ``patient 1``."""
    if len(name) > 80 or not _HINT.search(name):
        return False
    return _KEY.fullmatch(" ".join(_words(name))) is not None


def find_patient_data(cells: Iterable[tuple[str, str]]) -> dict[str, int]:
    """How often each name that asks for a patient's data has an answer, of (name, answer) pairs."""
    columns: Counter[str] = Counter()
    for name, answer in cells:
        if answer.strip().casefold() not in _BLANK and is_patient_key(name):
            columns[" ".join(name.split())] += 1
    return dict(columns)


def refuse_people(rows: Sequence[Row], file: str) -> None:
    """Raise ``PatientData`` when a column of a panel table is headed as a person's and holds something.

    Only whole headings count: ``sample name``, ``file name`` and ``donor id`` are read as before.
    """
    header = rows[0].cells
    asked = [place for place, name in enumerate(header) if " ".join(_words(name)) in _HEADINGS]
    held = ((header[place], row.cells[place]) for row in rows[1:] for place in asked if place < len(row.cells))
    columns = Counter(" ".join(name.split()) for name, cell in held if cell.strip().casefold() not in _BLANK)
    refuse_patient_data(dict(columns), file, " If a column names no person, head it so: sample name, donor id.")


def _words(name: str) -> list[str]:
    return [word.casefold() for word in _WORDS.findall(name)] if len(name) <= 80 else []


def refuse_patient_data(rows_by_name: dict[str, int], file: str, otherwise: str = "") -> None:
    """Raise ``PatientData`` when something was found; it never holds a value. ``otherwise`` is what else to do."""
    if not rows_by_name:
        return
    columns = [f"{name}: {count} {'row' if count == 1 else 'rows'}" for name, count in rows_by_name.items()]
    raise PatientData(
        f"{file} holds patients' data, and nothing of it was kept.",
        expected="lots under their own identifiers, without a patient's name or number",
        found=f"filled in: {', '.join(columns[:20])}",
        where=file,
        todo=f"Remove these columns, or empty them, and submit the file again.{otherwise}",
    )


def pairs_of(rows: Sequence[Row], text: str) -> Iterable[tuple[str, str]]:
    """Every (name, answer) of a table: header and cell; a cell and the one after it; ``name: answer`` in a cell."""
    if not _HINT.search(text):
        return
    header = rows[0].cells
    asked = [(place, name) for place, name in enumerate(header) if is_patient_key(name)]
    for row in rows[1:]:
        for place, name in asked:
            if place < len(row.cells):
                yield name, row.cells[place]
    for number, row in enumerate(rows):
        for place, cell in enumerate(row.cells):
            name, mark, answer = re.split(r"([:=])", cell, maxsplit=1) if re.search("[:=]", cell) else (cell, "", "")
            if mark:
                yield name, answer
            elif number and cell.casefold() != "patient" and place + 1 < len(row.cells):
                yield cell, row.cells[place + 1]
