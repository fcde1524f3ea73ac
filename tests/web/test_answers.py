"""One thing in four forms, and one envelope for every refusal."""

from __future__ import annotations

import re

import pytest

from registry.errors import Throttled
from registry.services import LotAnswer
from tests.web.conftest import HTML, Site


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("*/*", "text/html"),
        ("application/json", "application/json"),
        ("application/json, */*;q=0.1", "application/json"),
        ("application/ld+json", "application/ld+json"),
        ("text/turtle", "text/turtle"),
        ("text/turtle;q=0.4, application/ld+json;q=0.9", "application/ld+json"),
        ("application/n-triples", "application/n-triples"),
    ],
)
def test_accept_chooses_the_form(site: Site, accept: str, media_type: str) -> None:
    """``Accept`` chooses, by its weights."""
    answer = site.client().get("/lots/H-03", headers=site.bearer("clinic", Accept=accept))
    assert (answer.status_code, answer.mimetype) == (200, media_type)
    assert {"Accept", "Authorization", "Cookie"} <= set(answer.vary)


@pytest.mark.parametrize(
    ("suffix", "media_type"),
    [
        (".html", "text/html"),
        (".json", "application/json"),
        (".jsonld", "application/ld+json"),
        (".ttl", "text/turtle"),
    ],
)
@pytest.mark.parametrize(
    "path", ["/lots/H-03", "/lots/A%2F1%20%237", "/products/POI-M", "/specifications/msc-identity/1", "/history/H-03"]
)
def test_a_suffix_chooses_the_form_before_accept(site: Site, path: str, suffix: str, media_type: str) -> None:
    """An address with a suffix can be pasted into anything and gives that form."""
    answer = site.client().get(path + suffix, headers=site.bearer("clinic", Accept="text/html"))
    assert (answer.status_code, answer.mimetype) == (200, media_type)


def test_the_json_of_a_lot_is_the_registrys_answer(site: Site) -> None:
    """Nothing is added and nothing left out: the page, the JSON and the command line say one thing."""
    viewer = next(one for one in site.registry.accounts.all() if one.name == "clinic")
    shown = site.client().get("/lots/H-03.json", headers=site.bearer("clinic")).get_json()
    expected = site.registry.lots.get("H-03", viewer=viewer).as_dict()
    expected["at"] = shown["at"]
    assert shown == expected


def test_a_record_is_its_canonical_bytes(site: Site) -> None:
    """As N-Triples a record is exactly what its digest is over."""
    digest = site.registry.lots.get("H-03").panels[0].record
    answer = site.client().get(f"/records/{digest}", headers=site.bearer("inspector", Accept="application/n-triples"))
    assert answer.data == site.registry.record(digest)
    assert site.client().get(f"/records/{digest}.ttl", headers=site.bearer("inspector")).mimetype == "text/turtle"


def test_what_is_not_offered_is_406_with_what_is(site: Site) -> None:
    """A form that nobody makes is refused by name, never answered with another."""
    answer = site.client().get("/lots/H-03", headers=site.bearer("clinic", Accept="image/png"))
    assert answer.status_code == 406
    assert answer.get_json()["error"] == {
        "kind": "NotAcceptable",
        "code": "not-acceptable",
        "message": "This is not to be had in that form.",
        "expected": "text/html, application/json, application/ld+json, text/turtle, application/n-triples",
        "found": "image/png",
    }


def test_lists_are_pages_and_json(site: Site) -> None:
    """A list has no graph of its own, and says so."""
    client, headers = site.client(), site.bearer("clinic", Accept="text/turtle")
    assert [client.get(path, headers=headers).status_code for path in ("/lots", "/products", "/specifications")] == [
        406
    ] * 3
    assert client.get("/lots.json", headers=headers).get_json()["query"] == ""


def test_an_unknown_lot_is_404_as_a_page_and_as_an_envelope(site: Site) -> None:
    """The same refusal, for a person and for a program."""
    browser = site.signed_in("clinic")
    page = browser.get("/lots/H-99", headers=HTML)
    assert (page.status_code, page.mimetype) == (404, "text/html")
    program = site.client().get("/lots/H-99.json", headers=site.bearer("clinic", Accept="text/html"))
    assert (program.status_code, program.get_json()["error"]["kind"]) == (404, "Unknown")


def test_addresses_and_methods_that_are_not_there(site: Site) -> None:
    """404 and 405 come in the same envelope, and 405 says what is allowed."""
    client, headers = site.client(), site.bearer("clinic")
    answer = client.get("/nowhere", headers=headers)
    assert answer.get_json() == {
        "request": answer.headers["X-Request-Id"],
        "error": {
            "kind": "NotFound",
            "message": "There is no page at this address.",
            "todo": "Look at the address again, sign by sign, or begin at the first page.",
        },
    }
    wrong = client.delete("/lots/H-03", headers=headers)
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_a_fault_of_ours_shows_a_reference_and_nothing_else(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """No traceback, no message of the fault, in either form."""

    def broken(*_args: object, **_more: object) -> None:
        raise KeyError("the secret of the fault")

    monkeypatch.setattr(site.registry.lots, "get", broken)
    monkeypatch.setattr(site.registry.lots, "kept", broken)
    page = site.signed_in("clinic").get("/lots/H-03", headers=HTML)
    data = site.client().get("/lots/H-03", headers=site.bearer("clinic"))
    assert (page.status_code, data.status_code) == (500, 500)
    assert set(data.get_json()["error"]) == {"kind", "message", "where"}
    assert "secret" not in page.text + data.text
    assert "Traceback" not in page.text + data.text


def test_a_body_that_is_too_large_is_413(site: Site) -> None:
    """More than 10 MB is refused in the same envelope, on both ways in."""
    client, huge = site.client(), b"x" * (10 * 1024 * 1024 + 1)
    headers = site.bearer("lab.one")
    answer = client.post("/api/v1/panels", data=huge, headers=headers, content_type="text/csv")
    assert (answer.status_code, answer.get_json()["error"]["message"]) == (
        413,
        "The file is too large: 10 MB at most.",
    )


@pytest.mark.parametrize(
    ("method", "path", "sent", "said"),
    [
        ("GET", "/nowhere", 0, [
            "There is no page at this address.",
            "Look at the address again, sign by sign, or begin at the first page.",
            "Error 404",
        ]),
        ("GET", "/labels/gif/H-03", 0, [
            "There is no page at this address.",
            "Look at the address again, sign by sign, or begin at the first page.",
            "Error 404",
        ]),
        ("GET", "/sign-out", 0, [
            "There is nothing to look at here: forms are sent to this address.",
            "Go back to the page with the form, and send it from there.",
            "Error 405",
        ]),
        ("POST", "/submit", 10 * 1024 * 1024, [
            "The file is too large: 10 MB at most.",
            "Nothing was kept. Divide a table into several files. Whoever runs the registry can submit larger files "
            "of instruments: up to 50 MB, of cytometers up to 200 MB.",
            "Error 413",
        ]),
        ("POST", "/submit", 1024 * 1024 + 1, [
            "The pasted rows are too many: 1 MB at most.",
            "Nothing was kept. Save them as a file, and choose that.",
            "Error 413",
        ]),
        ("GET", "/lots/H-03?at=now", 0, [
            "This is not a time.", "Found: now", "Expected: a time with its zone, such as 2026-11-21T14:05:00Z",
            "Where: at", "Error 400",
        ]),
    ],
)  # fmt: skip
def test_a_page_of_an_error_says_in_words_what_is_wrong_and_what_to_do(
    site: Site, method: str, path: str, sent: int, said: list[str]
) -> None:
    """The heading is a sentence; the number stands last, for whoever asks the help desk."""
    field = b'--b\r\nContent-Disposition: form-data; name="rows"\r\n\r\n' + b"x" * sent + b"\r\n--b--\r\n"
    how = {"data": field, "content_type": "multipart/form-data; boundary=b"} if sent else {}
    page = site.signed_in("quality").open(path, method=method, headers=HTML, **how).text  # type: ignore[arg-type]
    body = page.partition('<div class="error-page">')[2].partition("</div>")[0]
    lines = [re.sub(r"<[^>]+>", "", line).strip() for line in re.split(r"</(?:p|h1)>", body)]
    lines = [re.sub(r", request [0-9a-f]{16}$", ", request …", line) for line in lines if line != "Find a lot"]
    assert [line for line in lines if line] == [*said[:-1], f"{said[-1]}, request …"]


def test_whoever_asked_too_often_reads_when_to_come_back(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """In words on the page, in the header for a program."""

    def throttled(*_args: object, **_more: object) -> None:
        raise Throttled("This account asks too often.")

    monkeypatch.setattr(site.registry.lots, "kept", throttled)
    page = site.signed_in("clinic").get("/lots/H-03", headers=HTML)
    assert (page.status_code, page.headers["Retry-After"]) == (429, "30")
    assert "<p>Try again in 30 seconds.</p>" in page.text


def test_a_time_without_a_zone_is_refused(site: Site) -> None:
    """``at`` asks for an earlier time, which must be one time."""
    client, headers = site.client(), site.bearer("clinic")
    assert client.get("/lots/H-03.json?at=2026-11-21T14:05:00", headers=headers).get_json()["error"] == {
        "kind": "WrongUsage",
        "code": "wrong-usage",
        "message": "The time has no zone.",
        "expected": "a time with its zone, such as 2026-11-21T14:05:00Z",
        "found": "2026-11-21T14:05:00",
        "where": "at",
    }
    later = client.get("/lots/H-03.json?at=2098-01-01T00:00:00%2B01:00", headers=headers)
    assert later.get_json()["answer"]["state"] == "released"


def test_a_program_that_holds_the_answer_is_told_that_it_still_holds(site: Site) -> None:
    """304 while the lot's answer says the same; another answer for another role, and the whole one after an entry."""
    ask = site.client().get
    first = ask("/lots/H-03.json", headers=site.bearer("analyst"))
    tag = first.headers["ETag"]
    assert (first.status_code, tag[:3], first.headers["Cache-Control"]) == (200, 'W/"', "no-store")
    again = ask("/lots/H-03.json", headers={**site.bearer("analyst"), "If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert ask("/lots/H-03.json", headers={**site.bearer("analyst"), "If-None-Match": '"other"'}).status_code == 200
    assert ask("/lots/H-03.json", headers={"If-None-Match": tag}).status_code == 401


def test_an_answer_that_still_holds_is_not_written_out_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of several tags, of ``*`` and of a tag that a proxy made strong, one that is the same is enough."""
    ask, holder = site.client().get, site.bearer("analyst")
    tag = ask("/lots/H-03.json", headers=holder).headers["ETag"]
    written: list[LotAnswer] = []
    as_dict = LotAnswer.as_dict
    monkeypatch.setattr(LotAnswer, "as_dict", lambda answer: written.append(answer) or as_dict(answer))
    for held in (tag, f'"other", {tag}', tag.removeprefix("W/"), "*"):
        assert ask("/lots/H-03.json", headers={**holder, "If-None-Match": held}).status_code == 304
    assert written == []
    assert ask("/lots/H-03.json", headers={**holder, "If-None-Match": '"other"'}).status_code == 200
    assert len(written) == 1


PROBLEM = "application/problem+json"


@pytest.mark.parametrize(
    ("path", "status", "kind", "title"),
    [
        ("/lots/none", 404, "https://w3id.org/cell-product-registry/problem/no-such-lot", "No such lot"),
        ("/nothing/here", 404, "about:blank", "Not Found"),
        ("/review", 403, "https://w3id.org/cell-product-registry/problem/not-allowed", "Not allowed"),
    ],
)
def test_who_names_problem_details_gets_them_before_the_envelope(
    site: Site, path: str, status: int, kind: str, title: str
) -> None:
    """RFC 9457, section 3.1, with ``error`` and ``request`` as they are for everybody else."""
    asked = site.client().get(path, headers=site.bearer("clinic", Accept=f"application/json, {PROBLEM}"))
    plain = site.client().get(path, headers=site.bearer("clinic"))
    problem, envelope = asked.get_json(force=True), plain.get_json()
    assert (asked.status_code, asked.mimetype, plain.mimetype) == (status, PROBLEM, "application/json")
    assert {key: problem.pop(key) for key in ("type", "title", "status", "detail", "instance")} == {
        "type": kind,
        "title": title,
        "status": status,
        "detail": envelope["error"]["message"],
        "instance": path,
    }
    assert problem == {**envelope, "request": problem["request"]}


def test_problem_details_are_for_whoever_likes_them_no_less(site: Site) -> None:
    """Liked less than JSON they are not sent; a browser gets its page."""
    for accept, media_type in ((f"application/json, {PROBLEM};q=0.5", "application/json"), ("*/*", "application/json"),
                               (f"text/html, {PROBLEM}", "text/html")):  # fmt: skip
        assert site.client().get("/lots/none", headers=site.bearer("clinic", Accept=accept)).mimetype == media_type
