"""The story over a real socket: a laboratory submits, the quality unit releases, a clinic looks, an analyst asks."""

from __future__ import annotations

import http.client
import json
import re
import threading
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest

from tests.web.conftest import HTML, PASSWORD, Site, csrf_of, hidden, panel
from web.serve import server


@pytest.fixture
def port(site: Site) -> Iterator[int]:
    """A running server's port."""
    listening = server(site.registry, "127.0.0.1", 0)
    runner = threading.Thread(target=listening.run, daemon=True)
    runner.start()
    yield listening.effective_port
    listening.task_dispatcher.shutdown()
    listening.trigger.pull_trigger(listening.close)  # in the server's own thread, between two requests
    runner.join(5)


class Browser:
    """As much of a browser as the story needs: a cookie jar and forms."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies = port, dict[str, str]()

    def ask(
        self, method: str, path: str, form: dict[str, str] | None = None
    ) -> tuple[int, http.client.HTTPMessage, str]:
        headers = {**HTML, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = urlencode(form) if form is not None else None
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{self.port}"}
        status, answer, data = exchange(self.port, method, path, headers, body)
        for cookie in answer.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return status, answer, data.decode()

    def sign_in(self, name: str, wanted: str) -> str:
        page = self.ask("GET", f"/sign-in?next={quote(wanted, safe='')}")[2]
        form = {"csrf": csrf_of(page), "name": name, "password": PASSWORD, "next": hidden(page, "next")}
        status, answer, _ = self.ask("POST", "/sign-in", form)
        assert status == 303
        return str(answer["Location"])


def exchange(
    port: int, method: str, path: str, headers: dict[str, str], body: str | bytes | None = None
) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return answer.status, answer.headers, data


def test_from_a_panel_to_an_answer_at_the_bedside(site: Site, port: int) -> None:
    """Over real HTTP, with the four people's own means."""
    lot, path = site.add_lot("S/1 #9"), "/lots/S%2F1%20%239"
    lab = site.bearer(
        "lab.one", **{"Content-Type": "text/csv", "Content-Disposition": 'attachment; filename="s-1.csv"'}
    )
    status, _, data = exchange(port, "POST", "/api/v1/panels", lab, panel(lot))
    assert (status, json.loads(data)["recorded"][0]["verdict"]) == (201, "pass")

    clinic = Browser(port)
    assert clinic.sign_in("clinic", path) == path
    assert '<p class="word">Must not be injected</p>' in clinic.ask("GET", path)[2]

    quality = Browser(port)
    signing = quality.sign_in("quality", "/release/S%2F1%20%239")
    page = quality.ask("GET", signing)[2]
    form = {"csrf": csrf_of(page), "seen": hidden(page, "seen"), "kind": "release", "meaning": "I release it."}
    status, answer, _ = quality.ask("POST", signing, {**form, "name": "quality", "password": PASSWORD})
    assert (status, answer["Location"]) == (303, f"{path}?done=release")

    seen = clinic.ask("GET", path)[2]
    assert '<p class="word">May be injected</p>' in seen
    assert re.search(r"Until <strong><time datetime=\"2099-12-01T12:00:00Z\">2099-12-01 12:00 \+00:00</time>", seen)

    signed = f"a cpr:Release ; cpr:lot <{site.registry.base}lot/S%2F1%20%239>"
    query = f"PREFIX cpr: <https://w3id.org/cell-product-registry/ns#> ASK {{ ?decision {signed} }}"
    analyst = site.bearer("analyst", Accept="application/sparql-results+json")
    status, answer, data = exchange(port, "GET", f"/sparql?query={quote(query)}", analyst)
    assert (status, json.loads(data)["boolean"]) == (200, True)
    assert answer["X-Ledger-Size"] == str(site.registry.size())
    assert answer["Server"] is None


def test_a_file_that_is_too_large_gets_an_answer(site: Site, port: int) -> None:
    """The connection is not cut: the envelope says 413."""
    headers = site.bearer("lab.one", **{"Content-Type": "text/csv"})
    status, _, data = exchange(port, "POST", "/api/v1/panels", headers, b"x" * (11 * 1024 * 1024))
    assert (status, json.loads(data)["error"]["message"]) == (
        413,
        "The file is too large: 10 MB at most.",
    )
