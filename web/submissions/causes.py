"""What is wrong with a file by cause: each told once, with the rows that it stands in, and what mends it.

Many lots that nobody registered are one cause, and so are many cells that cannot be read for one reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from web.language import _

_CELLS = re.compile(r"\b[Cc]ells? [A-Z]{1,3}\d+(?:, [A-Z]{1,3}\d+)*(?: and \d+ more)?")
NOT_REGISTERED = "lot-not-registered"
FEW_LOTS = 30
"""Lots of one cause that are named."""

Sent = Mapping[str, Mapping[int, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that is wrong: where it stands, in how many rows, and what would be right.

    ``register`` is True for lots that nobody registered. ``mapped`` is True when the cause is a name of the
    laboratory's own, which is given its meaning in the form of open names. ``sent`` is its first row as it was sent.
    ``numbers`` are its rows in a file of one table, which may be left out there.
    """

    message: str
    expected: str
    printed: str
    column: str
    places: str
    rows: int
    lots: tuple[str, ...]
    left_out: int
    sent: str
    register: bool = False
    mapped: bool = False
    numbers: tuple[int, ...] = ()


def is_no_lot(error: Mapping[str, Any]) -> bool:
    """True where the row is of no lot, such as a mean or a control: it is not counted among the lots."""
    return bool(error["column"] == "lot" and error["expected"] == "a lot's identifier")


def causes(errors: Sequence[Mapping[str, Any]], sent: Sent, names: Iterable[str]) -> list[Cause]:
    """The causes in the order of the file; ``names`` are those of the form of open names."""
    files = list(dict.fromkeys(each["file"] for each in errors))
    ordered = sorted(errors, key=lambda each: (files.index(each["file"]), each["row"] or 0))
    alike: dict[object, list[Mapping[str, Any]]] = {}
    for error in ordered:
        alike.setdefault(_key(error), []).append(error)
    open_names = frozenset(names)
    return [_cause(each, sent, open_names) for each in alike.values()]


def _key(error: Mapping[str, Any]) -> tuple[str, ...]:
    if error.get("code") == NOT_REGISTERED:
        return (NOT_REGISTERED,)
    message = _CELLS.sub("", error["message"])
    printed = error["found"] or "" if message == error["message"] else ""
    return (error["file"], error["column"] or "", printed, message)


def _cause(alike: Sequence[Mapping[str, Any]], sent: Sent, names: frozenset[str]) -> Cause:
    first = alike[0]
    lots = tuple(dict.fromkeys(each["lot"] for each in alike if each["lot"]))
    rows = sent.get(first["file"], sent.get("", {}))
    register = first.get("code") == NOT_REGISTERED
    return Cause(
        message=first["message"],
        expected=first["expected"] or "",
        printed="" if register else first["found"] or "",
        column=first["column"] or "",
        places="" if register else places(alike),
        rows=len({(each["file"], each["row"]) for each in alike if each["row"] is not None}),
        lots=lots[:FEW_LOTS],
        left_out=max(0, len(lots) - FEW_LOTS),
        sent=" | ".join(rows.get(first["row"], ())),
        register=register,
        mapped=bool(names & {first["column"], first["found"]}),
        numbers=tuple(sorted({each["row"] for each in alike if each["row"] is not None and "#" not in each["file"]})),
    )


def places(errors: Iterable[Mapping[str, Any]]) -> str:
    """The rows of the errors: ``2–31, 40``; of a workbook with the sheet; empty for a file as a whole."""
    by_sheet: dict[str, list[int]] = {}
    for error in errors:
        if error["row"] is not None:
            by_sheet.setdefault(error["file"].partition("#")[2], []).append(error["row"])
    return "; ".join(
        _("%(row)s, sheet %(sheet)s", row=_ranges(rows), sheet=sheet) if sheet else _ranges(rows)
        for sheet, rows in by_sheet.items()
    )


def _ranges(rows: Iterable[int]) -> str:
    """Numbers in order, those that follow each other as a range."""
    spans: list[list[int]] = []
    for row in sorted(set(rows)):
        if spans and row == spans[-1][1] + 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    return ", ".join(str(low) if low == high else f"{low}\u2013{high}" for low, high in spans)


def of_names(errors: Iterable[Mapping[str, Any]], names: Iterable[str]) -> dict[str, str]:
    """Where each open name stands, by the name."""
    by_name: dict[str, list[Mapping[str, Any]]] = {}
    wanted = frozenset(names)
    for error in errors:
        for name in wanted & {error["column"], error["found"]}:
            by_name.setdefault(name, []).append(error)
    return {name: places(every) for name, every in by_name.items()}
