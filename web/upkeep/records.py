"""Records as they were signed, and submitted files as they were sent."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from registry.services.accounts import Permission
from web import answers, security
from web.access import allow, me, registry

pages = Blueprint("records", __name__)


def _digest(text: str) -> str:
    return text if text.startswith("sha256:") else f"sha256:{text}"


@pages.get("/records/<path:digest>")
@allow(Permission.READ)
def record(digest: str) -> Response:
    """One record: its canonical N-Triples, which are the bytes its digest and signature are over."""
    name, suffix = answers.split(digest)
    form = answers.form_for(suffix)
    name = _digest(name)
    body = registry().record(name, me())
    if form == "nt":
        return Response(body, mimetype=answers.MEDIA["nt"])
    text = body.decode("utf-8")
    return answers.answer(
        form,
        data=lambda: {"record": name, "ntriples": text},
        page=lambda: render_template("upkeep/record.html", digest=name, text=text),
        rdf=("record", name),
    )


@pages.get("/files/<path:digest>")
@allow(Permission.READ)
def file(digest: str) -> Response:
    """A submitted file, byte for byte, to save; a table of outcomes for whoever may see single ones."""
    name, data = registry().submissions.file(_digest(digest), me())
    return security.download(data, name)
