"""What a word means: every word of the vocabulary on one page, and one beside where it stands.

GET /words
GET /words#Verdict
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Flask, render_template

from web.access import ANYONE, allow, registry

if TYPE_CHECKING:
    from registry.services import Word

pages = Blueprint("words", __name__)


def fit(app: Flask) -> None:
    """Let every template ask for a word's sentence."""
    app.add_template_global(word)


def word(name: str) -> Word:
    """The word by its name as a term of ours, such as ``Verdict``; a name of none is a fault of the page."""
    return registry().queries.words()[name]


@pages.get("/words")
@allow(ANYONE)
def words() -> str:
    """Every word with its sentence, and the keys that the pages know."""
    return render_template("guides/words.html", words=registry().queries.words().values())
