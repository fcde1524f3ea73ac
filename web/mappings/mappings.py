"""What laboratories' names stand for: the mappings in force and before, drafts, and the quality unit's word on them.

curl -H "Authorization: Bearer $TOKEN" https://registry.example/mappings.json
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from registry.errors import NotAllowed, RegistryError, WrongUsage
from registry.services.accounts import Permission, may
from registry.services.mappings.approved import MEANING
from registry.services.mappings.approved import answer as answer_of
from web import answers
from web.access import allow, me, registry
from web.language import _
from web.mappings import mapping_text
from web.signature import signer
from web.submissions.open_names import FIELDS

pages = Blueprint("mappings", __name__)
DECIDED = 20


@pages.app_context_processor
def words() -> dict[str, object]:
    """For any page: how many drafts wait for the quality unit."""
    return {"mapping_drafts": _waiting}


def _waiting() -> list[Any]:
    return [*registry().mappings.drafts.waiting()]


@pages.get("/mappings")
@pages.get("/mappings.<any(json,html):suffix>")
@allow(Permission.READ_MAPPINGS)
def mappings(suffix: str = "") -> Response:
    """The mappings in force, the drafts that wait, and those that were decided last."""
    form = answers.form_for(suffix, answers.PAGE_AND_DATA)
    return answers.answer(form, data=_facts, page=_page)


def _facts() -> dict[str, object]:
    known = registry().mappings
    return {"mappings": answers.plain(known.list()), "drafts": answers.plain(known.drafts.every())}


def _page(error: RegistryError | None = None) -> str:
    drafts = registry().mappings.drafts.every()
    typed = {name: request.form.get(name, "") for name in ("as", "table", "name", "meaning")}
    return render_template(
        "mappings/mappings.html",
        mappings=[version for version in registry().mappings.list() if version.newest],
        waiting=[draft for draft in drafts if draft.state == "waits"],
        decided=[draft for draft in reversed(drafts) if draft.state != "waits"][:DECIDED],
        became=mapping_text.became,
        fields=FIELDS,
        typed=typed,
        error=error,
        meaning=MEANING,
    )


@pages.post("/mappings")
@allow(Permission.DRAFT_MAPPING)
def enter() -> Response:
    """Draft a mapping's table; a member of the quality unit may sign one of its own making instead."""
    try:
        name = answers.field("as", _("The name of the mapping"))
        file, data = _table(name)
        if request.form.get("do") == "draft":
            receipt = registry().mappings.drafts.draft(name, file, data, me())
            return _entered(receipt, url_for("mappings.draft", position=receipt.position))
        receipt = _sign(name, file, data)
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _page(refusal))
    return _entered(receipt, url_for("mappings.mapping", name=receipt.id))


def _sign(name: str, file: str, data: bytes) -> Any:
    if not may(me(), Permission.APPROVE_MAPPING):
        raise NotAllowed(_("A mapping is approved by the quality unit."), todo=_("Ask it to approve a draft."))
    meaning = answers.field("meaning", _("The meaning of your signature"))
    by, password = signer()
    return registry().mappings.add(name, file, data, signer=by, password=password, meaning=meaning)


def _table(name: str) -> tuple[str, bytes]:
    """The table of a mapping: typed or drafted in the form, or the file chosen."""
    text, upload = request.form.get("table", ""), request.files.get("file")
    if upload is not None and upload.filename:
        if text.strip():
            todo = _("Send one of the two.")
            raise WrongUsage(_("Both a file and pasted lines were sent."), where="file", todo=todo)
        return upload.filename, upload.read()
    if not text.strip():
        raise WrongUsage(_("There is no table."), where="table", todo=_("Choose a file, or paste its lines."))
    return f"{name}.csv", text.encode()


def _entered(receipt: Any, where: str) -> Response:
    if answers.form_for("", answers.PAGE_AND_DATA) == "json":
        return make_response(receipt.as_dict(), 201)
    return redirect(where, 303)  # type: ignore[return-value]


@pages.get("/mappings/<path:name>")
@allow(Permission.READ_MAPPINGS)
def mapping(name: str) -> Response:
    """The mapping in force under a name: its lines, who approved it, and those before it."""
    last, suffix = answers.split(name)
    form = answers.form_for(suffix, answers.PAGE_AND_DATA)
    version = registry().mappings.get(last)
    answer = answer_of(version).as_dict()
    return answers.answer(
        form,
        data=lambda: {**answer, "lines": [_line(line) for line in version.lines]},
        page=lambda: render_template(
            "mappings/mapping.html",
            mapping=answer,
            lines=[mapping_text.line_text(line) for line in version.lines],
            drafted_lines=len(version.lines),
            became=mapping_text.became,
            draft=None,
            versions=_versions(version.name),
            notes=mapping_text.notes(version.lines),
        ),
    )


def _versions(name: str) -> list[Any]:
    every = [version for version in registry().mappings.list() if version.name.casefold() == name.casefold()]
    return every[::-1]


def _line(line: Any) -> dict[str, str]:
    return {name: str(getattr(line, name)) for name in FIELDS}


@pages.get("/mappings/drafts/<int:position>")
@allow(Permission.READ_MAPPINGS)
def draft(position: int) -> Response:
    """A draft: its lines, what it would change, and what became of it."""
    return make_response(_draft(position))


def _draft(position: int, error: RegistryError | None = None) -> str:
    draft, drafted = registry().mappings.drafts.get(position)
    now = next((version for version in _versions(draft.name) if version.newest), None)
    before = [_line(line) for line in registry().mappings.get(now.name).lines] if now else []
    lines = _compared([_line(line) for line in drafted.lines], before)
    return render_template(
        "mappings/mapping.html",
        mapping=now.as_dict() if now else None,
        lines=lines,
        drafted_lines=len(drafted.lines),
        became=mapping_text.became,
        draft=draft,
        versions=_versions(draft.name),
        notes=mapping_text.notes(drafted.lines),
        typed={name: request.form.get(name, "") for name in ("name", "reason", "meaning")},
        error=error,
        meaning=MEANING,
    )


def _compared(lines: list[dict[str, str]], before: list[dict[str, str]]) -> list[mapping_text.LineText]:
    """Each line with what it is beside the mapping in force, then the lines that the draft leaves out."""
    old = {(line["kind"], line["name"]): line for line in before}
    new = {(line["kind"], line["name"]) for line in lines}
    gone = [line for key, line in old.items() if key not in new]
    return [
        *(mapping_text.line_text(line, _change(line, old.get((line["kind"], line["name"])))) for line in lines),
        *(mapping_text.line_text(line, "gone") for line in gone),
    ]


def _change(line: dict[str, str], before: dict[str, str] | None) -> str:
    if before is None:
        return "new"
    return "same" if line == before else "changed"


@pages.post("/mappings/drafts/<int:position>")
@allow(Permission.APPROVE_MAPPING)
def decide(position: int) -> Response:
    """Approve a draft with name and password, or decline it with a reason."""
    drafts = registry().mappings.drafts
    try:
        if request.form.get("do") == "decline":
            receipt = drafts.decline(position, answers.field("reason", _("The reason")), me())
            return _entered(receipt, url_for("mappings.draft", position=position))
        meaning = answers.field("meaning", _("The meaning of your signature"))
        name, password = signer()
        receipt = drafts.approve(position, signer=name, password=password, meaning=meaning)
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _draft(position, refusal))
    return _entered(receipt, url_for("mappings.mapping", name=receipt.id))
