"""A specification approved for a product: by a member of the quality unit who did not draft it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from registry import specifications as specification
from registry.accounts import Account
from registry.domain import Approval, Departure, Product, Specification, first_of_two
from registry.errors import Conflict, Refused, WrongUsage
from registry.judgement import shacl
from registry.ledger import NewEntry, View
from registry.records import Record, read_ntriples
from registry.records.decision import write_approval
from registry.records.keys import PRODUCT, keys
from registry.services.append import Receipt, quality_unit, signed
from registry.services.context import Parts
from registry.services.specifications import draft
from registry.specifications import Difference

AWAITS_SECOND = (
    "It holds other limits than ISCT's: it is not in force until a second member of the quality unit has approved it."
)


@dataclass(frozen=True, slots=True)
class Review:
    """What there is to read before a specification is approved for a product.

    ``obstacles`` keep this account from approving it; ``before`` is the one in force, None for the first. ``seen`` is
    the ledger's position of the newest approval, 0 for none. ``no_longer_asked`` names criteria.
    """

    product: Product
    specification: Specification
    obstacles: tuple[str, ...]
    departures: tuple[Departure, ...]
    before: Specification | None
    differences: tuple[Difference, ...]
    no_longer_asked: tuple[str, ...]
    seen: int


def review(parts: Parts, product: str, identifier: str, version: str | None, account: str) -> Review:
    """Everything to know before the signature of this account is asked for; raises Unknown."""
    described = parts.lots.product(product)
    against = draft.find(parts, identifier, version)
    approvals, every = parts.lots.approvals(described.id), parts.lots.every_approval(described.id)
    before = parts.specification(approvals[-1].digest) if approvals else None
    entry = every[-1].entry if every else None
    return Review(
        product=described,
        specification=against,
        obstacles=tuple(one.message for one in unfit(parts, against, described, account)),
        departures=parts.departures(against, described, {}),
        before=before,
        differences=specification.differences(before, against, parts.terms) if before else (),
        no_longer_asked=_no_longer_asked(before, against),
        seen=entry.position if entry else 0,
    )


def approve(
    parts: Parts,
    product: str,
    identifier: str,
    version: str | None,
    *,
    name: str,
    password: str,
    meaning: str,
    justifications: Mapping[str, str],
    seen: int | None = None,
) -> Receipt:
    """Approve a specification version for a product; its graph is kept in the ledger as it is now.

    ``seen`` is ``Review.seen``, where the signer was shown what changes. Raises Conflict when another was approved
    since, Refused when a departure from the identity of the product's cell type has no justification, or when the
    signer drafted the specification.
    """
    account = quality_unit(parts, name, password)
    described = parts.lots.product(product)
    against = draft.find(parts, identifier, version)
    for refusal in unfit(parts, against, described, account.name):
        raise refusal
    departures = parts.departures(against, described, {})
    first = first_of_two(parts.lots.every_approval(described.id), against.digest, account.name)
    reasons = (dict(first.justifications) if first else {}) | _reasons(departures, justifications)
    if described.citation:
        _require_its_own(described, against, departures)
        return _enter_approval(parts, account, described, against, meaning, reasons, seen)
    given = parts.departures(against, described, reasons)
    if refusals := specification.refusals(given, parts.terms.name(described.cell_type)):
        raise Refused(
            f"{against.id} version {against.version} departs from what {described.id}'s cell type asks for.",
            expected="each identity marker gating, and a written justification of each other limit, with its source",
            found=f"{len(refusals)} departures that nothing justifies",
            details=refusals,
            todo='Justify another limit with --justify "MARKER=reason and its source". For a marker that does not '
            "gate, approve a draft that adds it, or choose another specification.",
        )
    signed = first is not None or _signed_by_its_drafter(parts, against, departures)
    awaits = specification.needs_second_member(given) and not signed
    return _enter_approval(parts, account, described, against, meaning, reasons, seen, awaits_second=awaits)


def _signed_by_its_drafter(parts: Parts, against: Specification, departures: Sequence[Departure]) -> bool:
    """Whether another member has signed these limits already: as a draft that holds the reason of each itself."""
    if specification.unjustified(departures):
        return False
    return any(one.digest == against.digest for one in draft.drafts(parts))


def _require_its_own(product: Product, against: Specification, departures: Sequence[Departure]) -> None:
    """A cited product is judged by its own publication's specification, or by one that waives nothing."""
    if specification.cites(product, against) or not specification.waived(departures):
        return
    raise Refused(
        f"{product.id} only cites a publication, and {against.id} is not that publication's specification.",
        expected="the specification that the publication printed, or one in which every identity marker gates",
        found=f"{against.id} version {against.version}",
    )


def _reasons(departures: Sequence[Departure], justifications: Mapping[str, str]) -> dict[str, str]:
    """Characteristic → why, of reasons given by symbol or characteristic; raises WrongUsage where nothing departs."""
    by_symbol = {item.characteristic: item for item in departures} | {item.label: item for item in departures}
    reasons: dict[str, str] = {}
    for marker, why in justifications.items():
        if marker not in by_symbol:
            raise WrongUsage(
                f"There is nothing to justify about {marker}.",
                expected="one of: " + (", ".join(sorted({item.label for item in departures})) or "no departure"),
                found=marker,
            )
        reasons[by_symbol[marker].characteristic] = why.strip()
    return reasons


def unfit(parts: Parts, against: Specification, product: Product, account: str) -> Iterator[Refused]:
    """Two people, one kind of product: whoever drafted it does not approve it, and it is for such cells."""
    title = f"{against.id} version {against.version}"
    if against.drafted_by.casefold() == account.casefold():
        yield Refused(f"{account} drafted {title}: another member of the quality unit approves it.",
                      expected="another signer", found=account)  # fmt: skip
    if against.species is not None and against.species != product.species:
        yield Refused(f"{title} is for another species than {product.id}.", expected=parts.terms.curie(against.species),
                      found=parts.terms.curie(product.species))  # fmt: skip
    if against.cell_type is not None and not parts.terms.is_a(product.cell_type, against.cell_type):
        yield Refused(f"{title} is for other cells than {product.id}.", expected=parts.terms.curie(against.cell_type),
                      found=parts.terms.curie(product.cell_type))  # fmt: skip


def _enter_approval(
    parts: Parts, account: Account, product: Product, against: Specification, meaning: str, reasons: Mapping[str, str],
    seen: int | None, *, awaits_second: bool = False,
) -> Receipt:  # fmt: skip
    approval = Approval(
        product=product.id,
        specification=against.id,
        version=against.version,
        digest=against.digest,
        signed_by=account.name,
        printed_name=account.printed_name,
        signed_at=parts.ledger.now(),
        meaning=meaning.strip() or "I approve this specification for this product.",
        justifications=tuple(sorted(reasons.items())),
        awaits_second=awaits_second,
    )
    approvals = parts.lots.approvals(product.id)
    before = parts.specification(approvals[-1].digest) if approvals else None
    title, notes = f"{against.id} version {against.version}", _notes(before, against)
    notes += (AWAITS_SECOND,) if awaits_second else ()
    graph = _graph_of(against)
    kept = NewEntry("specification", graph, details={"summary": f"Specification {title} kept"},
                    index=keys("specification", graph, parts.names))  # fmt: skip
    entry = NewEntry(
        "approval",
        write_approval(approval, parts.names),
        details={"summary": f"{title} approved for {product.id} by {account.printed_name}"},
    )
    shacl.check_form("approval", entry.record.ntriples if entry.record else b"")
    entry = replace(entry, index=keys(entry.kind, entry.record, parts.names))
    answer = parts.ledger.append(
        [kept, signed(parts, entry)],
        actor=account.name,
        expect=_as_seen(product.id, seen) if seen is not None else None,
    )
    digest = entry.record.digest if entry.record else ""
    return Receipt("approval", title, digest, answer.positions[-1], answer.size, notes)


def _as_seen(product: str, seen: int) -> Callable[[View], None]:
    """What the signer was shown as in force still is: decided within the transaction that enters the approval."""

    def still_in_force(view: View) -> None:
        newest = max((entry.position for entry in view.entries(kind="approval", key=(PRODUCT, product))), default=0)
        if newest != seen:
            raise Conflict(
                f"Another specification was approved for {product} since you were shown what changes.",
                expected=f"entry {seen}", found=f"entry {newest}",
                todo="Read again what changes as things are now, then sign.",
            )  # fmt: skip

    return still_in_force


def _no_longer_asked(before: Specification | None, against: Specification) -> tuple[str, ...]:
    """What the specification in force asks of a lot before its release and this one does not, by name."""
    if before is None:
        return ()
    asked = {one.characteristic for one in against.criteria if one.standing == "gating"}
    dropped = [one.label for one in before.criteria if one.standing == "gating" and one.characteristic not in asked]
    return tuple(dict.fromkeys(dropped))


def _notes(before: Specification | None, against: Specification) -> tuple[str, ...]:
    dropped = _no_longer_asked(before, against)
    if before is None or not dropped:
        return ()
    old = f"{before.id} version {before.version}"
    return (f"{old}, which was in force, asked for more. No longer asked for: {', '.join(dropped)}.",)


def _graph_of(against: Specification) -> Record:
    record = read_ntriples(against.ntriples)
    if record.digest != against.digest:
        raise Conflict("A specification is not what its digest says.", expected=against.digest, found=record.digest)
    return record
