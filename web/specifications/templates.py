"""The table to fill in for a specification, as a file.

curl -H "Authorization: Bearer $TOKEN" -O https://registry.example/specifications/msc-identity/1/template.xlsx
"""

from __future__ import annotations

from flask import Blueprint, Response

from registry.services.accounts import Permission
from web.access import allow, registry
from web.submissions.repair import file_of

pages = Blueprint("templates", __name__)


@pages.get("/specifications/<name>/<version>/template.<any(csv,xlsx):form>")
@allow(Permission.READ)
def template(name: str, version: str, form: str) -> Response:
    """A row for everything that the specification asks for."""
    return file_of(registry().specifications.tables.template(name, version, form), form)
