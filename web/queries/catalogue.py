"""What this site is, for programs that look for data sets: VoID and DCAT, without signing in, without any figure."""

from __future__ import annotations

from flask import Blueprint, Response, request

from web import answers
from web.access import ANYONE, allow, registry

pages = Blueprint("catalogue", __name__)


@pages.get("/.well-known/void")
@pages.get("/dcat")
@allow(ANYONE)
def described() -> Response:
    """W3C VoID, section 7.2 (the well-known address), and DCAT 3, in one description."""
    form = answers.form_for("", answers.GRAPHS)
    body = registry().queries.dataset_description(request.url_root, answers.MEDIA[form])
    return Response(body, mimetype=answers.MEDIA[form])
