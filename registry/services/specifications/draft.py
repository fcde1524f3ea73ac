"""Specifications that a quality unit writes: drafted by one person, approved by another, never edited.

A draft is a record of kind ``specification`` that says who drafted it. Shipped ones count as drafted by the project.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from registry import specifications
from registry.domain import Specification
from registry.errors import Conflict, Refused, RegistryError, Unknown
from registry.ledger import NewEntry, View
from registry.records import read_ntriples
from registry.records.keys import SPECIFICATION
from registry.services.answers import Answer
from registry.services.append import Receipt, enter, quality_unit, signed
from registry.services.context import Parts


@dataclass(frozen=True, slots=True)
class Draft(Answer):
    """A drafted specification: where it stands in the ledger, and what it says."""

    id: str
    version: str
    digest: str
    title: str
    drafted_by: str
    drafted_at: datetime
    position: int


def draft(parts: Parts, file: str, data: bytes, *, name: str, password: str) -> Receipt:
    """Record a table, or a compiled specification, as a draft of this member of the quality unit.

    Raises what reading it raises, Conflict when the version stands already or meanwhile, Refused for errors that
    ``specification.lint`` finds and for a criterion id that an earlier version uses for something else.
    """
    account = quality_unit(parts, name, password)
    whole = specifications.build(replace(said(parts, file, data), drafted_by=account.name, published=False))
    for obstacle in obstacles(whole, versions(parts, whole.id), specifications.lint(whole, parts.terms)):
        raise obstacle
    title = f"{whole.id} version {whole.version}"
    entry = NewEntry(
        "specification",
        read_ntriples(whole.ntriples),
        details={"summary": f"{title} drafted by {account.printed_name}", "draft": f"{whole.id}@{whole.version}"},
    )
    return enter(parts, signed(parts, entry), account.name, title, expect=_nothing_newer(parts, whole.id))


def said(parts: Parts, file: str, data: bytes) -> Specification:
    """What a table, or a compiled specification, says; a table's may contradict itself. Raises what reading raises."""
    from registry.specifications import table  # it loads readers of workbooks and YAML

    compiled = file.casefold().endswith((".ttl", ".nt"))
    return specifications.read(data) if compiled else table.draft(file, data, parts.terms)


def obstacles(
    whole: Specification, earlier: Sequence[Specification], findings: Sequence[specifications.Finding]
) -> Iterator[RegistryError]:
    """Everything that keeps it from being recorded beside the ``earlier`` versions.

    A version that stands already, errors that ``lint`` found, a criterion's id that meant something else before.
    """
    title = f"{whole.id} version {whole.version}"
    if any(one.version == whole.version for one in earlier):
        yield Conflict(f"{title} stands already, and a specification is never edited.", expected="a new version",
                       found=whole.version, todo="Give it the next version.")  # fmt: skip
    errors = [one for one in findings if one.severity == "error"]
    if errors:
        yield Refused(
            f"{title} cannot have been meant so.",
            expected="a specification without errors",
            details=[f"{one.criterion or 'the whole'}: {one.message} {one.todo}" for one in errors],
        )
    # A criterion's id means one characteristic at one stage for ever: ``…/<id>#<criterion>`` is a version of it.
    used = {one.id: (one.characteristic, one.stage) for older in earlier for one in older.criteria}
    reused = [one.id for one in whole.criteria if used.get(one.id, (one.characteristic, one.stage))
              != (one.characteristic, one.stage)]  # fmt: skip
    if reused:
        yield Refused("An earlier version uses these criterion ids for something else.", expected="new ids",
                      found=", ".join(reused), todo="Give what is new an id of its own.")  # fmt: skip


def _nothing_newer(parts: Parts, identifier: str) -> Callable[[View], None]:
    seen = parts.ledger.newest(SPECIFICATION, [identifier]).get(identifier, 0)

    def nothing_new(view: View) -> None:
        found = view.newest(SPECIFICATION, [identifier]).get(identifier, 0)
        if found != seen:
            raise Conflict(f"Something about {identifier} was recorded meanwhile.", expected=f"entry {seen}",
                           found=f"entry {found}", todo="Look at it, then draft again.")  # fmt: skip

    return nothing_new


def _recorded(parts: Parts, identifier: str | None = None) -> Iterator[tuple[Draft, str]]:
    key = (SPECIFICATION, identifier) if identifier is not None else None
    for entry in parts.ledger.entries(kind="specification", key=key):
        if "draft" in entry.details and entry.record is not None:
            one = parts.specification(entry.record)
            said_so = (one.id, one.version, one.digest, one.title, one.drafted_by, entry.at, entry.position)
            yield Draft(*said_so), entry.record


def drafts(parts: Parts) -> list[Draft]:
    """Every drafted specification, oldest first."""
    return [one for one, _ in _recorded(parts)]


def versions(parts: Parts, identifier: str) -> list[Specification]:
    """Every version of a specification, the shipped ones first, then those drafted here, oldest first."""
    shipped = [specifications.load(name, version) for name, version in specifications.names() if name == identifier]
    return [*shipped, *(parts.specification(record) for _, record in _recorded(parts, identifier))]


def find(parts: Parts, identifier: str, version: str | None = None) -> Specification:
    """A specification, shipped or drafted here; without a version, the newest. Raises Unknown."""
    found = [one for one in versions(parts, identifier) if version in (None, one.version)]
    if found:
        return found[-1]
    known = [f"{name}@{number}" for name, number in specifications.names()]
    known += [f"{one.id}@{one.version}" for one in drafts(parts)]
    wanted = identifier + (f"@{version}" if version else "")
    expected = specifications.nearest(wanted, known)
    raise Unknown("There is no such specification here.", expected=expected, found=wanted, todo=specifications.LISTED,
                  code="no-such-specification", action="list-specifications")  # fmt: skip


def everything(parts: Parts) -> list[Specification]:
    """Every specification, shipped or drafted here."""
    return [*specifications.shipped(), *(parts.specification(record) for _, record in _recorded(parts))]
