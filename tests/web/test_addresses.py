"""Who gives wrong passwords waits, and nobody else: where a request comes from is known, and believed of a proxy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import pytest

from tests.web.conftest import HTML, PASSWORD, Site, csrf_of
from tests.web.test_server import exchange
from web.serve import server


def attempt(site: Site, name: str, password: str, address: str) -> int:
    """The status of one attempt to sign in from this address."""
    browser, here = site.client(), {"REMOTE_ADDR": address}
    token = csrf_of(browser.get("/sign-in", headers=HTML, environ_base=here).text)
    form = {"csrf": token, "name": name, "password": password}
    return browser.post("/sign-in", headers=HTML, data=form, environ_base=here).status_code


def test_the_quality_unit_is_not_shut_out_by_a_stranger(site: Site) -> None:
    """Wrong passwords from another address do not keep the owner from signing in, nor from signing a decision."""
    lot = site.add_lot("AD-1")
    site.submit(lot)
    assert [attempt(site, "quality", "wrong", "192.0.2.7") for _ in range(6)] == [401] * 5 + [429]
    assert attempt(site, "quality", PASSWORD, "192.0.2.7") == 429
    assert attempt(site, "quality", PASSWORD, "192.0.2.8") == 303
    browser, here = site.signed_in("quality"), {"REMOTE_ADDR": "192.0.2.8"}
    page = browser.get(f"/release/{lot}", headers=HTML).text
    form = {"csrf": csrf_of(page), "seen": page.split('name="seen" value="')[1].split('"')[0], "kind": "hold"}
    form |= {"name": "quality", "password": PASSWORD, "meaning": "I hold it.", "reason": "A test."}
    signed = [
        browser.post(f"/release/{lot}", headers=HTML, data=form, environ_base={"REMOTE_ADDR": address}).status_code
        for address in ("192.0.2.7", here["REMOTE_ADDR"])
    ]
    assert signed == [429, 303]


@contextmanager
def running(site: Site, proxy: str) -> Iterator[int]:
    """A real server's port."""
    listening = server(site.registry, "127.0.0.1", 0, proxy)
    runner = threading.Thread(target=listening.run, daemon=True)
    runner.start()
    yield listening.effective_port
    listening.task_dispatcher.shutdown()
    listening.trigger.pull_trigger(listening.close)
    runner.join(5)


@pytest.mark.parametrize(
    ("proxy", "name", "last"), [("127.0.0.1", "analyst", 303), ("", "inspector", 429), ("192.0.2.1", "clinic", 429)]
)
def test_what_a_request_says_of_itself_is_believed_of_the_proxy_alone(
    site: Site, proxy: str, name: str, last: int
) -> None:
    """Only from the address of ``--proxy`` does X-Forwarded-For count; else it is the caller who waits."""
    with running(site, proxy) as port:

        def ask(password: str, origin: str) -> int:
            headers = {**HTML, "X-Forwarded-For": origin, "X-Forwarded-Proto": "https"}
            _status, answer, page = exchange(port, "GET", "/sign-in", headers)
            cookie = answer["Set-Cookie"]
            assert ("; Secure" in cookie) == bool(proxy)
            headers |= {"Cookie": cookie.partition(";")[0], "Content-Type": "application/x-www-form-urlencoded"}
            form = {"csrf": csrf_of(page.decode()), "name": name, "password": password}
            return exchange(port, "POST", "/sign-in", headers, urlencode(form))[0]

        assert [ask("wrong", "198.51.100.7") for _ in range(5)] == [401] * 5
        assert ask(PASSWORD, "198.51.100.8") == last
