"""A release by its address, when a person asks for it: HTTP or HTTPS only, bounded in bytes and time."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException, HTTPMessage
from typing import IO
from urllib.parse import urlsplit

from registry.errors import Refused, TooLarge, Unavailable, WrongUsage
from registry.ontology_releases.parser import MAX_PACKED

SECONDS = 300.0
SILENCE = 20.0
REDIRECTS = 5
_CHUNK = 1 << 20


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Few redirects, and none to another kind of address or from a secure to an open one."""

    max_redirections = REDIRECTS

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        before, after = urlsplit(req.full_url).scheme, urlsplit(newurl).scheme
        if after not in {"http", "https"} or (before == "https" and after == "http"):
            raise Refused(
                "The address leads elsewhere.", expected="http or https, never less secure", found=newurl[:300]
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch(
    address: str,
    progress: Callable[[int], None] = lambda _: None,
    *,
    most: int = MAX_PACKED,
    seconds: float = SECONDS,
) -> bytes:
    """The bytes at an http(s) address.

    Raises WrongUsage for another kind of address, TooLarge beyond ``most`` bytes, Unavailable when nothing (whole)
    comes within ``seconds``, Refused for a redirect elsewhere.
    """
    if urlsplit(address).scheme not in {"http", "https"}:
        raise WrongUsage("Only http(s) addresses are fetched.", expected="http://… or https://…", found=address[:300])
    opener = urllib.request.OpenerDirector()
    for handler in (urllib.request.HTTPHandler(), urllib.request.HTTPSHandler(), _Redirects(),
                    urllib.request.HTTPDefaultErrorHandler(), urllib.request.HTTPErrorProcessor()):  # fmt: skip
        opener.add_handler(handler)
    request = urllib.request.Request(address, headers={"Accept-Encoding": "identity"})  # noqa: S310  # checked above
    until = time.monotonic() + seconds
    try:
        with opener.open(request, timeout=min(SILENCE, seconds)) as answer:
            return _body(answer, address, progress, most, until)
    except (urllib.error.URLError, HTTPException, OSError) as error:
        raise Unavailable("The address gave no release.", where=address[:300], found=str(error)[:300]) from error


def _body(answer: IO[bytes], address: str, progress: Callable[[int], None], most: int, until: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    while chunk := answer.read1(_CHUNK):  # type: ignore[attr-defined]  # of HTTPResponse
        parts.append(chunk)
        size += len(chunk)
        progress(size)
        if size > most:
            raise TooLarge(
                "The release is too large.", expected=f"at most {most:,} bytes", found="more", where=address[:300]
            )
        if time.monotonic() > until:
            raise Unavailable("The release did not come in time.", where=address[:300], found=f"{size:,} bytes so far")
    expected = getattr(answer, "length", None)
    if expected:
        raise Unavailable("The release came in part.", where=address[:300], found=f"{expected:,} bytes short")
    return b"".join(parts)
