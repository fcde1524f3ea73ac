"""A specification approved for a product: by a member of the quality unit who did not draft it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from registry import specifications as specification
from registry.accounts import Account, Accounts, Permission
from registry.domain import Approval, Departure, Product, Specification, first_of_two
from registry.errors import Conflict, Refused, WrongUsage
from registry.identifiers import Names
from registry.judgement import shacl
from registry.ledger import Ledger, NewEntry, View
from registry.ledger.lots import LotReader
from registry.records import Record, read_ntriples
from registry.records.decision import write_approval
from registry.records.keys import PRODUCT, keys
from registry.services.append import Entries, Receipt, signer
from registry.services.claims.book import ClaimBook
from registry.services.claims.refusals import unfit
from registry.services.ontologies.current import Current
from registry.services.specifications.draft import Drafts
from registry.specifications import Difference

NOBODY = ""
AWAITS_SECOND = (
    "It holds other limits than ISCT's: it is not in force until a second member of the quality unit has approved it."
)


@dataclass(frozen=True, slots=True)
class Review:
    """What there is to read before a specification is approved for a product.

    ``obstacles`` keep this account from approving it; ``before`` is the one in force, None for the first. ``seen`` is
    the ledger's position of the newest approval, 0 for none. ``no_longer_asked`` names criteria. ``waived`` says which
    identity markers it does not gate, so that nobody can approve it for this product. ``first`` is the approval by
    another member that this signature would complete, ``own`` this account's that awaits another's; ``needs_second``
    that one is still awaited after this signature.
    """

    product: Product
    specification: Specification
    obstacles: tuple[str, ...]
    departures: tuple[Departure, ...]
    before: Specification | None
    differences: tuple[Difference, ...]
    no_longer_asked: tuple[str, ...]
    seen: int
    waived: tuple[str, ...] = ()
    first: Approval | None = None
    own: Approval | None = None
    needs_second: bool = False


class Approvals:
    """Specifications approved for the products of one registry."""

    def __init__(
        self,
        ledger: Ledger,
        reader: LotReader,
        ontologies: Current,
        names: Names,
        entries: Entries,
        accounts: Accounts,
        drafts: Drafts,
    ) -> None:
        self._ledger = ledger
        self._reader = reader
        self._ontologies = ontologies
        self._names = names
        self._entries = entries
        self._accounts = accounts
        self._drafts = drafts

    def review(self, product: str, identifier: str, version: str | None, account: str) -> Review:
        """Everything to know before the signature of this account is asked for; raises Unknown."""
        described = self._reader.product(product)
        against = self._drafts.find(identifier, version)
        approvals, every = self._reader.approvals(described.id), self._reader.every_approval(described.id)
        before = self._reader.specification(approvals[-1].digest) if approvals else None
        entry = every[-1].entry if every else None
        first = first_of_two(every, against.digest, account)
        reasons = dict(first.justifications) if first else {}
        departures = specification.departures_of(against, described, self._ontologies.terms, reasons)
        signed = first is not None or self._signed_by_its_drafter(against, departures)
        return Review(
            product=described,
            specification=against,
            obstacles=tuple(refusal.message for refusal in self.unfit(against, described, account)),
            departures=departures,
            before=before,
            differences=specification.differences(before, against, self._ontologies.terms) if before else (),
            no_longer_asked=_no_longer_asked(before, against),
            seen=entry.position if entry else 0,
            waived=self._waived(described, against, departures),
            first=first,
            own=first_of_two(every, against.digest, NOBODY) if first is None else None,
            needs_second=not described.citation and specification.needs_second_member(departures) and not signed,
        )

    def _waived(self, product: Product, against: Specification, departures: Sequence[Departure]) -> tuple[str, ...]:
        """Which markers keep it from this product, whatever anybody writes; a publication's own judges a cited one."""
        if product.citation and specification.cites(product, against):
            return ()
        return specification.refusals(specification.waived(departures), self._ontologies.terms.name(product.cell_type))

    def approve(
        self,
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
        account = signer(self._accounts, name, password, Permission.APPROVE_SPECIFICATION)
        described = self._reader.product(product)
        against = self._drafts.find(identifier, version)
        for refusal in self.unfit(against, described, account.name):
            raise refusal
        departures = specification.departures_of(against, described, self._ontologies.terms, {})
        first = first_of_two(self._reader.every_approval(described.id), against.digest, account.name)
        reasons = (dict(first.justifications) if first else {}) | _reasons(departures, justifications)
        if described.citation:
            _require_its_own(described, against, departures)
            return self._enter(account, described, against, meaning, reasons, seen)
        given = specification.departures_of(against, described, self._ontologies.terms, reasons)
        if refusals := specification.refusals(given, self._ontologies.terms.name(described.cell_type)):
            raise Refused(
                f"{against.id} version {against.version} departs from what {described.id}'s cell type asks for.",
                expected="each identity marker gating, and a written justification of each other limit with its source",
                found=f"{len(refusals)} departures that nothing justifies",
                details=refusals,
                todo="Justify each other limit, or approve a draft in which every identity marker gates.",
                code="departures-unjustified",
                action="justify-departures",
            )
        signed = first is not None or self._signed_by_its_drafter(against, departures)
        awaits = specification.needs_second_member(given) and not signed
        return self._enter(account, described, against, meaning, reasons, seen, awaits_second=awaits)

    def _signed_by_its_drafter(self, against: Specification, departures: Sequence[Departure]) -> bool:
        """Whether another member has signed these limits already: as a draft that holds the reason of each itself."""
        if specification.unjustified(departures):
            return False
        return any(drafted.digest == against.digest for drafted in self._drafts.drafted())

    def unfit(self, against: Specification, product: Product, account: str) -> Iterator[Refused]:
        """Two people, one kind of product: whoever drafted it does not approve it, and it is for such cells."""
        title, terms = f"{against.id} version {against.version}", self._ontologies.terms
        if against.drafted_by.casefold() == account.casefold():
            yield Refused(f"{account} drafted {title}: another member of the quality unit approves it.",
                          expected="another signer", found=account)  # fmt: skip
        if against.species is not None and against.species != product.species:
            yield Refused(f"{title} is for another species than {product.id}.", expected=terms.curie(against.species),
                          found=terms.curie(product.species))  # fmt: skip
        if against.cell_type is not None and not terms.is_a(product.cell_type, against.cell_type):
            yield Refused(f"{title} is for other cells than {product.id}.", expected=terms.curie(against.cell_type),
                          found=terms.curie(product.cell_type))  # fmt: skip
        yield from self._unclaimed(against, product)

    def _unclaimed(self, against: Specification, product: Product) -> Iterator[Refused]:
        """What a potency criterion is said to support stands here, of such cells, shown by that characteristic."""
        find = ClaimBook(self._ledger, self._names).claim
        for criterion in against.criteria:
            why = unfit(criterion, product, self._ontologies.terms, find) if criterion.claim else ""
            if why:
                yield Refused(f"{criterion.id} supports no claim that stands: {why}",
                              expected="a claim of this registry that the criterion's potency assay shows",
                              found=criterion.claim or "", todo="Make the claim first.")  # fmt: skip

    def _enter(
        self, account: Account, product: Product, against: Specification, meaning: str, reasons: Mapping[str, str],
        seen: int | None, *, awaits_second: bool = False,
    ) -> Receipt:  # fmt: skip
        approval = Approval(
            product=product.id,
            specification=against.id,
            version=against.version,
            digest=against.digest,
            signed_by=account.name,
            printed_name=account.printed_name,
            signed_at=self._ledger.now(),
            meaning=meaning.strip() or "I approve this specification for this product.",
            justifications=tuple(sorted(reasons.items())),
            awaits_second=awaits_second,
        )
        approvals = self._reader.approvals(product.id)
        before = self._reader.specification(approvals[-1].digest) if approvals else None
        title, notes = f"{against.id} version {against.version}", _notes(before, against)
        notes += (AWAITS_SECOND,) if awaits_second else ()
        graph = _graph_of(against)
        kept = NewEntry("specification", graph, details={"summary": f"Specification {title} kept"},
                        index=keys("specification", graph, self._names))  # fmt: skip
        entry = NewEntry(
            "approval",
            write_approval(approval, self._names),
            details={"summary": f"{title} approved for {product.id} by {account.printed_name}"},
        )
        shacl.check_form("approval", entry.record.ntriples if entry.record else b"")
        entry = replace(entry, index=keys(entry.kind, entry.record, self._names))
        answer = self._ledger.append(
            [kept, self._entries.signed(entry, account)],
            actor=account.name,
            expect=_as_seen(product.id, seen) if seen is not None else None,
        )
        digest = entry.record.digest if entry.record else ""
        return Receipt("approval", title, digest, answer.positions[-1], answer.size, notes)


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
    asked = {each.characteristic for each in against.criteria if each.standing == "gating"}
    gating = [each for each in before.criteria if each.standing == "gating"]
    dropped = [each.label for each in gating if each.characteristic not in asked]
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
