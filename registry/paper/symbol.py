"""DataMatrix (ISO/IEC 16022, ECC 200) and QR code as modules; the one module that knows zxing-cpp.

data_matrix("https://registry.example/lots/P-07").rows[0]     (True, False, True, False, …)
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from registry.errors import WrongUsage

QUIET = 2
"""Modules of white around a symbol; the standard asks for one, scanners are happier with two."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol: what it says, and its modules by row, True for dark; without quiet zone."""

    text: str
    rows: tuple[tuple[bool, ...], ...]

    @property
    def path(self) -> str:
        """Its dark modules as one SVG path, a module being one unit, runs joined."""
        return "".join(f"M{start} {top}h{length}v1h-{length}z" for top, start, length in self.runs)

    @property
    def runs(self) -> tuple[tuple[int, int, int], ...]:
        """(row, first column, length) of every run of dark modules."""
        rectangles = []
        for top, row in enumerate(self.rows):
            start = None
            for column, dark in enumerate((*row, False)):
                if dark and start is None:
                    start = column
                elif not dark and start is not None:
                    rectangles.append((top, start, column - start))
                    start = None
        return tuple(rectangles)


def data_matrix(text: str) -> Symbol:
    """The symbol of a text. Raises WrongUsage without the extra, or when the text is too long for any symbol."""
    return _drawn(text, "DataMatrix")


def qr_code(text: str) -> Symbol:
    """A text as a QR code (ISO/IEC 18004), which a telephone reads; raises as ``data_matrix`` does."""
    return _drawn(text, "QRCode")


def _drawn(text: str, form: str) -> Symbol:
    try:
        import zxingcpp
    except ModuleNotFoundError as error:
        raise missing("labels", f"A {form}") from error
    try:
        code = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, form))
    except (ValueError, RuntimeError) as error:
        raise WrongUsage(
            f"This does not fit in a {form}.", expected="at most about 1500 characters", found=f"{len(text)}"
        ) from error
    image: Any = code.to_image(scale=1, add_quiet_zones=False)
    levels: Any = memoryview(image).tolist()
    return Symbol(text, tuple(tuple(level < 128 for level in row) for row in levels))


def can_draw() -> bool:
    """True when the extra that writes symbols is installed."""
    return find_spec("zxingcpp") is not None


def missing(extra: str, what: str) -> WrongUsage:
    """The refusal when an extra is not installed: exit 2, and how to install it."""
    return WrongUsage(
        f"{what} needs the extra “{extra}”, which is not installed.",
        expected=f"pip install 'cell-product-registry[{extra}]'",
        found="an installation without it",
    )
