"""The form to sign in with, and what was sent after a session had ended: nothing that was typed is lost."""

from __future__ import annotations

import json
import secrets
from typing import Any

from flask import Response, make_response, render_template, request

from registry.errors import RegistryError
from web import security

NEVER_KEPT = frozenset({"csrf", "password", "old", "new", "again"})


def sign_in_form(
    wanted: str, name: str, token: str, error: RegistryError | None = None, kept: str = "", *, changed: bool = False,
    ended: bool = False,
) -> str:  # fmt: skip
    """The page; ``kept`` is a form's text that is offered again after signing in, as ``keep_form`` writes it."""
    said = {
        "next": security.safe_next(wanted),
        "name": name,
        "token": token,
        "kept": kept,
        "changed": changed,
        "ended": ended,
    }
    return render_template("accounts/sign_in.html", error=error, **said)


def keep_form() -> Response:
    """A form sent after its session had ended: sign in, and it is offered again with everything typed.

    Passwords and the old session's secret are not kept, and a chosen file cannot be: a browser sends it once.
    """
    fields = [[name, value] for name, value in request.form.items(multi=True) if name not in NEVER_KEPT]
    kept = json.dumps({"path": request.path, "fields": fields})
    token = secrets.token_urlsafe(24)
    response = make_response(sign_in_form("/", "", token, None, kept), 401)
    response.headers["WWW-Authenticate"] = security.CHALLENGE
    security.set_cookie(response, security.SIGN_IN_COOKIE, token)
    return response


def kept_form() -> dict[str, Any] | None:
    """What the form before signing in held: a path of this site, and pairs of text; or None."""
    try:
        kept = json.loads(request.form.get("kept") or "null")
        path, fields = kept["path"], [(str(name), str(value)) for name, value in kept["fields"]]
    except (ValueError, TypeError, KeyError):
        return None
    return {"path": path, "fields": fields} if path == security.safe_next(path) and path != "/" else None
