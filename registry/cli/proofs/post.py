"""A POST to an address that an administrator named, and to no other: no redirect is followed."""

from __future__ import annotations

import urllib.error
import urllib.request

SECONDS = 10


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """An answer that leads elsewhere is an answer like any other."""

    def redirect_request(self, *_arguments: object) -> None:
        """Nothing is asked in its place."""
        return None


def post(address: str, body: bytes, media_type: str, most: int) -> tuple[int, bytes]:
    """Status and body of the answer, of which at most ``most`` bytes are read; raises OSError without one."""
    request = urllib.request.Request(address, body, {"Content-Type": media_type})  # noqa: S310  an administrator named it
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=SECONDS) as reply:
            return int(reply.status), reply.read(most)
    except urllib.error.HTTPError as error:
        return error.code, error.read(most)
