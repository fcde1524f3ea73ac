"""Text from a file, made safe to print; and how a row of the same file is named."""

from __future__ import annotations

import re

SHOWN = 200
IN_THIS_FILE = re.compile(r"(?:row |#)?(?P<row>[1-9][0-9]{0,5})", re.IGNORECASE)


def shown(text: str) -> str:
    """Text from a file made safe to print: short, and without control characters."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text.strip()[:SHOWN])


def shown_line(message: str) -> str:
    """A message that may quote a file, without control characters."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in message)
