"""A clinic's table of outcomes on record: read, its codes looked up, its form judged, entered in one transaction.

The administration is the unit of acceptance: one with a row in error is not recorded at all, the others are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from registry.accounts import Actor, Permission, require
from registry.domain import RowError
from registry.domain.outcome import Outcome
from registry.errors import Conflict
from registry.identifiers import Names
from registry.intake import base_name
from registry.intake.checks.free_text_privacy import refuse_person
from registry.intake.confined import READERS
from registry.intake.outcomes import OutcomeTable, read
from registry.judgement import shacl
from registry.ledger import Json, Ledger, NewEntry, Receipt
from registry.records import digest_of
from registry.records.clinic.outcome import outcome_id, write_outcome
from registry.records.keys import keys
from registry.services.answers import plain
from registry.services.ontologies.current import Current
from registry.services.outcomes.follow import KIND, FollowUps, finder
from registry.services.outcomes.views import OutcomeReceipt, RecordedOutcome


class OutcomeRecorder:
    """What puts outcomes on record."""

    def __init__(self, ledger: Ledger, follow_ups: FollowUps, ontologies: Current, names: Names) -> None:
        self._ledger = ledger
        self._follow_ups = follow_ups
        self._ontologies = ontologies
        self._names = names

    def submit(self, name: str, data: bytes, actor: Actor, key: str | None = None) -> OutcomeReceipt:
        """Record what the table says of every administration without a row in error.

        The same table answers the same receipt, and so does the actor's own ``key``, whatever was mended since. Raises
        NotAllowed, Unreadable and its kinds, PatientData, Conflict for a key that was used for another file.
        """
        require(actor, Permission.SUBMIT_OUTCOMES)
        table = self.read(name, data)
        if key is not None and (known := self._ledger.receipt_for(key, actor.name)) is not None:
            return _repeated(known, key, table)
        content = f"outcomes {digest_of(table.kept)}"
        earlier = self._ledger.receipt_for_content(content)
        if earlier is not None and not table.errors:
            return _receipt(earlier.answer, earlier.positions, earlier.size, table.errors, repeated=True)
        new = [each for each in table.outcomes if not self._follow_ups.on_record(each.id)]
        if not new:
            size = self._ledger.size()
            return OutcomeReceipt("", (), table.errors, digest_of(table.kept), size, repeated=earlier is not None)
        return self._record(replace(table, outcomes=tuple(new)), actor, content if earlier is None else None, key)

    def read(self, name: str, data: bytes) -> OutcomeTable:
        """What a table says, with what is on record beside it; nothing is kept."""
        codes = self._follow_ups.codes()
        now = self._ledger.now()
        file = base_name(name)
        refuse_person("file name", file, now.year)
        if any(code in file.casefold() for code, _given in codes):
            file = f"outcomes.{file.rpartition('.')[2]}"
        table = read(
            file,
            READERS.outcome_sheet(file, data, self._ontologies.terms),
            self._ontologies.terms,
            of_code=lambda code, day: finder(codes, day, code),
            of_key=self._follow_ups.of_key,
            today=now.date(),
            identify=self._identify,
        )
        wrong = self._supersedes_nothing(table.outcomes)
        bad = {error.lot for error in wrong}
        kept = tuple(each for each in table.outcomes if each.administration not in bad)
        return replace(table, outcomes=kept, errors=(*table.errors, *wrong))

    def _identify(self, digest: str, key: str, day: date | None, visit: int | None) -> tuple[str, str]:
        identifier = outcome_id(digest, key, day, visit)
        return identifier, self._names.outcome(identifier)

    def _supersedes_nothing(self, outcomes: Sequence[Outcome]) -> list[RowError]:
        """What supersedes a result that the same administration has not."""
        here = {self._names.outcome(each.id) + f"#r{n}" for each in outcomes for n in range(1, len(each.results) + 1)}
        errors = []
        for outcome in outcomes:
            named = {result.supersedes for result in outcome.results if result.supersedes} - here
            known = self._follow_ups.outcomes(outcome.administration) if named else ()
            wrong = named - {result.iri for each in known for result in each.results}
            errors += [
                RowError(
                    outcome.administration, result.source.file, result.source.row, "supersedes",
                    "the address of a result of the same administration", result.supersedes or "",
                    "What this supersedes is no result of the same recipient: print its address, or its row.",
                )
                for result in outcome.results
                if result.supersedes in wrong
            ]  # fmt: skip
        return errors

    def _record(self, table: OutcomeTable, actor: Actor, content: str | None, key: str | None = None) -> OutcomeReceipt:
        digest = digest_of(table.kept)
        entries, lines = list[NewEntry](), list[dict[str, Any]]()
        for outcome in table.outcomes:
            lot = self._follow_ups.one(outcome.administration).lot
            synthetic = self._follow_ups.reader.lot(lot).synthetic
            record = write_outcome(replace(outcome, synthetic=synthetic), self._names)
            shacl.check_form(KIND, record.ntriples)
            details: dict[str, Json] = {"summary": f"Outcome of {outcome.administration}", "outcome": outcome.id}
            entries.append(
                NewEntry(KIND, record, details=details, index=keys(KIND, record, self._names), files=(digest,))
            )
            line = RecordedOutcome(
                outcome.id, outcome.administration, outcome.day, outcome.visit, len(outcome.results), record.digest, 0
            )
            lines.append({**line.as_dict()})
        kept: Json = plain({"file": digest, "recorded": lines})
        appended = self._ledger.append(
            entries, actor=actor.name, files={digest: (table.file, table.kept)}, idempotency_key=key, content=content,
            answer=kept,
        )  # fmt: skip
        return _receipt(appended.answer, appended.positions, appended.size, table.errors, repeated=appended.repeated)


def _repeated(known: Receipt, key: str, table: OutcomeTable) -> OutcomeReceipt:
    """What was answered to this key; raises Conflict where that was about another file, or no outcomes."""
    answer: Any = known.answer
    digest = digest_of(table.kept)
    earlier = answer["file"] if isinstance(answer, dict) and "file" in answer else "something else"
    if earlier != digest or not all("outcome" in line for line in answer["recorded"]):
        raise Conflict(
            "This idempotency key was used for something else.", expected=earlier, found=digest, where=key,
            todo="Repeat a request exactly as it was, or give a new one a new key.",
        )  # fmt: skip
    return _receipt(known.answer, known.positions, known.size, table.errors, repeated=True)


def _receipt(
    kept: Json, positions: Sequence[int], size: int, errors: tuple[RowError, ...], *, repeated: bool
) -> OutcomeReceipt:
    answer: Any = kept
    recorded = tuple(
        RecordedOutcome(
            line["outcome"], line["administration"], date.fromisoformat(line["day"]) if line["day"] else None,
            line["visit"], line["results"], line["record"], position,
        )
        for line, position in zip(answer["recorded"], positions, strict=True)
    )  # fmt: skip
    return OutcomeReceipt(str(positions[0]), recorded, errors, answer["file"], size, repeated)
