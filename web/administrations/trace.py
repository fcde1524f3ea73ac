"""Everything forward and back of something, drawn and in words. A recipient's code is sent in a form, in no address."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from registry.errors import RegistryError, Unknown
from registry.services.accounts import Permission
from web import answers
from web.access import allow, me, registry
from web.administrations import route
from web.language import _

pages = Blueprint("trace", __name__)


@pages.get("/trace/<path:what>")
@allow(Permission.READ_ADMINISTRATIONS)
def trace(what: str) -> Response:
    """Of a lot, bank, line, donor or administration."""
    name, suffix = answers.split(what)
    try:
        followed = registry().administrations.trace(name, me()).as_dict()
    except Unknown as unknown:
        raise Unknown(
            _("There is no such lot and no such administration in this registry."),
            expected=_("a registered lot, bank, line, donor or administration"),
            todo=_("A recipient's code is typed into the box at /trace, where it stands in no address."),
        ) from unknown
    return _answered(followed, suffix)


@pages.route("/trace", methods=["GET", "POST"])
@allow(Permission.READ_ADMINISTRATIONS)
def ask() -> Response:
    """The box, and what was typed into it: any of them, or a recipient's code."""
    if request.method == "GET":
        return make_response(render_template("administrations/trace.html", trace=None, error=None))
    try:
        followed = registry().administrations.trace_any(answers.field("what", _("What to follow")), me()).as_dict()
    except RegistryError as error:
        refusal = error
        return answers.form_refused(
            error, lambda: render_template("administrations/trace.html", trace=None, error=refusal)
        )
    return _answered(followed, "")


def _answered(followed: dict[str, Any], suffix: str) -> Response:
    return answers.answer(
        answers.form_for(suffix, answers.PAGE_AND_DATA),
        data=lambda: followed,
        page=lambda: render_template(
            "administrations/trace.html", trace=followed, drawn=route.draw(followed), error=None
        ),
    )
