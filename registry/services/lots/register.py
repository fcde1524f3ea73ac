"""A lot, cell bank, cell line or donor registered. Nothing here is edited afterwards."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from registry.accounts import Actor, Permission, require
from registry.domain import Lot, Product
from registry.errors import Conflict, Unknown, WrongUsage
from registry.identifiers import check_lot_id
from registry.instants import moment
from registry.intake.checks.free_text_privacy import check_recipient, refuse_persons
from registry.ledger import Json, Ledger, NewEntry, View
from registry.ledger.lots import LotReader, look_alikes
from registry.look_alikes import LookAlike
from registry.records.lot import write_lot
from registry.services.append import Entries, Receipt, new
from registry.services.lots.cell_line import check_line

_EARLIEST_ZONE = timedelta(hours=14)
"""How far ahead of UTC a day begins first."""


def register(
    reader: LotReader, ledger: Ledger, entries: Entries, lot: Lot, actor: Actor, distinct_from: Sequence[str] = ()
) -> Receipt:
    """Register a lot, cell bank, cell line or donor.

    ``distinct_from`` names the lots that look like this one and are others; it is kept in the entry. Raises Unknown
    for its product or origin, Conflict when it stands or looks like a lot that is not named so, WrongUsage for what
    is missing, ambiguous or cannot be, NotAllowed.
    """
    require(actor, Permission.REGISTER_LOT)
    check_lot_id(lot.id)
    _check_dates(lot, ledger.now())
    product = _product(reader, lot)
    against = " ".join(lot.line.known_against) if lot.line is not None else ""
    refuse_persons(ledger.now().year, note=lot.note, storage=lot.storage, known_against=against)
    check_line(lot)
    if lot.recipient:
        autologous = product is not None and product.donor_relation == "autologous"
        check_recipient(ledger.now().year, lot.recipient, of_autologous=autologous, lot=lot.id)
    whole = replace(lot, derived_from=_origins(reader, lot), product=product.id if product else None)
    unused = new("lot", lot.id, "lot")

    def free(view: View) -> None:
        unused(view)
        _check_told_apart(look_alikes(view, lot.id), lot.id, distinct_from)

    entry = NewEntry("lot", write_lot(whole, entries.names), lots=(lot.id,), details=_details(ledger, lot))
    return entries.enter(entry, actor.name, lot.id, expect=free)


def _check_dates(lot: Lot, now: datetime) -> None:
    """Made today at the latest, wherever on Earth that is; expiring no earlier than the day on which it was made."""
    made, expires = lot.manufactured_on, lot.expires_at
    if expires is not None and expires.tzinfo is None:
        raise WrongUsage(
            "An expiry without a zone is ambiguous.",
            expected="a time with its zone, such as 2026-12-01T12:00+01:00",
            found=str(expires),
            where="expires_at",
        )
    today = (now + _EARLIEST_ZONE).date()
    if made is not None and made > today:
        raise WrongUsage(
            f"{lot.id} cannot have been manufactured on {made}: that day has not come yet.",
            expected=f"a day no later than {today}",
            found=str(made),
            where="manufactured_on",
        )
    if made is not None and expires is not None and expires.date() < made:
        raise WrongUsage(
            f"{lot.id} would expire before it was manufactured.",
            expected=f"a time on {made} or later",
            found=moment(expires),
            where="expires_at",
            todo="Look at both dates: the day of manufacture, and the expiry.",
        )


def _product(reader: LotReader, lot: Lot) -> Product | None:
    """The lot's product, when the lot says of itself what a lot of that product must say."""
    if lot.kind == "product lot" and not lot.product:
        expected = "the identifier of a product"
        raise WrongUsage("A product lot names its product.", expected=expected, found="none", where="product")
    product = reader.product(lot.product) if lot.product else None
    if (
        product is not None
        and product.donor_relation == "autologous"
        and lot.kind == "product lot"
        and not lot.recipient
    ):
        raise WrongUsage(
            "A lot of an autologous product names its one recipient by a pseudonymous code.",
            expected="a recipient's code without name or number of a person",
            found="none",
            where="recipient",
        )
    return product


def _origins(reader: LotReader, lot: Lot) -> tuple[str, ...]:
    """What it derives from, in the registered spelling; raises Unknown with those that nobody has registered."""
    known = {parent: reader.registered(parent) for parent in lot.derived_from}
    if unknown := [parent for parent, spelled in known.items() if spelled is None]:
        raise Unknown(
            f"{lot.id} is said to derive from {', '.join(unknown)}, which nobody has registered.",
            expected="registered lots, cell banks, cell lines or donors",
            found=", ".join(unknown),
            where="derived_from",
            todo="Register the origin first: a recall is followed through it.",
        )
    return tuple(spelled for spelled in known.values() if spelled)


def _details(ledger: Ledger, lot: Lot) -> dict[str, Json]:
    """What stands in the entry beside the record."""
    details: dict[str, Json] = {"summary": f"{lot.kind.capitalize()} {lot.id} registered"}
    if alike := look_alikes(ledger, lot.id):
        names = [each.lot for each in alike]
        details["distinct_from"] = list(names)
        details["summary"] = f"{details['summary']}, as another than {' and '.join(names)}"
    if lot.recipient:
        # The salt keeps a code from being guessed by whoever knows the entry's hash.
        details |= {"recipient": lot.recipient, "salt": secrets.token_hex(16)}
    return details


def _check_told_apart(alike: Sequence[LookAlike], lot: str, distinct_from: Sequence[str]) -> None:
    """A lot that can be taken for another is registered only by somebody who says that it is another."""
    named = {other.casefold() for other in distinct_from}
    if unnamed := [each for each in alike if each.lot.casefold() not in named]:
        others = " and ".join(each.lot for each in unnamed)
        raise Conflict(
            f"{lot} is easily taken for {others}, which stands here already.",
            expected="an identifier unlike every other, whatever its dashes and spaces, its O and 0, its I, l and 1",
            found=" ".join(each.difference for each in unnamed),
            where="distinct_from",
            todo="If it is the same lot, it is registered already. If it is another lot, give it another identifier, "
            "or say that it is another.",
            code="lot-looks-alike",
            action="tell-lots-apart",
        )
