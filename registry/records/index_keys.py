"""Under what each kind of entry is found again: one function a kind, read by the kind's row.

An entry that changes what is known of a lot or product is indexed under it; lots themselves are indexed by the ledger.
A lot's entry stands under each origin as well, so that a recall is an indexed walk, and under its identifier's
skeleton, so that those which look alike are found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from registry.identifiers import SPECIFICATIONS, Names
from registry.look_alikes import skeleton
from registry.records.description import Description
from registry.records.ontology import ontology_of
from registry.records.panel import figures, results_of
from registry.records.rdf_terms import IRI
from registry.records.writer import DERIVED_FROM, IDENTIFIER, Key, link, links, named, needed, of_kind, text

PRODUCT, OF_PRODUCT = "product", "of-product"
PANEL, FIGURES = "panel", "figures"
DERIVES_FROM, LOOKS = "derives-from", "looks"
SPECIFICATION, ONTOLOGY, REPLACEMENT = "specification", "ontology", "replacement"
MAPPING, DRAFTED_BY, READ_WITH = "mapping", "mapping-drafted-by", "read-with"
ACCOUNT, PRINT = "account", "print"
FOLLOW_UP, SETTING = "follow-up", "setting"
IDENTIFIER_OF_OTHERS, IDENTIFIED = "identifier", "identified"
STUDY, OF_STUDY = "study", "of-study"

Descriptions = dict[IRI, Description]


def product_keys(descriptions: Descriptions, _names: Names) -> Iterator[Key]:
    """A product, by its identifier."""
    (about,) = of_kind(descriptions, "product")
    yield PRODUCT, needed(about, IDENTIFIER)


def study_keys(descriptions: Descriptions, _names: Names) -> Iterator[Key]:
    """A study, by its identifier."""
    (about,) = of_kind(descriptions, "study")
    yield STUDY, needed(about, IDENTIFIER)


def lot_keys(descriptions: Descriptions, names: Names) -> Iterator[Key]:
    """A lot, by what looks like it, what it derives from and its product."""
    (about,) = of_kind(descriptions, "lot")
    yield LOOKS, skeleton(needed(about, IDENTIFIER))
    yield from named(DERIVES_FROM, links(about, DERIVED_FROM), "lot", names)
    yield from named(OF_PRODUCT, (link(about, "product"),), "product", names)


def panel_keys(descriptions: Descriptions, names: Names) -> Iterator[Key]:
    """A panel, by its identifier and by its numbers, so that the same figures under two lots are noticed."""
    (about,) = of_kind(descriptions, "panel")
    yield from named(PANEL, (str(about.iri),), "panel", names)
    alike = figures(results_of(descriptions))
    if alike:
        yield FIGURES, alike


def withdrawal_keys(descriptions: Descriptions, names: Names) -> Iterator[Key]:
    """A withdrawal, by its panel."""
    (about,) = of_kind(descriptions, "withdrawal")
    yield from named(PANEL, (link(about, "withdraws"),), "panel", names)


def approval_keys(descriptions: Descriptions, names: Names) -> Iterator[Key]:
    """An approval, by its product and its specification."""
    (about,) = of_kind(descriptions, "approval")
    yield from named(PRODUCT, (link(about, "product"),), "product", names)
    yield SPECIFICATION, (link(about, "specification") or "").removeprefix(SPECIFICATIONS).partition("/")[0]


def specification_keys(descriptions: Descriptions, _names: Names) -> Iterator[Key]:
    """A specification, by its identifier."""
    (about,) = of_kind(descriptions, "specification")
    yield SPECIFICATION, needed(about, IDENTIFIER)


def load_keys(descriptions: Descriptions, _names: Names) -> Iterator[Key]:
    """A load, by its ontology."""
    (about,) = of_kind(descriptions, "ontology load")
    yield ONTOLOGY, ontology_of(link(about, "ontology") or "")


def replacement_keys(descriptions: Descriptions, _names: Names) -> Iterator[Key]:
    """A replacement, by the obsolete term."""
    (about,) = of_kind(descriptions, "replacement")
    yield REPLACEMENT, link(about, "replaces") or ""


def mapping_keys(descriptions: Descriptions, _names: Names) -> Iterator[Key]:
    """A mapping, by its name and by whoever drafted it."""
    (about,) = of_kind(descriptions, "mapping")
    yield MAPPING, needed(about, IDENTIFIER)
    if drafted_by := text(about, "draftedBy"):
        yield DRAFTED_BY, drafted_by


def submission_keys(actor: str, details: Mapping[str, object]) -> Iterator[Key]:
    """A submission that was read with a mapping, by the account that submitted it."""
    if details.get("mapping"):
        yield READ_WITH, actor


def account_keys(_actor: str, details: Mapping[str, object]) -> Iterator[Key]:
    """A change of an account or token, or a lock-out, by the account's name."""
    account = details.get("account")
    if isinstance(account, str):
        yield ACCOUNT, account


def print_keys(_actor: str, details: Mapping[str, object]) -> Iterator[Key]:
    """A print, by the lot that was printed."""
    lot = details.get("print")
    if isinstance(lot, str):
        yield PRINT, lot


def follow_up_keys(_actor: str, details: Mapping[str, object]) -> Iterator[Key]:
    """A word on what was found late, by the administration that it is about."""
    about = details.get("administration")
    if isinstance(about, str):
        yield FOLLOW_UP, about


def setting_keys(_actor: str, details: Mapping[str, object]) -> Iterator[Key]:
    """A setting, by what it sets."""
    setting = details.get("setting")
    if isinstance(setting, str):
        yield SETTING, setting


def identifier_keys(_actor: str, details: Mapping[str, object]) -> Iterator[Key]:
    """An identifier of others, or its withdrawal, by its scheme and text, and by the lot or product that it names."""
    scheme, given, of = details.get("scheme"), details.get("text"), details.get("of")
    if isinstance(scheme, str) and isinstance(given, str):
        yield IDENTIFIER_OF_OTHERS, f"{scheme} {given}"
    if isinstance(of, str) and isinstance(details.get(of), str):
        yield IDENTIFIED, f"{of} {details[of]}"
