"""Specifications, read as a table in words, with the source of every limit and every departure said openly."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal

from flask import Blueprint, Response, render_template, request

from registry.domain import Criterion, Specification
from registry.errors import WrongUsage
from registry.services.accounts import Permission, may
from web import answers, security
from web.access import allow, me, registry
from web.language import _, marked
from web.specifications import difference_text, drafts, specification_text
from web.tables import rows
from web.tables.table import Column, Filter, asked

pages = Blueprint("specifications", __name__)
pages.register_blueprint(drafts.pages)
MEDIA = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "yaml": "application/yaml",
}


COLUMNS = (
    Column("title", marked("Specification"), sorts=True),
    Column("products", marked("In force for"), sorts=True, greatest_first=True),
    Column("departures", marked("Departs from identity by"), sorts=True, greatest_first=True),
)
IN_FORCE, ELSE = marked("in force"), marked("in force for nothing")
FILTERS = (
    Filter("q", marked("Words of a title, source or criterion")),
    Filter("use", marked("Use"), ((IN_FORCE, IN_FORCE), (ELSE, ELSE))),
)
SAVED = ("id", "version", "title", "source", "digest", "products", "lacks")


@pages.get("/specifications")
@pages.get("/specifications.<any(json,html,csv):suffix>")
@allow(Permission.READ)
def specifications(suffix: str = "") -> Response:
    """Every specification, as ``cell-registry specification list`` has it; those that hold ``q``, where it is given."""
    table = asked("specifications.specifications", COLUMNS, FILTERS)
    products = registry().specifications.in_force()

    def lets_through(specification: Specification, name: str, value: str) -> bool:
        if name == "use":
            return (specification.digest in products) is (value == IN_FORCE)
        return holds(specification, value)

    every = registry().specifications.all()
    if not suffix:
        every.sort(key=lambda specification: specification.digest not in products)
    left = table.arranged(
        every,
        {
            "title": lambda specification: specification.title,
            "products": lambda specification: len(products.get(specification.digest, ())),
            "departures": lambda specification: len(registry().specifications.departures(specification)),
        },
        lets_through,
    )
    lines = [_line(specification) for specification in table.shown(left)]
    used = [{**line, "products": products.get(str(line["digest"]), [])} for line in lines]
    if suffix == "csv":
        return rows.save("specifications", SAVED, used)
    return answers.answer(
        answers.form_for(suffix, answers.PAGE_AND_DATA),
        data=lambda: {"specifications": lines},
        page=lambda: render_template(
            "specifications/specifications.html",
            table=table,
            specifications=used,
            more=table.more(left),
            drafts=registry().specifications.drafts(),
        ),
    )


def holds(specification: Specification, text: str) -> bool:
    """Whether every word stands in its id, title, source or the names of its criteria; case does not matter."""
    words = " ".join(
        (specification.id, specification.title, specification.source, *(item.label for item in specification.criteria))
    ).casefold()
    return all(word in words for word in text.casefold().split())


def _line(specification: Specification) -> dict[str, object]:
    departures = registry().specifications.departures(specification)
    return {
        **{name: getattr(specification, name) for name in ("id", "version", "title", "digest", "source")},
        "departures": [departure.as_dict() for departure in departures],
        "lacks": [departure.label for departure in departures if departure.waives],
    }


@pages.get("/specifications/<name>")
@pages.get("/specifications/<name>/<path:version>")
@allow(Permission.READ)
def specification(name: str, version: str = "") -> Response:
    """One version, the newest when none is named."""
    last, suffix = answers.split(version or name)
    form = answers.form_for(suffix)
    specification = registry().specifications.get(name if version else last, last if version else None)
    return answers.answer(
        form,
        data=lambda: as_dict(specification),
        page=lambda: _page(specification),
        rdf=("specification", f"{specification.id}/{specification.version}"),
    )


def _page(specification: Specification) -> str:
    shelf = registry().specifications
    drafted = next(
        (
            draft
            for draft in shelf.drafts()
            if (draft.draft.id, draft.draft.version) == (specification.id, specification.version)
        ),
        None,
    )
    asked, waits = request.args.get("criterion", ""), drafted is not None and drafted.state == "waiting"
    return render_template(
        "specifications/specification.html",
        specification=specification,
        in_words=specification_text,
        departures=registry().specifications.departures(specification),
        findings=difference_text.beside_departures(shelf.findings(specification)),
        approved=shelf.approved_for(specification),
        drafted=drafted,
        mine=specification.drafted_by.casefold() == me().name.casefold(),
        previous=_previous(specification),
        others=registry().specifications.all(),
        products=shelf.products_for(specification) if may(me(), Permission.APPROVE_SPECIFICATION) else [],
        done="done" in request.args,
        limits=[each for each in specification.criteria if each.operator in {">=", ">", "<=", "<"}],
        asked=asked,
        typed=request.args.get("limit", ""),
        trial=shelf.try_limit(specification, asked, request.args.get("limit", ""))
        if asked
        else shelf.quick_trial(specification)
        if waits
        else None,
        tried=bool(asked) or waits,
    )


def as_dict(specification: Specification) -> dict[str, object]:
    """The specification and its criteria as JSON; limits are strings, because JSON's numbers are not decimal."""
    names = ("id", "version", "iri", "title", "description", "source", "digest", "illustrative", "published",
             "drafted_by", "cell_type", "species", "scope", "rounding")  # fmt: skip
    answer: dict[str, object] = {name: getattr(specification, name) for name in names}
    answer["omissions"] = [{"characteristic": iri, "justification": why} for iri, why in specification.omissions]
    answer["departures"] = [departure.as_dict() for departure in registry().specifications.departures(specification)]
    answer["criteria"] = [_criterion(criterion) for criterion in specification.criteria]
    return answer


def _criterion(criterion: Criterion) -> dict[str, object]:
    values = {field.name: getattr(criterion, field.name) for field in fields(criterion)}
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in values.items()}


@pages.get("/specifications/<name>/<version>/difference")
@pages.get("/specifications/<name>/<version>/difference.<any(json,html):suffix>")
@allow(Permission.READ)
def difference(name: str, version: str, suffix: str = "") -> Response:
    """What differs from another one (``?from=ID@VERSION``, else the version before it); what is looser comes first."""
    form = answers.form_for(suffix, answers.PAGE_AND_DATA)
    shelf, new = registry().specifications, registry().specifications.get(name, version)
    wanted = request.args.get("from", "").strip()
    old = shelf.named(wanted) if wanted else _before(new)
    return answers.answer(
        form,
        data=lambda: shelf.compared(old, new),
        page=lambda: render_template(
            "specifications/difference.html", old=old, new=new,
            differences=difference_text.by_effect(shelf.differences(old, new)),
            in_words=specification_text,
            others=registry().specifications.all(),
        ),
    )  # fmt: skip


def _before(new: Specification) -> Specification:
    """The version before it; raises WrongUsage for the first."""
    wanted = _previous(new)
    if not wanted:
        raise WrongUsage(
            _("%(specification)s has no earlier version.", specification=f"{new.id} {new.version}"), where="from",
            expected="?from=ID@VERSION", todo=_("Name the one to compare it with."),
        )  # fmt: skip
    return registry().specifications.named(wanted)


def _previous(new: Specification) -> str:
    """The version before it as ID@VERSION; an empty text for the first."""
    versions = [version.version for version in registry().specifications.versions(new.id)]
    place = versions.index(new.version)
    return f"{new.id}@{versions[place - 1]}" if place else ""


@pages.get("/specifications/<name>/<version>/table.<any(csv,xlsx,yaml):form>")
@allow(Permission.READ)
def table(name: str, version: str, form: str) -> Response:
    """The table that compiles to this version: what a next one begins with."""
    file, data = registry().specifications.table(registry().specifications.get(name, version), form)
    return security.download(data, file, MEDIA[form])
