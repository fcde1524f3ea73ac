"""The page on a file: what was read and judged, each row in error beside its row as it was sent, what may be done now.

Everything that the page says by comparing is decided here; the templates print it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import render_template

from registry.domain import by_cause
from registry.errors import RegistryError
from registry.services import StateChange
from registry.services.mappings.approved import MEANING
from web.access import registry
from web.answers import plain
from web.language import _
from web.submissions import causes, lot_results, mend, open_names, source, upload
from web.submissions.upload import Chosen
from web.vocabulary import said

FEW = 3
"""Rows or lots that are named where the same is wrong with more."""
MOST_SHOWN = 200
"""Errors, and results read, that one page lists; the rows to mend are all in their file."""
SHORT = 12
"""Results up to which what was read is shown at once."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One error: where it stands, what is wrong, and its row as it was sent."""

    place: str
    lot: str
    column: str
    found: str
    message: str
    expected: str
    sent: str


@dataclass(frozen=True, slots=True)
class StateText:
    """What a file's results do to one lot; ``ends_release`` when it no longer stands because of them."""

    ends_release: bool
    sentence: str
    lot: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a file: the first results, and which of their further columns anything stands in."""

    total: int
    first: list[dict[str, Any]]
    beside: list[tuple[str, str]]

    @property
    def is_short(self) -> bool:
        """True when all of it is seen at a glance."""
        return self.total <= SHORT

    @property
    def is_cut(self) -> bool:
        """True when not all of it is listed."""
        return self.total > len(self.first)


@dataclass(frozen=True, slots=True)
class Actions:
    """What the page offers: the same file again with another mapping, or submitted; what it says instead."""

    heading: str
    is_check: bool
    is_drafted: bool
    may_submit: bool
    nothing_to_submit: bool
    in_error: frozenset[str] = field(default_factory=frozenset)


def render(
    did: str,
    answer: dict[str, Any],
    name: str,
    data: bytes,
    *,
    chosen: Chosen | None = None,
    names: open_names.Names | None = None,
    error: RegistryError | None = None,
    standings: Sequence[StateChange] = (),
    retest: str = "",
    grid: Any = None,
) -> str:
    """The page; ``did`` is ``check`` or ``submit``, ``answer`` the preview or the receipt as data.

    ``grid`` is the grid that the rows were typed in, shown again with what is wrong in its cells.
    """
    is_check = did == "check"
    waits = chosen is not None and (is_check or not answer["recorded"])
    standings = standings or answer.get("standings", ())
    actions = _actions(name, answer, names, error, is_check=is_check, changes=bool(standings))
    decided = is_check and not actions.is_drafted
    sent = source.sent(name, data) if answer["errors"] else {}
    open_now = [each["name"].strip() for each in answer.get("open_names", ())] if names is not None else []
    wrong = causes.causes(answer["errors"], sent, open_now)
    table = mend.of(chosen) if chosen is not None and is_check and answer["errors"] and grid is None else None
    return render_template(
        "submissions/report.html",
        page=actions,
        report=answer,
        recorded=[] if is_check else answer["recorded"],
        name=name,
        kept=chosen.kept if chosen is not None and waits else "",
        chosen=chosen,
        typed=_typed(chosen) if waits else "",
        gates=_digest_of_gates(chosen),
        approved=_approved(chosen) if decided else None,
        names=names,
        other=_other(answer, chosen) if decided else "",
        error=error,
        terms=registry().terms if names is not None else None,
        meaning=MEANING,
        states=[] if answer["repeated"] else state_texts(standings, is_check=is_check),
        retest=retest,
        grid=grid,
        outcome=None
        if error is not None
        else lot_results.of_answer(answer, actions.in_error, len(wrong), is_check=is_check),
        causes=[each for each in wrong if not each.mapped],
        table=table,
        leavable=[each for each in wrong if table is not None and table.may_leave(each.numbers) and not each.register],
        stands=causes.of_names(answer["errors"], open_now),
        faults=faults(answer["errors"], sent),
        most=MOST_SHOWN,
        wrong_rows=len({(each["file"], each["row"]) for each in answer["errors"]}),
        instrument="" if error is not None else registry().specifications.tables.instrument(name, data),
        warned=warned(answer),
        read=read(answer) if is_check else None,
    )


def _actions(
    name: str,
    answer: Mapping[str, Any],
    names: open_names.Names | None,
    error: RegistryError | None,
    *,
    is_check: bool,
    changes: bool,
) -> Actions:
    """The page's heading and buttons: a file that was checked, is on record, or was refused whole."""
    is_drafted = names is not None and names.is_draft
    if is_check:
        heading = _("Checked: %(file)s", file=name)
    elif answer["recorded"]:
        heading = _("Submitted: %(file)s", file=name)
    else:
        heading = _("Not recorded: %(file)s", file=name)
    undecided = is_check and not is_drafted and error is None and not answer["repeated"]
    return Actions(
        heading,
        is_check,
        is_drafted,
        may_submit=undecided and changes,
        nothing_to_submit=undecided and bool(answer["errors"]) and not changes,
        in_error=frozenset(each["lot"] for each in answer["errors"] if each["lot"] and not causes.is_no_lot(each)),
    )


def faults(errors: Sequence[Mapping[str, Any]], sent: Mapping[str, Mapping[int, Sequence[str]]]) -> list[Fault]:
    """The errors in the order of the file, sheet after sheet, as a person goes through it; the first of very many.

    What is wrong with many rows in the same way is told once.
    """
    files = list(dict.fromkeys(each["file"] for each in errors))
    ordered = sorted(errors, key=lambda each: (files.index(each["file"]), each["row"] or 0))
    return [_fault(alike, sent) for alike in by_cause(ordered)[:MOST_SHOWN]]


def _fault(alike: Sequence[Mapping[str, Any]], sent: Mapping[str, Mapping[int, Sequence[str]]]) -> Fault:
    error = alike[0]
    rows = sent.get(error["file"], sent.get("", {}))
    return Fault(
        _several([_place(each["file"], each["row"]) for each in alike]),
        _several([each["lot"] or "" for each in alike]),
        error["column"] or "",
        error["found"] or "",
        error["message"],
        error["expected"] or "",
        " | ".join(rows.get(error["row"], ())),
    )


def _several(texts: Sequence[str]) -> str:
    """The first three, and how many more there are."""
    known = [text for text in dict.fromkeys(texts) if text]
    if len(known) <= FEW:
        return "; ".join(known)
    return _("%(first)s and %(num)s more", first="; ".join(known[:FEW]), num=len(known) - FEW)


def _place(file: str, row: int | None) -> str:
    """The row, of a workbook with its sheet; an empty text for what is wrong with the file as a whole."""
    if row is None:
        return ""
    _name, is_sheet, sheet = file.partition("#")
    return _("%(row)s, sheet %(sheet)s", row=row, sheet=sheet) if is_sheet else str(row)


def state_texts(changes: Sequence[Any], *, is_check: bool) -> list[StateText]:
    """What the results would do, or did, to each lot: new results can end a release. ``changes`` also as data."""
    rows: list[Any] = plain(changes)
    return [state_text(row["lot"], row["now"], row["then"], is_check=is_check) for row in rows]


def state_text(lot: str, now: str, then: str, *, is_check: bool) -> StateText:
    """One lot: its state ``now``, without the results, and ``then``, with them."""
    ends_release = now == "released" and then != "released"
    return StateText(ends_release, _sentence(lot, now, then, is_check=is_check), lot)


def _sentence(lot: str, now: str, then: str, *, is_check: bool) -> str:
    if now == "released" and then != "released" and is_check:
        return _(
            "%(lot)s is released. With these results it no longer stands: it must not be injected until the quality "
            "unit decides again.",
            lot=lot,
        )
    if now == "released" and then != "released":
        return _(
            "%(lot)s was released. With these results it no longer stands: it must not be injected until the quality "
            "unit decides again.",
            lot=lot,
        )
    if now == then == "released":
        return _("%(lot)s is released, and these results do not end that.", lot=lot)
    if now == then:
        return _(
            "%(lot)s is %(state)s and must not be injected. These results do not change that.", lot=lot, state=said(now)
        )
    if is_check:
        return _("%(lot)s is %(now)s. With these results it is %(then)s.", lot=lot, now=said(now), then=said(then))
    return _("%(lot)s was %(now)s. With these results it is %(then)s.", lot=lot, now=said(now), then=said(then))


def warned(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What to look at again; of a file on record already, a withdrawal is said louder and elsewhere."""
    return [each for each in answer["warnings"] if not (answer["repeated"] and each["code"] == "withdrawn")]


def read(answer: Mapping[str, Any]) -> Read:
    """Every result as it was read, so that a wrongly mapped name is noticed; of very many the first."""
    first = list(answer["results"][:MOST_SHOWN])
    further = {
        "stage": _("Stage"),
        "method": _("Method"),
        "tested_at": _("Tested at"),
        "duration": _("Duration of the test"),
        "parent_population": _("Percent of"),
    }
    beside = [(name, label) for name, label in further.items() if any(each[name] for each in first)]
    return Read(len(answer["results"]), first, beside)


def _other(answer: dict[str, Any], chosen: Chosen | None) -> str:
    """The one other mapping in force that knows every open name of the file."""
    if chosen is None:
        return ""
    return open_names.other_that_knows(answer, chosen.mapping, [each.name for each in in_force()])


def in_force() -> list[Any]:
    """The mappings in force."""
    return [each for each in registry().mappings.list() if each.newest]


def _typed(chosen: Chosen | None) -> str:
    """The rows that were typed or pasted, to be mended on the page; empty for a file, and for more than may wait."""
    is_pasted = chosen is not None and chosen.name in upload.PASTED and chosen.kept
    return chosen.data.decode("utf-8", "replace") if chosen is not None and is_pasted else ""


def _approved(chosen: Chosen | None) -> Any:
    """The mapping in force that was chosen, if any."""
    if chosen is None or not chosen.mapping:
        return None
    return next((each for each in in_force() if each.name.casefold() == chosen.mapping.casefold()), None)


def _digest_of_gates(chosen: Chosen | None) -> str:
    if chosen is None or chosen.gates is None:
        return ""
    return f"sha256:{hashlib.sha256(chosen.gates[1]).hexdigest()}"
