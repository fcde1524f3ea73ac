"""What ``hostile.py`` throws at a server, from a process of its own: ``python attacks.py PORT SECONDS`` and, as JSON on
its input, the tokens of a laboratory, another one, and an analyst. It answers, as JSON, how each attack was received.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import json
import random
import re
import socket
import sys
import threading
import time
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable
from urllib.parse import urlencode

from openpyxl import Workbook

QUERIES = (
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i",
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT (COUNT(*) AS ?n) { ?a (!<x:y>)+ ?b . ?c (!<x:y>)+ ?d }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f FILTER(REGEX(CONCAT(STR(?c), STR(?f)), '(a+)+$')) }",
    "SELECT (GROUP_CONCAT(?c) AS ?all) { ?a ?b ?c . ?d ?e ?f } GROUP BY ?d",
)
MARKERS = ("CD73", "CD90", "CD105", "CD45", "CD34", "HLA-DR")
Received = dict[str, Counter[str]]


def empty_rows(rows: int = 3_000_000) -> bytes:
    """A workbook of a few kilobytes whose sheet has millions of rows, each written out and empty."""
    made, packed = Workbook(), io.BytesIO()
    made.active.append(["lot", "characteristic", "value", "unit"])
    made.save(packed)
    out = io.BytesIO()
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for item in old.namelist():
            text = old.read(item)
            if item.endswith("sheet1.xml"):
                text = text.replace(b"</sheetData>", b"<row/>" * rows + b"</sheetData>")
            new.writestr(item, text)
    return out.getvalue()


def many_rows(rows: int) -> bytes:
    """A table of unregistered lots, as large as may be."""
    lines = (f"X-{number // 6},{MARKERS[number % 6]},{90 + number % 9}.5,%" for number in range(rows))
    return "\n".join(["lot,characteristic,value,unit", *lines]).encode()


ADDRESSES = ("127.0.0.2", "127.0.0.3", "127.0.0.4")
"""From where it is done: the clinic asks from another one."""


LONGEST = 20.0
"""Seconds that an attacker waits for an answer."""


def asked(port: int, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, str]:
    """Status, body and cookie of one request on a connection of its own."""
    source = (random.choice(ADDRESSES), 0)  # noqa: S311 - no secret
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST, source_address=source)
    with contextlib.closing(connection):
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read(), (answer.getheader("Set-Cookie") or "").partition(";")[0]


class Attack:
    """All of it at once, until it is time."""

    def __init__(self, port: int, seconds: float, tokens: dict[str, str]) -> None:
        self.port, self.tokens = port, tokens
        self.until = time.monotonic() + seconds
        self.received: Received = defaultdict(Counter)
        self.lock = threading.Lock()
        self.bomb, self.table = empty_rows(), many_rows(100_000)

    def note(self, what: str, how: str) -> None:
        """Count how an attack was received."""
        with self.lock:
            self.received[what][how] += 1

    def over_and_over(self, what: str, attack: Callable[[int], int], number: int) -> None:
        """One loop of one attack."""
        while time.monotonic() < self.until:
            try:
                self.note(what, str(attack(number)))
            except (OSError, http.client.HTTPException) as error:
                self.note(what, type(error).__name__)
                time.sleep(0.05)

    def send_file(self, name: str, data: bytes, token: str) -> int:
        """Submit a file as a laboratory's program does."""
        mark = f"part{random.random()}"  # noqa: S311 - no secret
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + data + f"\r\n--{mark}--\r\n".encode()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": f"multipart/form-data; boundary={mark}"}
        return asked(self.port, "POST", "/api/v1/panels", body, headers)[0]

    def sign_in(self, name: str, password: str) -> int:
        """As a browser does: the form, then what was typed."""
        status, page, cookie = asked(self.port, "GET", "/sign-in", b"", {"Accept": "text/html"})
        token = re.search(rb'name="csrf" value="([^"]+)"', page)
        if status != 200 or token is None:
            return status
        body = urlencode({"name": name, "password": password, "csrf": token[1].decode(), "next": "/"}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie, "Accept": "text/html"}
        return asked(self.port, "POST", "/sign-in", body, headers)[0]

    def query(self, number: int) -> int:
        """One that cannot be answered in time."""
        headers = {"Authorization": f"Bearer {self.tokens['analyst']}", "Accept": "application/sparql-results+json"}
        path = "/sparql?" + urlencode({"query": QUERIES[number % len(QUERIES)]})
        return asked(self.port, "GET", path, b"", headers)[0]

    def query_well(self, _number: int) -> int:
        """One that anybody may ask."""
        headers = {"Authorization": f"Bearer {self.tokens['analyst']}", "Accept": "application/sparql-results+json"}
        path = "/sparql?" + urlencode({"query": "SELECT (COUNT(*) AS ?n) { ?a a ?b }"})
        return asked(self.port, "GET", path, b"", headers)[0]

    def half_open(self, _number: int) -> int:
        """A request whose head never ends."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as connection:
            connection.sendall(b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Le")
            connection.settimeout(max(0.1, self.until - time.monotonic()))
            with contextlib.suppress(TimeoutError):
                return 0 if connection.recv(1) == b"" else 1
        return 2

    def run(self, share: float) -> None:
        """``share`` of the loops: 1 is what the issue names."""
        lab, other = self.tokens["lab"], self.tokens["other"]
        plans: list[tuple[str, Callable[[int], int], int]] = [
            ("workbook of 3,000,000 empty rows", lambda _n: self.send_file("e.xlsx", self.bomb, lab), 40),
            ("table of 100,000 rows", lambda _n: self.send_file("t.csv", self.table, other), 4),
            ("sign-in with a made-up name", lambda n: self.sign_in(f"nobody.{n}.{random.random()}", "wrong"), 40),  # noqa: S311
            ("one password over forty names", lambda n: self.sign_in(f"clinic.{n}", "spring spring 2026"), 4),
            ("half-open connection (0: closed)", self.half_open, 130),
            ("query without end", self.query, 20),
        ]
        loops = [
            threading.Thread(target=self.over_and_over, args=(what, attack, number))
            for what, attack, many in plans
            for number in range(max(1, int(many * share)))
        ]
        for loop in loops:
            loop.start()
        for loop in loops:
            loop.join()


def main() -> None:
    """Attack, and tell how it was received."""
    attack = Attack(int(sys.argv[1]), float(sys.argv[2]), json.load(sys.stdin))
    attack.run(float(sys.argv[3]) if len(sys.argv) > 3 else 1.0)
    print(json.dumps(attack.received))


if __name__ == "__main__":
    main()
