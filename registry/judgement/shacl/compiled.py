"""The compiled SHACL engine: ``shacl`` (Rust), for whatever is interactive or many. Its only user.

It judges previews, submissions, lists, the graph and the form of every record, 40 to 400 times as fast as pySHACL with
equal answers (``docs/decisions``, the differential tests). pySHACL stays the reference: it judges every release beside
this one, and does all the work where this one cannot be installed. Its answers are believed no further than pySHACL's:
controls run beside every batch (see ``criteria`` and ``record_form``).
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

from registry.errors import Corrupt

if TYPE_CHECKING:
    from shacl import Shapes

REFERENCE = "pySHACL"
"""The engine that judges every release, and everything where the compiled one is not installed."""
Refusals = set[tuple[str, str]]
"""(focus node, shape) of every violation."""


@lru_cache(maxsize=1)
def available() -> bool:
    """Whether the engine is installed here."""
    return find_spec("shacl") is not None


def name() -> str:
    """Which engine judges what is interactive: ``shacl (compiled)`` or ``pySHACL``."""
    return "shacl (compiled)" if available() else REFERENCE


@lru_cache(maxsize=256)
def compiled(shapes: bytes, form: str = "ntriples") -> Shapes:
    """A shapes graph, compiled once a process; raises Corrupt when the engine cannot read it."""
    from shacl import Shapes

    try:
        made = Shapes.from_text(shapes.decode(), form)
    except Exception as error:  # the engine's own kinds of error are not named by it
        raise Corrupt("The compiled SHACL engine cannot read a shapes graph.", found=str(error)[:300],
                      todo="Nothing was judged. Compile the specification again.") from error  # fmt: skip
    if len(made) == 0:
        raise Corrupt("The compiled SHACL engine found no shape.", expected="at least one", found="none",
                      todo="Nothing was judged.")  # fmt: skip
    return made


def refusals(shapes: Shapes, data: str) -> Refusals:
    """Which shape refuses which node of these N-Triples. Raises Corrupt when a run does not end with a report."""
    try:
        report = shapes.validate_text(data, "ntriples")
        results = report.results
    except Exception as error:
        raise Corrupt("The compiled SHACL engine gave no report.", expected="a validation report",
                      found=str(error)[:300], todo="Nothing was judged. Try again.") from error  # fmt: skip
    if report.conforms is not (not results):
        raise Corrupt("The compiled SHACL engine contradicts its own report.", expected="conforms only without results",
                      found=f"conforms: {report.conforms}")  # fmt: skip
    return {(_iri(result.focus_node), _iri(result.source_shape)) for result in results}


def is_held(number: Decimal | int | None) -> bool:
    """Whether the compiled engine holds a number exactly: its decimals have 18 digits after the point, in 128 bits.

    One digit and one power of ten are left for the controls.
    """
    if number is None:
        return True
    _sign, digits, exponent = Decimal(number).as_tuple()
    return isinstance(exponent, int) and exponent >= -17 and len(digits) + exponent <= 17


def _iri(term: str | None) -> str:
    term = term or ""
    return term[1:-1] if term.startswith("<") and term.endswith(">") else term
