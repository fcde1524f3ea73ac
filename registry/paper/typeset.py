"""Setting type with typst; the one module that knows it.

Text goes in as one JSON document and is never read as markup, so no lot's name can become a command. Nothing is read
from outside: system fonts are ignored, packages are not fetched, the clock is not asked. The same value gives the same
bytes. A character that no font here holds is refused by name, never printed as an empty box.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from importlib.resources import files
from importlib.util import find_spec
from typing import Any

from registry.errors import Corrupt, WrongUsage
from registry.paper.certificate import Certificate
from registry.paper.label import ASK, SHEETS, SIZES, Label, Size, barred, broken, numbered
from registry.paper.symbol import Symbol, can_draw, data_matrix, missing, qr_code

PAPERS = {"a4": "a4", "letter": "us-letter"}
STANDARDS = ["a-3a", "ua-1"]
"""PDF/A-3a (ISO 19005-3, archived, tagged, may hold other files) and PDF/UA-1 (ISO 14289-1, for screen readers), both
checked by typst."""
FONTS = "CELL_REGISTRY_FONTS"
"""The setting that names a folder of further fonts, for names in scripts that the fonts here lack."""
DOTS = 300
"""Dots per inch of a PNG, and the grid that modules stand on: they are whole dots at 300 and 600 dpi."""
NO_ROOM = "no room for the storage condition"
"""What the layout of labels says when the condition fits at no legible size."""
_LOST = re.compile(r'the text `"(.+?)"` could not be displayed')


def certificate_pdf(certificate: Certificate, size: str = "a4") -> bytes:
    """The certificate as PDF/A-3a and PDF/UA-1, its credential attached.

    Raises WrongUsage for an unknown size, without the extra ``pdf``, or for a character that no font here holds.
    """
    content = {
        **asdict(certificate),
        "title": certificate.title,
        "drawn_up": certificate.drawn_up,
        "paper": PAPERS[_known(size, PAPERS, "paper")],
        "symbol": svg(data_matrix(certificate.address)),
        "credential_symbol": svg(qr_code(certificate.credential_address)) if certificate.credential else "",
    }
    (data,) = _set("certificate", content, certificate.as_of, "pdf", "pdf")
    return data


def labels(
    label: Label, containers: int | None, size: str, *, at: datetime, sheet: str | None = None, form: str = "pdf"
) -> bytes:
    """Labels, one a page or on sheets (``a4``, ``letter``), as ``pdf`` or, one alone, as ``png`` at 300 dpi.

    Raises WrongUsage for an unknown size or sheet, several labels as PNG, more containers than there are, without the
    extra ``labels``, for a character that no font here holds, or for a storage condition that does not fit: it is
    never cut.
    """
    run = numbered(label, containers)
    page = SHEETS[size, _known(sheet, PAPERS, "sheet")] if sheet and _known(size, SIZES, "size") else None
    pages = -(-len(run) // (page.columns * page.rows)) if page else len(run)
    if form == "png" and pages > 1:
        raise WrongUsage(
            "A PNG is one picture.", expected="one label, one sheet, or a PDF", found=f"{pages} pages", where="format"
        )
    measures = SIZES[_known(size, SIZES, "size")]
    loud, bar = barred(label.loud, measures)
    content = {
        **asdict(label),
        "title": f"Labels of lot {label.lot}",
        "lot_lines": broken(label.lot, 16 if len(label.lot) > 14 else 14),
        "containers": run,
        "size": asdict(measures),
        "sheet": asdict(page) if page else None,
        "bar": bar,
        "loud_lines": loud,
        "symbol": _placed(data_matrix(label.address), measures, bar),
        "ask": ASK,
        "ask_short": "Scan before use",
    }
    made = _set("label", content, at, "pdf", "labels")  # in every case: only as PDF/A a missing character is an error
    return made[0] if form == "pdf" else _set("label", content, at, "png", "labels")[0]


def _known(word: str | None, known: Mapping[str, object], what: str) -> str:
    if word is None or word not in known:
        raise WrongUsage(f"There is no such {what}.", expected=", ".join(known), found=str(word), where=what)
    return word


def svg(symbol: Symbol) -> str:
    """The symbol as an SVG, one unit a module, without quiet zone."""
    side = len(symbol.rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="{side}" height="{side}" '
        f'shape-rendering="crispEdges"><path d="{symbol.path}"/></svg>'
    )


def ready() -> bool:
    """True when PDF and labels can be made: the extra is installed. HTML needs nothing."""
    return find_spec("typst") is not None and can_draw()


def _placed(symbol: Symbol, size: Size, bar: float) -> dict[str, Any]:
    """The symbol on the printer's dots: every module whole dots wide, its corner on a dot. Inches."""
    small = size.width < 80
    edge, under = (1.5, 2.0 + bar) if small else (3.0, 4.6 + bar)
    room = min(size.height - 2 * edge - under, 0.4 * size.width)
    modules = len(symbol.rows)
    dots = max(2, int(room / 25.4 * DOTS / modules))
    corner = round((edge + 0.4) / 25.4 * DOTS)
    return {"svg": svg(symbol), "width": modules * dots / DOTS, "left": corner / DOTS, "top": corner / DOTS}


def _set(layout: str, content: Mapping[str, Any], at: datetime, form: str, extra: str) -> list[bytes]:
    """The pages of one layout, as one PDF or as a PNG each."""
    try:
        import typst
    except ModuleNotFoundError as error:
        raise missing(extra, "Setting type") from error
    fonts, families = _fonts(typst)
    data = json.dumps({**content, "date": [at.year, at.month, at.day], "fonts": families}, default=str)
    source = (files("registry.paper") / "layouts" / f"{layout}.typ").read_bytes()
    how: dict[str, Any] = {"format": form, "font_paths": fonts, "timestamp": int(at.timestamp())}
    how |= {"pdf_standards": STANDARDS} if form == "pdf" else {"ppi": float(DOTS)}
    try:
        made: Any = typst.compile(source, sys_inputs={"data": data}, **how)
    except typst.TypstError as error:
        raise _refusal(error) from error
    return [bytes(page) for page in made] if isinstance(made, list) else [bytes(made or b"")]


def _fonts(typst: Any) -> tuple[Any, list[str]]:
    own = str(files("registry.paper") / "fonts")
    further = os.environ.get(FONTS, "")
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[own, further] if further else [own]
    )
    ours = {"source sans pro", "libertinus serif", "dejavu sans mono"}
    more = sorted({name for name in fonts.families() if name.casefold() not in ours}) if further else []
    return fonts, [name for name in more if not name.startswith("New Computer Modern")]


def _refusal(error: Exception) -> WrongUsage | Corrupt:
    if NO_ROOM in str(error):
        return WrongUsage(
            "The storage condition does not fit on this label, and is never cut.",
            expected="a condition that fits at the smallest legible size",
            found="a longer one",
            where="size",
            todo="Print the label in 100 × 50 mm, or register the lot with a shorter storage condition.",
        )
    lost = _LOST.search(str(error))
    if lost is None:
        return Corrupt("A page could not be set.", expected="a page", found=str(error)[:400])
    return WrongUsage(
        "A character cannot be printed: no font here holds it.",
        expected=f"fonts for it, in the folder that ${FONTS} names",
        found=lost[1],
        todo="Name such a folder, or print the certificate as HTML.",
    )
