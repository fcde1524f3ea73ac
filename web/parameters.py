"""What a program's request may ask beside its address: a parameter that nobody reads is refused, and nothing is done.

A program that sends ``?check=1`` where nothing is called ``check`` means something that would not happen: the file
would be recorded.
"""

from __future__ import annotations

from collections.abc import Collection

from flask import Flask, request

from registry.errors import WrongUsage
from web.language import _
from web.upkeep.openapi import addresses

READS = {"GET", "HEAD", "OPTIONS"}
FORMS = {
    "/api/v1/panels": {"file", "gates", "mapping"},
    "/api/v1/panels/errors": {"file", "gates", "mapping"},
    "/api/v1/outcomes": {"file"},
}
"""The fields of the forms that programs send."""


def fit(app: Flask) -> None:
    """Check every request of a program that writes, or that goes to one of the addresses for programs."""
    app.before_request(refuse_unknown)


def refuse_unknown() -> None:
    """Raise WrongUsage with the parameters that there are; SPARQL has a protocol of its own, and people use links."""
    for_programs = request.path.startswith("/api/")
    writes = request.method not in READS and "Authorization" in request.headers and request.path != "/sparql"
    if request.endpoint is None or not (for_programs or writes):
        return
    _refuse(request.args, described(request.method, request.path), "query")
    if request.path in FORMS and request.mimetype == "multipart/form-data":
        _refuse([*request.form, *request.files], FORMS[request.path], "form")


def described(method: str, path: str) -> set[str]:
    """The names of the query's parameters that the description of this address has."""
    operation = addresses().get(path, {}).get(method.lower(), {})
    return {parameter["name"] for parameter in operation.get("parameters", ()) if parameter["in"] == "query"}


def _refuse(given: Collection[str | None], known: Collection[str], where: str) -> None:
    unknown = sorted({name or _("a part without a name") for name in given} - set(known))
    if unknown:
        names = ", ".join(unknown)[:200]
        raise WrongUsage(
            _("Nothing here is called %(names)s, so the request was not carried out.", names=names),
            expected=", ".join(sorted(known)) or _("no parameter"),
            found=names,
            where=where,
            todo=_("Leave it out, or send what it was meant for in another way."),
        )
