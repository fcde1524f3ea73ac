"""A guide's Markdown as HTML: its links lead to pages here, its tables and code can be reached by keyboard.

html("# The clinic\\n")   ("The clinic", Markup('<h1>The clinic</h1>\\n'))

CommonMark 0.31 with tables, by markdown-it-py; HTML within a guide is shown as letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

_NO_WORD = re.compile(r"[^a-z0-9]+")


def html(text: str, address: Callable[[str], str]) -> tuple[str, Markup]:
    """The title and the body of a guide. ``address`` says where a link or picture of the text leads; empty: nowhere."""
    tokens = _parser().parse(text)
    titles = [following.content for token, following in pairwise(tokens) if token.type == "heading_open"]
    for token, following in pairwise(tokens):
        if token.type == "heading_open":
            token.attrSet("id", _NO_WORD.sub("-", following.content.lower()).strip("-"))
        for child in token.children or ():
            _led(child, address)
    rendered = _parser().renderer.render(tokens, _parser().options, {})
    return titles[0] if titles else "", Markup(rendered)  # noqa: S704  # markdown-it escapes all text, and HTML is off


def _led(token: Token, address: Callable[[str], str]) -> None:
    """Lead a link or a picture to its page here; what has none loses its address and stays as words."""
    name = {"link_open": "href", "image": "src"}.get(token.type)
    if name is None:
        return
    target = str(token.attrGet(name) or "")
    led = target if target.startswith("#") else address(target)
    if led:
        token.attrSet(name, led)
    else:
        token.attrs.pop(name, None)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.add_render_rule("fence", _code)
    parser.add_render_rule("table_open", _table)
    parser.add_render_rule("table_close", _table_end)
    return parser


def _code(_self: Any, tokens: Sequence[Token], place: int, *_rest: Any) -> str:
    """Code that scrolls can be reached by keyboard (WCAG 2.1.1)."""
    return f'<pre class="data" tabindex="0">{escape(tokens[place].content)}</pre>\n'


def _table(*_rest: Any) -> str:
    return '<div class="scroll" tabindex="0"><table>\n'


def _table_end(*_rest: Any) -> str:
    return "</table></div>\n"
