"""No person in what somebody types: a reason, a note, a recipient's code stays in the ledger for ever.

What a panel's headings may not ask for (see ``intake.find_patient_data``) is refused in words too, before anything is
entered: ``Patient name: Ada``, ``MRN 4711``, ``born 10.12.1815``, and two names with an old date behind them. The
refusal never repeats what it found.

Nor a sign that is not shown, or that turns the text around it (Unicode Technical Report 36, 3.2): what a signer reads
is what the record says.
"""

from __future__ import annotations

import re

from registry.errors import PatientData, WrongUsage
from registry.intake.checks.patient_data import find_patient_data

_YEAR = r"(?:1[89]|20)[0-9]{2}"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE = (
    rf"(?:[0-9]{{1,2}}[./-][0-9]{{1,2}}[./-]{_YEAR}|{_YEAR}[./-][0-9]{{1,2}}[./-][0-9]{{1,2}}"
    rf"|[0-9]{{1,2}} (?i:{_MONTH}) {_YEAR})"
)
_BIRTH = r"(?:\b(?i:born|geboren|geb\.?|d\.?o\.?b\.?|n[ée]e?(?: le)?|nat[oa](?: il)?)|\*)"
_BORN = re.compile(rf"{_BIRTH}[\s:]*(?i:on )?{_DATE}")
_CAPITAL = r"[^\W\d_a-z][^\W\d_A-Z]+"
_NAMED = re.compile(rf"\b{_CAPITAL},? +{_CAPITAL}[\s,;(*]+({_DATE})")
_ANSWER = re.compile(r"[:=]?\s*([^\W_a-z]\S*)")
_TWO_NAMES = re.compile(rf"\s*[:=]\s*(?:[0-9]|{_CAPITAL},? +{_CAPITAL})")
_WORD = re.compile(r"[^\W_]+(?:'s)?")
_LONGEST_KEY = 4
_JOINERS = "\u00ad\u200c\u200d"
"""Signs that are not shown and have their place in words: the soft hyphen, and the joiners of some scripts."""
_RECENT = 10
"""A date within so many years is a test's or a report's; one before that, right behind two names, is a birthday."""


def refuse_persons(this_year: int, /, **texts: str) -> None:
    """Raise PatientData when a free text, named by its field, says who somebody is; see the module."""
    for field, text in texts.items():
        refuse_person(field, text, this_year)


def refuse_person(field: str, text: str, this_year: int) -> None:
    """The same of one text in one year."""
    unseen = next((sign for sign in text if not (sign.isprintable() or sign in _JOINERS or sign.isspace())), None)
    if unseen is not None:
        raise WrongUsage(
            f"The {field} holds a sign that is not shown.", expected="letters, figures and signs that are seen",
            found=f"U+{ord(unseen):04X}", where=field, todo="Type the text anew instead of pasting it.",
        )  # fmt: skip
    kind = "a date of birth" if _born(text, this_year) else "somebody's name or number" if _asked(text) else ""
    if kind:
        raise PatientData(
            f"The {field} says who somebody is, and nothing was entered.",
            expected="words without a patient's or donor's name, number or date of birth",
            found=kind,
            where=field,
            todo="Write it without the person: the ledger keeps it for ever. A lot and a code say who is meant.",
        )


def _asked(text: str) -> bool:
    """Whether ``Patient name: Ada`` or ``MRN 4711`` stands in it; ``the patient is prepared`` does not answer."""
    words = list(_WORD.finditer(text))
    for start, first in enumerate(words):
        for last in words[start : start + _LONGEST_KEY]:
            name, behind = text[first.start() : last.end()], text[last.end() :]
            answer = (_TWO_NAMES if name.casefold() == "patient" else _ANSWER).match(behind)
            if answer is not None and find_patient_data([(name, answer[0].strip(" :=\n"))]):
                return True
    return False


def _born(text: str, this_year: int) -> bool:
    if _BORN.search(text):
        return True
    years = (re.search(_YEAR, match[1]) for match in _NAMED.finditer(text))
    return any(int(year[0]) < this_year - _RECENT for year in years if year is not None)


def check_recipient(this_year: int, code: str, *, of_autologous: bool, lot: str) -> None:
    """A recipient's code is taken for a lot of an autologous product alone, and never says who the recipient is.

    Raises WrongUsage for a lot that is for nobody in particular, and for a code without a digit: a name has none.
    PatientData for a name or a date of birth.
    """
    if not of_autologous:
        raise WrongUsage(
            f"{lot} is made for nobody in particular: it takes no recipient's code.",
            expected="no code, or a product that is autologous", found="a code", where="recipient",
            todo="Leave the code out. Whom an allogeneic lot is given to is said when it is given.",
        )  # fmt: skip
    check_code(this_year, code)


def check_code(this_year: int, code: str) -> None:
    """A recipient's code is a pseudonym with a digit in it; raises WrongUsage, and PatientData for a name."""
    refuse_persons(this_year, recipient=code)
    if len(code) > 64 or not code.isprintable() or not any(letter.isdigit() for letter in code):
        raise WrongUsage(
            "This is no pseudonymous code.", expected="at most 64 characters with a digit among them, such as R-0042",
            found="a code without a digit" if len(code) <= 64 and code.isprintable() else "something else",
            where="recipient", todo="Give the code that the clinic keeps the list of, never a name.",
        )  # fmt: skip
