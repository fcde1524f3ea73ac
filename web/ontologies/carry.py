"""A term that a release gives another name, carried over in the browser: the quality unit's signed word."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for

from registry.errors import RegistryError
from registry.services.accounts import Permission
from web import answers
from web.access import allow, registry
from web.language import _
from web.signature import signer

pages = Blueprint("carry", __name__)


@pages.get("/carry/<path:term>")
@allow(Permission.REPLACE_TERM)
def form(term: str) -> Response:
    """What the term is now, and the form that says that another name means the same."""
    return make_response(_page(term))


@pages.post("/carry/<path:term>")
@allow(Permission.REPLACE_TERM)
def carry(term: str) -> Response:
    """Sign that a term means what it did under the name that a release gives it, which is then no longer held back."""
    try:
        label, reason = answers.field("label", _("The new name")), answers.field("reason", _("The reason"))
        name, password = signer()
        receipt = registry().ontologies.carry(term, label, reason=reason, name=name, password=password)
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _page(term, refusal))
    if answers.form_for("", answers.PAGE_AND_DATA) == "json":
        return make_response(jsonify(*answers.plain([receipt])), 201)
    return redirect(url_for("terms.term", term=receipt.id, carried=1), 303)  # type: ignore[return-value]


def _page(term: str, error: RegistryError | None = None) -> str:
    known = registry().ontologies.term(term).as_dict()
    return render_template("ontologies/carry.html", term=known, typed=request.form, error=error)
