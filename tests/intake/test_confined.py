"""A server's children answer as the readers do in the process, are held to their limits, and are replaced."""

from __future__ import annotations

import json
import os
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Literal

import pytest

from registry import intake
from registry.domain import Intake
from registry.domain.interval import Interval
from registry.errors import RegistryError, TooLarge, Unavailable, Unreadable
from registry.intake.confined import children, helper, readers
from registry.intake.confined.answer_text import Misfit, decoder, plain
from registry.intake.confined.children import Children
from registry.intake.confined.readers import Readers
from registry.intake.outcomes.sheet import OutcomeSheet, sheet_of
from registry.intake.sandbox import Limits
from registry.vocabulary import load
from tests.intake.books import book

TERMS = load()
PANEL = b"lot,characteristic,value,unit\nP-07,CD73,98.5,%\nP-07,CD45,<0.5,%\nP-08,CD73,abc,%\n"
FILES = {
    "panel.csv": PANEL,
    "panel.json": b'{"lot": "P-07", "results": [{"characteristic": "CD73", "value": "98.5", "unit": "%"}]}',
    "panel.xlsx": book(["P-07", "CD73", 98.5, "%"]),
    "panel.ttl": b"@prefix a: <b:> . a:c a:d a:e .",
    "empty.csv": b"",
    "broken.xlsx": b"PK\x03\x04" + b"\x00" * 40,
    "patient.csv": b"lot,patient name,characteristic,value,unit\nP-07,Jane Roe,CD73,98.5,%\n",
    "other.xml": b"<a/>",
}  # fmt: skip


@pytest.fixture(scope="module")
def opened() -> Iterator[Readers]:
    made = Readers()
    with made.opened():
        yield made


def outcome(call: Callable[..., Any], *arguments: Any, **options: Any) -> object:
    """What it answers, or everything that its refusal says."""
    try:
        return call(*arguments, **options)
    except RegistryError as error:
        return type(error), error.as_dict()


@pytest.mark.parametrize("name", FILES)
def test_a_child_says_what_the_reader_says(opened: Readers, name: str) -> None:
    """Results, rows in error and refusals, byte for byte."""
    here = outcome(intake.read, name, FILES[name], TERMS, base=None, mapping=None, gates=None)
    there = outcome(opened.read, name, FILES[name], TERMS, base=None, mapping=None, gates=None)
    assert there == here


def test_so_do_the_other_readers(opened: Readers) -> None:
    """Rows to mend, rows as they were sent, the machine, a table of outcomes, a mapping."""
    errors = intake.read("panel.csv", PANEL, TERMS).errors
    assert opened.to_mend("panel.csv", PANEL, errors, TERMS, "csv") == intake.to_mend(
        [("panel.csv", PANEL)], errors, TERMS, "csv"
    )
    assert opened.rows_sent("panel.xlsx", FILES["panel.xlsx"], TERMS) == intake.rows_sent(
        "panel.xlsx", FILES["panel.xlsx"]
    )
    assert opened.instrument_of("panel.csv", PANEL, TERMS) is None
    table = b"recipient,date,characteristic,value,unit\nR-0042,2026-12-15,FSH,38,IU/L\n"
    assert opened.outcome_sheet("visit.csv", table, TERMS) == sheet_of("visit.csv", table)
    mapping = b"kind,name,lot,stage,characteristic,parent,unit,value\nsample,A 1,P-07,,,,,\n"
    assert [line.lot for line in opened.mapping("our.csv", mapping, TERMS).lines] == ["P-07"]
    assert outcome(opened.mapping, "our.csv", b"kind,name\nsample,A\n", TERMS) == outcome(
        Readers().mapping, "our.csv", b"kind,name\nsample,A\n", TERMS
    )


def test_many_results_arrive_in_parts_and_in_order(opened: Readers) -> None:
    """More than one frame holds."""
    markers = ("CD73", "CD90", "CD105")
    rows = [f"L-{number},{marker},98.5,%" for number in range(400) for marker in markers]
    data = "\n".join(["lot,characteristic,value,unit", *rows]).encode()
    read = opened.read("many.csv", data, TERMS, base=None, mapping=None, gates=None)
    assert len(read.results) == 1200 > 2 * helper.SLICE
    assert read == intake.read("many.csv", data, TERMS)


@pytest.fixture(scope="module")
def acting() -> Iterator[Children]:
    """Children whose files do what a test says, under real limits."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(children, "HELPER", "tests.intake.acts")
        made = Children(TERMS, Limits(seconds=1, memory=1 << 30, answer=1_000_000))
    yield made
    made.close()


@pytest.mark.parametrize(
    ("act", "kind"),
    [("memory", TooLarge), ("end", TooLarge), ("signal", TooLarge), ("socket", Unreadable), ("file", Unreadable),
     ("error", Unreadable), ("long", TooLarge), ("work", TooLarge)],
)  # fmt: skip
def test_whatever_a_file_does_to_its_child_is_a_refusal(acting: Children, act: str, kind: type[RegistryError]) -> None:
    """Memory, an exit, a crash, a socket, a written file, an exception, a long answer, work without end; then the next
    file is read.
    """
    with pytest.raises(kind) as refusal:
        acting.ask("act", str, act, file="x.csv")
    assert (type(refusal.value), refusal.value.where) == (kind, "x.csv")
    assert acting.ask("act", str, "well", file="y.csv") == "well"


def test_a_child_is_replaced_after_a_breach_and_after_so_many_uses(
    opened: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the next file is read by another one, at once."""
    options: dict[str, Any] = {"base": None, "mapping": None, "gates": None}

    def reads() -> int:
        opened.read("panel.csv", PANEL, TERMS, **options)
        assert opened._children is not None
        return opened._children._waiting[-1].pid if opened._children._waiting else 0

    first = reads()
    assert first == reads() != 0
    os.kill(first, 9)
    with pytest.raises(TooLarge):
        reads()
    second = reads()
    assert second not in {0, first}
    monkeypatch.setattr(children, "USES", 3)
    assert [reads(), reads(), reads() not in {0, second}] == [second, 0, True]


def test_a_helper_that_died_is_started_again(opened: Readers) -> None:
    """By the next file."""
    options: dict[str, Any] = {"base": None, "mapping": None, "gates": None}
    opened.read("panel.csv", PANEL, TERMS, **options)
    assert opened._children is not None
    opened._children._process.kill()
    opened._children._process.wait()
    assert len(opened.read("panel.csv", PANEL, TERMS, **options).results) == 2


def test_no_children_no_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server whose children do not start reads nothing in its own process instead."""
    monkeypatch.setattr("sys.executable", "/bin/false")
    made = Readers()
    with made.opened(), pytest.raises(Unavailable):
        made.read("panel.csv", PANEL, TERMS, base=None, mapping=None, gates=None)


@pytest.mark.parametrize(
    ("kind", "value"),
    [(str, 1), (int, True), (int, "1"), (bool, 1), (Decimal, "NaN"), (Decimal, "1e99999"), (Decimal, 1), (bytes, "!"),
     (Literal["a"], "b"), (tuple[int, ...], {}), (tuple[int, str], [1]), (Interval, ["1"]), (str | None, 0),
     (dict[str, int], [["a"]]), (Intake, ["f", [[]], [], [], "", [], []])],
)  # fmt: skip
def test_an_answer_of_another_type_is_none(kind: Any, value: object) -> None:
    """Whatever a child says that it was."""
    with pytest.raises(Misfit):
        decoder(kind)(value)


def test_an_answer_comes_back_as_it_was() -> None:
    """Through JSON, of every type that readers answer."""
    read = intake.read("panel.csv", PANEL, TERMS)
    sheet = sheet_of("visit.csv", b"recipient,date,characteristic,value,unit\nR-0042,2026-12-15,FSH,38,IU/L\n")
    for kind, value in ((Intake, read), (OutcomeSheet, sheet), (bytes, b"\xff"), (dict[str, int], {"a": 1})):
        assert decoder(kind)(json.loads(json.dumps(plain(value)))) == value


@pytest.mark.parametrize(
    "frames",
    [
        [(b"A", b"[1]")], [(b"A", b"not json")], [(b"P", b'[0, "x"]'), (b"A", b"5")], [(b"P", b"7")],
        [(b"R", b'["SystemExit", "", "", "", "", "", [], "", ""]')], [(b"R", b'["Refused"]')], [(b"M", b"")] * 2,
        [(b"Z", b"1")],
    ],
)  # fmt: skip
def test_a_child_that_was_taken_over_can_only_be_refused(
    monkeypatch: pytest.MonkeyPatch, frames: list[tuple[bytes, bytes]]
) -> None:
    """Whatever frames it sends; and it is not asked again."""
    ours, theirs = socket.socketpair()
    ended: list[int] = []
    asked = object.__new__(Children)
    asked._limits, asked._lock, asked._out, asked._retired = Limits(seconds=1, answer=9_999), threading.Lock(), 0, False
    monkeypatch.setattr(asked, "_taken", lambda: children._Child(7, ours), raising=False)
    monkeypatch.setattr(asked, "_end", lambda child: ended.append(child.pid), raising=False)
    with ours, theirs:
        theirs.sendall(b"".join(struct.pack(">cQ", letter, len(text)) + text for letter, text in frames))
        with pytest.raises(Unreadable):
            asked.ask("read", Intake, "x.csv", b"", None, file="x.csv")
    assert ended == [7]


def test_limits_are_those_that_the_guide_names() -> None:
    """docs/guides/deployment.md says them."""
    assert (readers.LIMITS.seconds, readers.LIMITS.memory, children.USES) == (60, 1 << 30, 100)
