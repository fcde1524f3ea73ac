"""What was found late about what was given, as page, JSON and CSV; who answered; and what was given as a deviation."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for

from registry.csv_text import csv_text
from registry.errors import RegistryError
from registry.services.accounts import Permission
from registry.services.administrations.table import FINDING_COLUMNS, finding_rows
from web import answers, security
from web.access import allow, me, registry
from web.language import _

pages = Blueprint("findings", __name__)


@pages.get("/findings")
@pages.get("/findings.<any(json,html,csv):suffix>")
@allow(Permission.READ_ADMINISTRATIONS)
def findings(suffix: str = "") -> Response:
    """Everything that was found late, with whom it concerns, for whoever may see codes."""
    service = registry().administrations
    every, deviations = service.findings(me()), service.deviations(me())
    if suffix == "csv":
        return security.download(csv_text([FINDING_COLUMNS, *finding_rows(every)]).encode(), "findings.csv")
    return answers.answer(
        answers.form_for(suffix, answers.PAGE_AND_DATA),
        data=lambda: {
            "findings": [each.as_dict() for each in every],
            "deviations": [each.as_dict() for each in deviations],
        },
        page=_page,
    )


def _page(error: RegistryError | None = None) -> str:
    service = registry().administrations
    return render_template(
        "administrations/findings.html",
        every=[each.as_dict() for each in service.findings(me())],
        deviations=[each.as_dict() for each in service.deviations(me())],
        error=error,
    )


@pages.post("/findings/<key>")
@allow(Permission.FOLLOW_UP)
def answer(key: str) -> Response:
    """Say that it was seen, or that whoever received it was told."""
    try:
        what, note = answers.field("what", _("Your answer")), request.form.get("note", "").strip()
        registry().administrations.answer(key, what, note=note, actor=me())
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _page(refusal))
    return redirect(url_for("findings.findings"), 303)  # type: ignore[return-value]
