"""A file in a request: a form's field ``file``, or the body itself, named by what the request says of it."""

from __future__ import annotations

from flask import request
from werkzeug.http import parse_options_header

from registry.errors import UnsupportedKind, WrongUsage
from web.language import _

KINDS = {
    "text/csv": (".csv", ".txt"),
    "text/tab-separated-values": (".tsv", ".tab", ".txt"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
    "application/json": (".json",),
    "text/turtle": (".ttl",),
    "application/ld+json": (".jsonld", ".json"),
}
"""Media types of a body that is the file itself, each with the endings its name may have."""


def sent() -> tuple[str, bytes]:
    """(name, bytes) of the one file that was sent; raises WrongUsage or UnsupportedKind."""
    return _form_file() if request.mimetype == "multipart/form-data" else _body()


def _form_file() -> tuple[str, bytes]:
    files = request.files.getlist("file")
    if len(files) != 1 or not files[0].filename:
        fields = ", ".join([*request.form, *request.files]) or _("none")
        found = _("%(number)s of them", number=len(files)) if files else _("fields: %(fields)s", fields=fields)
        raise WrongUsage(_("The form holds exactly one file, in the field file."), expected="file", found=found[:200])
    return files[0].filename, files[0].read()


def _body() -> tuple[str, bytes]:
    endings = KINDS.get(request.mimetype)
    if endings is None:
        expected = ", ".join(["multipart/form-data", *KINDS])
        message = _("That kind of content is not read here.")
        raise UnsupportedKind(message, expected=expected, found=request.mimetype[:200])
    data = request.get_data()
    if not data:
        raise WrongUsage(_("The request has no body."), todo=_("Send the file as the body, or as the form field file."))
    name = parse_options_header(request.headers.get("Content-Disposition", ""))[1].get("filename", "")
    name = name or request.args.get("filename", "") or f"panel{endings[0]}"
    if not name.casefold().endswith(endings):
        message = _("The file's name and its Content-Type contradict each other.")
        expected = _("a name that ends in %(endings)s", endings=f" {_('or')} ".join(endings))
        raise WrongUsage(message, expected=expected, found=name[:200], where="Content-Type")
    return name, data
