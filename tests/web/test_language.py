"""All strings of the pages stand in one catalogue, and another language is one file more."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import pytest
from babel.messages.pofile import read_po, write_po
from flask import Flask
from jinja2 import Environment, nodes

from registry.domain import DecisionKind, DonorRelation, LotKind, words
from registry.release import State
from tests.conftest import ROOT
from tests.web.conftest import HTML, Site
from web import create_app, vocabulary
from web.languages import collect

TEMPLATES = sorted((ROOT / "web" / "templates").rglob("*.html"))
NOT_SAID = {"collect.py", "elsewhere.py", "security.py"}
"""No reader sees their strings, or they are SPARQL and names of services."""
MODULES = sorted(file for file in (ROOT / "web").rglob("*.py") if file.name not in NOT_SAID)
"""Modules whose strings no reader sees: the values of headers."""
SPOKEN = {"title", "alt", "placeholder", "aria-label", "label"}
TWO_WORDS = re.compile(r"[A-Za-z]{2,}[,;:]? [a-z]{2,}")
MARKS = {"_", "gettext", "ngettext", "several", "marked", "as_recorded"}
LETTERS = re.compile(r"[A-Za-z]{2,}")
NAMES = {
    "CSV", "TSV", "XLSX", "JSON", "JSON-LD", "N-Triples", "PDF", "HTML", "PNG", "SPARQL", "CSS", "RDF", "SHACL",
    "Turtle", "GET", "POST",
}  # fmt: skip
"""Proper names, which are the same in every language."""
UNREAD = {"code", "kbd", "pre", "script", "style"}
"""Their words are the same in every language: code, and keys as keyboards name them."""
PROPER = {part for name in NAMES for part in name.split("-")}


class Words(HTMLParser):
    """The words of a piece of HTML that a reader sees or hears; not those of code."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.code += tag in UNREAD
        self.found += [value for name, value in attrs if name in SPOKEN or name.startswith("data-said") if value]

    def handle_endtag(self, tag: str) -> None:
        self.code -= tag in UNREAD

    def handle_data(self, data: str) -> None:
        if not self.code:
            self.found.append(data)


def literal(tree: nodes.Template) -> str:
    """The template's own HTML, with ``{}`` where a value stands."""
    return "".join(
        piece.data if isinstance(piece, nodes.TemplateData) else "{}"
        for output in tree.find_all(nodes.Output)
        for piece in output.nodes
    )


def loose(tree: nodes.Template) -> Iterator[str]:
    """Sentences within expressions that no mark surrounds."""
    marked = {
        id(constant)
        for call in tree.find_all(nodes.Call)
        if (isinstance(call.node, nodes.Name) and call.node.name in MARKS)
        or (isinstance(call.node, nodes.Getattr) and call.node.attr == "what")
        for constant in call.find_all(nodes.Const)
    }
    for constant in tree.find_all(nodes.Const):
        text = constant.value
        if not isinstance(text, str) or id(constant) in marked or text in vocabulary.WORDS | {"must not"}:
            continue
        if TWO_WORDS.search(text) or re.fullmatch(r"[A-Z][a-z]{2,}", text):
            yield text


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.stem)
def test_every_word_of_a_template_is_marked_for_the_catalogue(file: Path) -> None:
    """What a template says to a reader stands in ``_("…")``, or is a proper name."""
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True, trim_blocks=True, lstrip_blocks=True)
    tree = environment.parse(file.read_text(encoding="utf-8"))
    reader = Words()
    reader.feed(literal(tree))
    bare = [text.strip() for text in reader.found if set(LETTERS.findall(text)) - PROPER]
    assert (bare, list(loose(tree))) == ([], [])


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.stem)
def test_every_sentence_of_a_module_is_marked_for_the_catalogue(file: Path) -> None:
    """A module of the pages marks what it says; docstrings, and what a programmer reads, are not said."""
    assert list(unmarked(ast.parse(file.read_text(encoding="utf-8")))) == []


def unmarked(tree: ast.Module) -> Iterator[str]:
    """Strings of two words and more outside a mark."""
    quiet: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            quiet.add(id(node.value))
        told = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
        if told in MARKS | {"ValueError", "TypeError", "AssertionError", "Literal"}:
            quiet |= {id(inner) for inner in ast.walk(node)}
        if isinstance(node, ast.Subscript):  # a type written as text
            quiet |= {id(inner) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and id(node) not in quiet:
            quiet |= {id(inner) for inner in ast.walk(node)}
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in quiet:
            text = node.value
        else:
            continue
        if TWO_WORDS.search(re.sub(r"<[^>]*>?", "", text)) and text not in vocabulary.WORDS:
            yield text


def test_the_catalogue_is_what_the_pages_say() -> None:
    """``make words`` has been run since the last word changed."""
    assert (ROOT / "web" / "languages" / "messages.pot").read_text(encoding="utf-8") == collect.catalogue()


def test_the_fields_words_are_those_of_the_registry() -> None:
    """No verdict, state, kind, decision, standing, relation or role is without its word, and none is invented."""
    from registry.services.accounts import ROLES

    assert set(vocabulary.VERDICTS) == {*get_args(words.CriterionOutcome), *get_args(words.LotOutcome)}
    assert set(vocabulary.STATES) == set(get_args(State))
    assert set(vocabulary.KINDS) == set(get_args(LotKind))
    assert set(vocabulary.DECISIONS) == set(get_args(DecisionKind))
    assert set(vocabulary.STANDINGS) == set(get_args(words.Standing))
    assert set(vocabulary.RELATIONS) == set(get_args(DonorRelation))
    assert set(vocabulary.ROLES) == set(ROLES)


@pytest.fixture(scope="module")
def foreign(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The same registry with a second language, in which every text stands between ⟦ and ⟧, but for two."""
    folder = tmp_path_factory.mktemp("languages")
    with (ROOT / "web" / "languages" / "messages.pot").open("rb") as stream:
        catalogue = read_po(stream, locale="de")
    for message in catalogue:
        if not message.id:
            continue
        if isinstance(message.id, tuple):
            message.string = tuple(f"⟦{text}⟧" for text in message.id)
        else:
            message.string = f"⟦{message.id}⟧"
        if message.id == "Password":
            message.flags.add("fuzzy")
        if message.id == "Sign out":
            message.string = ""
    with (folder / "de.po").open("wb") as out:
        write_po(out, catalogue)
    return create_app(site.registry, languages=folder)


PEOPLE = {
    "clinic": (
        "/",
        "/lots?q=H",
        "/lots/H-03",
        "/lots/H-04",
        "/lots/AU-1",
        "/lots/none",
        "/history/H-03",
        "/paper/H-03",
    ),
    "lab.one": (
        "/submit",
        "/submit/grid?product=POI-M",
        "/submissions",
        "/retest/H-05",
        "/tokens",
        "/register/lot",
        "/withdraw/H-04",
    ),
    "quality": ("/review", "/evidence/H-05", "/release/H-04", "/approve/POI-M", "/register/product", "/trends/POI-M"),
    "analyst": ("/explore", "/questions", "/query", "/query/editor", "/terms", "/terms/CL:0000134", "/specifications"),
    "inspector": (
        "/ledger",
        "/integrity",
        "/settings",
        "/patterns",
        "/specifications/msc-identity/1",
        "/products/POI-M",
    ),
    "admin": ("/accounts", "/sessions", "/password"),
}


@pytest.mark.parametrize("name", PEOPLE)
def test_a_browser_that_prefers_another_language_gets_every_page_in_it(foreign: Flask, site: Site, name: str) -> None:
    """Each page says which language it is in, and its heading and its menu are in that language."""
    headers = {**HTML, "Accept-Language": "de, en;q=0.5"}
    client = foreign.test_client()
    site.signed_in(name)
    client.set_cookie("session", site.cookies[name])
    found = {path: client.get(path, headers=headers) for path in PEOPLE[name]}
    wrong = {
        path: answer.status_code
        for path, answer in found.items()
        if answer.status_code not in {200, 404}
        or '<html lang="de">' not in answer.text
        or "Accept-Language" not in answer.vary
        or "⟦Skip to the content⟧" not in answer.text
        or "⟦" not in answer.text.partition("<h1")[2].partition("</h1>")[0] + answer.text.partition("<main")[2][:4000]
    }
    assert wrong == {}


def test_a_string_without_a_translation_or_with_an_unsure_one_stays_english(foreign: Flask, site: Site) -> None:
    """An empty one, or one that the translator marked as fuzzy, is never shown to a clinic."""
    page = foreign.test_client().get("/", headers={**site.bearer("clinic"), **HTML, "Accept-Language": "de"}).text
    assert (">Sign out<" in page, ">Password<" in page, "⟦Password⟧" in page) == (True, True, False)


def test_a_browser_that_prefers_a_language_there_is_not_gets_english(foreign: Flask, site: Site) -> None:
    """And says so in the page's head."""
    page = foreign.test_client().get("/", headers={**site.bearer("clinic"), **HTML, "Accept-Language": "fr"}).text
    assert ('<html lang="en">' in page, "⟦" in page) == (True, False)


def test_a_program_is_answered_in_english_whatever_it_prefers(foreign: Flask, site: Site) -> None:
    """An error's words are the same for every program."""
    headers = {**site.bearer("clinic"), "Accept-Language": "de"}
    told = (app.test_client().get("/lots/none.json", headers=headers).get_json() for app in (foreign, site.app))
    here, there = (answer["error"] for answer in told)
    assert here == there
