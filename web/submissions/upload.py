"""A file in a request, and what it is read with: the mapping by its name, and the gates of raw events.

A program sends the field ``file`` of a form, or the body itself, named by what the request says of it. A person's
browser sends a form: the file chosen, the one that was checked and waits in the page, or pasted rows.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from flask import request
from werkzeug.datastructures import FileStorage
from werkzeug.http import parse_options_header

from registry.errors import UnsupportedKind, WrongUsage
from registry.services.mappings.approved import Beside
from web.access import registry
from web.language import _

KINDS = {
    "text/csv": (".csv", ".txt"),
    "text/tab-separated-values": (".tsv", ".tab", ".txt"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
    "application/json": (".json",),
    "application/fhir+json": (".json",),
    "text/turtle": (".ttl",),
    "application/ld+json": (".jsonld", ".json"),
}
"""Media types of a body that is the file itself, each with the endings its name may have."""
PASTED = ("pasted.csv", "pasted.tsv")
"""What rows that were typed or pasted are called."""
KEY_LENGTH = 200
KEPT, KEPT_GATES = 512 * 1024, 128 * 1024
"""Bytes up to which a checked file, and its gates, wait in the page for the next button; larger ones: chosen again."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person sent: the file, the gates beside it, and the name of a mapping (empty for none)."""

    name: str
    data: bytes
    gates: tuple[str, bytes] | None
    mapping: str

    @property
    def kept(self) -> str:
        """The file as it waits in the page; empty when it is too large for that."""
        return base64.b64encode(self.data).decode() if len(self.data) <= KEPT else ""

    @property
    def kept_gates(self) -> str:
        """The gates as they wait in the page; empty when there are none, or they are too large for that."""
        if self.gates is None or len(self.gates[1]) > KEPT_GATES:
            return ""
        return base64.b64encode(self.gates[1]).decode()

    @property
    def beside(self) -> Beside:
        """What the file is read with; raises Unknown for a mapping that there is not."""
        return registry().mappings.beside(self.mapping or None, self.gates)


def sent() -> tuple[str, bytes]:
    """(name, bytes) of the one file that was sent; raises WrongUsage or UnsupportedKind."""
    return _form_file() if request.mimetype == "multipart/form-data" else _body()


def idempotency_key() -> str | None:
    """The key by which a program repeats a request, None without one; raises WrongUsage for one that no key can be."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not (0 < len(key) <= KEY_LENGTH and key.isascii() and key.isprintable()):
        expected = _("1 to %(most)s printable ASCII characters", most=KEY_LENGTH)
        raise WrongUsage(_("The Idempotency-Key cannot be used."), where="Idempotency-Key", expected=expected)
    return key


def beside() -> Beside:
    """What a program's file is read with: the mapping named in ``mapping``, the file ``gates``; raises Unknown."""
    name = request.form.get("mapping") or request.args.get("mapping")
    return registry().mappings.beside(name or None, _gates())


def chosen() -> Chosen:
    """What the form of a person's browser holds: exactly one file, or rows pasted."""
    name, data = _file()
    return Chosen(name, data, _gates(), request.form.get("mapping", "").strip())


def _file() -> tuple[str, bytes]:
    if request.form.get("kept"):
        return request.form.get("name", ""), _waiting("kept")
    upload, pasted = request.files.get("file"), request.form.get("pasted", "")
    if upload is not None and upload.filename:
        if pasted.strip():
            todo = _("Send one of the two.")
            raise WrongUsage(_("Both a file and pasted rows were sent."), where="file", todo=todo)
        return upload.filename, upload.read()
    if pasted.strip():
        return PASTED["\t" in pasted.split("\n", 1)[0]], pasted.encode()
    todo = _("Choose a file, or paste rows.")
    raise WrongUsage(_("No file was chosen and no rows were pasted."), where="file", todo=todo)


def _gates() -> tuple[str, bytes] | None:
    upload: FileStorage | None = request.files.get("gates")
    if upload is not None and upload.filename:
        return upload.filename, upload.read()
    if request.form.get("kept-gates"):
        return request.form.get("gates-name", "") or "gates.xml", _waiting("kept-gates")
    return None


def _waiting(field: str) -> bytes:
    try:
        return base64.b64decode(request.form[field], validate=True)
    except binascii.Error:
        message = _("The checked file did not arrive whole.")
        raise WrongUsage(message, todo=_("Choose the file again.")) from None


def _form_file() -> tuple[str, bytes]:
    files = request.files.getlist("file")
    if len(files) != 1 or not files[0].filename:
        fields = ", ".join([*request.form, *request.files]) or _("none")
        number = _("%(number)s of them", number=len(files)) if files else _("fields: %(fields)s", fields=fields)
        raise WrongUsage(_("The form holds exactly one file, in the field file."), expected="file", found=number[:200])
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
