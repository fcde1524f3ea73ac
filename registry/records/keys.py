"""Under what an entry is found again: keys from its record, the same when it is entered and when an index is rebuilt.

An entry that changes what is known of a lot or product is indexed under it; ``lots`` themselves are indexed by the
ledger. A lot's entry stands under each origin as well, so that a recall is an indexed walk, and under its identifier's
skeleton, so that those which look alike are found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from registry.identifiers import SPECIFICATIONS, Names
from registry.look_alikes import skeleton
from registry.records import Description, Record, describe
from registry.records.ontology import ontology_of
from registry.records.panel import figures, results_of
from registry.records.writer import DERIVED_FROM, IDENTIFIER, link, links, needed, of_kind, text

PRODUCT, PANEL, OF_PRODUCT, DERIVES_FROM, SPECIFICATION, FIGURES = (
    "product",
    "panel",
    "of-product",
    "derives-from",
    "specification",
    "figures",
)
ONTOLOGY, REPLACEMENT, LOOKS = "ontology", "replacement", "looks"
KINDS = ("product", "lot", "panel", "withdrawal", "approval", "ontology-load", "replacement", "specification")

MAPPING, DRAFTED_BY = "mapping", "mapping-drafted-by"


def keys(kind: str, record: Record | None, names: Names) -> tuple[tuple[str, str], ...]:
    """(index kind, key) of an entry of this kind with this record; empty for a kind that has none."""
    if record is None or kind not in {*KINDS, MAPPING}:
        return ()
    descriptions = describe(record)
    (said,) = of_kind(descriptions, kind.replace("-", " "))
    alike = figures(results_of(descriptions)) if kind == "panel" else None
    return (*_keys(kind, said, names), *(((FIGURES, alike),) if alike else ()))


def _keys(kind: str, said: Description, names: Names) -> Iterator[tuple[str, str]]:
    if kind == "product":
        yield PRODUCT, needed(said, IDENTIFIER)
    elif kind == "lot":
        yield LOOKS, skeleton(needed(said, IDENTIFIER))
        yield from _named(DERIVES_FROM, links(said, DERIVED_FROM), "lot", names)
        yield from _named(OF_PRODUCT, (link(said, "product"),), "product", names)
    elif kind == "panel":
        yield from _named(PANEL, (str(said.iri),), "panel", names)
    elif kind == "ontology-load":
        yield ONTOLOGY, ontology_of(link(said, "ontology") or "")
    elif kind == "replacement":
        yield REPLACEMENT, link(said, "replaces") or ""
    elif kind == MAPPING:
        yield MAPPING, needed(said, IDENTIFIER)
        if drafted_by := text(said, "draftedBy"):
            yield DRAFTED_BY, drafted_by
    elif kind == "withdrawal":
        yield from _named(PANEL, (link(said, "withdraws"),), "panel", names)
    elif kind == "specification":
        yield SPECIFICATION, needed(said, IDENTIFIER)
    else:
        yield from _named(PRODUCT, (link(said, "product"),), "product", names)
        yield SPECIFICATION, (link(said, "specification") or "").removeprefix(SPECIFICATIONS).partition("/")[0]


def _named(key: str, iris: Iterable[str | None], kind: str, names: Names) -> Iterator[tuple[str, str]]:
    for iri in iris:
        identifier = names.id_of(iri, kind) if iri else None
        if identifier is not None:
            yield key, identifier
