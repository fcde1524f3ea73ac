"""A submission: bytes in, panels on record or row errors out, and a receipt with the verdict.

The lot is the unit of acceptance: a lot with a row in error is not recorded at all, the others are.

How a file is submitted (``Recorder.submit``):

1. who sends it may submit                              ``require``
2. the same file again answers the same receipt         ``Recorder.earlier``
3. the file is read, then held against the registry     ``FileReader.said``, ``related``
4. lots with a row in error are left out                ``without_errors``
5. what is on record of this file already is left out   ``Recorder.without_recorded``
6. the lots are judged with it, for the receipt         ``verdicts_by_approval``
7. each panel is a record, its form judged              ``write_panel``, ``shacl.check_form``
8. all of it is entered in one transaction              ``Ledger.append``
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from registry.accounts import Actor, Permission, require
from registry.domain import Intake, LotFacts, LotVerdict, Notice, NotRead, Panel, Result, RowError
from registry.errors import Refused
from registry.identifiers import SPECIFICATIONS, Names
from registry.judgement import shacl
from registry.judgement.plausibility import contradiction_notices, second_results
from registry.ledger import Json, Ledger, NewEntry
from registry.ledger.lots import LotReader
from registry.records import Record
from registry.records.keys import keys
from registry.records.panel import not_read_of, panel_id, write_panel, write_submission
from registry.services.answers import plain
from registry.services.lot_state import LotStates
from registry.services.mappings.approved import NOTHING, Beside, Identities
from registry.services.ontologies.current import Current
from registry.services.submissions.read_file import FileReader, addressed, panels_of, seen_before
from registry.services.submissions.receipt import SubmissionReceipt, receipt_of
from registry.services.submissions.withdrawn_panels import withdrawn


class Recorder:
    """What puts panels on record."""

    def __init__(
        self, ledger: Ledger, reader: LotReader, states: LotStates, files: FileReader, ontologies: Current, names: Names
    ) -> None:
        self._ledger = ledger
        self._reader = reader
        self._states = states
        self._files = files
        self._ontologies = ontologies
        self._names = names

    def submit(
        self, name: str, data: bytes, actor: Actor, key: str | None = None, beside: Beside = NOTHING
    ) -> SubmissionReceipt:
        """Record what the file says of every lot without a row in error, in one transaction.

        The same file or the same idempotency key answers the same receipt; when rows of the file were refused and what
        was wrong is mended since (a lot is registered now), sending it again records what is still missing.

        Raises NotAllowed for a role that may not submit, Unreadable and its kinds for the file, Refused for a patient's
        data and for a mapping that nobody approved, Conflict for a key used otherwise.
        """
        require(actor, Permission.SUBMIT)
        _refuse_draft(beside)
        identities = beside.identities(data)
        earlier = self.earlier(identities) if key is None else None
        if earlier is not None and not earlier.errors:
            return earlier
        as_read = self._files.said(name, data, beside)
        with self._ledger.one_moment():
            file = self._files.related(as_read, data, beside)
            clean = without_errors(file, file.results)
            known = key is not None and self._ledger.receipt_for(key, actor.name) is not None
            if earlier is not None or (identities.mapped != identities.plain and not known):
                new = self.without_recorded(identities, clean)
                earlier = earlier or (self.earlier(identities) if clean and not new else None)
                clean = new
            if not clean:
                return earlier or self._nothing(file, identities)
            entries, files, kept = self._to_enter(replace(file, results=tuple(clean)), data, actor, beside)
        stands_for = identities.of(clean)
        content = stands_for if earlier is None else f"{stands_for} after {earlier.receipt}"
        appended = self._ledger.append(
            entries, actor=actor.name, files=files, idempotency_key=key, content=content, answer=kept
        )
        receipt = receipt_of(appended.answer, appended.positions, appended.size, repeated=appended.repeated)
        return self._told(receipt) if appended.repeated else receipt

    def earlier(self, identities: Identities) -> SubmissionReceipt | None:
        """The receipt of the same file, read with the same mapping or with none where none was needed."""
        for content in dict.fromkeys((identities.mapped, identities.plain)):
            kept = self._ledger.receipt_for_content(content)
            if kept is not None:
                return self._told(receipt_of(kept.answer, kept.positions, kept.size, repeated=True))
        return None

    def without_recorded(self, identities: Identities, results: Sequence[Result]) -> list[Result]:
        """Those of panels that this file has not put on record yet."""
        return [
            result for panel in panels_of(results) if not self._on_record(identities, panel) for result in panel.results
        ]

    def _nothing(self, file: Intake, identities: Identities) -> SubmissionReceipt:
        size = self._ledger.size()
        return SubmissionReceipt(
            "", (), file.errors, file.notices, identities.plain, size, repeated=False, not_read=file.not_read
        )

    def _told(self, receipt: SubmissionReceipt) -> SubmissionReceipt:
        """The same receipt, with a warning for each panel of it that was withdrawn since."""
        panels = [(recorded.lot, recorded.panel) for recorded in receipt.recorded]
        return replace(receipt, warnings=(*receipt.warnings, *withdrawn(self._reader, panels, receipt.file)))

    def _on_record(self, identities: Identities, panel: Panel) -> bool:
        identifier = panel_id(identities.of(panel.results), panel.lot, panel.stage)
        return bool(self._ledger.newest("panel", [identifier]))

    def _to_enter(
        self, file: Intake, data: bytes, actor: Actor, beside: Beside
    ) -> tuple[list[NewEntry], dict[str, tuple[str, bytes]], Json]:
        """The entries, the files that they name, and what the receipt will say."""
        identities = beside.identities(data)
        digest, mapping = identities.plain, mapping_used(file.results, beside)
        files = {digest: (file.file, data), **beside.files}
        facts = facts_of(self._reader, file.results)
        added = addressed(self._names, file.results, identities)
        verdicts = verdicts_by_approval(self._states, self._reader, facts, added)
        entries: list[NewEntry] = []
        lines: list[dict[str, Any]] = []
        notices, now = [*file.notices], self._ledger.now()
        for panel in panels_of(file.results):
            identifier, record = write_panel(
                panel,
                self._names,
                file=digest,
                file_name=file.file,
                synthetic=facts[panel.lot].lot.synthetic,
                identity=identities.of(panel.results),
            )
            shacl.check_form("panel", record.ntriples)
            line = self._line(panel, facts[panel.lot], verdicts.get(panel.lot))
            lines.append({**line, "panel": identifier, "record": record.digest})
            entries.append(self._entry(panel, identifier, record, tuple(files), file.not_read))
            notices += seen_before(self._ledger, panel)
            notices += second_results([(facts[panel.lot], panel.results)])
            notices += contradiction_notices([(facts[panel.lot].lot, panel.results)], now)
        first = self._submission(file, [line["panel"] for line in lines], identities, mapping, actor, tuple(files))
        kept: Json = plain(
            {"file": digest, "recorded": lines, "errors": _rows(file.errors), "warnings": _rows(notices),
             "not_read": _rows(file.not_read)}
        )  # fmt: skip
        return [first, *entries], files, kept

    def _submission(
        self, file: Intake, panels: Sequence[str], identities: Identities, mapping: str, actor: Actor,
        files: tuple[str, ...],
    ) -> NewEntry:  # fmt: skip
        """The submission's own entry; one that was read with a mapping says so, and is found again by its account."""
        record = write_submission(identities.plain, file.file, panels, self._names, identities.of(file.results))
        shacl.check_form("submission", record.ntriples)
        summary = f"Submission of {file.file}" + (f", read with the mapping {mapping}" if mapping else "")
        details: dict[str, Json] = {"summary": summary, **({"mapping": mapping} if mapping else {})}
        index = keys("submission", record, self._names, actor=actor.name, details=details)
        return NewEntry("submission", record, details=details, index=index, files=files)

    def _stage(self, panel: Panel) -> str | None:
        return self._ontologies.terms.stages.get(panel.stage, panel.stage) if panel.stage else None

    def _entry(
        self, panel: Panel, identifier: str, record: Record, files: tuple[str, ...], not_read: Sequence[NotRead]
    ) -> NewEntry:
        """The panel's own entry; what was not read of its file stands beside it, for whoever signs."""
        stage = self._stage(panel)
        many = f"{len(panel.results)} result{'' if len(panel.results) == 1 else 's'}"
        words = many + (f" {stage}" if stage else "") + f" from {panel.results[0].source.file}"
        details: dict[str, Json] = {"panel": identifier, "summary": f"Panel of {words}"}
        if beside := not_read_of(not_read, panel.lot):
            details["not_read"] = plain(beside)
        return NewEntry(
            "panel",
            record,
            lots=(panel.lot,),
            details=details,
            index=keys("panel", record, self._names),
            files=files,
        )

    def _line(self, panel: Panel, facts: LotFacts, verdict: LotVerdict | None) -> dict[str, Any]:
        """What the receipt says of one panel beside its address."""
        approval = facts.approval
        return {
            "lot": panel.lot,
            "stage": self._stage(panel),
            "verdict": verdict.verdict if verdict else None,
            "specification": f"{approval.specification}@{approval.version}" if approval else None,
            "note": _note(facts),
        }


def mapping_used(results: Sequence[Result], beside: Beside) -> str:
    """The name of the mapping that a name in the file was looked up in; empty for none."""
    used = any(name == "mapping" for result in results for name, _ in result.details)
    return beside.mapping.name if used and beside.mapping else ""


def facts_of(reader: LotReader, results: Sequence[Result]) -> dict[str, LotFacts]:
    """What is on record of each lot that the results name, in their order."""
    lots = tuple(dict.fromkeys(result.lot for result in results))
    return dict(zip(lots, reader.facts_of(lots), strict=True))


def verdicts_by_approval(
    states: LotStates, reader: LotReader, facts: Mapping[str, LotFacts], added: Mapping[str, Sequence[Result]]
) -> dict[str, LotVerdict]:
    """The verdict of each lot with what is added to it, by what is approved for its product now; none without."""
    asked = [
        (each, reader.specification(each.approval.digest), (*each.results, *added.get(each.lot.id, ())))
        for each in facts.values()
        if each.approval is not None
    ]
    return {verdict.lot: verdict for verdict in states.judged(asked)}


def without_errors(file: Intake, results: Sequence[Result]) -> list[Result]:
    """Those of lots without a row in error; none when an error is of no one lot."""
    bad = {error.lot.casefold() for error in file.errors if error.lot is not None}
    whole = any(error.lot is None for error in file.errors)
    return [] if whole else [result for result in results if result.lot.casefold() not in bad]


def _refuse_draft(beside: Beside) -> None:
    if beside.mapping is not None and beside.mapping.entry is None:
        raise Refused(
            f"Nobody has approved the mapping {beside.mapping.name}, so nothing is submitted with it.",
            expected="a mapping that the quality unit has approved",
            found="a draft",
            todo="Ask the quality unit to approve it.",
        )


def _note(facts: LotFacts) -> str:
    """What a laboratory should know beside the verdict."""
    if facts.approval is None:
        return "No specification is approved for this lot's product: nothing was judged."
    newest = facts.decision_in_force
    if newest is not None and newest.releases and newest.specification_digest != facts.approval.digest:
        named = (newest.specification or "").removeprefix(SPECIFICATIONS).replace("/", "@")
        return f"The lot was released under {named}, which goes on to hold for it: see the lot's page."
    return ""


def _rows(rows: Sequence[RowError] | Sequence[Notice] | Sequence[NotRead]) -> list[dict[str, object]]:
    return [row.as_dict() for row in rows]
