"""A child's answer as JSON, and back to values of the types that were expected, whatever the child wrote.

Frozen values are lists of their fields in order, decimals are strings, bytes are base64, mappings are lists of pairs.
A child may have been taken over by what it read: its answer can be wrong, and can be nothing but data.
"""

from __future__ import annotations

import base64
import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

_DECIMAL = re.compile(r"[+-]?\d{1,400}(?:\.\d{1,400})?(?:[eE][+-]?\d{1,4})?", re.ASCII)
Decoder = Callable[[Any], Any]


class Misfit(Exception):
    """What a child answered is not of the type that was asked for."""


def plain(value: Any) -> Any:
    """A value of the domain as JSON can say it."""
    if value is None or isinstance(value, str | int | bool):
        return value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Mapping):
        return [[plain(key), plain(item)] for key, item in value.items()]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [plain(getattr(value, name)) for name in _fields(type(value))]
    return [plain(item) for item in value]


@cache
def _fields(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


@cache
def decoder(kind: Any) -> Decoder:
    """What makes a value of ``kind`` of plain JSON, and raises ``Misfit`` for anything else.

    Known are str, int, bool, None, bytes, Decimal, Literal, dataclasses, and tuples, mappings and unions with None of
    them.
    """
    simple: dict[Any, Decoder] = {str: _exactly(str), int: _exactly(int), bool: _exactly(bool),
                                  NoneType: _exactly(NoneType), bytes: _bytes, Decimal: _decimal}  # fmt: skip
    if kind in simple:
        return simple[kind]
    if dataclasses.is_dataclass(kind):
        return _frozen(kind)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return _listed(arguments)
    if origin in {Union, UnionType} and len(arguments) == 2 and NoneType in arguments:
        return _optional(next(part for part in arguments if part is not NoneType))
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return _many(arguments[0])
    if origin is tuple:
        return _fixed(arguments)
    if origin in {dict, Mapping}:
        return _pairs(*arguments)
    raise TypeError(f"no answer is of the type {kind!r}")


def _exactly(kind: type) -> Decoder:
    def decode(told: Any) -> Any:
        if type(told) is not kind:
            raise Misfit(kind.__name__)
        return told

    return decode


def _bytes(told: Any) -> bytes:
    try:
        return base64.b64decode(told, validate=True)
    except (TypeError, ValueError):
        raise Misfit("bytes") from None


def _decimal(told: Any) -> Decimal:
    if type(told) is not str or not _DECIMAL.fullmatch(told):
        raise Misfit("decimal")
    return Decimal(told)


def _listed(words: Sequence[Any]) -> Decoder:
    def decode(told: Any) -> Any:
        if type(told) is not str or told not in words:
            raise Misfit("word")
        return told

    return decode


def _optional(kind: Any) -> Decoder:
    inner = decoder(kind)
    return lambda told: None if told is None else inner(told)


def _list(told: Any, length: int | None = None) -> list[Any]:
    if type(told) is not list or (length is not None and len(told) != length):
        raise Misfit("list")
    return told


def _many(kind: Any) -> Decoder:
    inner = decoder(kind)
    return lambda told: tuple([inner(item) for item in _list(told)])


def _fixed(kinds: Sequence[Any]) -> Decoder:
    inner = [decoder(kind) for kind in kinds]
    return lambda told: tuple([each(item) for each, item in zip(inner, _list(told, len(inner)), strict=True)])


def _pairs(of_key: Any, of_value: Any) -> Decoder:
    inner = _fixed((of_key, of_value))
    return lambda told: dict(inner(item) for item in _list(told))


def _frozen(kind: Any) -> Decoder:
    hints = get_type_hints(kind)
    inner = [decoder(hints[name]) for name in _fields(kind)]
    return lambda told: kind(*[each(item) for each, item in zip(inner, _list(told, len(inner)), strict=True)])
