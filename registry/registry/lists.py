"""Lots in lists: found, newest, waiting; and the history of one."""

from __future__ import annotations

from registry.errors import Unknown
from registry.registry.answers import HistoryLine, LotLine
from registry.registry.looking import sentence
from registry.registry.parts import Parts


def lot_line(parts: Parts, lot: str) -> LotLine:
    """One lot in a list."""
    judged = parts.judged(lot)
    facts = judged.facts
    return LotLine(
        lot=facts.lot.id,
        kind=facts.lot.kind,
        product=facts.lot.product,
        product_label=facts.product.label if facts.product else "",
        state=judged.status.state,
        may_be_injected=judged.status.may_be_injected,
        verdict=judged.verdict.verdict if judged.verdict else None,
        until=judged.status.until,
        sentence=sentence(judged),
    )


def find(parts: Parts, text: str, limit: int) -> list[LotLine]:
    """Lots by id, part of an id, product, or disease with its sub-diseases (label, synonym or DOID)."""
    wanted = text.strip()
    found: dict[str, None] = {}
    exact = parts.lots.registered(wanted) if wanted else None
    if exact is not None:
        found[exact] = None
    found |= dict.fromkeys(parts.ledger.matching("lot", wanted, limit=limit, entry_kind="lot"))
    if wanted and len(found) < limit:
        for product in _products_about(parts, wanted):
            found |= dict.fromkeys(parts.lots.lots_of(product))
    return [lot_line(parts, lot) for lot in list(found)[:limit]]


def _products_about(parts: Parts, text: str) -> list[str]:
    diseases: set[str] = set()
    for disease in parts.terms.diseases(text):
        diseases |= {disease.iri, *parts.terms.descendants(disease.iri)}
    about = []
    for name in parts.lots.products():
        product = parts.lots.product(name)
        words = (product.id, product.label, product.study)
        if any(text.casefold() in word.casefold() for word in words) or diseases.intersection(product.indications):
            about.append(name)
    return about


def recent(parts: Parts, limit: int) -> list[LotLine]:
    """The lots that the newest entries speak of, newest first."""
    size, found = parts.ledger.size(), dict[str, None]()
    while size > 0 and len(found) < limit:
        since = max(0, size - 200)
        for entry in reversed(list(parts.ledger.entries(since=since, until=size))):
            found |= dict.fromkeys(entry.lots)
        size = since
    return [lot_line(parts, lot) for lot in list(found)[:limit]]


def waiting(parts: Parts, limit: int) -> list[LotLine]:
    """Product lots that nobody has decided on and that were last spoken of recently: the quality unit's queue."""
    lines = (line for line in recent(parts, limit * 4) if line.kind == "product lot")
    return [line for line in lines if line.state in {"not released", "suspended"}][:limit]


def history(parts: Parts, lot: str) -> list[HistoryLine]:
    """Every ledger entry about a lot, oldest first, in words; raises Unknown."""
    registered = parts.lots.lot(lot)
    lines = []
    for entry in parts.ledger.entries(key=("lot", registered.id)):
        details = entry.details
        file = next(iter(entry.files), None)
        panel = details.get("panel")
        summary = str(details.get("summary") or entry.kind)
        lines.append(
            HistoryLine(
                entry.position,
                entry.at,
                entry.kind,
                entry.actor,
                summary,
                entry.record,
                str(panel) if panel else None,
                file,
            )
        )
    if not lines:
        raise Unknown(f"There is no lot {lot} in this registry.", found=lot)
    return lines
