"""One lot that waits for the quality unit, as its queue and its first page show it: how it stands, why, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from flask import url_for

from registry.services import LotLine
from registry.services.lot_index.remarks import Remarks
from registry.services.releases.queue import Lacking
from web.chips import MUST_NOT, Chip, of_state
from web.homes.rows import Action, Row, beneath
from web.language import _, several
from web.number_format import moment, signs

Labels = Mapping[str, str]


def waiting_row(line: LotLine, lack: Lacking, labels: Labels, remarks: Remarks | None, *, in_full: bool = True) -> Row:
    """A lot that nobody has decided on, or whose release no longer stands; ``in_full`` with what is out of trend."""
    return Row(
        line.lot, url_for("lots.lot", lot=line.lot), waiting_chips(line, lack, remarks),
        (*_why(line, lack, labels), *(remarked(remarks, labels) if in_full else ())),
        english=_otherwise(line, lack), beneath=beneath(line), since=line.since,
        action=_decide(line, firm=lack.nothing), links=_links(line, lack),
    )  # fmt: skip


def _otherwise(line: LotLine, lack: Lacking) -> tuple[str, ...]:
    """The record's own sentences on what is no criterion: such as a stop on a bank, or a review that is due."""
    return (*(lack.otherwise if line.panels else ()), *((lack.trail,) if lack.trail else ()))


def waiting_chips(line: LotLine, lack: Lacking, remarks: Remarks | None = None) -> tuple[Chip, ...]:
    """What it lacks first, then whether a release of it no longer stands, then whether a value is out of trend."""
    suspended = (Chip("suspended"),) if line.state == "suspended" else ()
    trend = (Chip("undetermined", _("out of trend")),) if remarks is not None and remarks.out_of_trend else ()
    return (_first(line, lack), *suspended, *trend)


def _first(line: LotLine, lack: Lacking) -> Chip:
    if lack.nothing:
        return Chip("missing", _("waits")) if lack.due else Chip("pass", _("lacks nothing"))
    if lack.no_expiry and not lack.fails and not lack.not_shown:
        return Chip(MUST_NOT, _("no expiry"))
    return Chip(line.verdict) if line.verdict else Chip("missing", _("no specification"))


def _why(line: LotLine, lack: Lacking, labels: Labels) -> Iterable[str]:
    if not line.panels:
        yield _("No result counts for it: none was submitted, or every one was withdrawn.")
    elif lack.evidence_suffices and lack.due and lack.trail:
        yield _("Due after release: %(criteria)s.", criteria=_names(lack.due, labels))
    elif lack.nothing and lack.due:
        due = _names(lack.due, labels)
        yield _("Lacks nothing but what is due after release: %(criteria)s: conditional release.", criteria=due)
    else:
        yield from _lacks(lack, labels)
    if lack.no_expiry:
        yield _("No expiry: it cannot be released.")


def _lacks(lack: Lacking, labels: Labels) -> Iterable[str]:
    if lack.fails:
        yield _("Fails: %(criteria)s.", criteria=_names(lack.fails, labels))
    if lack.not_shown:
        yield _("Not shown: %(criteria)s.", criteria=_names(lack.not_shown, labels))


def remarked(remarks: Remarks | None, labels: Labels) -> tuple[str, ...]:
    """What is said beside the verdict: rule by rule the values that are out of trend, and those at a limit."""
    if remarks is None:
        return ()
    broken: dict[str, list[str]] = {}
    for each in remarks.out_of_trend:
        for sentence in each.sentences:
            seen = f"{labels.get(each.criterion, each.criterion)} {signs(each.observed)}"
            broken.setdefault(sentence, []).append(seen)
    texts = [
        _("Out of trend, %(rule)s: %(values)s.", rule=sentence, values=", ".join(values))
        for sentence, values in broken.items()
    ]
    if remarks.at_limit:
        texts.append(_("Exactly at the limit: %(criteria)s.", criteria=_names(remarks.at_limit, labels)))
    return tuple(texts)


def condition_row(line: LotLine, lack: Lacking, labels: Labels, now: datetime) -> Row:
    """A lot released on condition: it fails, is overdue, waits, is complete, or is to be decided on again."""
    stand = condition_stand(line, now)
    chips: Mapping[str, Chip] = {
        "fails": Chip("fail"),
        "overdue": Chip("suspended", _("overdue")),
        "waits": Chip("missing", _("waits")),
        "complete": Chip("pass", _("complete")),
        "undecided": Chip("undetermined", _("to decide")),
    }
    state = of_state(line.state, may_be_injected=line.may_be_injected)
    return Row(
        line.lot, url_for("lots.lot", lot=line.lot), (chips[stand], state),
        tuple(_condition(line, lack, labels, stand)), english=(lack.trail,) if lack.trail else (),
        beneath=beneath(line), since=line.since, action=_decide(line, firm=stand != "waits"), links=_links(line, lack),
    )  # fmt: skip


def _condition(line: LotLine, lack: Lacking, labels: Labels, stand: str) -> Iterable[str]:
    waits = line.condition
    time, due = (moment(waits.complete_by), _names(waits.due, labels)) if waits is not None else ("", "")
    if stand == "fails":
        yield from _lacks(lack, labels)
        yield _("It was released on condition: containers may have been injected. Consider a recall.")
    elif stand == "overdue":
        yield _("Had to be there by %(time)s and is not: %(criteria)s.", time=time, criteria=due)
    elif stand == "waits":
        yield _("Due by %(time)s: %(criteria)s.", time=time, criteria=due)
    elif stand == "complete":
        yield _("All that was due is there and passes: a release completes it.")
    else:
        yield from _lacks(lack, labels)
        yield _("Nothing more is due, and the release does not stand: decide again.")


def condition_stand(line: LotLine, now: datetime) -> str:
    """How a conditional release stands: a failure before all else, because containers may have been injected."""
    condition = line.condition
    if line.verdict == "fail":
        return "fails"
    if condition is None:
        return "undecided"
    if condition.due:
        return "overdue" if condition.complete_by <= now else "waits"
    return "complete" if condition.met else "undecided"


def _decide(line: LotLine, *, firm: bool) -> Action:
    return Action(_("Decide and sign"), url_for("release.form", lot=line.lot), firm)


def _links(line: LotLine, lack: Lacking) -> tuple[Action, ...]:
    """What else leads on from it: its evidence, a review of its audit trail that is due, and retests that wait."""
    links = [Action(_("Evidence beside its source"), url_for("evidence.evidence", lot=line.lot))] if line.panels else []
    if lack.trail:
        links.append(Action(_("A review of its audit trail is due"), url_for("trail_review.form", lot=line.lot)))
    if lack.unaccepted:
        words = several("%(num)s retest or correction waits to be accepted",
                        "%(num)s retests or corrections wait to be accepted", lack.unaccepted)  # fmt: skip
        links.append(Action(words, url_for("accept.accept_form", lot=line.lot)))
    return tuple(links)


def _names(ids: Iterable[str], labels: Labels) -> str:
    return ", ".join(labels.get(id, id) for id in ids)
