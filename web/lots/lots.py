"""A lot, and its history. The page says exactly what the JSON says: both are made of ``LotAnswer.as_dict()``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from markupsafe import Markup

from registry.errors import Unavailable, WrongUsage
from registry.services import HistoryLine, InheritedDecision, LotAnswer
from registry.services.accounts import Permission, may
from registry.services.lot_index.remarks import Remarks
from web import answers
from web.access import allow, me, registry
from web.homes import memory
from web.language import _, marked
from web.lots import fhir, lineage, live, lot_text, scanned_label
from web.ontologies import elsewhere
from web.pictures import criteria as pictures
from web.releases.queue_row import remarked

pages = Blueprint("lots", __name__)
DONE = {
    "release": marked("Signed: this lot is released."),
    "conditional release": marked("Signed: this lot is released on condition."),
    "hold": marked("Signed: this lot is on hold."),
    "rejection": marked("Signed: this lot is rejected."),
    "recall": marked("Signed: this lot is recalled."),
    "hold lifted": marked("Signed: the hold on this lot is lifted."),
    "withdrawal": marked("Signed: the panel is withdrawn."),
    "registered": marked("Registered. Its results can be submitted now."),
    "acceptance": marked("Signed: the acceptance is recorded."),
}

JUST_NOW = timedelta(minutes=2)


@pages.get("/lots/<path:lot>")
@allow(Permission.READ)
def lot(lot: str) -> Response:
    """May it be injected, for what, until when; if not, every reason. ``at`` asks for an earlier time."""
    name, suffix = answers.split(lot)
    if not suffix and fhir.wanted():
        return fhir.bundle(name)
    form = answers.form_for(suffix)
    at = _moment(request.args.get("at", ""), page=form == "html")
    if form == "json" and at is None:
        return _as_data(name)
    known = registry().lots.kept(name, me()).answer if at is None else registry().lots.get(name, at=at, viewer=me())
    thing = known.as_dict()
    answer = answers.answer(
        form,
        data=lambda: thing,
        page=lambda: _page(known, thing, at),
        rdf=("lot", thing["lot"]),
    )
    if form == "html" and at is None:
        memory.note_look(answer, known.lot, known.answer.state)
    return answer


def _as_data(name: str) -> Response:
    """The lot as JSON with an ``ETag``: 304 for whoever holds an answer that says the same, but for its time.

    Then nothing is written out: the tag alone says that it is the same.

    A page has none: what a person saw stays in no cache, and an open one asks ``/live`` whether it is still so.
    """
    kept = registry().lots.kept(name, me())
    same = request.if_none_match.contains_weak(kept.tag)
    answer = Response(status=304, mimetype="application/json") if same else jsonify(kept.answer.as_dict())
    answer.set_etag(kept.tag, weak=True)
    return answer


def _page(known: LotAnswer, thing: dict[str, Any], at: datetime | None) -> str:
    """The lot as HTML; of an earlier time nothing is asked about the label, and what is so now stands beside it."""
    told = registry().lots.told(known.lot)
    states = live.states(thing) if at is None else {}
    now = registry().lots.get(known.lot, viewer=me()).as_dict() if at else None
    label_says = _label_says(known) if at is None else []
    beside = remarks_on(known) if at is None else None
    return render_template(
        "lots/lot.html",
        lot=thing,
        then=at,
        now=now,
        text=lot_text.lot_text(thing, _told(told.own, told.inherited), label_says=label_says, now=now),
        remarks=remarked(beside, {item["id"]: item["characteristic"] for item in thing["criteria"]}),
        out_of_trend={each.criterion for each in beside.out_of_trend} if beside else (),
        either=lot_text.either,
        group_of=lot_text.group_of,
        done=_done(known, told.own),
        label_says=label_says,
        mark=live.mark(known),
        below=live.below(thing, states),
        every=live.EVERY,
        inherited=answers.plain(told.inherited),
        picture=pictures.criteria(thing["criteria"], beside.before if beside else None),
        derivation=lineage.draw(thing, states),
        elsewhere=elsewhere.of_line(thing["line"]["cellosaurus"]) if thing["line"] else (),
        trail_due=_trail_due(known) if at is None else "",
    )


def _trail_due(known: LotAnswer) -> str:
    """That the audit trail is to be reviewed before a release, for those who see what changed of a lot's data."""
    if known.product is None or known.answer.state not in {"not released", "suspended"}:
        return ""
    return registry().releases.trail.due_of(known.lot, known.product.id) if may(me(), Permission.READ_EVIDENCE) else ""


def remarks_on(known: LotAnswer) -> Remarks | None:
    """What is said beside the lot's verdict, and what earlier lots of its product showed; None where there is nothing.

    It is read from the lists, which a lot's answer never is: on a full disk it is left out, and the lot is answered.
    """
    product = known.product.id if known.product else None
    try:
        return registry().lot_index.remarks([(known.lot, product)]).get(known.lot)
    except Unavailable:
        return None


def _done(known: LotAnswer, lines: Sequence[HistoryLine]) -> str:
    """What the reader has just done here, as the ledger's newest entry has it: an address alone proves nothing."""
    done, newest = request.args.get("done", ""), lines[-1]
    kind = {"registered": "lot", "withdrawal": "withdrawal", "acceptance": "acceptance"}.get(done, "decision")
    decided = known.decisions[-1].kind if known.decisions else ""
    if done not in DONE or newest.kind != kind or newest.actor != me().name or known.at - newest.at > JUST_NOW:
        return ""
    if done == "registered":
        return Markup('{} <a href="{}">{}</a>').format(_(DONE[done]), url_for("submit.form"), _("Submit results"))
    return "" if kind == "decision" and decided != done else _(DONE[done])


def _label_says(known: LotAnswer) -> list[str]:
    """Where the label that was scanned is not this registry's, or differs; the page of what was typed has no label."""
    text = request.args.get("label", "")
    scan, refusal = scanned_label.read(text) if text else (None, None)
    if refusal is not None:
        return [scanned_label.told(refusal)]
    if text and scan is None:
        return [_("What was scanned, %(code)s, cannot be read as a label.", code=text)]
    return scanned_label.warnings(known, scan) if scan is not None else []


def _moment(text: str, *, page: bool) -> datetime | None:
    """The time asked for; with its zone, because a time without one is several times.

    A program may ask what will have expired by then; on a page, a time that is yet to come would read as a promise.
    """
    if not text:
        return None
    expected = _("a time with its zone, such as 2026-11-21T14:05:00Z")
    try:
        at = datetime.fromisoformat(text.strip().replace(" ", "+") if "T" in text else text)
    except ValueError:
        raise WrongUsage(_("This is not a time."), expected=expected, found=text, where="at") from None
    if at.tzinfo is None:
        raise WrongUsage(_("The time has no zone."), expected=expected, found=text, where="at")
    if page and at > registry().lot_index.now():
        expected = _("a time that is past: nobody knows yet what will be decided by then")
        raise WrongUsage(_("This time is yet to come."), expected=expected, found=text, where="at")
    return at


@pages.get("/history/<path:lot>")
@allow(Permission.READ)
def history(lot: str) -> Response:
    """Every entry of the ledger about the lot, oldest first, and beside them the decisions on what it derives from."""
    name, suffix = answers.split(lot)
    form = answers.form_for(suffix)
    lines, inherited = registry().lots.history(name), registry().lots.inherited(name)
    return answers.answer(
        form,
        data=lambda: {
            "lot": name,
            "history": answers.plain(lines),
            "inherited": answers.plain(inherited),
            "ledger_size": registry().size(),
        },
        page=lambda: render_template(
            "lots/history.html",
            lot=name,
            lines=_told(lines, inherited),
            now=registry().lots.get(name, viewer=me()).as_dict(),
        ),
        rdf=("lot", name),
    )


def _told(own: Sequence[HistoryLine], inherited: Sequence[InheritedDecision]) -> list[Any]:
    """The lot's own entries and the decisions on what it derives from, in the order in which they were entered."""
    both: list[HistoryLine | InheritedDecision] = [*own, *inherited]
    return sorted(answers.plain(both), key=lambda line: int(line["position"]))
