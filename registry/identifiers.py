"""The registry's own IRIs and identifiers: one place where a name becomes an address, and back.

    <base>lot/P-07   <base>product/POI-M   <base>panel/4be1…   <base>record/<sha256 hex>   <base>file/<sha256 hex>

Everything in the last segment is percent-encoded, so that a lot named ``24/05 A`` has one IRI and no sub-path.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from registry.errors import WrongUsage

CPR = "https://w3id.org/cell-product-registry/ns#"
OBO = "http://purl.obolibrary.org/obo/"
SPECIFICATIONS = "https://w3id.org/cell-product-registry/specification/"

LOT_RULE = (
    "1 to 64 ASCII letters, digits, spaces or . _ - / #, beginning with a letter or digit, "
    "and not ending in .json, .jsonld, .ttl or .html"
)
_LOT = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._\-/#]{0,63}", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-]{0,63}", re.ASCII)
_NO_MACHINE = ("example", "invalid", "test")
_EXAMPLES = ("example.com", "example.net", "example.org")
_SUFFIXES = (".json", ".jsonld", ".ttl", ".html")


def is_lot_id(text: str) -> bool:
    """True when ``text`` may name a lot (design: Lots). ``P-07`` may, ``P-07.json`` and ``µ1`` may not."""
    whole = _LOT.fullmatch(text) is not None and text == text.strip()
    return whole and not text.lower().endswith(_SUFFIXES)


def check_lot_id(text: str) -> str:
    """``text``, when it may name a lot; else ``WrongUsage`` with the rule."""
    if not is_lot_id(text):
        raise WrongUsage("This cannot be a lot's identifier.", expected=LOT_RULE, found=repr(text), where="id")
    return text


def check_id(text: str, what: str, where: str = "") -> str:
    """``text``, when it may name a product or specification; else ``WrongUsage`` with the rule, and ``where``."""
    if not _ID.fullmatch(text) or text.lower().endswith(_SUFFIXES):
        raise WrongUsage(
            f"This cannot be a {what}'s identifier.",
            expected="1 to 64 ASCII letters, digits or . _ -, beginning with a letter or digit",
            found=repr(text),
            where=where,
        )
    return text


def check_base(base: str) -> str:
    """``base``, when it is an absolute http(s) IRI that ends in a slash; fixed for good once a registry exists."""
    parts = urlsplit(base)
    plain = re.fullmatch(r"[!-~]+", base) is not None and not re.search(r'[<>"{}|\\^`]', base)
    if parts.scheme not in {"http", "https"} or not parts.netloc or not base.endswith("/") or not plain:
        raise WrongUsage(
            "This cannot be the base of the registry's addresses.",
            expected="an http or https address that ends in /, such as https://registry.example/",
            found=repr(base),
        )
    return base


def leads_nowhere(base: str) -> bool:
    """Whether nobody can ever reach this base: its host is a name that stands for no machine (RFC 2606, RFC 6761)."""
    host = (urlsplit(base).hostname or "").rstrip(".")
    return (
        host.rpartition(".")[2] in _NO_MACHINE or host in _EXAMPLES or host.endswith(tuple(f".{e}" for e in _EXAMPLES))
    )


@dataclass(frozen=True, slots=True)
class Names:
    """The addresses of one registry, from its base."""

    base: str

    def lot(self, lot: str) -> str:
        """``<base>lot/<percent-encoded id>``."""
        return f"{self.base}lot/{quote(lot, safe='')}"

    def product(self, product: str) -> str:
        """``<base>product/<id>``."""
        return f"{self.base}product/{quote(product, safe='')}"

    def administration(self, key: str) -> str:
        """``<base>administration/<key>``: a random key, which leads to no recipient."""
        return f"{self.base}administration/{quote(key, safe='')}"

    def outcome(self, outcome: str) -> str:
        """``<base>outcome/<id>``: what was seen of one administration on one day."""
        return f"{self.base}outcome/{quote(outcome, safe='')}"

    def study(self, study: str) -> str:
        """``<base>study/<id>``."""
        return f"{self.base}study/{quote(study, safe='')}"

    def publication(self, doi: str) -> str:
        """``<base>publication/<percent-encoded DOI>``."""
        return f"{self.base}publication/{quote(doi, safe='')}"

    def claim(self, claim: str) -> str:
        """``<base>claim/<id>``."""
        return f"{self.base}claim/{quote(claim, safe='')}"

    def panel(self, panel: str) -> str:
        """``<base>panel/<id>``."""
        return f"{self.base}panel/{quote(panel, safe='')}"

    def record(self, digest: str) -> str:
        """``<base>record/<hex>`` for ``sha256:<hex>``: also the record's graph name."""
        return f"{self.base}record/{digest.removeprefix('sha256:')}"

    def file(self, digest: str) -> str:
        """``<base>file/<hex>`` for ``sha256:<hex>``."""
        return f"{self.base}file/{digest.removeprefix('sha256:')}"

    def page(self, lot: str) -> str:
        """``<base>lots/<percent-encoded id>``: the lot's page, which is what its label says."""
        return f"{self.base}lots/{quote(lot, safe='')}"

    def id_of(self, iri: str, kind: str) -> str | None:
        """The identifier in ``<base><kind>/<id>``, or None for any other IRI."""
        prefix = f"{self.base}{kind}/"
        return unquote(iri[len(prefix) :]) if iri.startswith(prefix) else None
