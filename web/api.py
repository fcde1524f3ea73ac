"""The address for laboratories' programs: POST /api/v1/panels.

curl -H "Authorization: Bearer $TOKEN" -F file=@panel.csv https://registry.example/api/v1/panels
201 {"receipt": "…", "recorded": [{"lot": "H-03", "verdict": "pass", …}], "errors": [], "warnings": [], …}
"""

from __future__ import annotations

import json
from importlib.resources import files

from flask import Blueprint, Response, jsonify, make_response, request
from werkzeug.http import parse_options_header

from registry.errors import UnsupportedKind, WrongUsage
from web.access import ANYONE, allow, me, registry

pages = Blueprint("api", __name__)
KINDS = {
    "text/csv": (".csv", ".txt"),
    "text/tab-separated-values": (".tsv", ".tab", ".txt"),
    "text/turtle": (".ttl",),
    "application/ld+json": (".jsonld", ".json"),
}
"""Media types of a body that is the file itself, each with the endings its name may have."""
KEY_LENGTH = 200


@pages.post("/api/v1/panels")
@allow("submitter", "quality unit")
def panels() -> Response:
    """Submit one file of results: 201 when at least one lot was recorded, 422 when none was; errors in both."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not (0 < len(key) <= KEY_LENGTH and key.isascii() and key.isprintable()):
        expected = f"1 to {KEY_LENGTH} printable ASCII characters"
        raise WrongUsage("The Idempotency-Key cannot be used.", where="Idempotency-Key", expected=expected)
    name, data = _form_file() if request.mimetype == "multipart/form-data" else _body()
    receipt = registry().submit(name, data, me(), idempotency_key=key).as_dict()
    return make_response(jsonify(receipt), 201 if receipt["recorded"] else 422)


def _form_file() -> tuple[str, bytes]:
    sent = request.files.getlist("file")
    if len(sent) != 1 or not sent[0].filename:
        found = f"{len(sent)} of them" if sent else "fields: " + (", ".join([*request.form, *request.files]) or "none")
        raise WrongUsage("The form holds exactly one file, in the field file.", expected="file", found=found)
    return sent[0].filename, sent[0].read()


def _body() -> tuple[str, bytes]:
    endings = KINDS.get(request.mimetype)
    if endings is None:
        expected = ", ".join(["multipart/form-data", *KINDS])
        raise UnsupportedKind("That kind of content is not read here.", expected=expected, found=request.mimetype)
    data = request.get_data()
    if not data:
        raise WrongUsage("The request has no body.", todo="Send the file as the body, or as the form field file.")
    name = parse_options_header(request.headers.get("Content-Disposition", ""))[1].get("filename", "")
    name = name or request.args.get("filename", "") or f"panel{endings[0]}"
    if not name.casefold().endswith(endings):
        message = "The file's name and its Content-Type contradict each other."
        raise WrongUsage(
            message, expected=f"a name that ends in {' or '.join(endings)}", found=name, where="Content-Type"
        )
    return name, data


@pages.get("/api/v1/openapi.json")
@allow(ANYONE)
def openapi() -> Response:
    """The description of every address a program may call, as OpenAPI 3.1."""
    return jsonify(json.loads((files("web") / "openapi.json").read_text("utf-8")))
