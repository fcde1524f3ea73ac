"""What a scanned label says beside its lot: where it is not this registry's, or does not say what the registry does.

GET /lots.json?q=010950600013435217200101 10G-60
{"label": {"lot": "G-60", "expires": "2020-01-01", "elsewhere": false, "warning": "This code is not one of …"}, …}
"""

from __future__ import annotations

from datetime import UTC

from registry.services import LotAnswer
from registry.services.lots.scanned_label import Scan
from web.language import _


def said(scan: Scan | None, known: LotAnswer | None) -> dict[str, object] | None:
    """A scanned label as data, None for what was typed; ``known`` is the one lot that it names, if there is one."""
    if scan is None:
        return None
    heard = " ".join(warnings(known, scan)) if known is not None or scan.elsewhere else ""
    return {"lot": scan.lot, "expires": scan.expires or None, "elsewhere": scan.elsewhere, "warning": heard or None}


def warnings(known: LotAnswer | None, scan: Scan) -> list[str]:
    """Why the label is not simply this lot's, each a sentence; nothing where registry and label agree.

    An expiry is compared to the day, or to the minute of universal time where the label states a time.
    """
    texts = [] if not scan.foreign else [_foreign(scan)]
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
    """Why a code that no label of this registry holds does not say by itself that this is its lot."""
    if scan.elsewhere:
        return _(
            "This code is the label of another registry: its lot %(lot)s is another lot. Compare the label.",
            lot=scan.lot,
        )
    if scan.product:
        return _(
            "This code is not one of this registry's labels: it names product number %(number)s; the lot number alone "
            "does not say that it is the same product. Compare the label.",
            number=scan.product,
        )
    return _(
        "This code is not one of this registry's labels, which hold the address of the lot's page; the lot number "
        "alone does not say that it is the same product. Compare the label."
    )
