"""What is answered of a product: its terms resolved, and the specifications approved for it."""

from __future__ import annotations

from collections.abc import Sequence

from registry.domain import Approval, Product, approvals_in_force, still_awaiting
from registry.identifiers import Names
from registry.services.answers import ApprovalAnswer, ProductAnswer
from registry.services.lots.injection_answer import term_ref
from registry.vocabulary import Terms


def product_answer(
    terms: Terms, names: Names, product: Product, approvals: Sequence[Approval] = (), lots: tuple[str, ...] = ()
) -> ProductAnswer:
    """A product with its terms resolved, and what is given of its approvals and lots.

    ``approvals`` are all of them, oldest first: those that await a second member are told apart.
    """
    return ProductAnswer(
        id=product.id,
        iri=names.product(product.id),
        label=product.label,
        cell_type=term_ref(terms, product.cell_type),
        source=terms.label(product.source) if product.source.startswith("http") else product.source,
        donor_relation=product.donor_relation,
        species=terms.curie(product.species),
        indications=tuple(term_ref(terms, iri) for iri in product.indications),
        study=product.study,
        note=product.note,
        approvals=tuple(_approval(approval) for approval in approvals_in_force(approvals)),
        lots=lots,
        citation=product.citation,
        awaiting=tuple(_approval(approval) for approval in still_awaiting(approvals)),
    )


def _approval(approval: Approval) -> ApprovalAnswer:
    return ApprovalAnswer(
        approval.specification,
        approval.version,
        approval.digest,
        approval.signed_by,
        approval.printed_name,
        approval.signed_at,
        approval.meaning,
        approval.justifications,
        approval.entry.record if approval.entry else "",
    )
