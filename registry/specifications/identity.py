"""Whether a specification may be approved for a product: identity is not waived, and other limits have reasons.

A mesenchymal product (CL:0000134 or below) is released only by a specification in which each of the six gates, in the
sense that CL gives it. ISCT's 95 % and 2 % are the limits; a weaker one needs a justification of substance that names
its source, and a second member of the quality unit. A product that only cites a publication is judged by that
publication's own specification, and never released.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from registry.domain import Departure, Product, Specification

FEWEST_WORDS = 8
_WORD = re.compile(r"[^\W\d_]{2,}")
_SOURCE = re.compile(
    r"\b10\.[0-9]{4,9}/\S+|\bPMID\s*:?\s*[0-9]{4,9}\b|\bPMC[0-9]{4,9}\b|\bNCT[0-9]{8}\b|https?://\S+\.\S+"
    r"|\b(?:USP\s*<[0-9]+>|Ph\.\s*Eur\.\s*[0-9][0-9.]+|ISO(?:/\w+)?\s*[0-9]{3,6}|ICH\s+[A-Z][0-9]+|21\s*CFR\s*[0-9]+)"
    r"|\b[A-Z]{2,8}(?:-[A-Z]{1,8})*-[0-9]{2,}(?:-[0-9]+)*\b",
    re.IGNORECASE,
)
_PUBLICATION = re.compile(
    r"\b10\.[0-9]{4,9}/[^\s;,]+|\bPMID\s*:?\s*[0-9]{4,9}\b|\bPMC[0-9]{4,9}\b|\bNCT[0-9]{8}\b"
    r"|\bS[0-9]{4}-[0-9]{4}\([0-9]{2}\)[0-9]{5}-[0-9X]",
    re.IGNORECASE,
)


def waived(departures: Iterable[Departure]) -> tuple[Departure, ...]:
    """The identity markers that the specification does not gate, in the sense their cell type gives them."""
    return tuple(departure for departure in departures if departure.waives)


def weaker(departures: Iterable[Departure]) -> tuple[Departure, ...]:
    """The identity markers that gate at a weaker limit than ISCT's, or without a figure."""
    return tuple(departure for departure in departures if departure.kind == "weaker limit")


def unjustified(departures: Iterable[Departure]) -> tuple[Departure, ...]:
    """Those that keep a specification from being approved: every waived marker, and a weaker limit without a reason.

    Nothing that anybody writes justifies a waived marker.
    """
    return tuple(
        departure
        for departure in departures
        if departure.kind != "weaker limit" or lack_of_substance(departure.justification)
    )


def lack_of_substance(justification: str | None) -> str:
    """What a justification lacks, as a sentence; empty when it says why, in words, and names its source.

    ``ok``, ``n/a``, ``clinical reasons`` say nothing that anybody could look up.
    """
    text = (justification or "").strip()
    if not text:
        return "It has no justification."
    words = {word.casefold() for word in _WORD.findall(_SOURCE.sub(" ", text))}
    if len(words) < FEWEST_WORDS:
        return f"The justification is too short to say why: at least {FEWEST_WORDS} different words beside its source."
    if not _SOURCE.search(text):
        return "The justification names no source: a DOI, PMID, study, pharmacopoeia or numbered document."
    return ""


def needs_second_member(departures: Iterable[Departure]) -> bool:
    """Whether one signature is not enough: limits other than ISCT's are approved by two members."""
    return any(departure.kind == "weaker limit" for departure in departures)


def refusals(departures: Iterable[Departure], cell_type: str) -> tuple[str, ...]:
    """Why this specification is not approved for a product of these cells, one sentence a marker; empty if it may be.

    ``departures`` carry the justifications that the specification or its approver gives.
    """
    sentences = []
    for departure in unjustified(departures):
        if departure.kind == "weaker limit":
            sentences.append(f"{departure.message} {lack_of_substance(departure.justification)}")
        else:
            sentences.append(
                f"{departure.message} For {cell_type} each of its identity markers gates: nobody can waive one."
            )
    return tuple(sentences)


def cites(product: Product, specification: Specification) -> bool:
    """Whether a specification is the one that the product's publication printed: both name the same publication."""
    if not product.citation or not specification.published:
        return False
    ours, theirs = (_publications(text) for text in (product.citation, specification.source))
    return bool(ours & theirs)


def _publications(text: str) -> frozenset[str]:
    return frozenset(match.casefold().rstrip(".)/") for match in _PUBLICATION.findall(text.replace("/fulltext", "")))


def gaps_at_release(departures: Iterable[Departure]) -> tuple[str, ...]:
    """What a release is refused for, whoever approved the specification and when: a marker that it does not gate."""
    return tuple(
        f"The specification does not gate an identity marker of the product's cell type. {departure.message}"
        for departure in waived(departures)
    )
