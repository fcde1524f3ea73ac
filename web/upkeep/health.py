"""For those who keep the server running: does the process live, is it ready, and its figures. No names, no lots."""

from __future__ import annotations

import re

from flask import Blueprint, Response, current_app, jsonify, make_response

from web.access import ANYONE, allow, registry

pages = Blueprint("health", __name__)
REFUSED = "cell_registry_sign_ins_refused_total"
"""Since this server began."""
FIGURES = "; ".join(("text/plain", "version=0.0.4", "charset=utf-8"))


@pages.get("/healthz")
@allow(ANYONE)
def healthz() -> Response:
    """200 as long as the process answers."""
    return Response("ok\n", mimetype="text/plain")


@pages.get("/readyz")
@allow(ANYONE)
def readyz() -> Response:
    """200 when the registry can serve, else 503 with the problems."""
    problems = registry().upkeep.ready()
    response = make_response(jsonify({"ready": not problems, "problems": problems}), 503 if problems else 200)
    if problems:
        response.headers["Retry-After"] = "5"
    return response


@pages.get("/metrics")
@allow(ANYONE)
def metrics() -> Response:
    """The registry's figures in Prometheus' text format, version 0.0.4."""
    lines: list[str] = []
    for name, value in sorted({**registry().upkeep.metrics(), **registry().webhooks.metrics()}.items()):
        full = re.sub("[^a-zA-Z0-9_]", "_", name)
        lines += [f"# TYPE {full} gauge", f"{full} {value!r}"]
    refused = current_app.config["REFUSED_SIGN_INS"].total
    lines += [f"# TYPE {REFUSED} counter", f"{REFUSED} {refused}"]
    return Response("\n".join(lines) + "\n", content_type=FIGURES)
