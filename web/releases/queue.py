"""The quality unit's first page: lots that wait, what each lacks, and everything to look at before signing."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from registry.services.accounts import Permission
from registry.services.answers import LotLine
from registry.services.releases.queue import Lacking
from web import answers
from web.access import allow, me, registry
from web.releases.queue_card import condition_card, waiting_card

pages = Blueprint("queue", __name__)
PAGE = 24


@pages.get("/review")
@pages.get("/review.<any(json,html):suffix>")
@allow(Permission.REVIEW)
def queue(suffix: str = "") -> Response:
    """Lots whose release no longer stands, then lots that nobody has decided on, what lacks nothing first.

    Before them stand the lots that were released on condition, what fails or is overdue first.
    """
    form = answers.form_for(suffix, answers.PAGE_AND_DATA)
    start, after = answers.whole("from", 0), answers.whole("conditions", 0)
    overview = registry().lot_index
    lines, waits = overview.waiting(PAGE + 1, start), overview.conditions(PAGE + 1, after)
    lacks = registry().releases.queue([*lines[:PAGE], *waits[:PAGE]])
    found_late, deviations = registry().administrations.waiting(me())
    shown = sorted(lines[:PAGE], key=lambda line: _urgency(line, lacks[line.lot]))
    return answers.answer(
        form,
        data=lambda: {
            "from": start,
            "lots": [{**line.as_dict(), "lacking": lacks[line.lot].as_dict()} for line in shown],
            "conditions": answers.plain(waits[:PAGE]),
            "found_late": found_late,
            "deviations": deviations,
        },
        page=lambda: render_template(
            "releases/queue.html",
            cards=[waiting_card(line, lacks[line.lot]) for line in shown if not line.condition],
            start=start,
            more=len(lines) > PAGE,
            page=PAGE,
            conditions=[condition_card(line, lacks[line.lot], overview.now()) for line in waits[:PAGE]],
            after=after,
            more_conditions=len(waits) > PAGE,
            found_late=found_late,
            deviations=deviations,
            labels=overview.labels(line.product for line in [*shown, *waits]),
        ),
    )


def _urgency(line: LotLine, lacks: Lacking) -> tuple[bool, bool, bool, bool, int, bool]:
    """What was released and no longer stands, then what can be signed, a full release before a conditional one.

    A lot without an expiry comes last of those with panels: no result that is sent changes that it cannot be released.
    """
    much = len(lacks.fails) + len(lacks.not_shown)
    return line.state != "suspended", not line.panels, not lacks.nothing, lacks.no_expiry, much, bool(lacks.due)
