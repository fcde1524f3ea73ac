"""Values that are words: outcomes, states, findings; and the words that mean two things, or nothing."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from registry.domain import Reading, State
from registry.identifiers import CPR
from registry.intake.values.findings import read_finding
from registry.intake.values.karyotypes import read_karyotype
from registry.intake.values.unreadable_value import Misprint, expected_of
from registry.vocabulary.printed_names import folded_word

if TYPE_CHECKING:
    from registry.vocabulary.values import Characteristic

_KARYOTYPE = f"{CPR}karyotype"
STATES: dict[str, State] = {
    "not evaluable": "not evaluable",
    "not tested": "not tested",
    "not analysed": "not tested",
    "not analyzed": "not tested",
}
# fmt: off
TWO_MEANINGS = frozenset({
    "n.d.", "n.d", "nd", "nd.", "n/d", "n. d.", "not determined", "n.a.", "n.a", "na", "n/a", "n.t.", "n.t", "nt",
    "-", "--", "---", "−", "–", "—",
})
NO_VALUE = frozenset({
    "nan", "inf", "infinity", "+inf", "-inf", "−inf", "-infinity", "∞", "error", "err", "err.", "null", "none", "true",
    "false", "?", "??", ".", "…", "...", "overflow", "underflow", "overrange", "invalid", "#n/a",
    "#na", "#div/0!", "#value!", "#ref!", "#name?", "#num!", "#null!", "#####",
})
# fmt: on
JUDGEMENTS = frozenset(
    {
        "pass",
        "passed",
        "passes",
        "complies",
        "compliant",
        "conforms",
        "meets specification",
        "meets criteria",
        "within specification",
        "in specification",
        "satisfactory",
        "acceptable",
        "accepted",
        "ok",
        "okay",
        "bestanden",
        "entspricht",
        "konform",
        "i.o.",
        "conforme",
        "satisfaisant",
        "cumple",
        "合格",
        "符合",
        "符合规定",
        "通过",
    }
)
"""What somebody concluded: it does not say what was seen, of whatever test."""
BELOW_DETECTION = re.compile(
    r"(?P<word>(?:not|none) detect(?:able|ed)|undetectable|below (?:the )?(?:limit of )?detection(?: limit)?)"
    r"(?:\s*\((?P<limit>[^()]*)\))?",
    re.IGNORECASE,
)


_key = lru_cache(maxsize=4096)(folded_word)


def folded(text: str) -> str:
    """Without regard to case or to how many spaces of which kind."""
    return " ".join(text.split()).casefold()


def read_word(text: str, characteristic: Characteristic) -> Reading | None:
    """The outcome, state or finding that ``text`` is, or None when it may be a number.

    Raises ``Misprint`` for an empty value, for what can mean two things (``n.d.``, ``-``) and for what an
    instrument or spreadsheet writes when it has no value (``NaN``, ``ERROR``, ``#DIV/0!``).
    """
    word = folded(text)
    if not word:
        raise Misprint(
            "The value is empty: print the result, or 'not tested' or 'not evaluable'.",
            expected=expected_of(characteristic),
            found="",
        )
    if word in TWO_MEANINGS:
        raise Misprint(
            f"'{text}' can mean not determined or not detected. Print 'not tested' or 'not evaluable' if there is no "
            "result, or the limit of detection with < if nothing was detected.",
            expected=expected_of(characteristic),
            found=text,
        )
    if word in STATES:
        return Reading(state=STATES[word])
    listed = _listed(word, characteristic)
    if word in JUDGEMENTS:
        raise Misprint(
            f"'{text}' is a judgement, not a result: print what was seen, as {_as_what(characteristic)}.",
            expected=expected_of(characteristic),
            found=text,
        )
    if listed is None and word not in TWO_MEANINGS:
        listed = read_finding(text, characteristic)
    if listed is None and characteristic.iri == _KARYOTYPE:
        listed = read_karyotype(text)
    if listed is None and word in NO_VALUE:
        raise Misprint(
            f"'{text}' is not a result: print the value, or 'not evaluable' if the test gave none.",
            expected=expected_of(characteristic),
            found=text,
        )
    return listed or _finding(text, characteristic)


def _as_what(characteristic: Characteristic) -> str:
    """What would have been a result: two of its outcomes, else a number or words."""
    labels = [f"'{outcome.label}'" for outcome in characteristic.outcomes]
    if f"{CPR}NotDetected" in {outcome.iri for outcome in characteristic.outcomes}:
        return "'no growth' or 'not detected'"
    return " or ".join(labels[:2]) if labels else "a number" if characteristic.units else "what it looked like"


def _listed(word: str, characteristic: Characteristic) -> Reading | None:
    key = _key(word)
    for outcome in characteristic.outcomes:
        if any(key == _key(name) for name in (outcome.label, *outcome.names)):
            return Reading(outcome=outcome.iri)
    return None


def _finding(text: str, characteristic: Characteristic) -> Reading | None:
    below = BELOW_DETECTION.fullmatch(text)
    if below and not (below.group("limit") and characteristic.units):
        listed = _listed(folded(below.group("word")), characteristic)
        if listed is not None:
            return listed
    if characteristic.free_text:
        return Reading(text=text)
    return None
