"""The quality unit's word: describing, approving, deciding, accepting, withdrawing; each signed, each with its reason.

Every verb here asks for name and password again (21 CFR 11.200): a live session is not enough to sign.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from registry import conformance, specification
from registry.accounts import Account
from registry.errors import Conflict, GateRefused, NotAllowed, Refused, Unknown, WrongUsage
from registry.iris import OBO, check_id, check_lot_id
from registry.kinds.decision import write_acceptance, write_approval, write_decision, write_withdrawal
from registry.kinds.index import keys
from registry.kinds.lot import write_lot, write_product
from registry.ledger import NewEntry, View
from registry.ledger.keys import signing_key
from registry.model import Specification
from registry.record import Record, read_ntriples
from registry.registry.answers import Answer
from registry.registry.parts import Judged, Parts
from registry.release import missing_for_release
from registry.standing import Acceptance, Approval, Decision, DecisionKind, Lot, Product
from registry.terms import expanded

_NEEDS_REASON = frozenset({"hold", "rejection", "recall", "hold lifted"})
_DECISIONS = frozenset({"release", *_NEEDS_REASON})


@dataclass(frozen=True, slots=True)
class Receipt(Answer):
    """What was entered, and where."""

    kind: str
    id: str
    record: str
    position: int
    ledger_size: int


def _enter(parts: Parts, entry: NewEntry, actor: str, what: str, **conditions: object) -> Receipt:
    if entry.record is not None:
        conformance.check_form(entry.kind, entry.record.ntriples)
    entry = replace(entry, index=keys(entry.kind, entry.record, parts.names))
    answer = parts.ledger.append([entry], actor=actor, **conditions)  # type: ignore[arg-type]
    digest = entry.record.digest if entry.record else ""
    return Receipt(entry.kind, what, digest, answer.positions[-1], answer.size)


def _signed(parts: Parts, entry: NewEntry) -> NewEntry:
    """The entry with the registry's signature over its record's bytes (21 CFR 11.70)."""
    assert entry.record is not None
    signature = signing_key(parts.ledger).details(entry.record.ntriples)
    return replace(entry, details={**entry.details, **signature})


def _quality_unit(parts: Parts, name: str, password: str) -> Account:
    account = parts.accounts.people.verify(name, password)
    if account.role != "quality unit":
        raise NotAllowed(
            f"{account.name} may not sign this.", expected="a member of the quality unit", found=f"a {account.role}"
        )
    return account


def add_product(parts: Parts, product: Product, actor: str) -> Receipt:
    """Register a product. Raises WrongUsage for a cell type outside the permitted list, Conflict when it stands."""
    check_id(product.id, "product")
    permitted = {term.iri: term for term in parts.terms.permitted_cell_types()}
    cell_type = parts.terms.term(product.cell_type).iri
    if cell_type not in permitted:
        raise WrongUsage(
            f"A product may not carry the cell type {parts.terms.curie(cell_type)}.",
            expected="; ".join(f"{term.curie} {term.label}" for term in permitted.values()),
            found=f"{parts.terms.curie(cell_type)} {parts.terms.term(cell_type).label}",
            todo="Choose a permitted cell type; the list stands in ontology/cell_types.ttl, with the reasons.",
        )
    whole = replace(
        product,
        cell_type=cell_type,
        source=_source(product.source),
        species=_species(product.species),
        indications=tuple(_disease(parts, one) for one in product.indications),
    )
    entry = NewEntry(
        "product",
        write_product(whole, parts.names),
        details={"summary": f"Product {product.id}: {product.label}"},
    )
    return _enter(parts, entry, actor, product.id, expect=_new("product", product.id, "product"))


def _source(text: str) -> str:
    """A CURIE such as CLO:0037280 as its IRI; words stay words."""
    return expanded(text) if re.fullmatch(r"[A-Za-z]+:\S+", text.strip()) else text.strip()


def _species(text: str) -> str:
    iri = expanded(text)
    if not re.fullmatch(re.escape(OBO) + r"NCBITaxon_[0-9]+", iri):
        raise WrongUsage("This is no species.", expected="an NCBI Taxonomy term, such as NCBITaxon:9606", found=text)
    return iri


def _disease(parts: Parts, text: str) -> str:
    found = parts.terms.term(text)
    if not found.curie.startswith("DOID:"):
        raise WrongUsage("An indication is a disease.", expected="a Disease Ontology term (DOID:…)", found=found.curie)
    return found.iri


def _new(kind: str, key: str, word: str):  # type: ignore[no-untyped-def]
    def nobody_has_it(view: View) -> None:
        if view.newest(kind, [key]):
            raise Conflict(
                f"There is a {word} {key} already.",
                expected="an identifier that nobody has used (case does not matter)",
                found=key,
                todo="Nothing is edited here: choose another identifier.",
            )

    return nobody_has_it


def add_lot(parts: Parts, lot: Lot, actor: str) -> Receipt:
    """Register a lot, cell bank, cell line or donor. Raises Unknown for its product or origin, Conflict when it stands."""
    check_lot_id(lot.id)
    if lot.kind == "product lot" and not lot.product:
        raise WrongUsage("A product lot names its product.", expected="the identifier of a product", found="none")
    if lot.expires_at is not None and lot.expires_at.tzinfo is None:
        raise WrongUsage(
            "An expiry without a zone is ambiguous.",
            expected="a time with its zone, such as 2026-12-01T12:00+01:00",
            found=str(lot.expires_at),
        )
    product = parts.lots.product(lot.product) if lot.product else None
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
        )
    parents = [parts.lots.registered(parent) for parent in lot.derived_from]
    if None in parents:
        unknown = [parent for parent, known in zip(lot.derived_from, parents, strict=True) if known is None]
        raise Unknown(
            f"{lot.id} is said to derive from {', '.join(unknown)}, which nobody has registered.",
            expected="registered lots, cell banks, cell lines or donors",
            found=", ".join(unknown),
            todo="Register the origin first: a recall is followed through it.",
        )
    whole = replace(
        lot, derived_from=tuple(parent for parent in parents if parent), product=product.id if product else None
    )
    details: dict[str, str] = {"summary": f"{lot.kind.capitalize()} {lot.id} registered"}
    if lot.recipient:
        # The salt keeps a code from being guessed by whoever knows the entry's hash.
        details |= {"recipient": lot.recipient, "salt": secrets.token_hex(16)}
    entry = NewEntry("lot", write_lot(whole, parts.names), lots=(lot.id,), details=details)
    return _enter(parts, entry, actor, lot.id, expect=_new("lot", lot.id, "lot"))


def release_check(parts: Parts, lot: str, signer: str, role: str, meaning: str) -> list[str]:
    """Everything that stands between the lot and a release signed by this person; empty when nothing does."""
    return _missing(parts, parts.judged_for_release(lot), signer, role, meaning, compare=False)


def _missing(parts: Parts, judged: Judged, signer: str, role: str, meaning: str, *, compare: bool) -> list[str]:
    facts, against = judged.facts, judged.specification
    verdict = parts.judge(facts, against, compare=compare) if against else None
    found = missing_for_release(facts, verdict, signer=signer, signer_role=role, meaning=meaning, now=datetime.now(UTC))
    if facts.newest is not None and facts.newest.kind == "release" and judged.status.may_be_injected:
        found.append("The lot is released already, on this evidence.")
    return found


def decide(
    parts: Parts, lot: str, kind: DecisionKind, *, name: str, password: str, meaning: str, reason: str
) -> Receipt:
    """Sign a decision on a lot. A release is appended only if the lot's evidence is still what was judged.

    Raises NotSignedIn, NotAllowed, WrongUsage without a reason where one is due, GateRefused with everything missing,
    Conflict when something about the lot was entered meanwhile.
    """
    account = _quality_unit(parts, name, password)
    if kind not in _DECISIONS:
        raise WrongUsage("This is no decision that can be signed here.", expected=", ".join(_DECISIONS), found=kind)
    if kind in _NEEDS_REASON and not reason.strip():
        raise WrongUsage(f"A {kind} needs a reason.", expected="a sentence that says why", found="nothing")
    judged = parts.judged_for_release(lot)
    facts = judged.facts
    if kind == "release":
        missing = _missing(parts, judged, account.name, account.role, meaning, compare=True)
        if missing:
            raise GateRefused(f"{facts.lot.id} cannot be released.", where=facts.lot.id, details=missing)
    _check_order(kind, facts.newest)
    against = judged.specification if kind == "release" else None
    decision = Decision(
        kind=kind,
        lot=facts.lot.id,
        signed_by=account.name,
        printed_name=account.printed_name,
        signed_at=parts.ledger.now(),
        meaning=meaning.strip() or f"I decide: {kind}.",
        reason=reason.strip(),
        specification=against.iri if against else None,
        specification_digest=against.digest if against else None,
        evidence=tuple(sorted({panel.entry.record for panel in facts.current_panels})) if against else (),
        ledger_size=facts.size,
    )
    words = f"{kind.capitalize()} signed by {account.printed_name}" + (
        f": {decision.reason}" if decision.reason else ""
    )
    entry = NewEntry(
        "decision",
        write_decision(decision, parts.names),
        lots=(facts.lot.id,),
        details={"summary": words, "decision": kind},
    )
    return _enter(
        parts, _signed(parts, entry), account.name, facts.lot.id, expect=_unchanged(facts.heads, facts.lot.id)
    )


def _unchanged(heads: Mapping[tuple[str, str], int], lot: str):  # type: ignore[no-untyped-def]
    """A condition of the append: nothing about the lot, its origins or its product was entered since it was judged."""

    def nothing_new(view: View) -> None:
        for (kind, key), position in heads.items():
            newest = view.newest(kind, [key]).get(key, 0)
            if newest != position:
                raise Conflict(
                    f"Something about {kind} {key} was recorded while {lot} was being decided on.",
                    expected=f"entry {position} to be the newest",
                    found=f"entry {newest}",
                    todo="Look at the lot again, then decide.",
                )

    return nothing_new


def _check_order(kind: DecisionKind, newest: Decision | None) -> None:
    """Rejection and recall are final; only a hold is lifted (21 CFR 11.10(f): order is enforced)."""
    if newest is not None and newest.kind in {"rejection", "recall"} and kind != "recall":
        raise Refused(f"The lot was given a {newest.kind}, which is final.", expected="no further decision", found=kind)
    if kind == "hold lifted" and (newest is None or newest.kind != "hold"):
        raise Refused(
            "There is no hold to lift.", expected="a lot on hold", found=newest.kind if newest else "no decision"
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
) -> Receipt:
    """Approve a specification version for a product; its graph is kept in the ledger as it is now.

    Raises Refused when a departure from the identity of the product's cell type has no justification, or when the
    signer drafted the specification.
    """
    account = _quality_unit(parts, name, password)
    described = parts.lots.product(product)
    against = specification.load(identifier, version)
    departures = parts.departures(against, described, {})
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
    open_ = [item for item in departures if item.kind != "weaker limit" and not reasons.get(item.characteristic)]
    if open_:
        raise Refused(
            f"{against.id} version {against.version} departs from the identity that the cell type of {described.id} asks for.",
            expected="a written justification for each departure",
            found="none",
            details=[item.message for item in open_],
            todo='Give each with --justify "MARKER=reason", or choose another specification.',
        )
    return _enter_approval(parts, account, described, against, meaning, reasons)


def _enter_approval(
    parts: Parts, account: Account, product: Product, against: Specification, meaning: str, reasons: Mapping[str, str]
) -> Receipt:
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
    )
    title = f"{against.id} version {against.version}"
    kept = NewEntry("specification", _graph_of(against), details={"summary": f"Specification {title} kept"})
    entry = NewEntry(
        "approval",
        write_approval(approval, parts.names),
        details={"summary": f"{title} approved for {product.id} by {account.printed_name}"},
    )
    conformance.check_form("approval", entry.record.ntriples if entry.record else b"")
    entry = replace(entry, index=keys(entry.kind, entry.record, parts.names))
    answer = parts.ledger.append([kept, _signed(parts, entry)], actor=account.name)
    return Receipt("approval", title, entry.record.digest if entry.record else "", answer.positions[-1], answer.size)


def _graph_of(against: Specification) -> Record:
    record = read_ntriples(against.ntriples)
    if record.digest != against.digest:
        raise Conflict("A specification is not what its digest says.", expected=against.digest, found=record.digest)
    return record


def withdraw(parts: Parts, panel: str, *, reason: str, name: str, password: str) -> Receipt:
    """Take a panel back: its submitter or the quality unit, with a reason. Nothing is erased."""
    account = parts.accounts.people.verify(name, password)
    if not reason.strip():
        raise WrongUsage("A withdrawal needs a reason.", expected="a sentence that says why", found="nothing")
    stands = parts.lots.panel(panel)
    if account.role != "quality unit" and account.name != stands.entry.actor:
        raise NotAllowed(
            f"{account.name} may not withdraw this panel.",
            expected=f"its submitter ({stands.entry.actor}) or the quality unit",
            found=f"a {account.role}",
        )
    facts = parts.lots.facts(stands.lot)
    if any(one.id == stands.id and one.withdrawn for one in facts.panels):
        raise Conflict(f"The panel {panel} is withdrawn already.", found=panel)
    at = parts.ledger.now()
    record = write_withdrawal(stands.id, reason.strip(), account.name, account.printed_name, at, parts.names)
    details = {"summary": f"Panel {stands.id} withdrawn: {reason.strip()}", "panel": stands.id}
    entry = NewEntry("withdrawal", record, lots=(stands.lot,), details=details)
    return _enter(parts, _signed(parts, entry), account.name, stands.id)


def accept(parts: Parts, lot: str, what: str, *, reason: str, name: str, password: str) -> Receipt:
    """Accept a retest or correction of a result that did not pass, or a reference criterion that is not shown.

    ``what`` is the result's IRI or the criterion's id. No testing into compliance: the reason is required.
    """
    account = _quality_unit(parts, name, password)
    if not reason.strip():
        raise WrongUsage("An acceptance needs a reason.", expected="a sentence that says why", found="nothing")
    judged = parts.judged_for_release(lot)
    facts, against = judged.facts, judged.specification
    results = {one.iri for one in facts.results if one.relation in {"retest", "correction"}}
    criteria = {one.id: one.iri for one in against.criteria if one.standing == "reference"} if against else {}
    target = what if what in results else criteria.get(what)
    if target is None:
        choices = sorted(filter(None, results)) + sorted(criteria)
        raise WrongUsage(
            f"There is nothing to accept under this name on {facts.lot.id}.",
            expected=", ".join(choices) or "a retest, a correction or a reference criterion",
            found=what,
        )
    acceptance = Acceptance(
        facts.lot.id, target, reason.strip(), account.name, account.printed_name, parts.ledger.now()
    )
    details = {"summary": f"{what} accepted by {account.printed_name}: {reason.strip()}"}
    entry = NewEntry("acceptance", write_acceptance(acceptance, parts.names), lots=(facts.lot.id,), details=details)
    return _enter(parts, _signed(parts, entry), account.name, facts.lot.id)
