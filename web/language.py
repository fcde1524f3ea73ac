"""The words of the pages in the reader's language: one catalogue, and one file more for each further language.

English stands in the templates, marked with ``_("…")``; ``web/languages/messages.pot`` lists every marked string, and
``make words`` writes it anew. A language is added by a translated copy of it, ``web/languages/de.po``: it is then
offered to every browser that asks for it. What the registry records and refuses stays in the words of the record.
"""

from __future__ import annotations

import gettext as standard
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, Response, current_app, g, has_request_context, request
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

ENGLISH = "en"


def fit(app: Flask, folder: Path) -> None:
    """Give the templates ``_`` and ``ngettext``, and each request the language its browser prefers."""
    app.config["LANGUAGES"] = {ENGLISH: standard.NullTranslations(), **dict(_read(folder))}
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of the extension
        gettext=_gettext, ngettext=_ngettext, newstyle=True
    )
    app.jinja_env.globals.update(_=_in_template, gettext=_in_template)
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.context_processor(lambda: {"language": language()})
    app.after_request(_named)


def _named(answer: Response) -> Response:
    """Say to whatever keeps answers that this one depends on the reader's language."""
    if answer.mimetype == "text/html":
        answer.vary.add("Accept-Language")
    return answer


def language() -> str:
    """The code of the language this request is answered in: the browser's first that there is, else English.

    Programs are answered in English whatever they prefer: what one machine says to another is no matter of taste.
    """
    if not has_request_context():
        return ENGLISH
    if "language" not in g:
        page = "text/html" in request.headers.get("Accept", "")
        offered = current_app.config["LANGUAGES"] if page else (ENGLISH,)
        g.language = request.accept_languages.best_match(offered, ENGLISH)
    return str(g.language)


def _(text: str, **values: object) -> str:
    """The text in the reader's language, with its values put in: ``_("%(name)s is empty.", name=label)``.

    Every string is formatted, with or without values, as the templates' own ``_`` does: a percent sign is ``%%``.
    """
    return _gettext(text) % values


@pass_eval_context
def _in_template(context: EvalContext, text: str, /, **values: object) -> str:
    """``_`` as templates ask it, some hundred times a page: what is put in is escaped where the template escapes."""
    translated_text = _gettext(text)
    safe = Markup(translated_text) if context.autoescape else translated_text  # noqa: S704 - of our own catalogue
    return safe % values if "%" in translated_text else safe


def several(single: str, many: str, num: int, **values: object) -> str:
    """Singular or plural as the number asks in the reader's language: ``several("%(num)s lot", "%(num)s lots", 3)``."""
    return _ngettext(single, many, num) % {"num": num, **values}


def marked(text: str) -> str:
    """The text itself: it stands in the catalogue, and is said in the reader's language where it is shown."""
    return text


def _gettext(text: str) -> str:
    return _translations().gettext(text)


def _ngettext(single: str, many: str, number: int) -> str:
    return _translations().ngettext(single, many, number)


def _translations() -> standard.NullTranslations:
    if not has_request_context():
        return standard.NullTranslations()
    catalogue: standard.NullTranslations | None = g.get("catalogue")
    if catalogue is None:
        catalogue = g.catalogue = current_app.config["LANGUAGES"][language()]
    return catalogue


def _read(folder: Path) -> Iterator[tuple[str, standard.NullTranslations]]:
    for file in sorted(folder.glob("*.po")):
        yield file.stem, translated(file)


@cache
def translated(file: Path) -> standard.GNUTranslations:
    """A language's file, ready to be looked up in. A string that it lacks, or marks as unsure, stays English."""
    with file.open("rb") as stream:
        catalogue: Any = read_po(stream, locale=file.stem)
    packed = BytesIO()
    write_mo(packed, catalogue)
    packed.seek(0)
    return standard.GNUTranslations(packed)
