"""What a scanned label says beside its lot: that it is another registry's, or that it states another expiry.

GET /lots.json?q=010950600013435217200101 10G-60
{"label": {"lot": "G-60", "expires": "2020-01-01", "elsewhere": false, "warning": "The label says it expires …"}, …}
"""

from __future__ import annotations

from registry.registry import LotAnswer
from registry.registry.labels import Scan
from web.language import _


def said(scan: Scan | None, known: LotAnswer | None) -> dict[str, object] | None:
    """A scanned label as data, None for what was typed; ``known`` is the one lot that it names, if there is one."""
    if scan is None:
        return None
    other = warning(known, scan.expires) if known is not None and not scan.elsewhere else ""
    return {"lot": scan.lot, "expires": scan.expires or None, "elsewhere": scan.elsewhere, "warning": other or None}


def warning(known: LotAnswer, expires: str) -> str:
    """What to hear before the answer when label and registry differ, to the day, as labels say it; else nothing."""
    here = known.expires_at.date().isoformat() if known.expires_at else _("states none")
    if not expires or expires == here:
        return ""
    return _(
        "The label says it expires %(label)s, the registry %(registry)s: do not use it before this is cleared up.",
        label=expires,
        registry=here,
    )
