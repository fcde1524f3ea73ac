"""The rows of a file that are to be mended, as a file to send again.

curl -H "Authorization: Bearer $TOKEN" -F file=@panel.csv "https://registry.example/api/v1/panels/errors?form=csv"
"""

from __future__ import annotations

from flask import Blueprint, Response, request

from registry.errors import Unknown
from registry.services.accounts import Permission
from web import security
from web.access import allow, registry
from web.submissions import upload

pages = Blueprint("repair", __name__)
MEDIA = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@pages.get("/submissions/<path:digest>/errors.<any(csv,xlsx):form>")
@allow(Permission.SUBMIT)
def of_submission(digest: str, form: str) -> Response:
    """The rows of a submitted file that are still to be mended; 404 when there is none."""
    return file_of(registry().specifications.tables.of_submission(digest, form), form)


@pages.post("/api/v1/panels/errors")
@allow(Permission.SUBMIT)
def of_file() -> Response:
    """The rows of a file that would be refused, as a file to mend; 204 when there is none. Nothing is kept."""
    form = request.args.get("form", "csv")
    (name, data), beside = upload.sent(), upload.beside()
    try:
        return file_of(registry().specifications.tables.to_mend(name, data, form, beside), form)
    except Unknown:
        return Response(status=204)


def file_of(named: tuple[str, bytes], form: str) -> Response:
    """(name, bytes) to save."""
    name, data = named
    return security.download(data, name, MEDIA[form])
