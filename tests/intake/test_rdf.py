"""RDF in: read into the same model as a table, with nothing fetched and nothing left over."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from registry import intake
from registry.domain import Intake
from registry.errors import TooLarge, Unreadable
from registry.intake.rdf import turtle as rdf
from tests.intake.inputs import TERMS, places, table

CPR = "https://w3id.org/cell-product-registry/ns#"
PREFIXES = (
    f"@prefix cpr: <{CPR}> . @prefix obo: <http://purl.obolibrary.org/obo/> .\n"
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
)
RESULT = '[ cpr:characteristic "CD73" ; cpr:valueAsPrinted "98.5" ; cpr:unitAsPrinted "%" ]'
PANEL = f'<#p> a cpr:Panel ; cpr:lot "P-07" ; cpr:result {RESULT} .'
VALUE = {"characteristic": "CD73", "valueAsPrinted": "98.5", "unitAsPrinted": "%"}
DOCUMENT = {"@context": {"@vocab": CPR}, "@type": "Panel", "lot": "P-07", "result": [VALUE]}


def turtle(*lines: str, base: str | None = None) -> Intake:
    return intake.read("panel.ttl", (PREFIXES + "\n".join(lines)).encode(), TERMS, base=base)


def json_ld(document: object) -> Intake:
    return intake.read("panel.jsonld", json.dumps(document).encode(), TERMS)


def test_rdf_and_a_table_say_the_same() -> None:
    """The same result from three kinds of file, but for where it stands: row 1 is the first result."""
    (from_table,) = table("P-07,CD73,98.5,%").results
    for said in (turtle(PANEL), json_ld(DOCUMENT)):
        (result,) = said.results
        assert (result.lot, result.characteristic, result.printed) == ("P-07", from_table.characteristic, "98.5")
        assert (result.reading, result.unit) == (from_table.reading, from_table.unit)
        assert (result.source.row, result.source.column) == (1, "value")


def test_rows_are_the_ordinal_numbers_of_results() -> None:
    """A row error in RDF names the result, counted from 1 through the file."""
    bad = RESULT.replace("98.5", "n.d.")
    said = turtle(
        f'<#a> a cpr:Panel ; cpr:lot "A" ; cpr:result {RESULT} .', f'[] a cpr:Panel ; cpr:lot "B" ; cpr:result {bad} .'
    )
    assert places(said) == [("B", 2, "value")]


@pytest.mark.parametrize(
    ("lot", "read_as"),
    [('"24/05 A"', "24/05 A"), ("<https://registry.example/lot/24%2F05%20A>", "24/05 A")],
)
def test_a_lot_by_name_or_address(lot: str, read_as: str) -> None:
    """An address is decoded; under a registry's base it must be one of that registry's."""
    said = turtle(PANEL.replace('"P-07"', lot), base="https://registry.example/")
    assert [result.lot for result in said.results] == [read_as]


@pytest.mark.parametrize(
    "line",
    [
        "obo:CL_0000057 rdfs:subClassOf obo:CL_0000134 .",
        "<#d> a cpr:Decision, cpr:Release ; cpr:lot <https://registry.example/lot/P-07> .",
        '<#p> cpr:verdict "pass" .',
        "<#p> a cpr:Evidence .",
        '<#p> cpr:lot "P-08" .',
        "<#p> cpr:lot <https://elsewhere.example/lot/P-07> .",
        f"<#q> a cpr:Panel ; cpr:lot <https://elsewhere.example/lot/P-07> ; cpr:result {RESULT} .",
        f"<#q> cpr:result {RESULT} .",
        '<#q> a cpr:Panel ; cpr:lot "A" ; cpr:result [ cpr:characteristic "CD73" ; cpr:valueAsPrinted 98.5 ] .',
        '<#q> a cpr:Panel ; cpr:lot "A"@en ; cpr:result [ cpr:characteristic "CD73" ; cpr:valueAsPrinted "1"@de ] .',
        '<#q> a cpr:Panel ; cpr:lot "A" ; cpr:result [ cpr:valueAsPrinted "1", "2" ] .',
        '<#q> a cpr:Panel ; cpr:lot "A" ; cpr:result <#r> . <#s> a cpr:Panel ; cpr:lot "B" ; cpr:result <#r> .',
        '<#q> a cpr:Panel ; cpr:lot "A" ; cpr:result [ cpr:valueAsPrinted [ cpr:note "x" ] ] .',
        '<#q> a cpr:Panel ; cpr:lot "A" ; cpr:result ( <#r> ) .',
        "<http://www.w3.org/2002/07/owl#Thing> <http://www.w3.org/2002/07/owl#imports> <https://elsewhere.example/> .",
    ],
)
def test_a_statement_without_a_place_is_refused(line: str) -> None:
    """Nobody adds an axiom, a decision or a verdict through a panel; no value is chosen among several."""
    with pytest.raises(Unreadable) as caught:
        turtle(PANEL, line, base="https://registry.example/")
    assert caught.value.message.startswith("panel.ttl says what a panel cannot say: ")


@pytest.mark.parametrize(
    "text", ["", "x", "<#p> a", "[" * 5000, "(" * 5000, PANEL[:-1], "@prefix : <x", '"a" a <b> .', "\ud800x"]
)
def test_what_is_no_turtle_is_unreadable(text: str) -> None:
    """Whatever the parser ran into."""
    with pytest.raises(Unreadable):
        intake.read("panel.ttl", (PREFIXES + text).encode("utf-8", "surrogatepass"), TERMS)


def test_rdf_has_limits_of_its_own() -> None:
    """Bytes before parsing, triples while parsing."""
    with pytest.raises(TooLarge):
        intake.read("panel.ttl", b" " * (rdf.MAX_BYTES + 1), TERMS)


def test_triples_are_counted_while_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parser is stopped, not waited for."""
    monkeypatch.setattr(rdf, "MAX_TRIPLES", 4)
    with pytest.raises(TooLarge):
        turtle(PANEL, PANEL.replace("#p", "#q"))


@pytest.mark.parametrize(("number", "printed"), [("98.50", "98.50"), ("1.07E+2", "1.07E+2"), ("7", "7")])
def test_json_numbers_stay_as_printed(number: str, printed: str) -> None:
    """They never pass through a float."""
    text = json.dumps(DOCUMENT).replace('"98.5"', number).replace('"CD73"', '"FSH"').replace('"%"', '"IU/L"')
    (result,) = intake.read("panel.jsonld", text.encode(), TERMS).results
    assert result.printed == printed


@pytest.mark.parametrize(
    "change",
    [
        {"@context": {"@vocab": CPR, "statu": None}},
        {"@context": None},
        {"@context": [None]},
        {"@context": {"@vocab": CPR, "@import": "https://context.invalid/"}},
        {"@context": {"@vocab": CPR, "x": {"@id": "cpr:x", "@context": {}}}},
        {"@context": {"@vocab": CPR, "g": "@graph"}},
        {"@context": {"@vocab": CPR, "x": {"@reverse": "cpr:result"}}},
        {"@context": {"cpr": CPR}},
        {"@graph": [{"@type": "Panel"}]},
        {"statu": "not evaluable"},
        {"@nest": {"status": "not evaluable"}},
        {"@included": [VALUE]},
        {"@reverse": {"result": {"@id": "x:y"}}},
        {"result": [{**VALUE, "@index": "1", "valueAsPrinted": {"@list": ["98.5"]}}]},
        {"result": [{**VALUE, "valueAsPrinted": True}]},
        {"result": []},
        {"lot": "\ud800"},
    ],
)
def test_json_ld_that_could_hide_or_drop_something_is_refused(change: dict[str, object]) -> None:
    """Null terms, nested contexts, named graphs, unknown keys: JSON-LD would drop them in silence."""
    with pytest.raises(Unreadable):
        json_ld({**DOCUMENT, **change})


@pytest.mark.parametrize(
    "text", ["", "[]", "1", '"x"', "{", '{"a":1,"a":2}', '{"a":NaN}', "[" * 100_000, '{"@type":{}}']
)
def test_what_is_no_json_ld_is_unreadable(text: str) -> None:
    """Broken, doubled, bottomless, or empty of results."""
    with pytest.raises(Unreadable):
        intake.read("panel.jsonld", text.encode(), TERMS)


def test_the_registry_s_own_context_is_read_from_the_installation() -> None:
    """Named by its address, never fetched; names may be printed as in a table."""
    own = {"@context": "https://w3id.org/cell-product-registry/context.jsonld", "type": "Panel", "lot": "P-07"}
    (result,) = json_ld(
        {**own, "stage": "cpr:stage-after-thaw", "result": {**VALUE, "characteristic": "PR:000001800"}}
    ).results
    assert (result.lot, result.label, result.stage) == ("P-07", "CD73", f"{CPR}stage-after-thaw")


@contextmanager
def listener() -> Iterator[tuple[str, list[bytes]]]:
    """A local web server that only counts who asks, and refuses every connection's request."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        done = threading.Event()

        def listen() -> None:
            while not done.is_set():
                try:
                    peer, _ = server.accept()
                except TimeoutError:
                    continue
                with peer:
                    asked.append(peer.recv(100))

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/context.jsonld", asked
        done.set()
        thread.join()


def test_nothing_is_ever_fetched() -> None:
    """A listener hears nothing, wherever in a file its address stands."""
    with listener() as (url, asked):
        documents: list[object] = [
            {**DOCUMENT, "@context": url},
            {**DOCUMENT, "@context": [{"@vocab": CPR}, url]},
            {**DOCUMENT, "@context": {"@vocab": CPR, "@import": url}},
            {**DOCUMENT, "@context": {"@vocab": CPR, "result": {"@id": f"{CPR}result", "@context": url}}},
            {**DOCUMENT, "result": [{**VALUE, "@context": url}]},
            {**DOCUMENT, "result": [{**VALUE, "note": {"@value": "x", "@context": url}}]},
            {**DOCUMENT, "@context": {"@vocab": CPR, "c": "@context"}, "c": url},
            {**DOCUMENT, "@context": {"@vocab": CPR, "@base": url}},
            {**DOCUMENT, "@id": url},
            url,
        ]
        for document in documents:
            try:
                json_ld(document)
            except Unreadable:
                continue
        for line in (
            f"<#p> <http://www.w3.org/2002/07/owl#imports> <{url}> .",
            f"@base <{url}> .",
            f"<{url}> a cpr:Panel .",
        ):
            try:
                turtle(PANEL, line)
            except Unreadable:
                continue
    assert asked == []
