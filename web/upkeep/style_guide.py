"""The design language on one page: every word with its shape, every piece that pages are made of."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, render_template

from registry.errors import WrongUsage
from registry.services.accounts import Permission
from web import charts
from web.access import allow
from web.language import _
from web.pictures import criteria as pictures
from web.specifications.difference_text import ChangeText, CriterionText, EffectText
from web.vocabulary import STATES, VERDICTS

pages = Blueprint("patterns", __name__)
_ON_SCALE: dict[str, Any] = {"range_low": "0", "range_high": "100", "limit_high": None, "source": None, "unit": "%"}
CRITERIA: list[dict[str, Any]] = [
    {**_ON_SCALE, "characteristic": "CD73", "verdict": "pass", "expected": ">= 95 %", "observed": "98.5 %",
     "low": "98.5", "high": "98.5", "limit_low": "95"},
    {**_ON_SCALE, "characteristic": "CD105", "verdict": "fail", "expected": ">= 95 %", "observed": "88.4 %",
     "low": "88.4", "high": "88.4", "limit_low": "95"},
    {**_ON_SCALE, "characteristic": "CD45", "verdict": "undetermined", "expected": "<= 2 %", "observed": "<5 %",
     "low": "0", "high": "5", "high_open": True, "limit_low": None, "limit_high": "2"},
    {**_ON_SCALE, "characteristic": "CD90", "verdict": "pass", "expected": ">= 95 %", "observed": ">95 %",
     "low": "95", "high": "100", "low_open": True, "limit_low": "95"},
    *({**_ON_SCALE, "characteristic": marker, "verdict": "pass", "expected": "<= 10 %", "observed": "7 %",
       "low": "0", "high": "7", "limit_low": None, "limit_high": "10", "cocktail": True, "source": "panel.csv"}
      for marker in ("CD14", "CD19", "CD79a")),
    {**_ON_SCALE, "characteristic": "viability", "verdict": "fail", "expected": "70 to 90 %", "observed": "95 %",
     "low": "95", "high": "95", "limit_low": "70", "limit_high": "90"},
    {**_ON_SCALE, "characteristic": "CD34", "verdict": "missing", "expected": "<= 2 %", "observed": None,
     "low": None, "high": None, "limit_low": None, "limit_high": "2"},
]  # fmt: skip


DIFFERENCES = (
    ("looser", "CD34", "≤ 2 %", "≤ 5 %"),
    ("partly looser", "CD44", "≥ 80 %", "70–95 %"),
    ("stricter", "CD73", "≥ 95 %", "≥ 97 %"),
)
TREND = {
    "label": "CD105", "unit": "%", "limit_low": "95", "limit_high": None, "limit_low_open": False,
    "limit_high_open": False, "mean": "97.02", "deviation": "1.1",
    "points": [
        {"lot": f"X-{count}", "low": value, "high": value, "observed": f"{value} %", "verdict": verdict}
        for count, (value, verdict) in enumerate(
            (("97.2", "pass"), ("98.1", "pass"), ("96.4", "pass"), ("93.9", "fail"), ("97.5", "pass")), 1
        )
    ],
}  # fmt: skip


def _effects() -> list[EffectText]:
    """One difference of each effect on lots."""
    limits = [
        CriterionText(label, "changed", effect, (ChangeText("limit", old, new, is_change=True),), (), ())
        for effect, label, old, new in DIFFERENCES
    ]
    note = ChangeText("note", "", "Thy-1", is_change=True)
    return [
        EffectText(criterion.effect, (criterion,))
        for criterion in (*limits, CriterionText("CD90", "changed", "none", (), (), (note,)))
    ]


@pages.get("/patterns")
@allow(Permission.READ)
def patterns() -> Response:
    """All of it, with made-up values."""
    error = WrongUsage(
        _("The expiry has no zone."),
        expected=_("a time with its zone"),
        found="2026-12-01 12:00",
        todo=_("Write the zone too."),
    )
    return make_response(
        render_template(
            "upkeep/style_guide.html",
            verdicts=VERDICTS,
            states=STATES,
            picture=pictures.criteria(CRITERIA),
            chart=charts.control(TREND),
            error=error,
            differences=_effects(),
        )
    )
