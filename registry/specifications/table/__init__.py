"""A specification as a table that a quality unit writes: CSV, XLSX or YAML, each saying the same.

    specification,c12-whitehouse-2017-bone-marrow
    version,1
    title,"Whitehouse 2017: release limits"
    source,"CIDMap ref 12; https://…"

    id,characteristic,operator,limit,unit,standing
    cd90,CD90,>,80,%,gating
    cd34,CD34,<,10,%,gating

``sheet``      facts and rows with their places, and the error that lists every misread one
``grid``       CSV and XLSX ⇄ sheet
``documents``  YAML ⇄ sheet
``names``      names ⇄ the terms of the ontology
``parser``     sheet → specification
``writer``     specification → sheet

What is judged, pinned and signed is the graph that the table compiles to; reading that graph back gives the table.
"""

from __future__ import annotations

from typing import Literal, get_args

from registry.domain import Specification
from registry.errors import TooLarge, UnsupportedKind
from registry.specifications.compiler import build
from registry.specifications.table.documents import read_yaml, write_yaml
from registry.specifications.table.grid import read_csv, read_xlsx, write_csv, write_xlsx
from registry.specifications.table.parser import specification_of
from registry.specifications.table.sheet import MAX_BYTES, Misread
from registry.specifications.table.writer import sheet_of
from registry.vocabulary import Terms

Form = Literal["csv", "yaml", "xlsx"]

__all__ = ["Form", "Misread", "draft", "read", "write"]

_READERS = {"csv": read_csv, "tsv": read_csv, "yaml": read_yaml, "yml": read_yaml, "xlsx": read_xlsx}
_WRITERS = {"csv": write_csv, "yaml": write_yaml, "xlsx": write_xlsx}


def draft(name: str, data: bytes, terms: Terms) -> Specification:
    """What a table says, not yet compiled: it may contradict itself (``specification.problems``, ``lint``).

    Raises UnsupportedKind for a name that is no table's, TooLarge, Unreadable, and Misread with every wrong cell.
    """
    reader = _READERS.get(name.rsplit(".", 1)[-1].casefold())
    if reader is None:
        raise UnsupportedKind("This is no table of a specification.", expected="a file.csv, .tsv, .yaml or .xlsx",
                              found=name, todo="A compiled one ends in .ttl.")  # fmt: skip
    if len(data) > MAX_BYTES:
        raise TooLarge("The table is too large.", expected=f"at most {MAX_BYTES:,} bytes", found=f"{len(data):,} bytes")
    return specification_of(reader(name, data), terms)


def read(name: str, data: bytes, terms: Terms) -> Specification:
    """The specification that a table says, compiled. Raises as ``draft``, and WrongUsage when it contradicts itself."""
    return build(draft(name, data, terms))


def write(specification: Specification, form: str, terms: Terms) -> bytes:
    """The specification as a table; reading it gives the same specification and digest."""
    if form not in _WRITERS:
        raise UnsupportedKind("There is no such table.", expected=", ".join(get_args(Form)), found=form)
    return _WRITERS[form](sheet_of(specification, terms))
