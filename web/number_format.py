"""How the pages say things: times with their zone, digests, links to lots. Filters for the templates."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote, unquote

from flask import Flask, g, url_for
from markupsafe import Markup
from werkzeug.routing import PathConverter

from registry.domain import with_unit
from web import chips
from web.language import ENGLISH, _, language, several
from web.vocabulary import said

_LARGE = re.compile(r"(?<=[<>≤≥]\u00a0)[0-9]{5,}(?:\.[0-9]+)?")
_POWER = re.compile(r"(?<![\w.,])[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]{1,2}(?![\w.,])")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d(?::\d\d)?) ([+-]\d\d:\d\d)")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_UNIT = re.compile(r"(?<=[\d<>≤≥]) (?=[%°\d])")


class WholeSegment(PathConverter):
    """An identifier as the last part of an address: ``A/1 #7`` is written ``A%2F1%20%237``, never as two segments.

    So a browser cannot resolve ``..`` within an identifier, and a link to it is one link.
    """

    def to_url(self, value: str) -> str:
        """The identifier percent-encoded, the slash too."""
        return quote(value, safe="")


def moment(value: str | datetime | None) -> str:
    """A time nobody can misread: ``2026-11-21 14:05 +00:00``. An empty string for none."""
    if not value:
        return ""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    offset = at.strftime("%z") or "+0000"
    return f"{at:%Y-%m-%d %H:%M} {offset[:3]}:{offset[3:5]}"


def second(value: str | datetime) -> str:
    """A time to the second, ``2026-11-21 14:05:09 +00:00``: when a page was checked."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    offset = at.strftime("%z") or "+0000"
    return f"{at:%Y-%m-%d %H:%M:%S} {offset[:3]}:{offset[3:5]}"


def iso(value: str | datetime | None) -> str:
    """The same time for a machine, as the ``datetime`` attribute of ``<time>`` wants it."""
    return value.isoformat() if isinstance(value, datetime) else value or ""


def left(until: str | datetime | None, now: str | datetime) -> str:
    """How long it is until then, in the two largest units: ``8 days 21 hours left``."""
    if not until:
        return ""
    seconds = int((_time(until) - _time(now)).total_seconds())
    if seconds <= 0:
        return ""
    span = _span(seconds)
    return _("%(time)s left", time=span) if span else _("less than a minute left")


def age(at: str | datetime | None, now: str | datetime) -> str:
    """How long ago it was, in the largest unit: ``8 days ago``, so that what waits longest is seen at once."""
    if not at:
        return ""
    span = _span(int((_time(now) - _time(at)).total_seconds()), 1)
    return _("%(time)s ago", time=span) if span else _("just now")


def _span(seconds: int, units: int = 2) -> str:
    """A time in its largest units; empty for less than a minute."""
    minutes = max(seconds, 0) // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [several("%(num)s day", "%(num)s days", days)] if days else []
    parts += [several("%(num)s hour", "%(num)s hours", hours)] if hours else []
    parts += [several("%(num)s minute", "%(num)s minutes", minutes)] if minutes else []
    return " ".join(parts[:units])


def _time(value: str | datetime) -> datetime:
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def script(name: str) -> Markup:
    """A script of our own for the page's head; the page works without it."""
    source = url_for("static", filename=name, v=version_of(name))
    return Markup('<script src="{}" defer></script>').format(source)


def short(digest: str | None) -> str:
    """The first twelve characters of a digest, enough to tell two apart by eye; the whole stands in the title."""
    text = (digest or "").removeprefix("sha256:")
    return f"{text[:12]}…" if len(text) > 12 else text


def signs(text: str | None) -> str:
    """Comparators as laboratories print them, ``>= 95 %`` as ``≥ 95 %``; no line ends before a % or a °."""
    return _UNIT.sub("\u00a0", (text or "").replace(">=", "≥").replace("<=", "≤"))


def told(text: str | None) -> Markup:
    """A sentence of the registry: its comparators as ``signs`` has them, and each time in it is an element.

    So a page keeps a time and its zone on one line, and whoever copies it copies plain spaces.
    """
    page, at = Markup(""), 0
    for time in _MOMENT.finditer(text or ""):
        page += signs((text or "")[at : time.start()])
        page += Markup('<time datetime="{}T{}{}">{}</time>').format(*time.groups(), time.group())
        at = time.end()
    return page + signs((text or "")[at:])


def figure(number: str) -> str:
    """A figure of ours, from five digits on in groups of three: ``23 615 384.62``, so no comma is misread."""
    return f"{Decimal(number):,f}".replace(",", "\u202f") if abs(Decimal(number)) >= 10_000 else number


def observed(text: str | None) -> str:
    """A result as the laboratory printed it; beside a power of ten the plain number: ``2.4E+07 cells (24 000 000)``."""
    powers = [Decimal(printed.replace(",", ".")) for printed in _POWER.findall(text or "")]
    plain = [f"{power:,f}".replace(",", "\u202f") for power in powers if power and abs(power.adjusted()) <= 15]
    return signs(text) + (f" ({', '.join(plain)})" if plain else "")


def at_limit(item: Mapping[str, Any]) -> bool:
    """Whether a criterion's value is known, and is exactly one of its limits: it has no margin at all."""
    names = ("low", "high", "limit_low", "limit_high")
    low, high, *limits = [None if item[name] is None else Decimal(item[name]) for name in names]
    return low is not None and low == high and low in limits


def measured(result: Mapping[str, Any]) -> str:
    """A result of a lot's answer as printed, with its unit said once: ``97,1 %``, ``negative``."""
    return with_unit(result["printed"], result["unit"] or "")


def limit(text: str) -> str:
    """What a specification asks for, its figures grouped: ``≥ 20 000 000 cells``. Never what a laboratory printed."""
    return _LARGE.sub(lambda match: figure(match.group()), signs(text))


def capital(text: str) -> str:
    """The text with a capital first letter, and the rest as it is: ``OOS supply`` and file names keep their letters."""
    return text[:1].upper() + text[1:]


def in_english() -> Markup:
    """What marks an element as English on a page of another language: the record's own words, for screen readers."""
    return Markup("") if language() == ENGLISH else Markup(' lang="en"')


def as_recorded(*words: str) -> Markup:
    """The record's own English words beneath a translated answer, for who compares it with a paper or a colleague's."""
    if language() == ENGLISH:
        return Markup("")
    return Markup('<p class="as-recorded" lang="en">{}</p>').format(": ".join(words))


def thousands(number: int) -> str:
    """``50,000``."""
    return f"{number:,}"


def cells(number: int) -> str:
    """A number of cells as studies print it, and in full: ``4 × 10⁶ (4 000 000)``."""
    whole = figure(str(number))
    power = len(str(number)) - 1
    if power < 4:
        return whole
    lead = f"{Decimal(number).scaleb(-power).normalize():f}"
    return f"{lead}\u00a0×\u00a010{str(power).translate(_RAISED)} ({whole})"


def anchor(text: str) -> str:
    """A name that an ``id`` may have; the same for the same text."""
    return "f" + hashlib.sha256(text.encode()).hexdigest()[:10]


def without(chosen: Mapping[str, str], name: str) -> dict[str, str]:
    """An address's parts but one."""
    return {key: value for key, value in chosen.items() if key != name}


def having(chosen: Mapping[str, str], name: str, value: str) -> dict[str, str]:
    """An address's parts with one more."""
    return {**chosen, name: value}


def lot_of(iri: str, base: str) -> str:
    """The lot an IRI names, or an empty string."""
    prefix = f"{base}lot/"
    return unquote(iri.removeprefix(prefix)) if iri.startswith(prefix) else ""


@cache
def version_of(name: str) -> str:
    """Part of a static file's digest: browsers may keep the file for ever, and see a new one at once."""
    return hashlib.sha256((files("web") / "static" / name).read_bytes()).hexdigest()[:12]


def fit(app: Flask) -> None:
    """Give the templates these words."""
    for word in (
        *(moment, second, iso, left, age, short, signs, told, observed, measured, at_limit, figure, limit, capital),
        *(thousands, said, cells),
        *(anchor, without, having),
    ):
        app.jinja_env.filters[word.__name__] = word
    app.before_request(_note_time)
    app.jinja_env.filters["shape_of"] = chips.shape_of
    app.jinja_env.globals.update(version_of=version_of, script=script, chips=chips)
    app.jinja_env.globals.update(in_english=in_english, as_recorded=as_recorded)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _note_time() -> None:
    """A list says when it was asked for, ``g.asked_at``: what it shows was read then or later, never before."""
    g.asked_at = datetime.now(UTC)
