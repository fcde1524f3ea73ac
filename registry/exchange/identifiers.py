"""DOIs, days and periods as they are printed: ``https://doi.org/10.1038/X`` → ``10.1038/x``, ``2 weeks`` → 14 days."""

from __future__ import annotations

import re

_DOI = re.compile(r"\b(10\.[0-9]{4,9}/[!-~]{1,200})", re.ASCII)
_PERIOD = re.compile(r"(?:every\s+)?(?:(?P<count>[1-9][0-9]{0,2})\s+)?(?P<unit>day|week)s?", re.IGNORECASE)
_ISO = re.compile(r"P(?P<count>[1-9][0-9]{0,2})(?P<unit>[DW])")


def doi_in(text: str) -> str:
    """The first DOI in a text in lower case, without resolver and final punctuation; empty for none."""
    match = _DOI.search(text)
    return match[1].rstrip(".,;:)]}>\"'").lower() if match else ""


def days_of(text: str) -> int | None:
    """The days of a period: ``2 weeks``, ``every 2 weeks``, ``14 days``, ``P2W``; None for what is no such period."""
    plain = text.strip()
    match = _PERIOD.fullmatch(plain) or _ISO.fullmatch(plain)
    if match is None:
        return None
    return int(match["count"] or "1") * (7 if match["unit"].lower() in {"week", "w"} else 1)
