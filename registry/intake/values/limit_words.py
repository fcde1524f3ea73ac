"""Words that stand for a limit of the method: ``n.d.``, ``< LOD``, ``detected, < LOQ``, ``BLQ``.

    n.d., < LOD              [0, LOD)        where an approved mapping says the method's limit of detection
    < LOQ, BLQ               [0, LOQ)        where it says the limit of quantification
    detected, < LOQ          [LOD, LOQ)
    > LOQ                    (LOQ, …)

Without such a line they are refused, and the refusal asks for the limit's number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from registry.domain import Interval, Reading
from registry.domain.name_mapping import ANY_METHOD, MappingLine
from registry.errors import RegistryError
from registry.identifiers import CPR
from registry.intake.checks.invalid_words import unaccented
from registry.intake.values.findings import DETECTED, NOT_DETECTED
from registry.intake.values.unreadable_value import Misprint, NoUnit, expected_of
from registry.vocabulary.printed_names import folded

if TYPE_CHECKING:
    from registry.intake.rows import RawResult
    from registry.vocabulary import Terms
    from registry.vocabulary.values import Characteristic, Unit

_NOTHING = frozenset({
    "n d", "nd", "n/d", "not detected", "none detected", "not detectable", "undetectable", "u d", "n n",
    "nicht nachweisbar",
    "nicht nachgewiesen", "non detecte", "no detectado", "nao detectado", "未检出", "未檢出", "bdl", "bld",
    "below detection",
    "below detection limit", "below limit of detection", "below the limit of detection", "", "/",
})  # fmt: skip
_DASHES = frozenset("-−–—") | {"--", "---"}
_LIMIT = re.compile(
    r"(?:(?P<seen>detected|nachgewiesen|detecte|detectado|present|trace)?[ ,;(]*(?:but|and|aber|mais|pero)?[ ,;(]*)"
    r"(?P<sign><=|>=|≤|≥|<|>|below|under|above|over|unter|uber|inf a|sup a|b(?=l))?\s*(?:the )?"
    r"(?:(?P<upper>u)?l{1,2}(?:o ?)?(?P<kind>[dq])(?: limit)?|limit of (?P<long>detection|quantification))\)?"
)
_COLONIES = frozenset({f"{CPR}colony-number", f"{CPR}colony-concentration"})
MOST_SENSITIVE = Decimal(10)
"""CFU/mL: what a method must find at least to stand for mycoplasma culture (Ph. Eur. 2.6.7)."""


class Limits:
    """The limits of a laboratory's methods, from its mapping."""

    def __init__(self, lines: Sequence[MappingLine], terms: Terms) -> None:
        self._terms = terms
        self._lines = lines

    def reading(self, raw: RawResult, characteristic: Characteristic, unit: Unit | None) -> Reading | None:
        """The interval that such a word stands for; None when the value is no such word, or nobody says the limit.

        Raises ``Misprint`` for a limit that is named and known to nobody.
        """
        if not characteristic.units:
            return None
        text = unaccented(raw.value)
        if text in _NOTHING or raw.value.strip() in _DASHES:
            limit = self._limit("detection limit", raw, characteristic, unit) if raw.value.strip() else None
            return None if limit is None else self._read(Interval(None, limit, high_open=True), characteristic)
        match = _LIMIT.fullmatch(text)
        if match is None or not (match.group("sign") or match.group("seen") or text.startswith("bl")):
            self._refuse_limit_with_number(raw, characteristic)
            return None
        return self._read(self._interval(match, raw, characteristic, unit), characteristic)

    def below(self, reading: Reading, raw: RawResult, characteristic: Characteristic, unit: Unit | None) -> Reading:
        """A count of organisms as what it shows: any is detected; none, below an approved limit, is not detected."""
        outcomes = {outcome.iri for outcome in characteristic.outcomes}
        interval = reading.interval
        if interval is None or unit is None or unit.quantity not in _COLONIES or DETECTED not in outcomes:
            return reading
        if interval.low is not None and (interval.low > 0 or (interval.low == 0 and interval.low_open)):
            return Reading(outcome=DETECTED)
        limit = self._limit("detection limit", raw, characteristic, unit)
        most = MOST_SENSITIVE / unit.factor
        is_enough = limit is not None and limit <= most and interval.high is not None and interval.high <= limit
        return Reading(outcome=NOT_DETECTED) if is_enough else reading

    def _interval(
        self, match: re.Match[str], raw: RawResult, characteristic: Characteristic, unit: Unit | None
    ) -> Interval:
        is_detection = match.group("kind") == "d" or match.group("long") == "detection"
        kind = "detection limit" if is_detection else "quantification limit"
        sign = match.group("sign") or ""
        is_above = sign in {">", ">=", "≥", "above", "over", "uber", "sup a"}
        if unit is None:
            raise NoUnit("The unit is missing.", expected=expected_of(characteristic), found=raw.value)
        limit = None if match.group("upper") else self._limit(kind, raw, characteristic, unit)
        if limit is None:
            raise self._without_number(kind, raw, characteristic)
        if is_above:
            return Interval(limit, None, low_open=sign in {">", "above", "over", "uber", "sup a"})
        low = self._limit("detection limit", raw, characteristic, unit) if match.group("seen") else None
        if match.group("seen") and low is None:
            return Interval(Decimal(0), limit, low_open=True, high_open=True)
        return Interval(low, limit, high_open=sign not in {"<=", "≤"})

    @staticmethod
    def _read(interval: Interval, characteristic: Characteristic) -> Reading | None:
        span = characteristic.range or Interval(None, None)
        return Reading(interval=interval.intersect(span))

    def _limit(self, kind: str, raw: RawResult, characteristic: Characteristic, unit: Unit | None) -> Decimal | None:
        """The method's limit in this unit: of the method that the row names, else of any."""
        method = folded(raw.others.get("method", ""))
        for wanted in (method, folded(ANY_METHOD)):
            for line in self._lines:
                if line.kind == kind and wanted and folded(line.name) == wanted and unit is not None:
                    value = self._value(line, characteristic, unit)
                    if value is not None:
                        return value
        return None

    def _value(self, line: MappingLine, characteristic: Characteristic, unit: Unit) -> Decimal | None:
        try:
            if self._terms.characteristic(line.characteristic) != characteristic:
                return None
            own = self._terms.unit(line.unit, characteristic)
        except RegistryError:
            return None
        return self._terms.convert(Decimal(line.value), own.iri, unit.iri)

    @staticmethod
    def _without_number(kind: str, raw: RawResult, characteristic: Characteristic) -> Misprint:
        text = raw.value.strip()
        return Misprint(
            f"'{text}' does not say the limit: print its number with its sign and unit, or have the method's {kind} "
            "approved in a mapping.",
            expected=expected_of(characteristic),
            found=text,
        )

    @staticmethod
    def _refuse_limit_with_number(raw: RawResult, characteristic: Characteristic) -> None:
        inside = re.search(
            r"[<≤]?\s*l{0,2}lo[dq]\W*[<≤=:]?\s*(?P<number>[0-9]+(?:[.,][0-9]+)?)", raw.value, re.IGNORECASE
        )
        if inside:
            text = raw.value.strip()
            raise Misprint(
                f"'{text}' names a limit and its number: print <{inside.group('number')} with its unit, if that is the "
                "limit of the method.",
                expected=expected_of(characteristic),
                found=text,
            )
