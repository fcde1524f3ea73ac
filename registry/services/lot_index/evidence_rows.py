"""What a line was judged from, written beside it in the same transaction: what several lots show alike stands once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from registry.judgement.kept_results import shared
from registry.judgement.many import Kept
from registry.ledger.tables import lot_evidence, result_texts


def write(connection: Connection, lots: Sequence[Kept]) -> None:
    """Keep these lots in place of what was kept of them."""
    texts = {shared(text) for kept in lots for text in kept.results.texts}
    ids = _ids(connection, sorted(texts))
    connection.execute(delete(lot_evidence).where(lot_evidence.c.key.in_([kept.lot.casefold() for kept in lots])))
    rows = [
        {"key": kept.lot.casefold(), "containers": kept.containers, "origins": "\n".join(kept.origins),
         "tangled": kept.results.tangled, "results": "\n".join(_numbered(text, ids) for text in kept.results.texts)}
        for kept in lots
    ]  # fmt: skip
    if rows:
        connection.execute(insert(lot_evidence), rows)


def _numbered(text: str, ids: dict[str, int]) -> str:
    common, tab, own = text.partition("\t")
    return f"{ids[common]}{tab}{own}"


def _ids(connection: Connection, texts: Sequence[str]) -> dict[str, int]:
    """The number of each text, given now to those that have none."""
    known = _known(connection, texts)
    if new := [{"text": text} for text in texts if text not in known]:
        connection.execute(insert(result_texts), new)
        known = _known(connection, texts)
    return known


def _known(connection: Connection, texts: Sequence[str]) -> dict[str, int]:
    query = select(result_texts.c.text, result_texts.c.id).where(result_texts.c.text.in_(texts))
    return {row.text: row.id for row in connection.execute(query)}
