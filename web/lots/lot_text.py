"""What a lot's page says at its top and above its criteria: the answer in words, why, and what is still open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from web.chips import Chip
from web.language import _
from web.number_format import capital, moment
from web.vocabulary import said

SHOWN = 8
"""Entries of the ledger that the page shows; its history has them all."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason; ``todo`` is what would change it, of the ``count`` reasons before it that have the same; or empty."""

    message: str
    todo: str
    count: int


@dataclass(frozen=True, slots=True)
class LotText:
    """The words of the page.

    ``differs`` is True when the label in the hand is not plainly this lot's although the lot may be injected: nothing
    green stands on the page then. ``running`` stands at the top of every printed page.
    """

    title: str
    running: str
    differs: bool
    state: str
    reasons: tuple[Reason, ...]
    evidence: Chip
    due: str
    held: str
    due_by_condition: str
    decided_under_it: bool
    lines: Sequence[Any]
    entries: int

    @property
    def further_lines(self) -> bool:
        """True when the ledger holds more about the lot than the page."""
        return self.entries > len(self.lines)


def lot_text(
    lot: Mapping[str, Any],
    lines: Sequence[Any],
    *,
    label_says: Sequence[str] = (),
    now: Mapping[str, Any] | None = None,
) -> LotText:
    """The words for one lot; ``now`` is its answer at this moment where the page shows an earlier one."""
    answer = lot["answer"]
    may = answer["may_be_injected"]
    differs = bool(label_says) and may
    due = names_of(lot, lot["due"])
    condition = answer["condition"]
    return LotText(
        title=_title(lot["lot"], may=may, differs=differs, is_past=now is not None),
        running=_running(lot, now) if now is not None else _word(may=may, differs=differs),
        differs=differs,
        state=_state(lot),
        reasons=reasons(answer["reasons"]),
        evidence=_evidence(lot["verdict"], due),
        due=due,
        held=names_of(lot, lot["held"]),
        due_by_condition=names_of(lot, condition["due"]) if condition else "",
        decided_under_it=_decided_under_it(lot),
        lines=lines[-SHOWN:][::-1],
        entries=len(lines),
    )


def names_of(lot: Mapping[str, Any], ids: Iterable[str], between: str = ", ") -> str:
    """Criteria of the lot by their names, in the order of its specification."""
    wanted = set(ids)
    return between.join(item["characteristic"] for item in lot["criteria"] if item["id"] in wanted)


def either(lot: Mapping[str, Any], ids: Iterable[str]) -> str:
    """Criteria of which one is enough: ``CD34 or CD45``."""
    return names_of(lot, ids, f" {_('or')} ")


def group_of(lot: Mapping[str, Any], item: Mapping[str, Any]) -> str:
    """The criteria of which this one or another is enough; an empty text for a criterion by itself."""
    if not item["group"]:
        return ""
    return either(lot, [other["id"] for other in lot["criteria"] if other["group"] == item["group"]])


def _title(lot: str, *, may: bool, differs: bool, is_past: bool) -> str:
    if is_past:
        return _("%(lot)s: as it was", lot=lot)
    if differs:
        return _("%(lot)s: do not use yet", lot=lot)
    return _("%(lot)s: may be injected", lot=lot) if may else _("%(lot)s: must not be injected", lot=lot)


def _word(*, may: bool, differs: bool) -> str:
    if differs:
        return _("Do not use yet")
    return _("May be injected") if may else _("Must not be injected")


def _running(lot: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    return _(
        "was %(state)s at %(time)s; NOW: %(now)s",
        state=said(lot["answer"]["state"]),
        time=moment(lot["at"]),
        now=said(now["answer"]["state"]),
    )


def _state(lot: Mapping[str, Any]) -> str:
    """The state as a sentence; of a lot on hold also that its evidence is no better."""
    state = lot["answer"]["state"]
    if state == "on hold" and lot["verdict"] == "fail":
        return _("On hold, and its evidence fails.")
    if state == "on hold" and any(reason["code"] == "worsened" for reason in lot["answer"]["reasons"]):
        return _("On hold, and its evidence does not pass.")
    return f"{capital(said(state))}."


def reasons(given: Sequence[Mapping[str, Any]]) -> tuple[Reason, ...]:
    """Each reason; where several in a row are changed by the same, that is said once, after the last of them."""
    texts, count = [], 0
    for place, reason in enumerate(given):
        count += 1
        is_last = place + 1 == len(given) or given[place + 1]["todo"] != reason["todo"]
        texts.append(Reason(reason["message"], reason["todo"] if is_last else "", count))
        count = 0 if is_last else count
    return tuple(texts)


def _evidence(verdict: str | None, due: str) -> Chip:
    """The verdict; a pass that something is still due after says so."""
    if due and verdict == "pass":
        return Chip("pass", _("pass, still due: %(criteria)s", criteria=due))
    return Chip(verdict or "incomplete")


def _decided_under_it(lot: Mapping[str, Any]) -> bool:
    """True for a lot whose rejection or recall keeps it to the version of then."""
    if not (lot["specification"] and lot["specification"]["pinned"]):
        return False
    return bool(lot["decisions"]) and lot["decisions"][-1]["kind"] in {"rejection", "recall"}
