"""A term of the ontologies, and the search for one: what it is, where it stands, what is asked of it, who uses it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for

from registry.services.accounts import Permission
from web import answers
from web.access import allow, registry
from web.ontologies import elsewhere
from web.vocabulary import TERMS, said

pages = Blueprint("terms", __name__)
LIMIT, MOST_OF_KIND, MOST_LOTS = 20, 500, 50


@pages.get("/terms")
@pages.get("/terms.<any(json,html):suffix>")
@allow(Permission.READ)
def search(suffix: str = "") -> Response:
    """Terms whose label, synonym or id holds ``q``, of one ``kind`` if it is named. A whole id leads to its page."""
    text = request.args.get("q", "").strip()
    kind = request.args.get("kind", "").strip()
    form = answers.form_for(suffix, answers.PAGE_AND_DATA)
    lines = registry().ontologies.search(text, MOST_OF_KIND if kind else LIMIT)
    terms = answers.plain([line for line in lines if not kind or line.kind == kind][:LIMIT])
    exact = [line for line in registry().ontologies.search(text, 1) if line.id.casefold() == text.casefold()]
    if form == "html" and exact:
        return redirect(url_for("terms.term", term=exact[0].id), 303)  # type: ignore[return-value]
    return answers.answer(
        form,
        data=lambda: {"query": text, "limit": LIMIT, "terms": terms},
        page=lambda: render_template(
            "ontologies/terms.html", query=text, terms=terms, limit=LIMIT, kinds={kind: said(kind) for kind in TERMS}
        ),
    )


@pages.get("/terms/<path:term>")
@allow(Permission.READ)
def term(term: str) -> Response:
    """One cell type, disease, marker or test."""
    name, suffix = answers.split(term)
    form = answers.form_for(suffix)
    thing = registry().ontologies.term(name).as_dict()
    return answers.answer(
        form,
        data=lambda: thing,
        page=lambda: render_template(
            "ontologies/term.html",
            term=thing,
            carried="carried" in request.args,
            **_beside(thing),
            elsewhere=elsewhere.of(thing["id"], thing["iri"], thing["xrefs"]),
        ),
        rdf=("term", thing["id"]),
    )


def _beside(term: dict[str, Any]) -> dict[str, Any]:
    """What the page shows of a term's lists: further ancestors, the specifications that ask for it, the first lots."""
    asked = [dict(zip(("name", "version"), line["specification"].split("@", 1), strict=True)) for line in term["asked"]]
    lots = term["used_by"]["lots"]
    return {
        "further_ancestors": term["ancestors"][len(term["parents"]) :],
        "asked": list(zip(term["asked"], asked, strict=True)),
        "lots": lots[:MOST_LOTS],
        "further_lots": max(0, len(lots) - MOST_LOTS),
    }
