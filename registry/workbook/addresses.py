"""Columns by letter and by number, as spreadsheets name them."""

from __future__ import annotations


def column_of(name: str) -> int:
    """``A`` → 0, ``AB`` → 27."""
    column = 0
    for letter in name.upper():
        column = column * 26 + ord(letter) - 64
    return column - 1


def letters(column: int) -> str:
    """0 → ``A``, 27 → ``AB``."""
    name, rest = "", column + 1
    while rest:
        rest, last = divmod(rest - 1, 26)
        name = chr(65 + last) + name
    return name
