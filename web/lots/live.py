"""What an open page asks every few seconds: is what it shows still so? A few bytes, and no sign of activity.

GET /live/H-03
{"mark": "1f2e…", "may_be_injected": false, "state": "on hold", "sentence": "Must not be injected.",
 "below": "9a07…", "reasons": ["The lot H-03 was put on hold by …"], "at": "…"}
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify

from registry.services import LotAnswer
from registry.services.accounts import Permission
from web.access import allow, me, registry
from web.lots import lineage

pages = Blueprint("live", __name__)
EVERY = 4
"""Seconds between two questions of an open page; half a minute while nobody looks at it."""


@pages.get("/live/<path:lot>")
@allow(Permission.READ)
def live(lot: str) -> Response:
    """The lot's answer now. ``mark`` differs when anything of the answer does: its word, its reasons, its end.

    ``below`` differs when anything of the rest does: the evidence, the signatures, the state of what was made of it.
    """
    known = registry().lots.kept(lot, me()).answer
    answer = known.as_dict()
    return jsonify(
        mark=mark(known),
        below=below(answer, states(answer)),
        may_be_injected=known.answer.may_be_injected,
        state=known.answer.state,
        sentence=known.answer.sentence,
        reasons=[reason.message for reason in known.answer.reasons],
        at=answer["at"],
    )


def mark(lot: LotAnswer) -> str:
    """One short text for everything that the answer at the top of a lot's page says."""
    answer = lot.answer
    words = [
        answer.state,
        str(answer.until),
        str(answer.condition),
        *answer.other_limits,
        *(f"{reason.code} {reason.message}" for reason in answer.reasons),
    ]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]


def states(lot: Mapping[str, Any]) -> dict[str, str]:
    """The states now of the lots made of this one that its page draws."""
    made = list(lot["descendants"])[: lineage.SHOWN]
    return registry().lot_index.states(made) if made else {}


def below(lot: Mapping[str, Any], made: Mapping[str, str]) -> str:
    """One short text for everything that stands below the answer, but for the ledger's size and the time itself."""
    rest = {key: value for key, value in lot.items() if key not in ("answer", "at", "ledger_size")}
    return hashlib.sha256(json.dumps([rest, made], sort_keys=True, default=str).encode()).hexdigest()[:16]
