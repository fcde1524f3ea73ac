"""The form to sign in with, and what was sent after a session had ended: nothing that was typed is lost."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass

from flask import Response, make_response, render_template, request, url_for

from registry.errors import RegistryError
from web import security
from web.language import _, marked

NEVER_KEPT = frozenset({"csrf", "password", "old", "new", "again", "code", "sealed", "passkey"})


def sign_in_form(
    wanted: str, name: str, token: str, error: RegistryError | None = None, kept: str = "", *, changed: bool = False,
    ended: bool = False,
) -> str:  # fmt: skip
    """The page; ``kept`` is a form's text that is offered again after signing in, as ``keep_form`` writes it."""
    page = {
        "next": security.safe_next(wanted),
        "name": name,
        "token": token,
        "kept": kept,
        "changed": changed,
        "ended": ended,
    }
    return render_template("accounts/sign_in.html", error=error, **page)


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


LABELS = {
    "pasted": marked("Rows"),
    "mapping": marked("Mapping"),
    "reason": marked("Reason"),
    "note": marked("Note"),
    "value": marked("New value"),
    "unit": marked("Unit"),
    "method": marked("Method"),
    "duration": marked("Duration of the test"),
    "tested_at": marked("Tested at"),
    "instrument": marked("Instrument"),
    "analyst": marked("Analyst"),
    "relation": marked("It is a"),
    "name": marked("Name"),
    "id": marked("Identifier"),
    "meaning": marked("Meaning"),
}
"""What pages call their fields."""
INNER = {"do", "seen", "kept", "kept-gates", "checked", "read-with", "what", "csrf"}
"""Fields that nobody typed."""


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form that was sent after its session had ended: where to, and its fields as pairs."""

    path: str
    fields: list[tuple[str, str]]

    @property
    def sends_file(self) -> bool:
        """True for a form with a file, which a browser sends once."""
        return self.path == url_for("submit.send")

    @property
    def lost_file(self) -> bool:
        """True when the file did not arrive, and nothing was pasted in its place."""
        return self.sends_file and not any(name in {"pasted", "kept"} and value for name, value in self.fields)

    @property
    def mapping(self) -> str:
        """The mapping that the lost file was to be read with."""
        return next((value for name, value in self.fields if name == "mapping"), "")

    @property
    def shown(self) -> list[tuple[str, str]]:
        """What was typed, each with the name that the page has for it."""
        return [(self._label(name), value) for name, value in self.fields if value and name not in INNER]

    def _label(self, name: str) -> str:
        if name == "name" and self.sends_file:
            return _("File")
        return _(LABELS[name]) if name in LABELS else name.replace("_", " ").replace("-", " ")


def kept_form() -> KeptForm | None:
    """What the form before signing in held: a path of this site, and pairs of text; or None."""
    try:
        kept = json.loads(request.form.get("kept") or "null")
        path, fields = kept["path"], [(str(name), str(value)) for name, value in kept["fields"]]
    except (ValueError, TypeError, KeyError):
        return None
    return KeptForm(path, fields) if path == security.safe_next(path) and path != "/" else None
