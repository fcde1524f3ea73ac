"""What a file's lots come to, one line a lot: the verdict, what keeps it from passing and by how much, what to do next.

A check says what would be, a receipt what is; both are told by the same lines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from web.access import registry
from web.answers import plain
from web.language import _, several
from web.number_format import figure, limit, observed
from web.vocabulary import said

NOT_RECORDED = "refused"
"""What is counted of a lot with a row in error."""
ORDER = ("fail", NOT_RECORDED, "incomplete", "", "pass")
"""What is to be looked at first; the empty one is a lot that nothing judged."""
NAMED = 6
"""Criteria that a lot's line names; the rest are counted."""


@dataclass(frozen=True, slots=True)
class LotResult:
    """One lot: ``verdict`` is pass, fail or incomplete, or empty where nothing judged it.

    ``failed`` and ``unclear`` are sentences, ``missing`` are names of criteria, ``note`` is what the registry says
    besides, in English. ``retest`` and ``send`` tell which next steps there are.
    """

    lot: str
    verdict: str
    failed: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    further: int = 0
    note: str = ""
    record: str = ""
    retest: bool = False
    send: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """Every lot of a file: those that were judged, and those with a row in error; and the whole in one sentence."""

    lots: list[LotResult]
    not_recorded: list[str]
    sentence: str


def of_answer(answer: Mapping[str, Any], in_error: Collection[str], causes: int, *, is_check: bool) -> Outcome:
    """The lots of a preview or a receipt as data: as they would be judged, or as they are now that it is on record."""
    if not is_check:
        recorded = list({each["lot"]: each for each in answer["recorded"]}.values())
        short = plain(registry().submissions.shortfalls([each["lot"] for each in recorded]))
        return outcome(recorded, short, in_error, causes)  # type: ignore[arg-type]  # plain: answers as data
    judged = {each["lot"]: each for each in answer["lots"]}
    others = dict.fromkeys(each["lot"] for each in answer["results"] if each["lot"] not in judged)
    every = [*judged.values(), *({"lot": lot, "verdict": None} for lot in others)]
    return outcome(every, answer["shortfalls"], in_error, causes)


def outcome(
    judged: Sequence[Mapping[str, Any]], shortfalls: Sequence[Mapping[str, Any]], in_error: Collection[str], causes: int
) -> Outcome:
    """The lots of a check or receipt, those to be looked at first; ``judged`` has lot and verdict of each."""
    short: dict[str, list[Mapping[str, Any]]] = {}
    for each in shortfalls:
        short.setdefault(each["lot"].casefold(), []).append(each)
    lots = {lot["lot"]: _lot(lot, short.get(lot["lot"].casefold(), ())) for lot in judged if lot["lot"] not in in_error}
    ordered = sorted(lots.values(), key=lambda lot: (ORDER.index(lot.verdict), lot.lot))
    verdicts = [lot.verdict for lot in ordered] + [NOT_RECORDED] * len(in_error)
    return Outcome(ordered, sorted(in_error), _sentence(verdicts, causes))


def _lot(judged: Mapping[str, Any], short: Iterable[Mapping[str, Any]]) -> LotResult:
    by_verdict: dict[str, list[Mapping[str, Any]]] = {"fail": [], "undetermined": [], "missing": []}
    for each in short:
        by_verdict[each["verdict"]].append(each)
    failed, unclear = by_verdict["fail"], by_verdict["undetermined"]
    missing = tuple(each["characteristic"] for each in by_verdict["missing"])
    return LotResult(
        judged["lot"],
        judged["verdict"] or "",
        tuple(failure(each) for each in failed[:NAMED]),
        _unclear(unclear[:NAMED]),
        missing,
        len(failed[NAMED:]) + len(unclear[NAMED:]),
        judged.get("note") or "",
        judged.get("record") or "",
        retest=bool(failed or unclear),
        send=bool(missing),
    )


def failure(short: Mapping[str, Any]) -> str:
    """A criterion that failed, and by how much: ``CD73: 88 %, asked for ≥ 95 %: 7 percentage points too low``."""
    told = _("%(name)s: %(seen)s, asked for %(asked)s", name=short["characteristic"], **_both(short))
    how_far = _how_far(short)
    return f"{told}: {how_far}" if how_far else told


def _both(short: Mapping[str, Any]) -> dict[str, str]:
    return {"seen": observed(short["observed"]) or _("no result"), "asked": limit(short["expected"])}


def _how_far(short: Mapping[str, Any]) -> str:
    if short["by"] is None:
        return ""
    by = Decimal(short["by"])
    if by == 0:
        return (
            _("on the limit, or past it, which is not enough")
            if short["at_least"]
            else _("exactly at the limit, which is not enough")
        )
    number = figure(format(by.normalize(), "f"))
    amount = _("%(num)s percentage points", num=number) if short["unit"] == "%" else f"{number} {short['unit']}".strip()
    words = {
        (True, False): _("%(amount)s too low", amount=amount),
        (True, True): _("at least %(amount)s too low", amount=amount),
        (False, False): _("%(amount)s too high", amount=amount),
        (False, True): _("at least %(amount)s too high", amount=amount),
    }
    return words[bool(short["low"]), bool(short["at_least"])]


def _unclear(every: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Criteria of which nothing is shown either way: those for one reason together."""
    by_note: dict[str, list[Mapping[str, Any]]] = {}
    for each in every:
        by_note.setdefault(each["note"] or each["criterion"], []).append(each)
    return tuple(_undecided(alike) for alike in by_note.values())


def _undecided(alike: Sequence[Mapping[str, Any]]) -> str:
    first = alike[0]
    told = ", ".join(each["characteristic"] for each in alike)
    if len(alike) == 1:
        told = _("%(name)s: %(seen)s, asked for %(asked)s", name=told, **_both(first))
    return f"{told}: {first['note']}" if first["note"] else told


def _sentence(verdicts: Sequence[str], causes: int) -> str:
    """``13 lots: 2 fail, 11 not recorded. 3 things to mend.``"""
    counts = Counter(verdicts)
    words = {NOT_RECORDED: _("not recorded"), "": _("not judged")}
    told = ", ".join(f"{counts[word]} {words.get(word) or said(word)}" for word in ORDER if counts[word])
    first = several("%(num)s lot: %(told)s.", "%(num)s lots: %(told)s.", len(verdicts), told=told) if verdicts else ""
    second = several("%(num)s thing to mend.", "%(num)s things to mend.", causes) if causes else ""
    return " ".join(part for part in (first, second) if part)
