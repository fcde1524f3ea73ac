"""Moves of containers and administrations as records: what became of a lot, and never of whom.

The recipient's code stands in the ledger's entry beside a salt (docs/decisions/0003-recipients.md). An administration
is named by a random key; neither record nor index leads from it to the code.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from registry.domain import CONTAINER_STATES, Administration, ContainerMove, ContainerState, Recorded, SiteDose
from registry.errors import Corrupt
from registry.identifiers import CPR, Names
from registry.records import IRI, RDF_TYPE, Description, Literal, Record, describe, literal, write
from registry.records.index_keys import OF_STUDY
from registry.records.writer import (
    IDENTIFIER,
    Key,
    RecordWriter,
    link,
    links,
    moment,
    needed,
    number,
    of_kind,
    term,
    text,
    word,
)

ADMINISTRATION = "administration"
"""Under what an administration is found: its key."""


def state_term(state: ContainerState) -> str:
    """The term of ours for a container's state: ``in stock`` is ``cpr:ContainerInStock``."""
    return term(f"container {state}")


def write_container_move(move: ContainerMove, at: datetime, names: Names) -> Record:
    """The move's record; ``at`` tells it from another of the same containers."""
    lot = names.lot(move.lot)
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    writer = RecordWriter(f"{names.base}container-move/{lot.rpartition('/')[2]}/{stamp}", "container move")
    writer.link("lot", lot).link("containerState", state_term(move.state)).say("reason", move.reason)
    for container in move.numbers:
        writer.say("containerNumber", container)
    return write(writer.triples)


def read_container_move(record: Record, entry: Recorded, names: Names) -> ContainerMove:
    """The move that this record holds."""
    (about,) = of_kind(describe(record), "container move")
    states = {f"container {state}": state for state in CONTAINER_STATES}
    return ContainerMove(
        lot=names.id_of(link(about, "lot") or "", "lot") or "",
        numbers=_numbers(about),
        state=states[word(link(about, "containerState") or "", states)],
        reason=text(about, "reason"),
        entry=entry,
    )


def write_administration(given: Administration, names: Names) -> Record:
    """The administration's record; the recipient's code is not in it."""
    iri = names.administration(given.id)
    writer = RecordWriter(iri, "administration").say(IDENTIFIER, given.id).link("lot", names.lot(given.lot))
    writer.say("study", given.study).say("studyArm", given.arm)
    writer.say("administeredAt", given.at).say("thawedAt", given.thawed_at).say("viabilityBeforeUse", given.viability)
    writer.say("deviation", given.deviation)
    for container in given.containers:
        writer.say("containerNumber", container)
    triples = list(writer.triples)
    for count, dose in enumerate(given.sites, start=1):
        node = IRI(f"{iri}#site-{count}")
        triples += [
            (writer.subject, IRI(CPR + "siteDose"), node),
            (node, RDF_TYPE, IRI(CPR + "SiteDose")),
            (node, IRI(CPR + "site"), IRI(dose.site)),
            (node, IRI(CPR + "viableCells"), literal(dose.cells)),
        ]
    return write(triples)


def read_administration(record: Record, entry: Recorded, names: Names, recipient: str | None) -> Administration:
    """The administration that this record holds, and the code that its entry holds, for whoever may see it."""
    descriptions = describe(record)
    (about,) = of_kind(descriptions, "administration")
    doses = [descriptions[IRI(iri)] for iri in sorted(links(about, "siteDose"), key=_place)]
    given_at = moment(about, "administeredAt")
    if given_at is None:
        raise Corrupt("An administration has no time.", expected="cpr:administeredAt", where=about.iri)
    return Administration(
        id=needed(about, IDENTIFIER),
        lot=names.id_of(link(about, "lot") or "", "lot") or "",
        study=needed(about, "study"),
        arm=needed(about, "studyArm"),
        containers=_numbers(about),
        at=given_at,
        sites=tuple(SiteDose(link(dose, "site") or "", int(needed(dose, "viableCells"))) for dose in doses),
        thawed_at=moment(about, "thawedAt"),
        viability=number(about, "viabilityBeforeUse"),
        deviation=text(about, "deviation"),
        recipient=recipient,
        entry=entry,
    )


def administration_keys(descriptions: dict[IRI, Description], _names: Names) -> Iterator[Key]:
    """An administration, by its key and by its study."""
    (about,) = of_kind(descriptions, "administration")
    yield ADMINISTRATION, needed(about, IDENTIFIER)
    yield OF_STUDY, needed(about, "study")


def _numbers(about: Description) -> tuple[int, ...]:
    values = about.all(CPR + "containerNumber")
    return tuple(sorted(int(value.value) for value in values if isinstance(value, Literal)))


def _place(iri: str) -> int:
    return int(iri.rpartition("-")[2])


__all__ = [
    "ADMINISTRATION", "administration_keys", "read_administration", "read_container_move", "state_term",
    "write_administration", "write_container_move",
]  # fmt: skip
