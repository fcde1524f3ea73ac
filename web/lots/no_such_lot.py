"""A lot's page that there is not, said to whoever holds the container: what to do with it, and what is spelled alike.

GET /lots/H-99               404: Do not use it: nothing is known of it here. Check the label; ask its manufacturer.
"""

from __future__ import annotations

from flask import g, request

from registry.errors import RegistryError, Unknown
from registry.services.accounts import Permission, may
from web.access import registry
from web.language import _

NEAR = 5


def for_reader(error: Unknown) -> tuple[dict[str, object], list[str]]:
    """What the page says of something unknown, and the lots that are spelled like it.

    Only a lot that the address names has such lots; any other refusal is said as the registry says it.
    """
    envelope = error.as_dict()
    asked = str((request.view_args or {}).get("lot", ""))
    if g.get("account") is None or not error.found or not asked.startswith(error.found):
        return envelope, []
    near = _near(error.found)
    if not may(g.account, Permission.REGISTER_LOT):
        envelope["todo"] = _("Do not use it: nothing is known of it here. Check the label; ask its manufacturer.")
    if near:
        envelope["expected"] = _("the identifier of a registered lot")
    return envelope, near


def _near(text: str) -> list[str]:
    """The lots that a search for the text lists; none when the registry cannot be searched just now."""
    try:
        lines = registry().lot_index.find(text, NEAR)
        return [line.lot for line in [*lines, *registry().lot_index.alike(text, lines, NEAR)]][:NEAR]
    except RegistryError:
        return []
