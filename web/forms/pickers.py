"""A term picked in a form: typed by name, synonym or id, offered while it is typed, and resolved to exactly one.

    disease("premature ovarian insufficiency (DOID:5426)")    "DOID:5426"
    disease("POF")                                            "DOID:5426"

A name that is no term's, or several's, is refused with those that are near: nothing is taken for what was meant.
"""

from __future__ import annotations

import re

from registry.errors import Unknown, WrongUsage
from web.access import registry
from web.language import _

_IN_BRACKETS = re.compile(r".*\((?P<id>[A-Za-z]+:\w+)\)\s*")
_ID = re.compile(r"[A-Za-z]+:\w+")
NEAR = 5


def disease(text: str) -> str:
    """The id of the disease that is meant; raises WrongUsage."""
    return _term(text, "disease", "DOID:", "indications")


def cell_type(text: str) -> str:
    """The id of the cell type that is meant; raises WrongUsage."""
    return _term(text, "cell type", "CL:", "cell_type")


def species(text: str) -> str:
    """The id of the species that is meant; raises WrongUsage for a name that is none's."""
    known = _id_in(text) or _named(text, "NCBITaxon:")
    if not known:
        message = _("No species is called “%(name)s” here.", name=text.strip())
        expected = _("a name such as Homo sapiens, or an id such as NCBITaxon:9606")
        raise WrongUsage(message, where="species", expected=expected, found=text.strip())
    return known


def source(text: str) -> str:
    """The id of a cell line or tissue, where it is one; words stay words."""
    return _id_in(text) or _named(text, "CLO:") or _named(text, "UBERON:") or text.strip()


def _id_in(text: str) -> str:
    bracketed = _IN_BRACKETS.fullmatch(text)
    return bracketed["id"] if bracketed else text.strip() if _ID.fullmatch(text.strip()) else ""


def _named(text: str, prefix: str) -> str:
    wanted = " ".join(text.split()).casefold()
    known = registry().ontologies.other_names(prefix)
    return next((curie for curie, label in known.items() if label.casefold() == wanted), "")


def _term(text: str, kind: str, prefix: str, where: str) -> str:
    if known := _id_in(text):
        return known
    wanted = " ".join(text.split()).casefold()
    near = [line for line in registry().ontologies.search(text, 200) if line.kind == kind]
    meant = {line.id for line in near if line.matched.casefold() == wanted or line.label.casefold() == wanted}
    exact = {term for term in meant if term.startswith(prefix)}
    if len(exact) == 1:
        return exact.pop()
    offered = "; ".join(f"{line.label} ({line.id})" for line in near[:NEAR])
    if exact:
        message = _("“%(name)s” is the name of several terms.", name=text.strip())
        raise WrongUsage(message, where=where, expected=offered, found=text.strip(), todo=_("Pick one of them."))
    message = _("No term is called “%(name)s”.", name=text.strip())
    expected = offered or _("a name, a synonym or an id, as they are offered while one is typed")
    raise WrongUsage(message, where=where, expected=expected, found=text.strip())


def shown(term: str) -> str:
    """A term as the form shows it, ``Homo sapiens (NCBITaxon:9606)``; any other text as it is."""
    try:
        label = registry().terms.name(term) if _ID.fullmatch(term) else ""
    except Unknown:
        label = ""
    return f"{label} ({term})" if label else term
