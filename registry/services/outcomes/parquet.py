"""The table of administrations as Parquet, where the extra ``parquet`` is installed; the dictionary in its metadata."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from registry.errors import Unavailable
from registry.outcomes.dictionary import Column
from registry.outcomes.table import Table


def table_parquet(table: Table) -> bytes:
    """The table with a type for each column; raises Unavailable without the extra.

    Decimals are kept exactly, at the scale of the longest in their column.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise Unavailable(
            "Parquet needs the extra parquet.",
            expected="pip install 'cell-product-registry[parquet]'",
            found="no pyarrow",
            todo="Install it, or take the table as CSV.",
        ) from None
    arrays = [_array(pa, column, [row.get(column.name) for row in table.rows]) for column in table.columns]
    fields = [
        pa.field(column.name, array.type, metadata={"meaning": column.meaning, "unit": column.unit})
        for column, array in zip(table.columns, arrays, strict=True)
    ]
    about = {"dictionary": json.dumps({column.name: column.meaning for column in table.columns})}
    written = io.BytesIO()
    pq.write_table(pa.table(arrays, schema=pa.schema(fields, metadata=about)), written)
    return written.getvalue()


def _array(pa: Any, column: Column, cells: Sequence[object]) -> Any:
    kinds = {"integer": pa.int64, "date": pa.date32, "text": pa.string}
    if column.kind != "decimal":
        return pa.array(cells, type=kinds[column.kind]())
    scale = max((-int(cell.as_tuple().exponent) for cell in cells if isinstance(cell, Decimal)), default=0)
    scale = min(max(scale, 0), 18)
    exact = [None if cell is None else Decimal(str(cell)).quantize(Decimal(1).scaleb(-scale)) for cell in cells]
    return pa.array(exact, type=pa.decimal128(38, scale))
