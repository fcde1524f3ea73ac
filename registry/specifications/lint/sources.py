"""What a specification rests on: the identity of its cell type, standards within their scope, readable sources."""

from __future__ import annotations

import re
from collections.abc import Iterator

from registry.domain import Specification
from registry.identifiers import OBO
from registry.specifications.departures import departures
from registry.specifications.lint.limits import Said
from registry.vocabulary import Terms

_MSC = OBO + "CL_0000134"
_OUT_OF_SCOPE = {
    "ISO 24651": re.compile(r"\bISO\s*24651\b", re.IGNORECASE),
    "ISO/TS 22859": re.compile(r"\bISO\s*(?:/\s*TS)?\s*22859\b", re.IGNORECASE),
}
"""Both exclude clinical use in their own scope: never a basis of release."""

_NO_SOURCE = re.compile(r"(?:n/?a|none|unknown|tbd|todo|in[- ]?house|internal|-+|\?+)\.?", re.IGNORECASE)


def about_identity(specification: Specification, terms: Terms) -> Iterator[Said]:
    """Every departure from the identity of its cell type; of one that names none, the mesenchymal stem cell's."""
    identity = terms.identity_of(specification.cell_type or _MSC)
    ids = {criterion.characteristic: criterion.id for criterion in specification.criteria}
    for departure in departures(specification, identity, terms):
        code = f"identity-{departure.kind.replace(' ', '-')}"
        if departure.justification:
            yield (
                code,
                "warning",
                ids.get(departure.characteristic),
                f"{departure.message} Justified: {departure.justification}",
                "Nothing.",
            )
        else:
            yield (
                code,
                "error" if departure.kind == "wrong side" else "warning",
                ids.get(departure.characteristic),
                departure.message,
                "Correct it, or write down the justification.",
            )


def about_sources(specification: Specification) -> Iterator[Said]:
    """Standards cited outside their scope, and sources that say nothing."""
    yield from _source(None, specification.source, "The specification")
    for criterion in specification.criteria:
        yield from _source(criterion.id, criterion.source, f"The limit of {criterion.label}")


def _source(criterion: str | None, source: str, what: str) -> Iterator[Said]:
    if not source.strip() or _NO_SOURCE.fullmatch(source.strip()):
        yield ("missing-source", "warning", criterion, f"{what} names no source that anybody could read.",
               "Name the document, its version and the place in it.")  # fmt: skip
    for standard, form in _OUT_OF_SCOPE.items():
        if form.search(source):
            yield ("standard-out-of-scope", "warning", criterion,
                   f"{what} cites {standard}, which excludes clinical use in its own scope.",
                   "Cite what the limit rests on for clinical use.")  # fmt: skip
