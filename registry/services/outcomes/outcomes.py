"""Outcomes: a clinic's tables in, visits due, and what they say, for whoever may see how much of it.

registry.outcomes.submit("visits.csv", data, clinician)
registry.outcomes.visits(clinician)
registry.outcomes.table_csv(quality_unit)
"""

from __future__ import annotations

from registry.accounts import Actor, Permission, may, require
from registry.identifiers import Names
from registry.ledger import Ledger
from registry.ledger.lots import LotReader
from registry.namespaces import prefixes
from registry.outcomes import models, relation, writing
from registry.outcomes.current import counting
from registry.outcomes.suppression import FEWEST
from registry.outcomes.table import Table, table
from registry.outcomes.visits import Seen, visits
from registry.records import serialise, triples
from registry.services.administrations.book import Book
from registry.services.answers import TermRef
from registry.services.ontologies.current import Current
from registry.services.outcomes.follow import KIND, FollowUps
from registry.services.outcomes.parquet import table_parquet
from registry.services.outcomes.submit import OutcomeRecorder
from registry.services.outcomes.views import (
    OutcomeAnswer,
    OutcomeLine,
    OutcomeReceipt,
    RelationAnswer,
    VisitLine,
    outcome_line,
    visit_line,
)
from registry.vocabulary import Characteristic, Terms


class Outcomes:
    """The outcomes of one registry."""

    def __init__(self, ledger: Ledger, reader: LotReader, ontologies: Current, names: Names) -> None:
        self._ledger = ledger
        self._ontologies = ontologies
        self._follow_ups = FollowUps(ledger, reader, Book(reader))
        self._recorder = OutcomeRecorder(ledger, self._follow_ups, ontologies, names)

    def submit(self, name: str, data: bytes, actor: Actor, idempotency_key: str | None = None) -> OutcomeReceipt:
        """Record a table of outcomes; see ``OutcomeRecorder.submit``."""
        return self._recorder.submit(name, data, actor, idempotency_key)

    def visits(self, actor: Actor, administration: str = "") -> tuple[VisitLine, ...]:
        """Every visit of every administration, or of one, whose study says how often: done, due, late, missed, and the
        next one.

        Raises NotAllowed, and Unknown for the administration.
        """
        require(actor, Permission.READ_OUTCOMES)
        only = self._follow_ups.one(administration).id if administration else ""
        today = self._ledger.now().date()
        lines = []
        for each in self._follow_ups.followed():
            if each.every is None or (only and each.given.id != only):
                continue
            seen = [Seen(outcome.day, outcome.visit) for outcome in each.outcomes]
            given = each.given
            lines += [
                visit_line(given.id, given.study, given.arm, given.lot, visit)
                for visit in visits(given.at.date(), each.every, seen, today)
            ]
        return tuple(lines)

    def lines(self, actor: Actor, administration: str = "") -> tuple[OutcomeLine, ...]:
        """Every result that counts, of one administration where one is named; raises NotAllowed and Unknown."""
        require(actor, Permission.READ_OUTCOMES)
        given = [self._follow_ups.one(administration)] if administration else self._follow_ups.given()
        terms = self._ontologies.terms.of_recipients
        return tuple(
            outcome_line(outcome, result, terms)
            for each in given
            for outcomes in [self._follow_ups.outcomes(each.id)]
            for kept in [{id(outcome.result) for outcome in counting(outcomes)}]
            for outcome in outcomes
            for result in outcome.results
            if id(result) in kept
        )

    def one(self, outcome: str, actor: Actor) -> OutcomeAnswer:
        """What was seen of one administration on one day or at one visit; raises NotAllowed and Unknown."""
        require(actor, Permission.READ_OUTCOMES)
        described, entry = self._follow_ups.outcome(outcome)
        every = self._follow_ups.outcomes(described.administration)
        kept = {seen.result.iri for seen in counting(every)}
        terms = self._ontologies.terms.of_recipients
        return OutcomeAnswer(
            outcome=described.id,
            iri=self._follow_ups.reader.names.outcome(described.id),
            administration=described.administration,
            day=described.day,
            visit=described.visit,
            lines=tuple(outcome_line(described, result, terms) for result in described.results),
            superseded=tuple(place for place, each in enumerate(described.results, start=1) if each.iri not in kept),
            file=described.file,
            file_name=described.file_name,
            synthetic=described.synthetic,
            recorded_by=entry.actor,
            recorded_at=entry.at,
            record=entry.record or "",
            position=entry.position,
        )

    def rdf(self, media_type: str, actor: Actor, outcome: str = "") -> bytes:
        """The record of one outcome, or of every one where none is named, as a graph; none holds a code.

        For whoever may see single administrations; raises NotAllowed, Unknown.
        """
        require(actor, Permission.READ_OUTCOMES)
        named = self._follow_ups.outcome(outcome)[1].position if outcome else None
        every = self._ledger.entries_with_records(named - 1 if named else 0, named, kind=KIND)
        statements = (triple for _entry, record in every if record is not None for triple in triples(record))
        base = self._follow_ups.reader.names.base
        places = {place: f"{base}{place}/" for place in ("outcome", "administration", "file")}
        return serialise(statements, media_type, {**prefixes("cpr", "obo", "prov", "rdfs", "xsd"), **places})

    def table(self, actor: Actor) -> Table:
        """One row an administration; raises NotAllowed for whoever may see aggregates alone."""
        require(actor, Permission.READ_OUTCOMES)
        return table(self._follow_ups.followed(), self._ontologies.terms)

    def table_csv(self, actor: Actor) -> bytes:
        """The table as CSV."""
        return writing.table_csv(self.table(actor))

    def table_parquet(self, actor: Actor) -> bytes:
        """The table as Parquet; raises Unavailable without the extra."""
        return table_parquet(self.table(actor))

    def dictionary_csv(self, actor: Actor) -> bytes:
        """What each column of the table is."""
        return writing.dictionary_csv(self.table(actor))

    def choices(self, actor: Actor) -> tuple[tuple[TermRef, ...], tuple[TermRef, ...]]:
        """The characteristics and the outcomes that could be compared here; raises NotAllowed."""
        require(actor, Permission.READ_OUTCOME_SUMMARY)
        terms, followed = self._ontologies.terms, list(self._follow_ups.followed())
        measured = {result.characteristic for each in followed for result in each.results if not result.members}
        seen = {outcome.result.characteristic for each in followed for outcome in counting(each.outcomes)}
        return _named(terms, measured), _named(terms.of_recipients, seen)

    def relation(self, characteristic: str, outcome: str, visit: int | None, actor: Actor) -> RelationAnswer:
        """One characteristic of lots against one outcome, at a visit or at any time (None).

        Whoever may not see single administrations gets bands of eight recipients and more. Raises NotAllowed, Unknown
        and WrongUsage for a name that means neither.
        """
        require(actor, Permission.READ_OUTCOME_SUMMARY)
        terms = self._ontologies.terms
        measured, seen = terms.characteristic(characteristic), terms.of_recipients.characteristic(outcome)
        followed = list(self._follow_ups.followed())
        points = relation.points(followed, terms, measured.iri, seen.iri, visit)
        single = may(actor, Permission.READ_OUTCOMES)
        recipients, lots = len(points), len({point.lot for point in points})
        enough = single or recipients >= FEWEST
        fit = models.hazard(points) if any(point.happened is not None for point in points) else models.slope(points)
        asked = relation.pairs(followed)
        return RelationAnswer(
            characteristic=TermRef(terms.curie(measured.iri), measured.symbol),
            unit=_unit(terms, measured),
            outcome=TermRef(terms.curie(seen.iri), seen.symbol),
            outcome_unit=_unit(terms, seen),
            visit=visit,
            recipients=recipients if enough else None,
            lots=lots if enough else None,
            by_lot=single,
            groups=relation.by_lot(points) if single else relation.bands(points),
            fit=fit if enough else None,
            pairs=asked,
            cannot_show=relation.cannot_show(recipients, lots, asked) if enough else (),
            made_up=any(each.lot.synthetic for each in followed),
        )


def _named(terms: Terms, iris: set[str]) -> tuple[TermRef, ...]:
    known = [terms.characteristics[iri] for iri in iris if iri in terms.characteristics]
    return tuple(TermRef(terms.curie(each.iri), each.symbol) for each in sorted(known, key=lambda each: each.symbol))


def _unit(terms: Terms, characteristic: Characteristic) -> str:
    return terms.units[characteristic.units[0]].label if characteristic.units else ""
