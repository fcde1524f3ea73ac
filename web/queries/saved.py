"""Questions that somebody saved, each at an address that a colleague opens.

GET  /questions/saved                    every one; as JSON and CSV
GET  /questions/saved/3f9c01ab           its newest version with today's answer; as JSON the question itself
GET  /questions/saved/3f9c01ab/1         an earlier version, which stays what it was
POST /questions/saved/new                keep one, or the next version of one's own
POST /questions/saved/3f9c01ab           rename it, or withdraw it
"""

from __future__ import annotations

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for

from registry.errors import RegistryError
from registry.services import QuestionDraft, SavedQuestion
from registry.services.accounts import Permission
from web import answers
from web.access import allow, me, registry
from web.language import _, marked
from web.queries import drawing
from web.queries.answer_table import table_of
from web.queries.sparql import TABLE
from web.tables import rows
from web.tables.table import Column, Filter, asked

pages = Blueprint("saved", __name__)
COLUMNS = (
    Column("name", marked("Question"), sorts=True),
    Column("author", marked("Saved by"), sorts=True),
    Column("at", marked("When"), sorts=True, greatest_first=True),
)
FILTERS = (
    Filter("q", marked("Words of a name, a sentence or a query")),
    Filter("author", marked("Saved by")),
)
KEPT = ("id", "version", "name", "sentence", "author", "at", "shown", "of", "query")
"""The columns of the list as a file."""


@pages.get("/questions/saved")
@pages.get("/questions/saved.<any(json,html,csv):suffix>")
@allow(Permission.QUERY)
def questions(suffix: str = "") -> Response:
    """Every saved question in its newest version, the latest first."""
    table = asked("saved.questions", COLUMNS, FILTERS)
    left = table.arranged(
        registry().queries.saved.all(by=me()),
        {
            "name": lambda question: question.draft.name,
            "author": lambda question: question.author,
            "at": lambda question: question.at,
        },
        _holds,
    )
    lines = list(table.shown(left))
    if suffix == "csv":
        return rows.save("saved-questions", KEPT, [line.as_dict() for line in lines])
    return answers.answer(
        answers.form_for(suffix, answers.PAGE_AND_DATA),
        data=lambda: {"questions": [line.as_dict() for line in lines]},
        page=lambda: render_template("queries/saved_list.html", table=table, questions=lines, more=table.more(left)),
    )


def _holds(question: SavedQuestion, name: str, value: str) -> bool:
    if name == "author":
        return question.author.casefold() == value.casefold()
    words = " ".join((question.draft.name, question.draft.sentence, question.draft.query)).casefold()
    return all(word in words for word in value.casefold().split())


@pages.route("/questions/saved/new", methods=["GET", "POST"])
@allow(Permission.SAVE_QUESTION)
def form() -> Response:
    """Name a question and keep it; the query comes from the query's page, with how its answer is shown there."""
    if request.method == "GET":
        return make_response(_form())
    given = {name: request.form.get(name, "") for name in ("name", "sentence", "query", "shown", "of")}
    replaces = request.form.get("replaces", "").strip()
    try:
        saved, draft = registry().queries.saved, QuestionDraft(**given)
        kept = saved.replace(replaces, draft, by=me()) if replaces else saved.save(draft, by=me())
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _form(refusal))
    return redirect(url_for("saved.question", question=kept.id, done="saved"), 303)  # type: ignore[return-value]


def _form(error: RegistryError | None = None) -> str:
    """The form as it was typed; of a question that is to be replaced its name and sentence stand in it."""
    typed = {name: value for name, value in (request.form or request.args).items() if isinstance(value, str)}
    own = [each for each in registry().queries.saved.all(by=me()) if each.author == me().name]
    replaced = next((each for each in own if each.id == typed.get("replaces")), None)
    if replaced is not None:
        typed = {"name": replaced.draft.name, "sentence": replaced.draft.sentence} | typed
    ways = {"table": _("table"), "chart": _("chart"), "graph": _("graph"), "map": _("map of origin")}
    return render_template("queries/save.html", error=error, typed=typed, own=own, ways=ways)


@pages.get("/questions/saved/<question>")
@pages.get("/questions/saved/<question>/<int:version>")
@allow(Permission.QUERY)
def question(question: str, version: int | None = None) -> Response:
    """A saved question with its answer, shown as it was saved unless the address says otherwise."""
    name, suffix = answers.split(question)
    kept = registry().queries.saved.get(name, version, by=me())
    return answers.answer(
        answers.form_for(suffix, answers.PAGE_AND_DATA), data=kept.as_dict, page=lambda: _page(kept)
    )  # fmt: skip


def _page(kept: SavedQuestion, error: RegistryError | None = None) -> str:
    """The page of a question; ``error`` is of its form, or of the query where it is asked."""
    body, media_type, size, unanswered = b"", "", 0, None
    text = registry().queries.with_prefixes(kept.draft.query)
    try:
        current_app.config["QUERY_RATES"].count(me().name)
        answer = registry().queries.query(text, TABLE, by=me(), name=f"saved/{kept.id}/{kept.version}")
        body, media_type, size = answer.body, answer.media_type, answer.ledger_size
    except RegistryError as refusal:
        unanswered = refusal
    is_table = media_type.partition(";")[0] == "application/sparql-results+json"
    table = table_of(body) if is_table else None
    chosen = {drawing.AS: kept.draft.shown, drawing.OF: kept.draft.of} | request.args.to_dict()
    return render_template(
        "queries/saved.html",
        kept=kept,
        mine=kept.author == me().name,
        query=text,
        table=table,
        drawn=drawing.of(table, chosen) if table else None,
        graph=body.decode("utf-8") if media_type and not is_table else "",
        size=size,
        typed=request.form,
        error=error or unanswered,
        fields=("name", "sentence") if error else (),
    )


@pages.post("/questions/saved/<question>")
@allow(Permission.SAVE_QUESTION)
def change(question: str) -> Response:
    """Rename one's own question, or withdraw it: the button says which."""
    saved = registry().queries.saved
    try:
        if request.form.get("do") == "withdraw":
            answers.field("sure", _("That its address answers nobody any more"))
            saved.withdraw(question, by=me())
            return redirect(url_for("saved.questions"), 303)  # type: ignore[return-value]
        saved.rename(question, request.form.get("name", ""), request.form.get("sentence", ""), by=me())
    except RegistryError as error:
        refusal, kept = error, saved.get(question, by=me())
        return answers.form_refused(error, lambda: _page(kept, refusal))
    return redirect(url_for("saved.question", question=question, done="renamed"), 303)  # type: ignore[return-value]
