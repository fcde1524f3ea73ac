"""Bytes that somebody sent to plain data: size, depth and lengths are held before anything is looked at.

Example: ``Place(load("a.json", data)).text("title")`` is a text, or ``Unreadable`` says what stands there instead.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NoReturn

from registry.errors import TooLarge, Unreadable

LARGEST = 2_000_000
"""Bytes of the largest file: the longest record of ClinicalTrials.gov without its results is a tenth of it."""
LONGEST_TEXT = 20_000
MOST_ITEMS = 2_000
_SHOWN = 80
_MOST_DIGITS = 18
"""What a number of 64 bits holds."""
_INVISIBLE_ALLOWED = "\n\t\u00a0\u2009\u202f"


def load(name: str, data: bytes) -> Mapping[str, object]:
    """The table or object in a TOML or JSON file; raises TooLarge, Unreadable."""
    if len(data) > LARGEST:
        raise TooLarge("The file of a study is too large.", expected=f"at most {LARGEST} bytes", found=name)
    try:
        text = data.decode("utf-8-sig")
        value = tomllib.loads(text) if name.lower().endswith(".toml") else _json(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(
            "This file cannot be read.",
            expected="TOML in a file that ends in .toml, else JSON, in UTF-8",
            found=str(error)[:200] or type(error).__name__,
            where=name,
        ) from error
    if not isinstance(value, Mapping):
        raise Unreadable("This file holds no study.", expected="an object", found=type(value).__name__, where=name)
    return value


def _json(text: str) -> object:
    return json.loads(text, parse_constant=_no_number, object_pairs_hook=_once, parse_int=_whole)


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


def _whole(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        raise ValueError("a number is longer than any count")
    return int(text)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    keys = [key for key, _value in pairs]
    if len(set(keys)) != len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"{twice[:_SHOWN]!r} stands twice in one object")
    return dict(pairs)


@dataclass(frozen=True, slots=True)
class Place:
    """One object of a file, and where it stands; what is asked of it is of the right kind, or refused."""

    fields: Mapping[str, object]
    where: str = ""

    def at(self, name: str) -> str:
        """The path of a field: ``arms[0].sites``."""
        return f"{self.where}.{name}" if self.where else name

    def text(self, name: str) -> str:
        """A text on one or several lines, without control characters; empty when it is not there."""
        value = self.fields.get(name)
        return "" if value is None else clean(value, self.at(name))

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; a single text is a list of one."""
        value = self.fields.get(name)
        if value is None:
            return ()
        items = value if isinstance(value, list) else [value]
        return tuple(clean(item, f"{self.at(name)}[{place}]") for place, item in self._few(name, items) if item != "")

    def whole(self, name: str) -> int | None:
        """A whole number, not negative; None when it is not there."""
        value = self.fields.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise wrong(self.at(name), "a whole number, not negative", value)
        return value

    def part(self, name: str) -> Place:
        """An object within; an empty one when it is not there."""
        value = self.fields.get(name)
        if value is None:
            return Place({}, self.at(name))
        if not isinstance(value, Mapping):
            raise wrong(self.at(name), "an object", value)
        return Place(value, self.at(name))

    def parts(self, name: str) -> tuple[Place, ...]:
        """A list of objects; empty when it is not there."""
        value = self.fields.get(name)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise wrong(self.at(name), "a list of objects", value)
        places = []
        for place, item in self._few(name, value):
            if not isinstance(item, Mapping):
                raise wrong(f"{self.at(name)}[{place}]", "an object", item)
            places.append(Place(item, f"{self.at(name)}[{place}]"))
        return tuple(places)

    def _few(self, name: str, items: list[object]) -> Iterator[tuple[int, object]]:
        if len(items) > MOST_ITEMS:
            raise wrong(self.at(name), f"at most {MOST_ITEMS} of them", len(items))
        return iter(enumerate(items))


def clean(value: object, where: str) -> str:
    """A text of a file, its ends trimmed; raises Unreadable for anything else, and for control characters."""
    if not isinstance(value, str):
        raise wrong(where, "a text", value)
    text = value.strip()
    if len(text) > LONGEST_TEXT or any(
        not sign.isprintable() and sign not in "\n\t\u00a0\u2009\u202f" for sign in text
    ):
        raise wrong(where, f"a text of at most {LONGEST_TEXT} characters, none of them invisible", text)
    return text


def wrong(where: str, expected: str, found: object) -> Unreadable:
    """What to raise when something else stands at a place."""
    return Unreadable("This file of a study cannot be read.", expected=expected, found=str(found)[:_SHOWN], where=where)
