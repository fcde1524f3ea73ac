"""A lot's records, files and proofs as one file that other systems read.

GET /crates/ro-crate/H-09   an RO-Crate 1.2, zipped
GET /crates/eln/H-09        the same records for electronic lab notebooks
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Blueprint, Response

from registry.services.accounts import Permission
from web import security
from web.access import allow, registry

pages = Blueprint("crates", __name__)
SUFFIXES = {"ro-crate": "zip", "eln": "eln"}
MEDIA = "application/zip"


@pages.get("/crates/<any('ro-crate', eln):form>/<path:lot>")
@allow(Permission.COPY_RECORDS)
def crate(form: str, lot: str) -> Response:
    """The file, made now: what the ledger holds of the lot, of what it derives from and of its product."""
    known = registry().lots.get(lot).lot
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"lot.{SUFFIXES[form]}"
        registry().queries.export(form, target, [known])
        return security.download(target.read_bytes(), f"{known}.{SUFFIXES[form]}", MEDIA)
