"""A record: the same triples are the same bytes, and one byte more or less is another digest."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry import records as rooms
from registry.errors import TooLarge, Unreadable
from registry.records import (
    IRI,
    RDF_LANG_STRING,
    XSD_DECIMAL,
    XSD_INTEGER,
    XSD_STRING,
    Literal,
    Record,
    canonical,
    describe,
    digest_of,
    literal,
    read_ntriples,
    read_turtle,
    triples,
    verified,
    write,
)

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "records.json").read_text())
XSD = "http://www.w3.org/2001/XMLSchema#"
LOT = IRI("https://registry.example/lot/P-07")
SAYS = IRI("https://w3id.org/cell-product-registry/ns#note")


def rdfc(ntriples: bytes) -> bytes:
    """What an independent RDFC-1.0 makes of the same triples."""
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(ntriples, format=pyoxigraph.RdfFormat.N_TRIPLES))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    lines = pyoxigraph.serialize(dataset, format=pyoxigraph.RdfFormat.N_QUADS).decode().split("\n")
    return "".join(sorted(line + "\n" for line in lines if line)).encode()


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters='\t\n"\\'), max_size=40)
objects = st.one_of(
    st.builds(Literal, texts),
    st.builds(Literal, texts, st.just(RDF_LANG_STRING), st.sampled_from(["en", "de-CH", "zh-Hant"])),
    st.integers(-(10**30), 10**30).map(literal),
    st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12).map(literal),
    st.booleans().map(literal),
    st.dates().map(literal),
    st.datetimes(min_value=datetime(2, 1, 1), timezones=st.just(UTC)).map(literal),
    st.integers(0, 20).map(lambda n: IRI(f"https://registry.example/lot/é{n}")),
)
statements = st.lists(
    st.tuples(st.sampled_from([LOT, IRI("urn:x:1")]), st.sampled_from([SAYS, IRI("urn:p:1")]), objects),
    min_size=1,
    max_size=12,
)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_vectors_have_exactly_these_bytes_and_digests(vector: dict[str, str]) -> None:
    record = read_turtle(vector["turtle"].encode())
    assert (record.ntriples.decode(), record.digest) == (vector["ntriples"], vector["digest"])
    assert verified(record.ntriples) == record
    assert rdfc(record.ntriples) == record.ntriples


@given(statements)
def test_a_record_is_what_rdfc_makes_of_it(said: list[tuple[IRI, IRI, IRI | Literal]]) -> None:
    record = write(said)
    assert rdfc(record.ntriples) == record.ntriples


@given(statements, st.randoms())
def test_order_and_repetition_say_nothing(said: list[tuple[IRI, IRI, IRI | Literal]], chance: object) -> None:
    shuffled = [*said, *said]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert write(shuffled) == write(said)


@given(statements)
def test_a_record_reads_back_as_what_was_written(said: list[tuple[IRI, IRI, IRI | Literal]]) -> None:
    record = write(said)
    assert verified(record.ntriples) == record
    assert write(triples(record)) == record
    assert read_ntriples(record.ntriples) == record
    assert read_turtle(record.ntriples) == record


@given(statements, st.data())
@settings(max_examples=60)
def test_one_byte_changed_is_another_digest_or_no_record(
    said: list[tuple[IRI, IRI, IRI | Literal]], data: st.DataObject
) -> None:
    record = write(said)
    changed = bytearray(record.ntriples)
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= data.draw(st.integers(1, 255))
    assert digest_of(bytes(changed)) != record.digest
    with suppress(Unreadable):
        assert verified(bytes(changed)) == Record(bytes(changed), digest_of(bytes(changed)))


@given(statements)
def test_a_store_gives_back_the_same_literals(said: list[tuple[IRI, IRI, IRI | Literal]]) -> None:
    """Otherwise the graph would not say what the ledger says."""
    record = write(said)
    store = pyoxigraph.Store()
    store.extend(pyoxigraph.parse(record.ntriples, format=pyoxigraph.RdfFormat.N_TRIPLES))
    out = store.dump(format=pyoxigraph.RdfFormat.N_TRIPLES, from_graph=pyoxigraph.DefaultGraph())
    assert "".join(sorted(line + "\n" for line in out.decode().split("\n") if line)).encode() == record.ntriples


@pytest.mark.parametrize(
    ("name", "printed", "one_form"),
    [
        ("decimal", "98.50", "98.5"),
        ("decimal", "+098", "98"),
        ("decimal", "98.0", "98"),
        ("decimal", ".5", "0.5"),
        ("decimal", "5.", "5"),
        ("decimal", "-0.0", "0"),
        ("decimal", "-0.10", "-0.1"),
        ("integer", "+007", "7"),
        ("integer", "-0", "0"),
        ("boolean", "1", "true"),
        ("boolean", "false", "false"),
        ("date", "2026-02-28", "2026-02-28"),
        ("dateTime", "2026-11-22T01:30:00+02:00", "2026-11-21T23:30:00Z"),
        ("dateTime", "2026-11-22T01:30:00.500-05:30", "2026-11-22T07:00:00.5Z"),
        ("dateTime", "2026-11-22T01:30:00.000Z", "2026-11-22T01:30:00Z"),
    ],
)
def test_a_value_has_one_written_form(name: str, printed: str, one_form: str) -> None:
    assert canonical(Literal(printed, XSD + name)) == Literal(one_form, XSD + name)


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("decimal", "9.8e1"),
        ("decimal", "98,5"),
        ("decimal", "NaN"),
        ("decimal", "INF"),
        ("decimal", " 98"),
        ("decimal", "."),
        ("decimal", ""),
        ("decimal", "٩٨"),
        ("decimal", "1" * 101),
        ("integer", "98.0"),
        ("boolean", "TRUE"),
        ("date", "2026-02-30"),
        ("date", "2026-11-22Z"),
        ("dateTime", "2026-11-22T01:30:00"),
        ("dateTime", "2026-11-22T24:00:00Z"),
        ("dateTime", "2026-11-22T01:30:60Z"),
        ("dateTime", "2026-11-22T01:30:00+15:00"),
        ("dateTime", "0001-01-01T00:00:00+01:00"),
        ("double", "98.5"),
        ("anyURI", "https://registry.example/"),
        ("duration", "P1D"),
    ],
)
def test_what_has_no_one_form_is_refused(name: str, printed: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        canonical(Literal(printed, XSD + name))
    assert refusal.value.expected != ""
    assert refusal.value.found != ""


@pytest.mark.parametrize("text", ["a\x00b", "a\rb", "a\x7fb", "a\x85b", "half \ud83d"])
def test_a_text_holds_no_control_character_and_no_half_surrogate(text: str) -> None:
    with pytest.raises(Unreadable):
        write([(LOT, SAYS, Literal(text))])


def test_a_text_is_not_normalised() -> None:
    composed, decomposed = write([(LOT, SAYS, Literal("é"))]), write([(LOT, SAYS, Literal("e\u0301"))])
    assert composed.digest != decomposed.digest


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("1.07E+6"), Literal("1070000", XSD_DECIMAL)),
        (7, Literal("7", XSD_INTEGER)),
        (True, Literal("true", XSD + "boolean")),
        ("98,5", Literal("98,5", XSD_STRING)),
        (date(2026, 11, 22), Literal("2026-11-22", XSD + "date")),
        (
            datetime(2026, 11, 22, 1, 30, tzinfo=timezone(timedelta(hours=1))),
            Literal("2026-11-22T00:30:00Z", XSD + "dateTime"),
        ),
    ],
)
def test_python_values_become_exact_literals(value: object, expected: Literal) -> None:
    assert literal(value) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [98.5, Decimal("NaN"), Decimal("Infinity"), datetime(2026, 11, 22), None])
def test_python_values_without_an_exact_literal_are_refused(value: object) -> None:
    with pytest.raises(Unreadable):
        literal(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "turtle",
    [
        "_:b <urn:p:1> 1 .",
        "<urn:s:1> <urn:p:1> [] .",
        "<urn:s:1> <urn:p:1> (1 2) .",
        "<relative> <urn:p:1> 1 .",
        "<urn:s:1> <urn:p:1> 1.0e3 .",
        "<urn:s:1> <urn:p:1> 'x'^^<urn:t:1> .",
        "<urn:s:1> <urn:p:1> 'x' ; .. ",
        "<urn:s:1> <urn:p:1> <<( <urn:s:1> <urn:p:1> 1 )>> .",
        "",
        "# nothing said",
    ],
)
def test_turtle_that_no_record_can_hold_is_refused(turtle: str) -> None:
    with pytest.raises(Unreadable):
        read_turtle(turtle.encode())


def test_a_syntax_error_names_its_line() -> None:
    with pytest.raises(Unreadable) as refusal:
        read_turtle(b"<urn:s:1> <urn:p:1> 1 .\n<urn:s:1> <urn:p:1> .\n")
    assert refusal.value.where == "line 2"


@pytest.mark.parametrize(
    "ntriples",
    [
        b'<urn:s:1> <urn:p:1> "b" .\n<urn:s:1> <urn:p:1> "a" .\n',
        b'<urn:s:1> <urn:p:1> "a" .\n<urn:s:1> <urn:p:1> "a" .\n',
        b'<urn:s:1> <urn:p:1> "a" .',
        b'<urn:s:1> <urn:p:1>  "a" .\n',
        b'<urn:s:1> <urn:p:1> "\\u00e9" .\n',
        b'<urn:s:1> <urn:p:1> "a"^^<http://www.w3.org/2001/XMLSchema#string> .\n',
        b'<urn:s:1> <urn:p:1> "98.50"^^<http://www.w3.org/2001/XMLSchema#decimal> .\n',
        b'<urn:s:1> <urn:p:1> "a"@EN .\n',
        b'_:b <urn:p:1> "a" .\n',
        b'<urn:s:1> <urn:p:1> "\xff" .\n',
        b'<urn:s:1> <urn:p:1> "a" .\r\n',
        b'\n<urn:s:1> <urn:p:1> "a" .\n',
        b"<urn:s:1> <urn:p:1> <relative> .\n",
        b"",
    ],
)
def test_bytes_that_a_record_would_not_have_are_refused(ntriples: bytes) -> None:
    with pytest.raises(Unreadable):
        verified(ntriples)


def test_a_plain_text_is_never_taken_for_a_link() -> None:
    with pytest.raises(Unreadable):
        write([(LOT, SAYS, "https://registry.example/lot/P-08")])  # type: ignore[list-item]


def test_a_record_has_a_largest_size() -> None:
    with pytest.raises(TooLarge):
        write([(LOT, SAYS, Literal("x" * rooms.MAX_BYTES))])
    with pytest.raises(TooLarge):
        read_turtle(b"#" * (rooms.MAX_BYTES + 1))
    with pytest.raises(TooLarge):
        write((LOT, SAYS, literal(number)) for number in range(rooms.MAX_TRIPLES + 1))


def test_a_record_is_read_by_subject() -> None:
    record = write([
        (LOT, rooms.RDF_TYPE, IRI("urn:c:lot")),
        (LOT, SAYS, Literal("b")),
        (LOT, SAYS, Literal("a")),
        (LOT, IRI("urn:p:parent"), IRI("urn:x:bank")),
        (LOT, IRI("urn:p:passage"), literal(4)),
    ])  # fmt: skip
    lot = describe(record)[LOT]
    assert lot.types == ("urn:c:lot",)
    assert lot.all(SAYS) == (Literal("a"), Literal("b"))
    assert lot.text("urn:p:passage") == "4"
    assert lot.link("urn:p:parent") == "urn:x:bank"
    assert lot.links("urn:p:parent") == ("urn:x:bank",)
    assert lot.one("urn:p:unsaid") is None
    for ask, predicate in ((lot.one, SAYS), (lot.text, "urn:p:parent"), (lot.link, "urn:p:passage")):
        with pytest.raises(Unreadable):
            ask(predicate)


def test_a_hostile_graph_costs_nothing() -> None:
    """A clique of blank nodes takes RDFC-1.0 a minute; here its first triple is refused."""
    clique = "\n".join(f"_:n{a} <urn:p:1> _:n{b} ." for a in range(9) for b in range(9) if a != b)
    with pytest.raises(Unreadable) as refusal:
        read_turtle(clique.encode())
    assert refusal.value.todo == "Give the node an IRI."


def test_equal_records_are_equal_values() -> None:
    assert write([(LOT, SAYS, Literal("a"))]) == Record(
        b'<https://registry.example/lot/P-07> <https://w3id.org/cell-product-registry/ns#note> "a" .\n',
        "sha256:" + write([(LOT, SAYS, Literal("a"))]).hex,
    )
