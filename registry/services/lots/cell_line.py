"""What may be said of a cell line when it is registered: its registries' identifiers, and no word that is none."""

from __future__ import annotations

import re

from registry.domain import CellLine, Lot
from registry.errors import WrongUsage
from registry.vocabulary import expanded

SEXES = ("female", "male", "mixed", "ambiguous", "unspecified")
_FORMS = {
    "cellosaurus": (re.compile(r"CVCL_[A-Z0-9]{4}"), "a Cellosaurus accession, such as CVCL_9771"),
    "hpscreg": (re.compile(r"[A-Z][A-Za-z0-9]{1,7}[ei][0-9]{3}-[A-Z](-[0-9]{1,2})?"), "a name such as WAe001-A"),
    "sex": (re.compile("|".join(SEXES)), ", ".join(SEXES)),
    "term": (re.compile(r"http://purl\.obolibrary\.org/obo/CLO_[0-9]{7}"), "a term such as CLO:0037280"),
}


def line_of(
    line_type: str = "",
    sex: str = "",
    cellosaurus: str = "",
    hpscreg: str = "",
    term: str = "",
    known_against: tuple[str, ...] = (),
) -> CellLine | None:
    """What is said of a line, the term as its IRI; None where nothing is said."""
    against = tuple(sorted({text.strip() for text in known_against if text.strip()}))
    whole = expanded(term.strip()) if term.strip() else ""
    line = CellLine(line_type.strip(), sex.strip().lower(), cellosaurus.strip(), hpscreg.strip(), whole, against)
    return line if line != CellLine() else None


def check_line(lot: Lot) -> None:
    """Raise WrongUsage for an identifier that is none, and for anything of this said of what is no cell line."""
    if lot.usable_hours is not None and lot.usable_hours < 1:
        raise WrongUsage(
            "A lot is usable for some hours after thaw.", expected="1 or more", found=str(lot.usable_hours),
            where="usable_hours",
        )  # fmt: skip
    if lot.line is None:
        return
    if lot.kind != "cell line":
        raise WrongUsage(
            f"{lot.id} is a {lot.kind}: type, sex and registries' identifiers are of a cell line.",
            expected="a cell line, or nothing of this",
            found=lot.kind,
            where="kind",
            todo="Register the line by itself, and say that this is made from it.",
        )
    for name, (form, expected) in _FORMS.items():
        value = getattr(lot.line, name)
        if value and not form.fullmatch(value):
            raise WrongUsage(f"This cannot be said of a cell line as its {name}.", expected=expected, found=value,
                             where=name)  # fmt: skip
