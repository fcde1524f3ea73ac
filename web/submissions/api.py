"""The address for laboratories' programs: POST /api/v1/panels.

curl -H "Authorization: Bearer $TOKEN" -F file=@panel.csv https://registry.example/api/v1/panels
201 {"receipt": "…", "recorded": [{"lot": "H-03", "verdict": "pass", …}], "errors": [], "warnings": [], …}
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, make_response, url_for

from registry.services.accounts import Permission
from web import security
from web.access import allow, me, registry
from web.submissions import upload

pages = Blueprint("api", __name__)


@pages.post("/api/v1/panels")
@allow(Permission.SUBMIT)
def panels() -> Response:
    """Submit one file of results: 201 when at least one lot was recorded, 422 when none was; errors in both.

    ``mapping`` names the approved mapping that the file's own names are looked up in, ``gates`` is the file of gates of
    raw events. With errors a Link says where the rows to mend are to be had.
    """
    key = upload.idempotency_key()
    name, data = upload.sent()
    receipt = registry().submissions.submit(name, data, me(), idempotency_key=key, beside=upload.beside()).as_dict()
    response = make_response(jsonify(receipt), 201 if receipt["recorded"] else 422)
    if receipt["errors"]:
        response.headers["Link"] = f"<{_to_mend(receipt)}>; {security.ROWS_TO_MEND}"
    return response


def _to_mend(receipt: dict[str, Any]) -> str:
    """Of a file that is kept, its rows; else where to send the file again for them."""
    if receipt["recorded"]:
        return url_for("repair.of_submission", digest=receipt["file"], form="csv")
    return url_for("repair.of_file")
