"""Does a lot's quality go with an outcome of recipients: one of each, and what such numbers cannot show."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from registry.errors import RegistryError, WrongUsage
from registry.services.accounts import Permission
from web import answers
from web.access import allow, me, registry
from web.language import _
from web.outcomes import picture

pages = Blueprint("relation", __name__)


@pages.get("/relation")
@pages.get("/relation.<any(json,html):suffix>")
@allow(Permission.READ_OUTCOME_SUMMARY)
def relation(suffix: str = "") -> Response:
    """``?characteristic=CD73&outcome=FSH&visit=2``; without a visit it is at any time."""
    form = answers.form_for(suffix, answers.PAGE_AND_DATA)
    characteristic, outcome = request.args.get("characteristic", ""), request.args.get("outcome", "")
    answer, error = None, None
    if characteristic and outcome:
        try:
            answer = registry().outcomes.relation(characteristic, outcome, _visit(), me())
        except RegistryError as refusal:
            if form == "json":
                raise
            error = refusal
    elif form == "json":
        raise WrongUsage(_("Name a characteristic and an outcome."), where="characteristic", expected="CD73, FSH")
    measured, seen = registry().outcomes.choices(me())
    return answers.answer(
        form,
        data=lambda: answer.as_dict() if answer else {},
        page=lambda: render_template(
            "outcomes/relation.html",
            answer=answer.as_dict() if answer else None,
            drawn=picture.groups(answer.as_dict()) if answer else "",
            measured=measured,
            seen=seen,
            typed=request.args,
            error=error,
        ),
    )


def _visit() -> int | None:
    return answers.whole("visit", 0) if request.args.get("visit", "") else None
