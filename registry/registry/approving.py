"""A specification approved for a product: by a member of the quality unit who did not draft it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from registry import conformance, specification
from registry.accounts import Account
from registry.errors import Conflict, Refused, WrongUsage
from registry.kinds.decision import write_approval
from registry.kinds.index import keys
from registry.ledger import NewEntry
from registry.model import Specification
from registry.record import Record, read_ntriples
from registry.registry import drafting
from registry.registry.entering import Receipt, quality_unit, signed
from registry.registry.parts import Parts
from registry.standing import Approval, Product


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
    account = quality_unit(parts, name, password)
    described = parts.lots.product(product)
    against = drafting.find(parts, identifier, version)
    _refuse_unfit(against, described, account, parts)
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
    unjustified = specification.unjustified(departures)
    open_ = [item for item in unjustified if not reasons.get(item.characteristic)]
    if open_:
        raise Refused(
            f"{against.id} version {against.version} departs from what {described.id}'s cell type asks for.",
            expected="a written justification for each departure",
            found="none",
            details=[item.message for item in open_],
            todo='Give each with --justify "MARKER=reason", or choose another specification.',
        )
    return _enter_approval(parts, account, described, against, meaning, reasons)


def _refuse_unfit(against: Specification, product: Product, account: Account, parts: Parts) -> None:
    """Two people, one kind of product: whoever drafted it does not approve it, and it is for such cells."""
    title = f"{against.id} version {against.version}"
    if against.drafted_by.casefold() == account.name.casefold():
        raise Refused(f"{account.name} drafted {title}: another member of the quality unit approves it.",
                      expected="another signer", found=account.name)  # fmt: skip
    if against.species is not None and against.species != product.species:
        raise Refused(f"{title} is for another species than {product.id}.", expected=parts.terms.curie(against.species),
                      found=parts.terms.curie(product.species))  # fmt: skip
    if against.cell_type is not None and not parts.terms.is_a(product.cell_type, against.cell_type):
        raise Refused(f"{title} is for other cells than {product.id}.", expected=parts.terms.curie(against.cell_type),
                      found=parts.terms.curie(product.cell_type))  # fmt: skip


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
    title, notes = f"{against.id} version {against.version}", _no_longer_asked(parts, product, against)
    graph = _graph_of(against)
    kept = NewEntry("specification", graph, details={"summary": f"Specification {title} kept"},
                    index=keys("specification", graph, parts.names))  # fmt: skip
    entry = NewEntry(
        "approval",
        write_approval(approval, parts.names),
        details={"summary": f"{title} approved for {product.id} by {account.printed_name}"},
    )
    conformance.check_form("approval", entry.record.ntriples if entry.record else b"")
    entry = replace(entry, index=keys(entry.kind, entry.record, parts.names))
    answer = parts.ledger.append([kept, signed(parts, entry)], actor=account.name)
    digest = entry.record.digest if entry.record else ""
    return Receipt("approval", title, digest, answer.positions[-1], answer.size, notes)


def _no_longer_asked(parts: Parts, product: Product, against: Specification) -> tuple[str, ...]:
    """What the specification in force asks of a lot before its release and this one does not."""
    approvals = parts.lots.approvals(product.id)
    if not approvals:
        return ()
    before = parts.specification(approvals[-1].digest)
    asked = {one.characteristic for one in against.criteria if one.standing == "gating"}
    dropped = [one.label for one in before.criteria if one.standing == "gating" and one.characteristic not in asked]
    if not dropped:
        return ()
    old = f"{before.id} version {before.version}"
    return (f"{old}, which was in force, asked for more. No longer asked for: {', '.join(dict.fromkeys(dropped))}.",)


def _graph_of(against: Specification) -> Record:
    record = read_ntriples(against.ntriples)
    if record.digest != against.digest:
        raise Conflict("A specification is not what its digest says.", expected=against.digest, found=record.digest)
    return record
