"""The guides as pages, and which one belongs to the page shown.

GET /guides/clinic
GET /guides/images/clinic-find.png

They are the files of docs/guides, which the wheel holds too. Whoever has no account may read them: they hold no data.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from flask import Blueprint, Flask, Response, render_template, request, url_for

from registry.errors import Unknown
from web.access import ANYONE, allow
from web.guides.markdown import html
from web.language import _

pages = Blueprint("guides", __name__)
SUBJECTS = {
    "clinic": ("home", "find", "scan", "lots", "live", "administrations", "containers", "supply"),
    "qc-lab": ("submit", "submissions", "retests", "withdraw", "repair", "grid", "register_lot", "mappings",
               "templates"),
    "quality-unit": ("queue", "evidence", "release", "accept", "trail_review", "approve", "specifications", "products",
                     "register_product", "trends", "rules"),
    "analysts": ("sparql", "questions", "saved", "explore", "catalogue", "crates", "addresses"),
    "inspector": ("ledger", "records", "patterns"),
    "agents": ("agents",),
    "fhir": ("fhir",),
    "machines": ("feed", "identifiers"),
    "webhooks": ("webhooks",),
    "ontologies": ("terms", "carry"),
    "studies": ("studies",),
    "claims": ("claims", "publications"),
    "outcomes": ("outcomes", "relation", "findings", "trace"),
    "paper": ("paper",),
    "proof": ("proofs", "verify", "second_factor", "passkeys"),
    "deployment": ("accounts", "settings", "sign_in", "tokens"),
}  # fmt: skip
"""Each guide, and the subjects (blueprints) whose pages it is about."""
_GUIDE_OF = {subject: guide for guide, subjects in SUBJECTS.items() for subject in subjects}


def fit(app: Flask) -> None:
    """Give every page the address of its guide."""
    app.add_template_global(guide_here)


def guide_here() -> str:
    """The address of the guide of the page shown; empty where there is none."""
    guide = _GUIDE_OF.get((request.endpoint or "").partition(".")[0], "")
    return url_for("guides.guide", name=guide) if guide else ""


@pages.get("/guides/<name>")
@allow(ANYONE)
def guide(name: str) -> str:
    """One guide; raises Unknown for a name of none."""
    title, body = _read(name)
    return render_template(
        "guides/guide.html", title=title, body=body, guides=[(each, _read(each)[0]) for each in _names()]
    )


@pages.get("/guides/images/<name>")
@allow(ANYONE)
def image(name: str) -> Response:
    """A picture of a guide."""
    held = {file.name: file for file in _folder("images").iterdir() if file.name.endswith((".png", ".svg"))}
    if name not in held:
        raise Unknown(_("There is no page at this address."), found=name)
    kind = "image/svg+xml" if name.endswith(".svg") else "image/png"
    return Response(held[name].read_bytes(), mimetype=kind)


def _names() -> list[str]:
    return sorted(file.name.removesuffix(".md") for file in _folder("guides").iterdir() if file.name.endswith(".md"))


@cache
def _folder(name: str) -> Traversable:
    """A folder of the documentation: in a wheel within this package, in a checkout at the root."""
    shipped = files("web.guides") / "docs" / name
    return shipped if shipped.is_dir() else Path(__file__).parents[2] / "docs" / name


@cache
def _read(name: str) -> tuple[str, object]:
    if name not in _names():
        near = ", ".join(_names())
        raise Unknown(_("There is no such guide."), expected=near, found=name)
    return html((_folder("guides") / f"{name}.md").read_text(encoding="utf-8"), _address)


def _address(target: str) -> str:
    """Where a guide's link leads: another guide, a picture, another site; nowhere for a file that is not here."""
    path, hash_mark, anchor = target.partition("#")
    if path.startswith("../images/"):
        return url_for("guides.image", name=path.removeprefix("../images/"))
    if path.endswith(".md") and "/" not in path and path.removesuffix(".md") in _names():
        return url_for("guides.guide", name=path.removesuffix(".md")) + hash_mark + anchor
    return target if target.startswith("https://") else ""
