"""The trend of one criterion over a product's lots, as a control chart and a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, render_template, request

from registry.services.accounts import Permission
from registry.services.lot_index.remarks import sentence
from web import answers, charts
from web.access import allow, registry

pages = Blueprint("trends", __name__)


@pages.get("/trends/<path:product>")
@allow(Permission.READ_TRENDS)
def trends(product: str) -> Response:
    """A control chart of one criterion over the product's lots."""
    name, suffix = answers.split(product)
    form = answers.form_for(suffix, answers.PAGE_AND_DATA)
    trend = registry().lot_index.trend(name, request.args.get("criterion", ""))
    described, drawn = registry().products.get(name, with_lots=False), trend.as_dict() if trend else None
    return answers.answer(
        form,
        data=lambda: {"product": described.id, "trend": drawn},
        page=lambda: render_template(
            "lot_index/trends.html",
            product=described.as_dict(),
            trend=drawn,
            lots=charts.in_order(drawn) if drawn else [],
            unseen=_unseen(drawn) if drawn else [],
            flagged=any(point["rules"] for point in drawn["points"]) if drawn else False,
            sentence=sentence,
            picture=charts.control(drawn) if drawn else "",
        ),
    )


def _unseen(trend: Mapping[str, Any]) -> list[str]:
    """Lots that show the same under another criterion and are not drawn, not even as recorded."""
    drawn = {point["lot"] for point in trend["recorded"]}
    return [lot for lot in trend["elsewhere"] if lot not in drawn]
