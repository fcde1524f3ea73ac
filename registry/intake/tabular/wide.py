"""Wide tables: one row a lot, one column a characteristic, its unit in the header.

lot,CD73 (%),CD45 [%],sterility,stage
P-07,98.5,0.4,no growth,after thaw
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from registry.intake.names.laboratory_names import OwnNames, is_unit
from registry.intake.names.printed import Namer
from registry.intake.tabular.columns import KNOWN, distance, key_of, nearly
from registry.intake.tabular.headings import says_what_is_asked
from registry.intake.tabular.verdict_columns import sense_of
from registry.intake.values import Misprint
from registry.vocabulary import Terms
from registry.vocabulary.printed_names import folded

_UNIT = re.compile(r"(?P<name>.*\S)\s*[(\[](?P<unit>[^()\[\]]*)[)\]]", re.DOTALL)
_SHARE = re.compile(
    r"%\s*(?P<after>[^%]*[^%\s])|(?P<before>[^%]*[^%\s])\s*%(?:\s*(?:pos(?:itive)?\.?|positiv\w*|cells?|zellen"
    r"|of cells))?",
    re.IGNORECASE,
)
_MARKER_LIKE = re.compile(
    r"cd\s?-?[0-9]|hla|.*[|]|.*(?:\bneg(?:ative)?|[+−])$|.*\bcocktail\b", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class WideColumn:
    """A column that holds results: the header as printed, and what it names."""

    header: str
    subject: str
    unit: str


def wide_columns(header: Sequence[str], terms: Terms, own: OwnNames | None = None) -> dict[int, WideColumn]:
    """The columns that hold results, by place.

    A header that claims to be one (it has a unit, or nearly is a characteristic) is kept although it names nothing:
    each of its cells is then refused, so that no result is lost in silence. So is one that the laboratory's mapping
    says something of; one that it says is not read is not.
    """
    names = Namer(terms)
    known = {folded(name) for c in terms.characteristics.values() for name in c.names}
    columns: dict[int, WideColumn] = {}
    for place, printed in enumerate(header):
        if not printed or key_of(printed) in KNOWN:
            continue
        column = _column(printed, names, terms)
        if own is not None and nearly(printed) is None and own.ignore(printed, column.subject if column else printed):
            continue
        claimed = nearly(printed) is None and (_claims(printed, known) or (own is not None and own.says(printed)))
        if column is not None or claimed:
            columns[place] = column or WideColumn(printed, printed, "")
    return columns


def _column(printed: str, names: Namer, terms: Terms) -> WideColumn | None:
    match = _UNIT.fullmatch(printed)
    if match and is_unit(match.group("unit"), terms):
        name = match.group("name") if _is_known(match.group("name"), names) else printed
        subject = name if _is_known(name, names) else match.group("name")
        return WideColumn(printed, subject, match.group("unit").strip())
    share = _SHARE.fullmatch(printed)
    if share and _is_known(share.group("before") or share.group("after"), names):
        return WideColumn(printed, share.group("before") or share.group("after"), "%")
    if _is_known(printed, names):
        return WideColumn(printed, printed, "")
    if match and match.group("unit").strip() and _is_known(match.group("name"), names):
        return WideColumn(printed, match.group("name"), match.group("unit").strip())
    return None


def _is_known(name: str, names: Namer) -> bool:
    try:
        names.subject(name)
    except Misprint:
        return False
    return True


def _claims(printed: str, known: set[str]) -> bool:
    """True when a header that names nothing looks as if it should: ``CD7 3x``, ``viabilty``."""
    if _MARKER_LIKE.match(printed):
        return True
    if sense_of(printed) is not None or says_what_is_asked(printed):
        return False
    key, letters = folded(printed), set(folded(printed))
    near = (name for name in known if abs(len(key) - len(name)) <= 2 and len(letters ^ set(name)) <= 4)
    return 4 < len(key) <= 24 and any(distance(key, name, 2) <= 2 for name in near)
