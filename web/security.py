"""What keeps a browser safe here: headers, the session cookie, forms that cannot be forged, names that cannot hurt."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request

from registry.errors import NotAllowed
from registry.services import asked_from, code_given_by
from web.language import _, marked

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

MAX_BODY = 10 * 1024 * 1024
"""Bytes of one request; a larger one is refused with 413."""
MAX_FORM = 1024 * 1024
"""Bytes of one form field that is no file."""
CHALLENGE = 'Bearer realm="cell product registry"'
"""What ``WWW-Authenticate`` says beside 401 (RFC 6750, section 3)."""
ROWS_TO_MEND = 'rel="related"; title="rows to mend"'
"""Parameters of a ``Link`` to the rows of a file in error (RFC 8288); for programs, so always English."""
SESSION_COOKIE = "session"
SIGN_IN_COOKIE = "sign-in"

# Scripts and styles come from our own files, never from a page or an attribute; a script speaks to this site alone.
POLICY = (
    "default-src 'none'; object-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
    "img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_TURNING = re.compile(rb"\xe2(?:\x80[\x8e\x8f\xaa-\xae]|\x81[\xa6-\xa9])")
"""U+200E, U+200F, U+202A to U+202E and U+2066 to U+2069 in UTF-8."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def fit(app: Flask) -> None:
    """Put the headers on every answer, errors included; and tell the registry where each request comes from."""
    app.after_request(add_headers)
    app.after_request(show_turning_signs)
    inner = app.wsgi_app

    def asked(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # Asked within the request that signs, by whoever signs: its form's fields ``code`` and ``passkey``.
        given = code_given_by(lambda: request.form.get("code", ""), lambda: request.form.get("passkey", ""))
        with asked_from(environ.get("REMOTE_ADDR", "")), given:
            return inner(environ, start_response)

    app.wsgi_app = asked  # type: ignore[method-assign]  # as Flask's documentation of middleware has it


def add_headers(response: Response) -> Response:
    """Headers of every answer: what a person saw signed in stays in no cache, static files may stay for ever."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["SECURE_COOKIES"]:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint == "static":
        kept = "public, max-age=31536000, immutable" if "v" in request.args else "no-cache"
        response.headers["Cache-Control"] = kept
        return response
    response.headers.setdefault("Cache-Control", "no-store")
    response.vary.update(["Accept", "Authorization", "Cookie"])
    return response


def show_turning_signs(response: Response) -> Response:
    """On a page, a sign that turns the direction of reading is shown as its code, whatever file or form it came from.

    ``abc`` U+202E ``fed`` reads as another word than it is (Unicode Technical Report 36, section 3.2).
    """
    if response.mimetype == "text/html" and not response.is_streamed:
        page = response.get_data()
        if _TURNING.search(page):
            response.set_data(_TURNING.sub(lambda sign: f"U+{ord(sign[0].decode()):04X}".encode(), page))
    return response


def check_form(expected: str) -> None:
    """Refuse a form that our own page did not send: wrong token, or another site's origin.

    Two independent checks, and both must hold: the token of the session (form field ``csrf`` or the header
    ``X-CSRF-Token``), and the origin as the browser states it.
    """
    given = request.headers.get("X-CSRF-Token") or request.form.get("csrf", "")
    if not expected or not hmac.compare_digest(given.encode(), expected.encode()):
        raise NotAllowed(_("The form is older than your session, or did not come from this site."), todo=_(_AGAIN))
    if not same_origin():
        raise NotAllowed(_("Another site sent this form."), todo=_(_AGAIN))


_AGAIN = marked("Go back, load the page again, and send the form from there.")


def same_origin() -> bool:
    """False when the browser says that another site made this request. Programs that say nothing pass."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def cookie(name: str) -> str:
    """What a browser sent as the cookie of this name; the empty text when it sent none."""
    return request.cookies.get(_cookie_name(name), "")


def _cookie_name(name: str) -> str:
    """Over TLS ``__Host-…``: no other host, and nobody over plain HTTP, can set such a cookie (RFC 6265bis)."""
    return f"__Host-{name}" if current_app.config["SECURE_COOKIES"] else name


def set_cookie(response: Response, name: str, value: str, *, max_age: int | None = None) -> None:
    """A cookie that scripts cannot read and other sites' forms do not carry.

    It ends with the browser's session, or after ``max_age`` seconds.
    """
    secure = bool(current_app.config["SECURE_COOKIES"])
    response.set_cookie(
        _cookie_name(name), value, httponly=True, samesite="Lax", secure=secure, path="/", max_age=max_age
    )


def drop_cookie(response: Response, name: str) -> None:
    """Make the browser forget a cookie."""
    secure = bool(current_app.config["SECURE_COOKIES"])
    response.delete_cookie(_cookie_name(name), path="/", httponly=True, samesite="Lax", secure=secure)


def safe_next(wanted: str | None) -> str:
    """Where to go after signing in: a path of this site, else the first page.

    ``//evil.example``, ``/\\evil.example`` and ``/<tab>/evil.example`` are other sites to a browser.
    """
    text = wanted or ""
    hostile = "\\" in text or any(ord(letter) < 33 or ord(letter) == 127 for letter in text)
    return "/" if hostile or not text.startswith("/") or text.startswith("//") else text


def file_name(name: str, fallback: str = "file") -> str:
    """A name that is safe to save under: no folders, no control characters, no leading dots, 120 characters."""
    kept = "".join(letter if letter.isprintable() and letter not in '/\\:*?"<>|' else "_" for letter in name)
    return kept.lstrip(". ")[-120:].strip() or fallback


def download(data: bytes, name: str, media_type: str = "application/octet-stream") -> Response:
    """Bytes to save, never to show: a submitted file is shown by nobody's browser."""
    response = Response(data, mimetype=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=file_name(name))
    return response
