"""A label as a value, its sizes, and the sheets it is printed on.

A label says what a thing is. It never says that a lot is released: that changes, and paper does not. It says where to
ask, by scan or by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from registry.errors import WrongUsage

MAX_CONTAINERS = 2000
ASK = "Scan before use: only the registry knows whether this lot may be injected."
AUTOLOGOUS = "For autologous use only"  # 21 CFR 1271.90(c)(1)
SYNTHETIC = "Synthetic, not for use"
PREVIEW = "Preview, not for use"


@dataclass(frozen=True, slots=True)
class Size:
    """Millimetres."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of labels, in millimetres: margins to the first label, and the white between labels."""

    page: Size
    columns: int
    rows: int
    left: float
    top: float
    across: float
    down: float


SIZES = {"50x25": Size(50, 25), "100x50": Size(100, 50)}
SHEETS = {
    ("50x25", "a4"): Sheet(Size(210, 297), 4, 11, 5, 11, 0, 0),
    ("100x50", "a4"): Sheet(Size(210, 297), 2, 5, 5, 23.5, 0, 0),
    ("50x25", "letter"): Sheet(Size(215.9, 279.4), 4, 10, 7.95, 14.7, 0, 0),
    ("100x50", "letter"): Sheet(Size(215.9, 279.4), 2, 5, 7.95, 14.7, 0, 0),
}


@dataclass(frozen=True, slots=True)
class Label:
    """Every word on a label. ``loud`` stands in the dark bar: who it is for, or that it is for nobody."""

    lot: str
    product: str
    cell_type: str
    expires: str
    manufactured: str
    passage: str
    storage: str
    containers: int | None
    loud: tuple[str, ...]
    address: str
    base: str


def numbered(label: Label, containers: int | None) -> tuple[str, ...]:
    """What each label of a run says of its container: ``Container 3 of 12``; one unnumbered label for the lot.

    Raises WrongUsage for more containers than the lot has, or than anybody sticks labels on.
    """
    if containers is None:
        return ("",)
    limit = label.containers or MAX_CONTAINERS
    if not 1 <= containers <= min(limit, MAX_CONTAINERS):
        has = f"{label.lot} has {label.containers}" if label.containers else "no count is registered"
        raise WrongUsage(
            "There are not so many containers to label.",
            expected=f"1 to {min(limit, MAX_CONTAINERS)} ({has})",
            found=str(containers),
            where="containers",
        )
    return tuple(f"Container {number} of {label.containers or containers}" for number in range(1, containers + 1))


def barred(loud: Sequence[str], size: Size) -> tuple[tuple[str, ...], float]:
    """The lines of the dark bar and its height in millimetres; 0 without a word. Three on a small label are too long
    for one line.
    """
    if not loud:
        return (), 0.0
    small = size.width < SIZES["100x50"].width
    if small and len(loud) > 2:
        return (" · ".join(loud[:2]), " · ".join(loud[2:])), 5.0
    return (" · ".join(loud),), 3.3 if small else 5.6


def broken(identifier: str, most: int) -> tuple[str, ...]:
    """An identifier in lines of at most ``most`` characters, broken after a separator where one is near.

    ``broken("WCB-1/2026-11-21/P-07", 12)`` is ``("WCB-1/2026-", "11-21/P-07")``. Never shortened.
    """
    lines, rest = [], identifier
    while len(rest) > most:
        near = [at + 1 for at in range(most // 2, most) if rest[at] in " ._-/#"]
        cut = near[-1] if near else most
        lines.append(rest[:cut])
        rest = rest[cut:]
    return (*lines, rest)
