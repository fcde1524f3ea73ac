"""What every row must say of itself: a lot, plain text, whether its result counts, and what it supersedes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from registry.domain import Reading, Relation, State
from registry.identifiers import LOT_RULE, is_lot_id
from registry.intake.checks.invalid_words import invalid_in
from registry.intake.checks.no_lot import is_no_lot
from registry.intake.shown_text import IN_THIS_FILE, shown
from registry.intake.values import Misprint
from registry.intake.values.unit_column import population_in
from registry.vocabulary.printed_names import folded

if TYPE_CHECKING:
    from registry.intake.rows import RawResult

_STATES: tuple[State, ...] = ("not evaluable", "not tested")
_RELATIONS: tuple[Relation, ...] = ("replicate", "retest", "correction")
_MAY_SPEAK_AGAINST = frozenset({"reason", "supersedes", "status", "relation", "comparator", "stage"})
_IN_ANOTHER = re.compile(r"[0-9a-f]{16}|\S.{0,200}?(?:#|:| row )[1-9][0-9]{0,5}|(?:https?|urn):[^\s<>\"{}|\\^`]{1,500}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def names_no_lot(raw: RawResult) -> bool:
    """True for a mean, a limit or a control, which stands where a lot does."""
    return bool(raw.lot) and is_no_lot(raw.lot)


def check_lot(raw: RawResult) -> None:
    """The row names a lot; raises ``Misprint``."""
    if not raw.lot:
        raise Misprint("The row names no lot: print the lot's identifier.", expected=LOT_RULE, found="", column="lot")
    if is_no_lot(raw.lot):
        message = f"'{shown(raw.lot)}' is no lot: give each lot's own results, and take means, limits and controls out."
        raise Misprint(message, expected="a lot's identifier", found=raw.lot, column="lot")
    if not is_lot_id(raw.lot):
        message = f"'{shown(raw.lot)}' cannot be a lot's identifier: that is {LOT_RULE}."
        raise Misprint(message, expected=LOT_RULE, found=raw.lot, column="lot")


def check_words(raw: RawResult) -> None:
    """Nothing beside a result speaks against it, unless it is none; raises ``Misprint``.

    The reason of a retest may: it says why another result does not stand.
    """
    if _is_state(raw):
        return
    for column, text in raw.others.items():
        word = invalid_in(text) if column not in _MAY_SPEAK_AGAINST else ""
        if word:
            message = (
                f"The {column} says '{shown(text)}': '{word}' speaks against the result. Take the row out, report 'not "
                "evaluable', or say it in the reason of a retest or correction."
            )
            raise Misprint(message, expected="nothing that speaks against the result", found=text, column=column)


def _is_state(raw: RawResult) -> bool:
    words = {" ".join(text.split()).casefold() for text in (raw.value, raw.others.get("status", ""))}
    return not words.isdisjoint(_STATES)


def check_population(raw: RawResult, unit: str) -> None:
    """The unit and the column do not name two populations; raises ``Misprint``."""
    in_unit, beside = population_in(unit), raw.others.get("parent_population", "")
    if in_unit and beside and folded(in_unit) != folded(beside):
        message = f"The unit says '{shown(unit)}' and parent_population says '{shown(beside)}': make them agree."
        raise Misprint(message, expected="one population", found=beside, column="parent_population")


def speaks_against(*texts: str) -> bool:
    """True when one of these texts holds a word of invalidity."""
    return any(invalid_in(text) for text in texts)


def check_finding(raw: RawResult, reading: Reading) -> None:
    """A finding in words does not speak against itself; raises ``Misprint``."""
    word = invalid_in(raw.value) if reading.text is not None else ""
    if word:
        message = f"The finding says '{shown(raw.value)}': '{word}' speaks against it. Print what was seen."
        raise Misprint(message, expected="what was seen", found=raw.value)


def check_text(raw: RawResult) -> None:
    """The row is plain text; raises ``Misprint``."""
    for column, text in (
        ("characteristic", raw.subject),
        ("value", raw.value),
        ("unit", raw.unit),
        *raw.others.items(),
    ):
        if _CONTROL.search(text):
            message = f"The {column} holds control characters: print it as plain text."
            raise Misprint(message, expected="plain text", found=shown(text), column=column)


def state(raw: RawResult) -> State | None:
    """What the status column says about the result; an instrument's warning is never a clean result."""
    status = " ".join(raw.others.get("status", "").split()).casefold()
    value = " ".join(raw.value.split()).casefold()
    state = next((name for name in _STATES if name == status), None)
    if status not in {"", "ok"} and state is None:
        raise Misprint(
            f"The status '{shown(raw.others['status'])}' flags this value, and a flagged value is not a clean one: "
            "repeat the measurement, or report 'not evaluable' and put the flag in the note.",
            expected="ok, not evaluable, not tested or nothing",
            found=raw.others["status"],
            column="status",
        )
    if state == "not tested" and value not in {"", status}:
        message = f"The status says 'not tested' and the value says '{shown(raw.value)}': remove the one that is wrong."
        raise Misprint(message, expected="no value beside 'not tested'", found=raw.value)
    return state


def relation(raw: RawResult) -> Relation | None:
    """How the result is related to another; raises ``Misprint`` for half a statement."""
    relation = raw.others.get("relation", "").casefold()
    named = raw.others.get("supersedes", "")
    if relation and relation not in _RELATIONS:
        message = "Print replicate, retest or correction, or leave the relation empty."
        raise Misprint(message, expected=", ".join(_RELATIONS), found=raw.others["relation"], column="relation")
    if relation not in {"retest", "correction"}:
        if named:
            message = "Only a retest or a correction supersedes a result: print which of them this is in relation."
            raise Misprint(message, expected="retest or correction", found=relation, column="relation")
        return relation or None
    if not named:
        message = (
            f"A {relation} names the result that it supersedes: print its address, its panel, or its row as 'row 3'."
        )
        raise Misprint(message, expected="a result's address, its panel, or row N", found="", column="supersedes")
    if not (IN_THIS_FILE.fullmatch(named) or _IN_ANOTHER.fullmatch(named)):
        message = f"'{shown(named)}' names no result: print the superseded result's address, its panel, or its row."
        raise Misprint(message, expected="a result's address, its panel, or row N", found=named, column="supersedes")
    if not raw.others.get("reason"):
        message = f"A {relation} needs its reason: print why the first result does not stand."
        raise Misprint(message, expected="a reason", found="", column="reason")
    return cast(Relation, relation)
