"""Which colours a workbook's style sets, and whether ink can be seen on its paper (ISO/IEC 29500-1, 18.8.19).

A theme's colours are those of the Office theme: a file may bring others, though seldom for black and white.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

WHITE, BLACK = "FFFFFF", "000000"
NEAR = 24
"""Of 255: ink that differs from its paper by no more in red, green and blue is not read."""
_THEME = (WHITE, BLACK, "E7E6E6", "44546A", "4472C4", "ED7D31", "A5A5A5", "FFC000", "5B9BD5", "70AD47")
_SYSTEM = {"64": BLACK, "65": WHITE}
_RGB = re.compile(r"(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})")


def colour(attributes: Mapping[str, str]) -> str | None:
    """The colour that an element sets as six hexadecimal digits; None for the automatic one, or an unknown one."""
    exact = _RGB.fullmatch(attributes.get("rgb", ""))
    if exact:
        return exact.group(1).upper()
    theme, indexed = attributes.get("theme", ""), attributes.get("indexed", "")
    if theme.isascii() and theme.isdigit() and len(theme) < 3 and int(theme) < len(_THEME):
        return _tinted(_THEME[int(theme)], attributes.get("tint", "0"))
    if indexed in _SYSTEM:
        return _SYSTEM[indexed]
    if indexed.isascii() and indexed.isdigit() and len(indexed) < 3:
        from openpyxl.styles.colors import COLOR_INDEX

        return COLOR_INDEX[int(indexed)][-6:] if int(indexed) < len(COLOR_INDEX) else None
    return None


def alike(ink: str | None, paper: str | None) -> bool:
    """True when nobody can read such ink on such paper; the automatic ink is black, and the paper white."""
    pairs = zip(_parts(ink or BLACK), _parts(paper or WHITE), strict=True)
    return all(abs(of_ink - of_paper) <= NEAR for of_ink, of_paper in pairs)


def _parts(rgb: str) -> tuple[int, int, int]:
    return int(rgb[0:2], 16), int(rgb[2:4], 16), int(rgb[4:6], 16)


def _tinted(rgb: str, tint: str) -> str:
    """Lighter by a positive tint, darker by a negative one."""
    share = float(tint) if re.fullmatch(r"-?[01](?:\.[0-9]{1,20})?", tint) else 0.0
    parts = (part * (1 + share) if share < 0 else part + (255 - part) * share for part in _parts(rgb))
    return "".join(f"{min(255, max(0, round(part))):02X}" for part in parts)
