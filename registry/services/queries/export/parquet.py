"""Three tables for those who count: lots, results, decisions. The only module that knows pyarrow (extra ``parquet``).

A result's bounds are floats for figures; ``printed`` beside them is what the laboratory wrote, and decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from registry.domain import LotFacts, PanelOnRecord, Result
from registry.errors import WrongUsage
from registry.services.queries.export.selection import Selection

TABLES: Mapping[str, Mapping[str, str]] = {
    "lots": {
        "lot": "string", "kind": "string", "product": "string", "cell_type": "string", "passage": "int64",
        "manufactured_on": "date32", "expires_at": "timestamp", "containers": "int64", "storage": "string",
        "derived_from": "strings", "synthetic": "bool", "verdict": "string", "specification": "string",
    },
    "results": {
        "lot": "string", "stage": "string", "characteristic": "string", "symbol": "string", "printed": "string",
        "unit": "string", "low": "double", "low_open": "bool", "high": "double", "high_open": "bool",
        "outcome": "string", "state": "string", "method": "string", "file": "string", "row": "int64",
        "panel": "string", "recorded_at": "timestamp", "recorded_by": "string", "withdrawn": "bool",
        "relation": "string", "supersedes": "string",
    },
    "decisions": {
        "lot": "string", "decision": "string", "signed_at": "timestamp", "signed_by": "string",
        "printed_name": "string", "meaning": "string", "reason": "string", "specification": "string",
        "specification_digest": "string", "evidence": "strings", "ledger_size": "int64", "complete_by": "timestamp",
        "record": "string",
    },
}  # fmt: skip
_BATCH = 1000


def write_tables(chosen: Selection, folder: Path) -> None:
    """``lots.parquet``, ``results.parquet``, ``decisions.parquet`` in a new folder; WrongUsage without pyarrow."""
    arrow, parquet = _arrow()
    folder.mkdir(parents=True)
    schemas = {name: arrow.schema([(key, _type(arrow, kind)) for key, kind in columns.items()])
               for name, columns in TABLES.items()}  # fmt: skip
    writers = {name: parquet.ParquetWriter(folder / f"{name}.parquet", schema) for name, schema in schemas.items()}
    try:
        for start in range(0, len(chosen.lots), _BATCH):
            rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
            for lot in chosen.lots[start : start + _BATCH]:
                _add(chosen, chosen.reader.facts(lot, chosen.size), rows)
            for name, writer in writers.items():
                writer.write_table(arrow.Table.from_pylist(rows[name], schema=schemas[name]))
    finally:
        for writer in writers.values():
            writer.close()


def _arrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise WrongUsage(
            "Parquet tables need the extra parquet, which is not installed.",
            expected="the extra parquet",
            todo="pip install 'cell-product-registry[parquet]'",
        ) from None
    return pyarrow, pyarrow.parquet


def _type(arrow: Any, kind: str) -> Any:
    if kind == "timestamp":
        return arrow.timestamp("us", tz="UTC")
    if kind == "strings":
        return arrow.list_(arrow.string())
    return getattr(arrow, {"double": "float64", "bool": "bool_"}.get(kind, kind))()


def _add(chosen: Selection, facts: LotFacts, rows: Mapping[str, list[dict[str, Any]]]) -> None:
    rows["lots"].append(_lot(chosen, facts))
    for panel in facts.panels:
        rows["results"] += (_result(chosen, panel, result) for result in panel.results)
    rows["decisions"] += _decisions(facts)


def _lot(chosen: Selection, facts: LotFacts) -> dict[str, Any]:
    lot, approval = facts.lot, facts.approval
    judged = approval is not None and lot.kind == "product lot"
    verdict = chosen.judge(facts) if judged else None
    return {
        "lot": lot.id,
        "kind": lot.kind,
        "product": lot.product,
        "cell_type": chosen.current.terms.curie(facts.product.cell_type) if facts.product else None,
        "passage": lot.passage,
        "manufactured_on": lot.manufactured_on,
        "expires_at": lot.expires_at,
        "containers": lot.containers,
        "storage": lot.storage,
        "derived_from": list(lot.derived_from),
        "synthetic": lot.synthetic,
        "verdict": verdict.verdict if verdict else None,
        "specification": f"{approval.specification}@{approval.version}" if judged and approval else None,
    }


def _result(chosen: Selection, panel: PanelOnRecord, result: Result) -> dict[str, Any]:
    terms, interval = chosen.current.terms, result.reading.interval
    known = terms.characteristics.get(result.characteristic)
    low, high = (interval.low, interval.high) if interval else (None, None)
    return {
        "lot": panel.lot,
        "stage": terms.stages.get(panel.stage, panel.stage) if panel.stage else None,
        "characteristic": terms.curie(result.characteristic),
        "symbol": known.symbol if known else result.label,
        "printed": result.printed,
        "unit": result.unit_printed,
        "low": None if low is None else float(low),
        "low_open": interval.low_open if interval else None,
        "high": None if high is None else float(high),
        "high_open": interval.high_open if interval else None,
        "outcome": terms.curie(result.reading.outcome) if result.reading.outcome else result.reading.text,
        "state": result.reading.state,
        "method": dict(result.details).get("method"),
        "file": result.source.file,
        "row": result.source.row,
        "panel": panel.id,
        "recorded_at": panel.entry.at,
        "recorded_by": panel.entry.actor,
        "withdrawn": panel.withdrawn is not None,
        "relation": result.relation,
        "supersedes": result.supersedes,
    }


def _decisions(facts: LotFacts) -> Iterator[dict[str, Any]]:
    for decision in facts.decisions:
        yield {
            "lot": decision.lot,
            "decision": decision.kind,
            "signed_at": decision.signed_at,
            "signed_by": decision.signed_by,
            "printed_name": decision.printed_name,
            "meaning": decision.meaning,
            "reason": decision.reason,
            "specification": decision.specification,
            "specification_digest": decision.specification_digest,
            "evidence": list(decision.evidence),
            "ledger_size": decision.ledger_size,
            "complete_by": decision.complete_by,
            "record": decision.entry.record if decision.entry else None,
        }
