"""A data folder that an earlier version made opens, audits and answers the same, now and from here on.

Each folder beside this file is named after the version that made it: the ledger of its demonstration (every figure of
lots H-… made up), the throw-away key of that demonstration, the panels, and what that version answered
(``record.py``). An answer may gain keys and lose none. Where a later issue calls an answer wrong, ``CORRECTED`` names
lot and rule; a sentence that was only written better stands in ``REWORDED``.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.kept import record

VERSIONS = sorted(folder.name for folder in record.HERE.iterdir() if (folder / "answers.json.xz").is_file())
LIMIT = 1_000_000
"""Bytes that a kept folder may have."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What was wrong of a lot, at whatever time it is asked: where in the answer, what it says now, and the rule."""

    lot: str
    path: str
    now: Any
    rule: str


_ADVICE = "/answer/advice_on_contaminants/0"
_FIBROCYTE = "CL:0000135: a fibrocyte carries CD34 and CD45 as a haematopoietic precursor does (Chesney 1997)"
_GERM_CELL = "OCT4 marks germ cells too, which an ovary has (Anderson 2007)"


def _advice(lot: str, cells: dict[str, str], figures: str, source: str, rule: str) -> tuple[Correction, ...]:
    """The advice on contaminants of a lot: the cells by CURIE, whom they are suspected by, and its source."""
    said = f"{' or '.join(cells.values())} suspected: the panel carries {figures}."
    return (
        Correction(lot, f"{_ADVICE}/points_to", [{"id": key, "label": label} for key, label in cells.items()], rule),
        Correction(lot, f"{_ADVICE}/sentence", said, rule),
        Correction(lot, f"{_ADVICE}/source", source, rule),
    )


_BLOOD = {"CL:0000135": "circulating fibrocyte", "CL:0008001": "hematopoietic precursor cell"}
_ISHAGE = (
    "CD34 with CD45 is the gate of haematopoietic progenitors: Sutherland 1996 (ISHAGE), doi 10.1089/scd.1.1996.5.213; "
    "and what the Cell Ontology says of the fibrocyte, CL:0000135 (fd61b954), after Chesney 1997"
)
_OCT4 = (
    "OCT4 marks undifferentiated human pluripotent cells: International Stem Cell Initiative 2007, doi "
    "10.1038/nbt1318; and germ cells, which an ovary has: Anderson 2007, doi 10.1186/1471-213X-7-136"
)
CORRECTED: tuple[Correction, ...] = (
    *_advice("Whitehouse-2017-01", _BLOOD, "CD34 3 %, CD45 3 %", _ISHAGE, _FIBROCYTE),
    *_advice("Honmou-2011-07", _BLOOD, "CD34 2.1 %, CD45 2.8 %", _ISHAGE, _FIBROCYTE),
    *_advice(
        "H-11", {"CL:0000586": "germ cell", "CL:0002248": "pluripotent stem cell"}, "OCT4 0.4 %", _OCT4, _GERM_CELL
    ),
)
"""Answers that were wrong, each with its lot and its rule. One that is as it was again is no correction."""
REWORDED: dict[str, str] = {}
NEWEST_THEN = {"hesc-msc-ovarian-illustrative": "hesc-msc-ovarian-illustrative@1"}
"""Specifications of which a newer version has been shipped since: without a version the newest is meant."""
REFUSED_SINCE = {"Nguyen-2020.csv": "Pass"}
"""Files that hold what is refused since, and what that is: a bare pass tells no outcome, whichever test it is of."""
PROJECTED = {"guards", "index rows", "quads"}
"""What an audit counts of projections and guards, which a version may have more or fewer of."""


@cache
def answers(version: str) -> dict[str, dict[str, Any]]:
    """What the version answered, by command."""
    text = lzma.decompress((record.HERE / version / "answers.json.xz").read_bytes())
    kept: dict[str, dict[str, Any]] = json.loads(text)
    return kept


@pytest.fixture(scope="module", params=VERSIONS)
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the kept folder, in a folder named after its version."""
    kept = record.HERE / request.param
    data = tmp_path_factory.mktemp("kept") / str(request.param)
    data.mkdir(mode=0o700)
    for name, content in (
        ("ledger.sqlite", lzma.decompress((kept / "ledger.sqlite.xz").read_bytes())),
        ("signing-key.pem", (kept / "signing-key.pem").read_bytes()),
    ):
        (data / name).write_bytes(content)
        (data / name).chmod(0o600)
    return data


def differences(before: Any, now: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Where an answer is not what it was; a key more is no difference."""
    if isinstance(before, dict) and isinstance(now, dict):
        for key, value in before.items():
            yield from differences(value, now.get(key, "(no such key)"), f"{path}/{key}")
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for place, (value, other) in enumerate(zip(before, now, strict=True)):
            yield from differences(value, other, f"{path}/{place}")
    elif before != now and REWORDED.get(str(before)) != now:
        yield path, before, now


def unlike(question: str, before: Any, now: Any) -> list[tuple[str, Any, Any]]:
    """The differences that no correction of the lot names."""
    corrected = {(each.path, json.dumps(each.now)) for each in CORRECTED if each.lot in question.split()[1:2]}
    return [row for row in differences(before, now) if (row[0], json.dumps(row[2])) not in corrected]


def ask(folder: Path, question: str) -> dict[str, Any]:
    """What this version answers to the same command on the copy."""
    words = (NEWEST_THEN.get(word, word) for word in question.split())
    return record.answer(tuple(words), folder, record.HERE / folder.name / "panels")


def asked(folder: Path, *commands: str) -> list[str]:
    """The kept questions that begin with one of these commands."""
    return [question for question in answers(folder.name) if question.split()[0] in commands]


def changed(folder: Path, questions: list[str]) -> dict[str, list[tuple[str, Any, Any]]]:
    """The questions that are not answered as they were, each with what differs."""
    rows = {question: unlike(question, answers(folder.name)[question], ask(folder, question)) for question in questions}
    return {question: differing for question, differing in rows.items() if differing}


def test_it_opens_and_audits(folder: Path) -> None:
    """Nothing that the audit recomputes is not what it says, and the head is the one that was noted."""
    before, now = answers(folder.name)["audit"], ask(folder, "audit")
    for side in (before, now):
        assert side["exit"] == 0
        assert side["answer"]["findings"] == []
        side["answer"]["counts"] = {k: v for k, v in side["answer"]["counts"].items() if k not in PROJECTED}
    assert unlike("audit", before, now) == []


def test_its_lots_are_what_they_were(folder: Path) -> None:
    """Every lot at the newest entry, those of the story at earlier and later times: answer, verdict, evidence."""
    questions = asked(folder, "lot")
    assert len(questions) > 150
    assert changed(folder, questions) == {}


@pytest.mark.parametrize("lot", sorted({each.lot for each in CORRECTED}))
def test_a_correction_is_one(folder: Path, lot: str) -> None:
    """Each differs from what was answered, and is what is answered now."""
    question = f"lot {lot} --at {record.NEWEST}"
    rows = {path: now for path, _was, now in differences(answers(folder.name)[question], ask(folder, question))}
    assert {each.path: each.now for each in CORRECTED if each.lot == lot}.items() <= rows.items()


def test_its_panels_are_judged_as_they_were(folder: Path) -> None:
    """``check`` of every file that was submitted, against each of the specifications named in ``record.py``."""
    questions = asked(folder, "check")
    assert len(questions) == 4 * 8
    refused = [question for question in questions if question.split()[1] in REFUSED_SINCE]
    assert changed(folder, [question for question in questions if question not in refused]) == {}
    for question in refused:
        answer = ask(folder, question)
        assert answer["exit"] == 2
        assert {row["found"] for row in answer["answer"]["errors"]} == {REFUSED_SINCE[question.split()[1]]}


def test_its_products_and_questions_are_answered_as_they_were(folder: Path) -> None:
    """The products, and the questions of the library that do not depend on the day."""
    questions = asked(folder, "product", "ask")
    assert len(questions) > 10
    assert changed(folder, questions) == {}


def test_its_specifications_are_the_bytes_that_they_were(folder: Path) -> None:
    """A version of a specification never changes: the same digest, title and departures. Others may have joined."""
    before, now = answers(folder.name)["specification list"], ask(folder, "specification list")
    listed = {(row["id"], row["version"]): row for row in now["answer"]["specifications"]}
    wrong = [
        unlike("specification list", row, listed.get((row["id"], row["version"])))
        for row in before["answer"]["specifications"]
    ]
    assert [rows for rows in wrong if rows] == []


@pytest.mark.parametrize("version", VERSIONS)
def test_it_is_small(version: str) -> None:
    """What is kept for good is kept small."""
    size = sum(path.stat().st_size for path in (record.HERE / version).rglob("*") if path.is_file())
    assert size < LIMIT


def test_a_changed_answer_is_seen() -> None:
    """The comparison itself can fail: a value, a key less, a row less; a key more is none."""
    before = {"state": "released", "rows": [1, 2]}
    assert list(differences(before, {**before, "more": 1})) == []
    assert list(differences(before, {"state": "on hold", "rows": [1, 2]})) == [("/state", "released", "on hold")]
    assert list(differences(before, {"rows": [1, 2]})) == [("/state", "released", "(no such key)")]
    assert list(differences(before, {"state": "released", "rows": [1]})) == [("/rows", [1, 2], [1])]
