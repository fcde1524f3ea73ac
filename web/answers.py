"""One thing, four forms: HTML, JSON, JSON-LD and Turtle of it by suffix or ``Accept``. And the one error handler.

GET /lots/H-03.json          suffix first: an address one can paste
GET /lots/H-03               Accept: application/ld+json
{"error": {"kind": "Unknown", "message": "There is no such lot.", "found": "H-3"}}
                             Accept: application/problem+json puts RFC 9457's members before them
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from urllib.parse import quote

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from registry.errors import NotAcceptable, RegistryError, Throttled, Unavailable, Unknown, WrongUsage
from web import access, security
from web.language import _, marked
from web.lots import no_such_lot
from web.upkeep.log import request_id

MEDIA = {
    "html": "text/html",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}
SUFFIXES = ("html", "json", "jsonld", "ttl")
"""No lot's identifier may end in one of these, so a suffix is never part of a name."""
PAGE_AND_DATA = ("html", "json")
OFFERED = ("html", "json", "jsonld", "ttl", "nt")
GRAPHS = ("ttl", "nt", "rdf", "jsonld")
PROBLEM = "application/problem+json"
PROBLEMS = "https://w3id.org/cell-product-registry/problem/"
"""Where the names of refusals stand: each ``code`` is one, the same in every version."""
LOG = logging.getLogger("web")


def split(name: str) -> tuple[str, str]:
    """An identifier and the form its suffix asks for: ``H-03.ttl`` is (``H-03``, ``ttl``)."""
    stem, dot, suffix = name.rpartition(".")
    return (stem, suffix) if dot and stem and suffix in SUFFIXES else (name, "")


def form_for(suffix: str, offered: Sequence[str] = OFFERED) -> str:
    """The form to answer in: the suffix's, else the one ``Accept`` likes best, else HTML. 406 for any other."""
    if suffix:
        if suffix in offered:
            return suffix
        raise _not_offered(offered, suffix)
    if not request.headers.get("Accept"):
        return offered[0]
    best = request.accept_mimetypes.best_match([MEDIA[form] for form in offered])
    if best is None:
        raise _not_offered(offered, request.headers["Accept"])
    return next(form for form in offered if MEDIA[form] == best)


def _not_offered(offered: Sequence[str], asked: str) -> NotAcceptable:
    expected = ", ".join(MEDIA[form] for form in offered)
    return NotAcceptable(_("This is not to be had in that form."), expected=expected, found=asked)


def answer(
    form: str, *, data: Callable[[], object], page: Callable[[], str], rdf: tuple[str, str] | None = None
) -> Response:
    """One thing in one form; only that form is made. ``rdf`` is what the registry writes as a graph: (subject, id)."""
    if form == "html":
        return make_response(page())
    if form == "json":
        return jsonify(data())
    if rdf is None:
        raise _not_offered(PAGE_AND_DATA, MEDIA[form])
    media_type = MEDIA[form]
    body = access.registry().upkeep.rdf(rdf[0], rdf[1], media_type)
    return Response(body, mimetype=media_type)


def plain(items: Sequence[object]) -> list[object]:
    """Answers of the registry as JSON would have them."""
    return [item.as_dict() if hasattr(item, "as_dict") else item for item in items]


def fit(app: Flask) -> None:
    """Every error, of the registry, of HTTP or of ours, becomes one page or one envelope. Never a traceback."""
    app.register_error_handler(RegistryError, refused)
    app.register_error_handler(HTTPException, not_served)
    app.register_error_handler(Exception, broken)


def refused(error: RegistryError) -> Response:
    """A refusal of the registry: its own status, its own sentence, and what to do."""
    if isinstance(error, Unavailable):
        LOG.error("unavailable %s %s %s %s", request.method, request.path, error.message, error.found)
    envelope, near = error.as_dict(), list[str]()
    if isinstance(error, Unknown) and access.wants_page():
        envelope, near = no_such_lot.for_reader(error)
    return _error(error.http_status, envelope, retry_after(error), near)


def retry_after(error: RegistryError) -> int | None:
    """Seconds after which the same request may succeed, for those refusals that pass by themselves."""
    return error.retry_after or 10 if isinstance(error, Unavailable | Throttled) else None


_SENTENCES = {
    400: marked("This request could not be read."),
    404: marked("There is no page at this address."),
    405: marked("This address does not answer that method."),
    413: marked("The file is too large: 10 MB at most."),
    415: marked("That kind of content is not read here."),
}
_TODO = {
    400: marked("Go back and try again. If it stays so, tell whoever runs the registry what you did."),
    404: marked("Look at the address again, sign by sign, or begin at the first page."),
    413: marked(
        "Nothing was kept. Divide a table into several files. Whoever runs the registry can submit larger files of "
        "instruments: up to 50 MB, of cytometers up to 200 MB."
    ),
}
"""What a person can do about it; a program reads the same."""


def not_served(error: HTTPException) -> Response:
    """An error of HTTP itself: no such page, wrong method, too large."""
    status = error.code or 500
    envelope: dict[str, object] = {
        "kind": type(error).__name__,
        "message": _(_SENTENCES[status]) if status in _SENTENCES else error.name,
    }
    if status in _TODO:
        envelope["todo"] = _(_TODO[status])
    if status == 413 and 0 < (request.content_length or 0) <= security.MAX_BODY:
        envelope["message"] = _("The pasted rows are too many: 1 MB at most.")
        envelope["todo"] = _("Nothing was kept. Save them as a file, and choose that.")
    allowed = ", ".join(sorted(getattr(error, "valid_methods", None) or []))
    if allowed:
        envelope["expected"] = allowed
    if allowed and request.method == "GET":
        envelope["message"] = _("There is nothing to look at here: forms are sent to this address.")
        envelope["todo"] = _("Go back to the page with the form, and send it from there.")
    response = _error(status, envelope)
    if allowed:
        response.headers["Allow"] = allowed
    return response


def broken(error: Exception) -> Response:
    """A fault of ours: a reference to find it in the log by, and nothing else about it."""
    reference = request_id() or secrets.token_hex(8)
    LOG.error("fault %s at %s %s", reference, request.method, request.path, exc_info=error)
    message = _(
        "Something broke here. It was logged, and nothing was changed by this request unless a receipt says so."
    )
    where = _("log reference %(reference)s", reference=reference)
    return _error(500, {"kind": "Fault", "message": message, "where": where})


def _error(status: int, envelope: dict[str, object], wait: int | None = None, near: Sequence[str] = ()) -> Response:
    g.setdefault("account", None)
    suffix = split(request.path)[1]
    if access.wants_page() and suffix in {"", "html"}:
        response = make_response(
            render_template(
                "error.html",
                status=status,
                error=envelope,
                heading=_heading(envelope),
                near=near,
                wait=wait,
                reference=request_id(),
            ),
            status,
        )
    else:
        response = _for_programs(status, envelope)
    if status == 401:
        response.headers["WWW-Authenticate"] = security.CHALLENGE
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


def _for_programs(status: int, envelope: Mapping[str, object]) -> Response:
    """The envelope; for whoever names ``application/problem+json`` with the members of RFC 9457 before it."""
    members: dict[str, object] = {"error": envelope, "request": request_id()}
    accepted = request.accept_mimetypes
    if PROBLEM not in accepted.values() or accepted[PROBLEM] < accepted[MEDIA["json"]]:
        return make_response(jsonify(members), status)
    code = str(envelope.get("code", ""))
    problem: dict[str, object] = {
        "type": PROBLEMS + code if code else "about:blank",
        "title": code.replace("-", " ").capitalize() if code else HTTPStatus(status).phrase,
        "status": status,
        "detail": envelope["message"],
        "instance": quote(request.path),
    }
    response = make_response(jsonify(problem | members), status)
    response.mimetype = PROBLEM
    return response


SHORT = 24
"""Characters up to which what was found is set off in the heading of an error's page."""


def _heading(envelope: Mapping[str, object]) -> tuple[str, str, str]:
    """The message in three: before what was found, that, and after it; all in the first where it does not hold it."""
    message, held_text = str(envelope["message"]), str(envelope.get("found") or "")
    before, held, after = message.partition(held_text) if 0 < len(held_text) < SHORT else (message, "", "")
    return (before, held, after) if held else (message, "", "")


def form_refused(error: RegistryError, page: Callable[[], str]) -> Response:
    """A form that was refused: the same page with everything typed, or the envelope for a program."""
    if not access.wants_page():
        raise error
    response = make_response(page(), error.http_status)
    if error.http_status == 401:
        response.headers["WWW-Authenticate"] = security.CHALLENGE
    if wait := retry_after(error):
        response.headers["Retry-After"] = str(wait)
    return response


def field(name: str, label: str) -> str:
    """A form field that may not be empty."""
    value = request.form.get(name, "").strip()
    if not value:
        raise WrongUsage(
            _("%(label)s is empty.", label=label), where=name, todo=_("Fill it in and send the form again.")
        )
    return value


def time(name: str, label: str = "") -> datetime | None:
    """A time of a form, ``2026-11-21 14:05 +01:00`` as these pages show it or as ISO 8601 writes it; None if empty.

    ``label`` is what the page calls the field. Whether it has a zone is for the registry to say.
    """
    text = request.form.get(name, "").strip()
    if not text:
        return None
    day, space, rest = text.partition(" ")
    try:
        return datetime.fromisoformat(f"{day}T{rest.replace(' ', '')}" if space else text)
    except ValueError:
        expected = _("a time with its zone, such as 2026-11-21 14:05 +01:00")
        message = _("%(field)s: this is no time.", field=label) if label else _("This is no time.")
        raise WrongUsage(message, where=name, expected=expected, found=text) from None


def whole(name: str, otherwise: int) -> int:
    """A whole number of the address, not negative; ``otherwise`` when it is not there. Raises WrongUsage."""
    text = request.args.get(name, "")
    if not text:
        return otherwise
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise WrongUsage(_("This is no number."), where=name, expected=_("a whole number"), found=text)
    return int(text)
