"""What describes every address that a program may call: OpenAPI 3.1, as written in ``openapi.json``."""

from __future__ import annotations

import json
import threading
from functools import cache
from importlib.resources import files
from typing import Any

from flask import Blueprint, Response, jsonify

from registry.services.api_schema import components
from web.access import ANYONE, allow

pages = Blueprint("openapi", __name__)
_MAKING = threading.Lock()


@pages.get("/api/v1/openapi.json")
@allow(ANYONE)
def openapi() -> Response:
    """The description of every address a program may call, as OpenAPI 3.1."""
    return jsonify(description())


@cache
def addresses() -> dict[str, Any]:
    """The addresses as written: what each request of a program is held against, so it is quickly there."""
    paths: dict[str, Any] = json.loads((files("web") / "openapi.json").read_text("utf-8"))["paths"]
    return paths


def description() -> dict[str, Any]:
    """The addresses as written, and the schemas as the models and answers have them: made by one thread, once."""
    with _MAKING:
        return _description()


@cache
def _description() -> dict[str, Any]:
    written: dict[str, Any] = json.loads((files("web") / "openapi.json").read_text("utf-8"))
    written["components"]["schemas"] |= components()
    return written
