"""A mapping in words: what each line stands for, what a draft changes, and what is to be looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from web.language import _


@dataclass(frozen=True, slots=True)
class LineText:
    """One line: what kind of name, the name in the file, what it stands for; ``change`` is empty where all is one."""

    kind: str
    name: str
    stands_for: str
    change: str = ""
    is_change: bool = False


def line_text(line: Any, change: str = "") -> LineText:
    """A line as an object or as data; ``change`` is new, changed, same or gone, beside the mapping in force."""
    value: Callable[[str], Any] = partial(dict.__getitem__, line) if isinstance(line, dict) else partial(getattr, line)
    kinds = {
        "sample": _("sample"),
        "ignore": _("name to leave out"),
        "column": _("column"),
        "gate": _("gate"),
    }
    kind = value("kind")
    words = {"": "", "new": _("new"), "changed": _("changed"), "gone": _("left out by the draft")}
    return LineText(
        kinds.get(kind, _("setting")),
        value("name"),
        _stands_for(kind, value),
        words.get(change, _("the same")),
        change in {"new", "changed", "gone"},
    )


def _stands_for(kind: str, value: Callable[[str], Any]) -> str:
    if kind == "sample" and value("stage"):
        return _("lot %(lot)s, %(stage)s", lot=value("lot"), stage=value("stage"))
    if kind == "sample":
        return _("lot %(lot)s", lot=value("lot"))
    if kind == "ignore":
        return _("not read: no lot's sample, or a column without a result")
    if kind == "column":
        return _("%(characteristic)s in %(unit)s", characteristic=value("characteristic"), unit=value("unit"))
    if kind == "gate":
        return _(
            "%(characteristic)s in percent of %(parent)s",
            characteristic=value("characteristic"),
            parent=value("parent"),
        )
    return str(value("value"))


def became(state: str) -> str:
    """What became of a draft."""
    words = {
        "waits": _("waits for the quality unit"),
        "approved": _("approved"),
        "declined": _("declined"),
    }
    return words.get(state, _("replaced by a newer one"))


def notes(lines: Iterable[Any]) -> list[str]:
    """What a mapping does not bind although it says something that could be bound."""
    lines = list(lines)
    settings = {line.name for line in lines if line.kind == "setting"}
    kinds = {line.kind for line in lines}
    sentences = []
    if "gate" in kinds and "gates" not in settings:
        sentences.append(_("No file of gates is named: whoever submits decides how the gates are drawn."))
    if "column" in kinds and "instrument" not in settings:
        sentences.append(
            _("No instrument is named: the columns are read so in every instrument's file, and in tables.")
        )
    return sentences
