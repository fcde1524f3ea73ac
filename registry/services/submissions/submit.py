"""A submission: bytes in, panels on record or row errors out, and a receipt with the verdict.

The lot is the unit of acceptance: a lot with a row in error is not recorded at all, the others are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from registry.domain import Intake, LotFacts, LotVerdict, Notice, Panel, Result, RowError
from registry.errors import NotAllowed, Refused
from registry.identifiers import SPECIFICATIONS
from registry.judgement import shacl
from registry.judgement.plausibility import doubted, second_results
from registry.ledger import Json, NewEntry
from registry.records import Record
from registry.records.keys import keys
from registry.records.panel import panel_id, write_panel, write_submission
from registry.services.answers import Answer, plain
from registry.services.context import Parts
from registry.services.mappings.approved import NOTHING, Beside, Identities
from registry.services.submissions.read_file import addressed, panels_of, read, seen_before
from registry.services.submissions.withdrawn_panels import withdrawn

SUBMITS = frozenset({"submitter", "quality unit"})


@dataclass(frozen=True, slots=True)
class RecordedPanel(Answer):
    """One panel on record: where it stands, and the verdict of its lot with it."""

    lot: str
    panel: str
    record: str
    position: int
    stage: str | None
    verdict: str | None
    specification: str | None
    note: str


@dataclass(frozen=True, slots=True)
class SubmissionReceipt(Answer):
    """What a submission answers, and answers again when it is repeated."""

    receipt: str
    recorded: tuple[RecordedPanel, ...]
    errors: tuple[RowError, ...]
    warnings: tuple[Notice, ...]
    file: str
    ledger_size: int
    repeated: bool


def mapping_used(results: Sequence[Result], beside: Beside) -> str:
    """The name of the mapping that a name in the file was looked up in; empty for none."""
    used = any(name == "mapping" for result in results for name, _ in result.details)
    return beside.mapping.name if used and beside.mapping else ""


def facts_of(parts: Parts, results: Sequence[Result]) -> dict[str, LotFacts]:
    """What is on record of each lot that the results name, in their order."""
    lots = tuple(dict.fromkeys(result.lot for result in results))
    return dict(zip(lots, parts.lots.facts_of(lots), strict=True))


def verdicts_of(
    parts: Parts, facts: Mapping[str, LotFacts], added: Mapping[str, Sequence[Result]]
) -> dict[str, LotVerdict]:
    """The verdict of each lot with what is added to it, judged together; a lot without an approval has none."""
    groups: dict[str, list[LotFacts]] = {}
    for one in facts.values():
        if one.approval is not None:
            groups.setdefault(one.approval.digest, []).append(one)
    found: dict[str, LotVerdict] = {}
    for digest, each in groups.items():
        lots = [(one, [*one.results, *added.get(one.lot.id, ())]) for one in each]
        found |= {verdict.lot: verdict for verdict in parts.judge_many(parts.specification(digest), lots)}
    return found


def submit(
    parts: Parts, name: str, data: bytes, actor: str, role: str, key: str | None, beside: Beside = NOTHING
) -> SubmissionReceipt:
    """Record what the file says of every lot without a row in error, in one transaction.

    The same file or the same idempotency key answers the same receipt; when rows of the file were refused and what was
    wrong is mended since (a lot is registered now), sending it again records what is still missing.

    Raises NotAllowed for a role that may not
    submit, Unreadable and its kinds for the file, Refused for a patient's data and for a mapping that nobody approved,
    Conflict for a key used otherwise.
    """
    if role not in SUBMITS:
        raise NotAllowed(f"A {role} may not submit results.", expected="a submitter", found=f"{actor}, {role}")
    _refuse_draft(beside)
    identities = beside.identities(data)
    earlier = before(parts, identities) if key is None else None
    if earlier is not None and not earlier.errors:
        return earlier
    said = read(parts, name, data, beside)
    clean = without_errors(said, said.results)
    known = key is not None and parts.ledger.receipt_for(key, actor) is not None
    if earlier is not None or (identities.mapped != identities.plain and not known):
        new = without_recorded(parts, identities, clean)
        earlier = earlier or (before(parts, identities) if clean and not new else None)
        clean = new
    if not clean:
        return earlier or _nothing(parts, said, identities)
    stands_for = identities.of(clean)
    content = stands_for if earlier is None else f"{stands_for} after {earlier.receipt}"
    return _record(parts, replace(said, results=tuple(clean)), data, actor, key, content, beside)


def without_errors(said: Intake, results: Sequence[Result]) -> list[Result]:
    """Those of lots without a row in error; none when an error is of no one lot."""
    bad = {error.lot.casefold() for error in said.errors if error.lot is not None}
    whole = any(error.lot is None for error in said.errors)
    return [] if whole else [one for one in results if one.lot.casefold() not in bad]


def without_recorded(parts: Parts, identities: Identities, results: Sequence[Result]) -> list[Result]:
    """Those of panels that this file has not put on record yet."""
    return [one for panel in panels_of(results) if not _on_record(parts, identities, panel) for one in panel.results]


def _nothing(parts: Parts, said: Intake, identities: Identities) -> SubmissionReceipt:
    return SubmissionReceipt("", (), said.errors, said.notices, identities.plain, parts.ledger.size(), repeated=False)


def _refuse_draft(beside: Beside) -> None:
    if beside.mapping is not None and beside.mapping.entry is None:
        raise Refused(
            f"Nobody has approved the mapping {beside.mapping.name}, so nothing is submitted with it.",
            expected="a mapping that the quality unit has approved",
            found="a draft",
            todo="Ask the quality unit to approve it.",
        )


def before(parts: Parts, identities: Identities) -> SubmissionReceipt | None:
    """The receipt of the same file, read with the same mapping or with none where none was needed."""
    for content in dict.fromkeys((identities.mapped, identities.plain)):
        earlier = parts.ledger.receipt_for_content(content)
        if earlier is not None:
            return _told(parts, _answer(earlier.answer, earlier.positions, earlier.size, repeated=True))
    return None


def _told(parts: Parts, receipt: SubmissionReceipt) -> SubmissionReceipt:
    """The same receipt, with a warning for each panel of it that was withdrawn since."""
    panels = [(one.lot, one.panel) for one in receipt.recorded]
    return replace(receipt, warnings=(*receipt.warnings, *withdrawn(parts, panels, receipt.file)))


def _on_record(parts: Parts, identities: Identities, panel: Panel) -> bool:
    identifier = panel_id(identities.of(panel.results), panel.lot, panel.stage)
    return bool(parts.ledger.newest("panel", [identifier]))


def _record(
    parts: Parts, said: Intake, data: bytes, actor: str, key: str | None, content: str, beside: Beside
) -> SubmissionReceipt:
    identities = beside.identities(data)
    file, name, mapping = identities.plain, said.file, mapping_used(said.results, beside)
    files = {file: (name, data), **beside.files}
    facts = facts_of(parts, said.results)
    verdicts = verdicts_of(parts, facts, addressed(parts, said.results, identities))
    entries: list[NewEntry] = []
    lines: list[dict[str, Any]] = []
    notices = [*said.notices]
    for panel in panels_of(said.results):
        synthetic = facts[panel.lot].lot.synthetic
        identifier, record = write_panel(
            panel,
            parts.names,
            file=file,
            file_name=name,
            synthetic=synthetic,
            identity=identities.of(panel.results),
        )
        shacl.check_form("panel", record.ntriples)
        line = _line(parts, panel, facts[panel.lot], verdicts.get(panel.lot))
        lines.append({**line, "panel": identifier, "record": record.digest})
        entries.append(_entry(parts, panel, identifier, record, tuple(files)))
        notices += seen_before(parts, panel)
        notices += second_results([(facts[panel.lot], panel.results)])
        notices += doubted([(facts[panel.lot].lot, panel.results)], parts.ledger.now())
    first = _submission(parts, said, [line["panel"] for line in lines], identities, mapping, actor, tuple(files))
    kept: Json = plain({"file": file, "recorded": lines, "errors": _rows(said.errors), "warnings": _rows(notices)})
    receipt = parts.ledger.append(
        [first, *entries], actor=actor, files=files, idempotency_key=key, content=content, answer=kept
    )
    answer = _answer(receipt.answer, receipt.positions, receipt.size, repeated=receipt.repeated)
    return _told(parts, answer) if receipt.repeated else answer


def _submission(
    parts: Parts, said: Intake, panels: Sequence[str], identities: Identities, mapping: str, actor: str,
    files: tuple[str, ...],
) -> NewEntry:  # fmt: skip
    """The submission's own entry; one that was read with a mapping says so, and is found again by its account."""
    record = write_submission(identities.plain, said.file, panels, parts.names, identities.of(said.results))
    shacl.check_form("submission", record.ntriples)
    summary = f"Submission of {said.file}" + (f", read with the mapping {mapping}" if mapping else "")
    details: dict[str, Json] = {"summary": summary, **({"mapping": mapping} if mapping else {})}
    return NewEntry(
        "submission",
        record,
        details=details,
        index=keys("submission", record, parts.names, actor=actor, details=details),
        files=files,
    )


def _stage(parts: Parts, panel: Panel) -> str | None:
    return parts.terms.stages.get(panel.stage, panel.stage) if panel.stage else None


def _entry(parts: Parts, panel: Panel, identifier: str, record: Record, files: tuple[str, ...]) -> NewEntry:
    stage = _stage(parts, panel)
    many = f"{len(panel.results)} result{'' if len(panel.results) == 1 else 's'}"
    words = many + (f" {stage}" if stage else "") + f" from {panel.results[0].source.file}"
    return NewEntry(
        "panel",
        record,
        lots=(panel.lot,),
        details={"panel": identifier, "summary": f"Panel of {words}"},
        index=keys("panel", record, parts.names),
        files=files,
    )


def _line(parts: Parts, panel: Panel, facts: LotFacts, verdict: LotVerdict | None) -> dict[str, Any]:
    """What the receipt says of one panel beside its address."""
    approval = facts.approval
    return {
        "lot": panel.lot,
        "stage": _stage(parts, panel),
        "verdict": verdict.verdict if verdict else None,
        "specification": f"{approval.specification}@{approval.version}" if approval else None,
        "note": _note(facts),
    }


def _note(facts: LotFacts) -> str:
    """What a laboratory should know beside the verdict."""
    if facts.approval is None:
        return "No specification is approved for this lot's product: nothing was judged."
    newest = facts.decision_in_force
    if newest is not None and newest.releases and newest.specification_digest != facts.approval.digest:
        named = (newest.specification or "").removeprefix(SPECIFICATIONS).replace("/", "@")
        return f"The lot was released under {named}, which goes on to hold for it: see the lot's page."
    return ""


def _rows(rows: Sequence[RowError] | Sequence[Notice]) -> list[dict[str, object]]:
    return [row.as_dict() for row in rows]


def _answer(kept: Json, positions: Sequence[int], size: int, *, repeated: bool) -> SubmissionReceipt:
    said: Any = kept
    recorded = [
        RecordedPanel(position=position, **line) for line, position in zip(said["recorded"], positions[1:], strict=True)
    ]
    return SubmissionReceipt(
        receipt=str(positions[0]),
        recorded=tuple(recorded),
        errors=tuple(RowError(**row) for row in said["errors"]),
        warnings=tuple(Notice(**row) for row in said["warnings"]),
        file=said["file"],
        ledger_size=size,
        repeated=repeated,
    )
