"""Studies: what products are tried for, with arms, doses, and the state of each lot made for them."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, url_for

from registry.services.accounts import Permission
from web import answers
from web.access import allow, registry

pages = Blueprint("studies", __name__)
LOTS = 25
"""Lots on a page of a study; it is turned for the others."""


@pages.get("/studies")
@pages.get("/studies.<any(json,html):suffix>")
@allow(Permission.READ)
def studies(suffix: str = "") -> Response:
    """Every study."""
    known = answers.plain(registry().studies.all())
    return answers.answer(
        answers.form_for(suffix, answers.PAGE_AND_DATA),
        data=lambda: {"studies": known},
        page=lambda: render_template("studies/studies.html", studies=known),
    )


@pages.get("/studies/<path:study>")
@allow(Permission.READ)
def study(study: str) -> Response:
    """One study: as registries of studies hold it, and the lots that were made for it."""
    name, suffix = answers.split(study)
    form = answers.form_for(suffix)
    known, start = registry().studies.get(name), answers.whole("from", 0)
    return answers.answer(
        form,
        data=known.as_dict,
        page=lambda: render_template(
            "studies/study.html",
            study=known.as_dict(),
            lots=answers.plain(registry().studies.lots(known.study, LOTS, start)),
            start=start,
            page=LOTS,
            on_record={each.doi for each in registry().claims.publications()} if known.publications else set(),
            products=[registry().products.get(product).as_dict() for product in known.products],
        ),
        rdf=("study", known.study),
    )


@pages.get("/study/<path:study>")
@allow(Permission.READ)
def address(study: str) -> Response:
    """The address that a study has in RDF leads to its page."""
    return redirect(url_for("studies.study", study=study), 303)  # type: ignore[return-value]
