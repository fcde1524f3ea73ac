"""A retest or correction of one result: chosen, filled in, checked without keeping anything, then recorded.

What is recorded is a file of one row that names the result it supersedes, as a laboratory would write it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from registry.csv_text import csv_text
from registry.errors import Conflict, RegistryError, Unknown, Unreadable, WrongUsage
from registry.services import Preview
from registry.services.accounts import Permission
from web import answers
from web.access import allow, me, registry
from web.forms import house_zone
from web.language import _, marked
from web.submissions import report

pages = Blueprint("retests", __name__)
RELATIONS = ("retest", "correction")
LIKE_FIRST = ("unit", "method", "duration", "instrument")
"""What the form takes over from the first result, for its author to look at."""
FIELDS = {
    "value": marked("New value"),
    "unit": marked("Unit"),
    "method": marked("Method"),
    "duration": marked("Duration of the test"),
    "tested_at": marked("Tested at"),
    "instrument": marked("Instrument"),
    "analyst": marked("Analyst"),
    "reason": marked("Reason"),
}
"""The columns of the row that a person fills in, and what the page calls them."""


@pages.get("/retest/<path:lot>")
@allow(Permission.SUBMIT)
def form(lot: str) -> Response:
    """The results of a lot that count; with ``what``, the form for one of them."""
    return make_response(_page(lot))


def _page(lot: str, error: RegistryError | None = None, preview: Preview | None = None, digest: str = "") -> str:
    thing = registry().lots.get(lot, viewer=me()).as_dict()
    chosen = next((result for result in _results(thing) if result["iri"] == request.values.get("what")), None)
    return render_template(
        "submissions/retest.html",
        lot=thing,
        results=_results(thing),
        chosen=chosen,
        typed=_typed(chosen) if chosen else {},
        labels={name: _(label) for name, label in FIELDS.items()},
        error=error,
        faults=_faults(error),
        report=preview.as_dict() if preview else None,
        states=report.state_texts(preview.standings, is_check=True) if preview else [],
        warned=report.warned(preview.as_dict()) if preview else [],
        new=_new(preview) if preview else None,
        checked=digest,
    )


def _new(preview: Preview) -> dict[str, str]:
    """The new result as printed, with its unit."""
    row = preview.as_dict()["results"][0]
    return {"printed": row["value"], "unit": row["unit"]}


def _results(lot: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The results that count and can be superseded, each with its panel's entry in the ledger and time."""
    counting = [panel for panel in lot["panels"] if not panel["withdrawn"]]
    return [
        {**result, "entry": panel["position"], "at": panel["at"]}
        for panel in counting
        for result in panel["results"]
        if result["iri"]
    ]


def _typed(first: Mapping[str, Any]) -> dict[str, str]:
    """What the form holds: what was typed, and before that how the first result was obtained."""
    before = {"unit": first["unit"] or "", **first["details"]}
    start = {name: before.get(name, "") for name in LIKE_FIRST}
    return {
        "relation": request.form.get("relation", RELATIONS[0]),
        **{name: request.form.get(name, start.get(name, "")).strip() for name in (*FIELDS, house_zone.ZONE)},
    }


def _faults(error: RegistryError | None) -> dict[str, str]:
    """What is wrong with each field, by its name."""
    if isinstance(error, _Misread):
        return error.faults
    return {error.where: error.message} if error is not None and error.where in FIELDS else {}


class _Misread(Unreadable):
    """A row that intake refuses, told by the fields of the form."""

    def __init__(self, errors: Sequence[Mapping[str, Any]]) -> None:
        first, *others = errors
        self.faults = {error["column"]: error["message"] for error in reversed(errors)}
        super().__init__(
            first["message"],
            expected=first["expected"],
            found=first["found"],
            where=first["column"] or "",
            details=[error["message"] for error in others],
        )


@pages.post("/retest/<path:lot>")
@allow(Permission.SUBMIT)
def send(lot: str) -> Response:
    """Check the new result, which keeps nothing, or record it: a file of one row that says what it supersedes."""
    try:
        thing = registry().lots.get(lot, viewer=me()).as_dict()
        name, data = _file(thing)
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        preview = registry().submissions.preview(name, data)
        if preview.errors:
            raise _Misread([error.as_dict() for error in preview.errors])
        if request.form.get("do") == "check":
            return make_response(_page(lot, preview=preview, digest=digest))
        _refuse_another(digest)
        answer = registry().submissions.submit(name, data, me())
    except RegistryError as error:
        return answers.form_refused(error, partial(_page, lot, error))
    receipt, states = answer.as_dict(), registry().submissions.state_changes(answer)
    page = report.render("submit", receipt, name, data, standings=states, retest=thing["lot"])
    return make_response(page, 201 if receipt["recorded"] else 422)


def _file(lot: Mapping[str, Any]) -> tuple[str, bytes]:
    """The file of one row, named by what it is; raises WrongUsage for what is not filled in, Unknown."""
    chosen, relation = answers.field("what", _("The result")), request.form.get("relation", RELATIONS[0])
    first = next((result for result in _results(lot) if result["iri"] == chosen), None)
    if first is None:
        raise Unknown(_("That result does not count for this lot."), where="what", found=chosen)
    if relation not in RELATIONS:
        raise WrongUsage(_("There is no such relation."), where="relation", expected=", ".join(RELATIONS))
    for required in ("value", "reason"):
        answers.field(required, _(FIELDS[required]))
    row = {"lot": lot["lot"], "characteristic": first["label"], "stage": first["stage"] or "", "supersedes": chosen}
    typed = {name: text for name, text in _typed(first).items() if name != house_zone.ZONE}
    row |= {"unit": first["unit"] or "", **typed, "tested_at": _tested_at()}
    columns = [name for name, value in row.items() if value or name == "unit"]
    table = csv_text([columns, [row[name] for name in columns]])
    return f"{relation} {re.sub(r'[/#]', '-', lot['lot'])}.csv", table.encode()


def _tested_at() -> str:
    """The time as the row has it: one of the browser's control in the zone that the form says, else as it was typed."""
    text = request.form.get("tested_at", "").strip()
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    zone = request.form.get(house_zone.ZONE, "").strip()
    return house_zone.zoned(at, zone, "tested_at").isoformat() if zone and at.tzinfo is None and "T" in text else text


def _refuse_another(digest: str) -> None:
    """What was checked is what is recorded."""
    checked = request.form.get("checked", "")
    if checked and checked != digest:
        message = _("This is not what was checked.")
        raise Conflict(message, todo=_("Check it again, then record it."))
