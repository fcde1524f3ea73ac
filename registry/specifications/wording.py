"""Whether what a criterion says in words is what its limit says: a person reads the words, the judge the limit.

claims("Fewer than 0.1 % of the cells")   (Claim("high", 0.1, excluded=True),)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from registry.domain import Criterion

_WORDS: dict[str, tuple[Literal["low", "high"], bool]] = {
    **dict.fromkeys((">=", "≥", "=>", "at least", "not less than", "no less than", "not fewer than", "no fewer than",
                     "minimum", "minimum of", "not below", "not under", "not be less than", "not be below",
                     "not fall below"), ("low", False)),
    **dict.fromkeys((">", "more than", "above", "over", "greater than", "higher than"), ("low", True)),
    **dict.fromkeys(("<=", "≤", "=<", "at most", "not more than", "no more than", "not above", "not over", "not exceed",
                     "maximum", "maximum of", "up to", "not greater than", "not be more than", "not be above"),
                    ("high", False)),
    **dict.fromkeys(("<", "fewer than", "less than", "lower than", "below", "under"), ("high", True)),
}  # fmt: skip
_DIGITS = r"[+\u2212-]?(?:[0-9]{1,3}(?:[ ,'][0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
_NUMBER = rf"(?P<number>{_DIGITS})(?P<exponent>[eE][+-]?[0-9]{{1,2}})?(?![0-9]|[.,][0-9])"
_NO_LIMIT = r"(?!\s*(?:d|days?|h|hours?|hrs?|min|minutes?|weeks?|events?|donors?|lots?)\b)"
_DIRECTIONS = "|".join(re.escape(word) for word in sorted(_WORDS, key=len, reverse=True))
_CLAIM = re.compile(
    rf"(?<![\w<>=])(?P<direction>{_DIRECTIONS})\s*{_NUMBER}(?P<million>\s+million\b)?{_NO_LIMIT}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A limit that words state: on which side, its value, and whether the value itself is excluded."""

    side: Literal["low", "high"]
    value: Decimal
    excluded: bool
    text: str = ""


def claims(text: str) -> tuple[Claim, ...]:
    """The limits that a sentence states, in its order; times and numbers of events are none."""
    return tuple(_claim(match) for match in _CLAIM.finditer(text))


def _claim(match: re.Match[str]) -> Claim:
    side, excluded = _WORDS[" ".join(match["direction"].casefold().split())]
    digits = re.sub(r"[ ,']", "", match["number"].replace("\u2212", "-")) + (match["exponent"] or "")
    value = Decimal(digits) * (1_000_000 if match["million"] else 1)
    return Claim(side, value, excluded, " ".join(match[0].split()))


def contradictions(criterion: Criterion) -> Iterator[str]:
    """What the name and the message of a numeric criterion say otherwise than its limit, a sentence each."""
    if criterion.operator == "one of":
        return
    limits = {"low": (criterion.low, criterion.low_is_excluded), "high": (criterion.high, criterion.high_is_excluded)}
    for word in ("name", "message"):
        for claim in claims(getattr(criterion, word)):
            limit, excluded = limits[claim.side]
            if limit is None or claim.value != limit or claim.excluded != excluded:
                yield f"the {word} says {claim.text!r}, and the limit says {_limit(criterion)}"


def _limit(criterion: Criterion) -> str:
    low, high = (None if limit is None else format(limit, "f") for limit in (criterion.low, criterion.high))
    parts = [f"{'>' if criterion.low_is_excluded else '>='} {low}"] if low is not None else []
    parts += [f"{'<' if criterion.high_is_excluded else '<='} {high}"] if high is not None else []
    return " and ".join(parts)
