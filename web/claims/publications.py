"""Publications in the browser: what is cited, and everything here that cites it."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, url_for

from registry.services.accounts import Permission
from web import answers
from web.access import allow, registry

pages = Blueprint("publications", __name__)


@pages.get("/publications")
@pages.get("/publications.<any(json,html):suffix>")
@allow(Permission.READ)
def publications(suffix: str = "") -> Response:
    """Every publication."""
    known = answers.plain(registry().claims.publications())
    return answers.answer(
        answers.form_for(suffix, answers.PAGE_AND_DATA),
        data=lambda: {"publications": known},
        page=lambda: render_template("claims/publications.html", publications=known),
    )


@pages.get("/publications/<path:doi>")
@allow(Permission.READ)
def publication(doi: str) -> Response:
    """One publication, by its DOI."""
    name, suffix = answers.split(doi)
    form = answers.form_for(suffix)
    known = registry().claims.publication(name)
    return answers.answer(
        form,
        data=known.as_dict,
        page=lambda: render_template("claims/publication.html", publication=known.as_dict()),
        rdf=("publication", known.doi),
    )


@pages.get("/publication/<path:doi>")
@allow(Permission.READ)
def address(doi: str) -> Response:
    """The address that a publication has in RDF leads to its page."""
    return redirect(url_for("publications.publication", doi=doi), 303)  # type: ignore[return-value]
