"""The sites and cells of a dose, as somebody types them: ``left ovary=2000000``, ``UBERON:0002119=2e6``.

A site is a term, its name, or a word of its name that only one of the arm's sites has (``left``). Cells are a whole
number in digits; a power of ten is written ``2e6`` or ``2 × 10^6``, and a number whose superscript was lost is refused.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from registry.domain import Arm, SiteDose
from registry.errors import WrongUsage
from registry.vocabulary import Terms, expanded

MOST_CELLS = 10**12
_POWER = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*[×x*]\s*10\s*\^\s*([0-9]{1,2})")
_LOST = re.compile(r"[0-9.]+\s*[×x*]\s*10[0-9]+")


def site_doses(typed: tuple[str, ...], arm: Arm | None, terms: Terms) -> tuple[SiteDose, ...]:
    """Each ``SITE=CELLS`` as a dose; raises WrongUsage for one that cannot be read."""
    return tuple(_dose(text, arm, terms) for text in typed)


def _dose(text: str, arm: Arm | None, terms: Terms) -> SiteDose:
    site, sign, cells = text.rpartition("=")
    if not sign or not site.strip():
        raise WrongUsage(
            "A dose is said as a site and its viable cells.", expected="SITE=CELLS, such as left=2000000", found=text,
            where="site",
        )  # fmt: skip
    return SiteDose(_site(site.strip(), arm, terms), _cells(cells.strip()))


def _cells(text: str) -> int:
    if _LOST.fullmatch(text):
        raise WrongUsage(
            "This number has lost its superscript, and could be two numbers.",
            expected="viable cells in digits, such as 2000000, or 2e6", found=text, where="site",
            todo="Write the number out.",
        )  # fmt: skip
    power = _POWER.fullmatch(text)
    plain = f"{power[1]}e{power[2]}" if power else re.sub(r"[\s_\u202f\u00a0]", "", text)
    try:
        number = Decimal(plain) if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?(?:[eE]\+?[0-9]{1,2})?", plain) else None
    except InvalidOperation:
        number = None
    if number is None or number != number.to_integral_value() or not 1 <= number <= MOST_CELLS:
        raise WrongUsage(
            "This is no number of viable cells.", expected="a whole number from 1, such as 2000000", found=text,
            where="site",
        )  # fmt: skip
    return int(number)


def _site(text: str, arm: Arm | None, terms: Terms) -> str:
    names = {iri: terms.name(iri) for iri in (arm.sites if arm is not None else ())}
    wanted = text.casefold().replace("-", " ").replace("_", " ")
    whole = [iri for iri, name in names.items() if wanted in (name.casefold(), terms.curie(iri).casefold())]
    parts = whole or [iri for iri, name in names.items() if wanted in name.casefold().split()]
    if len(parts) == 1:
        return parts[0]
    if terms.name(text).strip() and terms.curie(expanded(text)).startswith("UBERON:"):
        return expanded(text)
    known = ", ".join(f"{terms.curie(iri)} {name}".strip() for iri, name in names.items())
    raise WrongUsage(
        f"{text} could be several sites." if parts else f"{text} is no site that is known here.",
        expected=known or "an Uberon term, such as UBERON:0002119",
        found=text,
        where="site",
    )
