"""NucleoCounter exports of one sample, as names and values: NucleoView NC-200 (``name;value;``) and later software.

Viability (%);68.2;                      Viability (%):	83.0
Total (cells/ml);3.58E3 (Out of optimal range);
Time zone offset;2
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from registry.errors import Unreadable
from registry.intake.export_model import Export, Sample, Value, told, when
from registry.intake.instruments.values import DEAD, PER_ML, PERCENT, TOTAL, VIABILITY, VIABLE, Column, flag_of

_MILLIONTH = Decimal("0.000001")
NC_200 = "NucleoCounter NC-200"
COLUMNS = (
    Column("Viability (%)", PERCENT, VIABILITY, role="viability"),
    Column("Live (cells/ml)", PER_ML, VIABLE, _MILLIONTH, "viable"),
    Column("Dead (cells/ml)", PER_ML, DEAD, _MILLIONTH),
    Column("Total (cells/ml)", PER_ML, TOTAL, _MILLIONTH, "total"),
    Column("Estimated cell diameter (um)", "", "average total cell diameter"),
    Column("Aggregates (%)", PERCENT, "Aggregates (%)"),
)
_IMAGE = re.compile(r"[0-9]{8}-[0-9]{4}-(?:[A-Za-z]{1,2}-)?(?P<name>.+)")
_PAIR = re.compile(r"(?P<name>[^;\t]+?)\s*(?:;|:\t)(?P<value>.*)", re.DOTALL)


def is_nucleocounter(text: str) -> bool:
    """True for a text that names a viability and a total per milliliter in NucleoView's way."""
    return re.search(r"(?m)^Viability \(%\)(?:;|:\t)", text) is not None and "Total (cells/ml)" in text


def read_nucleocounter(text: str, file: str) -> Export:
    """The one sample of the file. A value broken over two lines is joined; a row that is missing stays missing."""
    pairs = _pairs(text, file)
    values = {name: value for name, (value, _) in pairs.items()}
    image = values.get("Image", "")
    match = _IMAGE.fullmatch(image)
    name = values.get("Sample ID", "") or (match.group("name") if match else image)
    if not name:
        raise Unreadable(f"{file} names no sample.", expected="a line Image or Sample ID", found="none", where=file)
    time, problems = _time(values)
    status = values.get("Status", "")
    against = status if status and status.casefold() != "ok" else ""
    sample = Sample(
        name=name,
        row=pairs.get("Image", pairs.get("Sample ID", ("", 1)))[1],
        values=tuple(_value(column, pairs, against) for column in COLUMNS),
        details=told(
            method=values.get("Protocol template purpose", "") or values.get("Protocol", ""),
            instrument=values.get("Instrument type", "") or NC_200,
            serial_number=re.sub(
                r"(?i)^s/n:?\s*", "", values.get("Instrument s/n", "") or values.get("Instrument", "")
            ),
            analyst=values.get("Operator", "") or values.get("Login ID", ""),
            tested_at=time,
            sample_name=name,
        ),
        problems=problems,
    )
    return Export(NC_200, (sample,))


def _pairs(text: str, file: str) -> dict[str, tuple[str, int]]:
    """Name → (value, line). Text without a mark continues the value above it when that has an open bracket."""
    pairs: dict[str, tuple[str, int]] = {}
    last = ""
    for number, line in enumerate(text.splitlines(), start=1):
        bare = line.rstrip().rstrip(",").rstrip()
        open_ = last and pairs[last][0].count("(") > pairs[last][0].count(")")
        match = _PAIR.fullmatch(bare)
        if open_ and (match is None or match.group("name").count(")") > match.group("name").count("(")):
            value, first = pairs[last]
            pairs[last] = (f"{value} {bare.rstrip(';').strip()}", first)
            continue
        if match is None:
            continue
        name = match.group("name").strip().replace("[um]", "(um)")
        value = match.group("value").strip().rstrip(";").strip()
        if not name or not value:
            continue
        if name in pairs and pairs[name][0] != value:
            raise Unreadable(
                f"{file} gives '{name[:80]}' twice, differently.",
                expected="each name once",
                found=f"lines {pairs[name][1]} and {number}",
                where=file,
                todo="Export one sample a file.",
            )
        pairs[name], last = (value, number), name
    return pairs


def _value(column: Column, pairs: Mapping[str, tuple[str, int]], against: str) -> Value:
    printed, row = pairs.get(column.name, ("", 1))
    return Value(column.name, printed, row, column.unit, (flag_of(printed) or against) if printed else "")


def _time(pairs: Mapping[str, str]) -> tuple[str, tuple[tuple[str, str, str, str], ...]]:
    """The time with its zone, as ISO 8601; one that no calendar has is a problem of the sample."""
    if "Time (UTC)" in pairs:
        return _checked("Time (UTC)", pairs["Time (UTC)"], "%Y-%m-%d %H:%M:%S", "0")
    if "Date time" in pairs:
        return _checked("Date time", pairs["Date time"], "%Y%m%d %H%M%S", pairs.get("Time zone offset", ""))
    return when(""), ()


def _checked(column: str, printed: str, form: str, offset: str) -> tuple[str, tuple[tuple[str, str, str, str], ...]]:
    """``offset`` is in hours; without one the time stays as printed, and that it has no zone is said."""
    try:
        at = datetime.strptime(printed, form)
    except ValueError:
        message = "No calendar has this time, so the file is damaged or was altered: export it again."
        return when(printed), ((column, "a time that exists", printed, message),)
    hours = Decimal(offset) if re.fullmatch(r"[-+]?[0-9]{1,2}(?:\.[0-9]{1,2})?", offset) else None
    if hours is None or abs(hours) > 14:
        return when(printed), ()
    return at.replace(tzinfo=timezone(timedelta(minutes=int(hours * 60)))).isoformat(), ()
