"""What a scanned label says beside its lot: where it is not this registry's, or does not say what the registry does.

GET /lots.json?q=(01)09506000134352(17)200101(10)G-60
{"label": {"lot": "G-60", "expires": "2020-01-01", "elsewhere": false, "warning": "The label says it expires …"}, …}
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

from flask import request

from registry.errors import Refused, RegistryError, WrongUsage
from registry.services import LotAnswer
from registry.services.lots.scanned_label import Scan
from web.access import registry
from web.language import _


def read(text: str) -> tuple[Scan | None, RegistryError | None]:
    """What a text says as a label, and why it opens no lot, where it does not; neither for what was merely typed.

    A code of another scheme than this registry's own names the lot that it is on record for, or none.
    """
    try:
        named = registry().identifiers.named_by(text)
    except (Refused, WrongUsage) as refusal:
        return None, refusal
    scan = registry().lot_index.scanned(text, request.host_url)
    if named is None:
        return scan, None
    if scan is None:
        return Scan(named.lot, named.reading.expires), None
    return replace(scan, lot=named.lot, foreign=False), None


def told(refusal: RegistryError) -> str:
    """A refusal in one line: what was expected, what stands there, what to do."""
    expected = _("Expected: %(expected)s", expected=refusal.expected)
    there = _("Found: %(found)s", found=refusal.found)
    return f"{refusal.message} {expected}. {there}. {refusal.todo}".strip()


def said(scan: Scan | None, known: LotAnswer | None, refusal: RegistryError | None) -> dict[str, object] | None:
    """A scanned label as data, None for what was typed; ``known`` is the one lot that it names, if there is one."""
    if refusal is not None:
        return {"lot": None, "expires": None, "elsewhere": False, "warning": told(refusal)}
    if scan is None:
        return None
    heard = " ".join(warnings(known, scan)) if known is not None or scan.elsewhere else ""
    return {"lot": scan.lot, "expires": scan.expires or None, "elsewhere": scan.elsewhere, "warning": heard or None}


def warnings(known: LotAnswer | None, scan: Scan) -> list[str]:
    """Why the label is not simply this lot's, each a sentence; nothing where registry and label agree.

    An expiry is compared to the day, or to the minute of universal time where the label states a time.
    """
    texts = [] if not scan.elsewhere else [_foreign(scan)]
    if known is None or scan.elsewhere:
        return texts
    if scan.lot.casefold() != known.lot.casefold():
        texts.append(_("The label names the lot %(label)s, and this is %(lot)s.", label=scan.lot, lot=known.lot))
    here = _("states none")
    if known.expires_at:
        ends = known.expires_at.astimezone(UTC)
        here = f"{ends:%Y-%m-%d %H:%M}" if " " in scan.expires else known.expires_at.date().isoformat()
    if scan.expires and scan.expires != here:
        texts.append(
            _(
                "The label says it expires %(label)s, the registry %(registry)s: do not use it before this is cleared "
                "up.",
                label=scan.expires,
                registry=here,
            )
        )
    texts += [_("The label says %(date)s, which the registry does not know.", date=date) for date in scan.others]
    return texts


def _foreign(scan: Scan) -> str:
    """Why a code that no label of this registry holds is not this lot's."""
    return _(
        "This code is the label of another registry: its lot %(lot)s is another lot. Compare the label.", lot=scan.lot
    )
