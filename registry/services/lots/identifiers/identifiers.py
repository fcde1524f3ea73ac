"""Identifiers of others: recorded by the laboratory or the quality unit, withdrawn with a reason, and never edited.

registry.identifiers.record("gtin", "09506000134352", product="POI-M", actor=account)
registry.identifiers.record("gs1", "(01)09506000134352(10)24-A", lot="H-03", actor=account)
registry.identifiers.named_by("]d201095060001343521024-A").lot     "H-03"
"""

from __future__ import annotations

from collections.abc import Callable

from registry.accounts import Actor, Permission, require
from registry.errors import Conflict, Refused, Unknown, WrongUsage
from registry.exchange.schemes.every_scheme import SCHEMES, Scheme, read
from registry.exchange.schemes.gs1 import CODE, GTIN
from registry.exchange.schemes.reading import Reading
from registry.intake.checks.free_text_privacy import refuse_persons
from registry.ledger import Entry, Json, Ledger, NewEntry, View
from registry.ledger.lots import LotReader
from registry.services.append import Entries, Receipt
from registry.services.lots.identifiers.named_lot import Named, named_lot
from registry.services.lots.identifiers.on_record import RECORDED, WITHDRAWN, named_by


class Identifiers:
    """What others call the lots and products of one registry."""

    def __init__(self, ledger: Ledger, reader: LotReader, entries: Entries) -> None:
        self._ledger = ledger
        self._reader = reader
        self._entries = entries

    def named_by(self, text: str) -> Named | None:
        """The lot that a typed or scanned text names; None for what is no identifier of others. See ``named_lot``."""
        return named_lot(self._ledger, self._reader, text.strip(), self._ledger.now().date())

    def record(
        self, scheme: str, text: str, *, actor: Actor, lot: str | None = None, product: str | None = None
    ) -> Receipt:
        """Record what others call a lot or a product.

        Raises NotAllowed, Unknown, WrongUsage for what the scheme refuses or does not name, Conflict for what stands
        already or names another lot, Refused for a GS1 code whose product number is not on record for the lot's
        product.
        """
        require(actor, Permission.IDENTIFY)
        reading = read(scheme, text, self._ledger.now().date())
        of, name = self._target(SCHEMES[scheme], lot, product)
        refuse_persons(self._ledger.now().year, text=reading.text)
        details: dict[str, Json] = {
            "scheme": scheme, "text": reading.text, "of": of, of: name,
            "summary": f"{SCHEMES[scheme].label} {reading.text} recorded for {of} {name}",
        }  # fmt: skip
        return self._entries.enter(
            NewEntry(RECORDED, details=details), actor.name, name, expect=self._free(reading, of, name)
        )

    def withdraw(self, position: int, *, reason: str, actor: Actor) -> Receipt:
        """Say that an identifier, by the entry that recorded it, is no longer one, and why.

        Raises NotAllowed, Unknown for an entry that records none, WrongUsage without a reason, Conflict for one that
        is withdrawn already.
        """
        require(actor, Permission.IDENTIFY)
        if not reason.strip():
            raise WrongUsage("This needs a reason.", expected="a sentence that says why", found="nothing",
                             where="reason")  # fmt: skip
        refuse_persons(self._ledger.now().year, reason=reason)
        recorded = self._recorded(position)
        scheme, text, of = (str(recorded.details[name]) for name in ("scheme", "text", "of"))
        name = str(recorded.details[of])
        details: dict[str, Json] = {
            "withdraws": position, "scheme": scheme, "text": text, "of": of, of: name, "reason": reason.strip(),
            "summary": f"{SCHEMES[scheme].label} {text} of {of} {name} withdrawn: {reason.strip()}",
        }  # fmt: skip
        return self._entries.enter(
            NewEntry(WITHDRAWN, details=details), actor.name, name, expect=_stands(scheme, text, position)
        )

    def _target(self, scheme: Scheme, lot: str | None, product: str | None) -> tuple[str, str]:
        """(lot or product, its identifier as registered); raises WrongUsage and Unknown."""
        if (lot is None) == (product is None) or (scheme.of == "lot") != (lot is not None):
            raise WrongUsage(
                f"An identifier of this scheme names a {scheme.of}: {scheme.label}.", where=scheme.of,
                expected=f"one {scheme.of}",
                found=", ".join(f"the {word} {name}" for word, name in (("lot", lot), ("product", product)) if name)
                or "none",
            )  # fmt: skip
        return ("lot", self._reader.lot(lot).id) if lot is not None else (
            "product", self._reader.product(product or "").id)  # fmt: skip

    def _free(self, reading: Reading, of: str, name: str) -> Callable[[View], None]:
        """A condition of the append: it stands for nothing else, and not for this already."""

        def nothing_else_has_it(view: View) -> None:
            if reading.scheme == CODE:
                self._check_product(view, reading, name)
            for entry in named_by(view, reading.scheme, reading.text):
                other = str(entry.details[of])
                if other.casefold() == name.casefold() or not SCHEMES[reading.scheme].shared:
                    raise Conflict(
                        f"This identifier is on record for {of} {other} already.", where="text",
                        expected="one that nothing is called yet",
                        found=f"{entry.details['text']}, entry {entry.position}",
                        todo="Compare the label; withdraw the other one first, if it is wrong.",
                    )  # fmt: skip
            own = self._reader.registered(reading.text) if of == "lot" else None
            if own is not None:
                raise Conflict(
                    f"This is the identifier of the lot {own} in this registry.", where="text", found=reading.text,
                    expected="one by which no lot is registered", todo="Compare the label: it would open two lots.",
                )  # fmt: skip

        return nothing_else_has_it

    def _check_product(self, view: View, reading: Reading, lot: str) -> None:
        product = self._reader.lot(lot).product or ""
        products = [str(entry.details["product"]) for entry in named_by(view, GTIN, reading.gtin)]
        if [each.casefold() for each in products] != [product.casefold()]:
            raise Refused(
                f"The product number of this code is not on record for the product of {lot}.", where="text",
                expected=f"{reading.gtin} on record for {product or 'the product, and the lot is of none'}",
                found=", ".join(products) or "on record for no product",
                todo="Record the product's number (GTIN) first, or compare the label.",
            )  # fmt: skip

    def _recorded(self, position: int) -> Entry:
        """The entry that records an identifier; raises Unknown for another, and for a number that no entry has."""
        if 0 < position <= self._ledger.size():
            entry = self._ledger.entry(position)
            if entry.kind == RECORDED:
                return entry
        raise Unknown("This entry records no identifier.", expected="the number of the entry that recorded it",
                      found=str(position), where="position",
                      todo="Look at the lot's or product's identifiers.")  # fmt: skip


__all__ = ["SCHEMES", "Identifiers"]


def _stands(scheme: str, text: str, position: int) -> Callable[[View], None]:
    def nobody_withdrew_it(view: View) -> None:
        if position not in [entry.position for entry in named_by(view, scheme, text)]:
            raise Conflict("This identifier is withdrawn already.", expected="one that stands",
                           found=f"entry {position}, withdrawn", todo="Look at what is on record now.")  # fmt: skip

    return nobody_withdrew_it
