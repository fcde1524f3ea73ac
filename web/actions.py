"""What an error's action is on a page: the link that helps, for those who may follow it. The core names none."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app, g, url_for

from web import access
from web.language import _, marked

ACTIONS = {
    "register-lot": ("register_lot.lot", marked("Register a lot")),
    "register-product": ("register_product.product", marked("Register a product")),
    "list-specifications": ("specifications.specifications", marked("See the specifications")),
    "list-questions": ("questions.questions", marked("See the questions")),
    "audit": ("ledger.integrity", marked("Audit the ledger")),
    "second-factor": ("second_factor.page", marked("Enrol a second factor")),
    "passkey-address": ("second_factor.page", marked("Where passkeys work")),
    "choose-password": ("sign_in.password", marked("Choose a password")),
}
"""Action → (the page's endpoint, what its link says). What a form's own fields offer needs no link."""


@dataclass(frozen=True, slots=True)
class Link:
    """Where to go, and what the link says."""

    address: str
    label: str


def link(action: object) -> Link | None:
    """The link for an action; None for one without a page, and for whoever may not open that page."""
    endpoint, label = ACTIONS.get(str(action), ("", ""))
    account = g.get("account")
    if not endpoint or account is None or account.role not in access.roles_of(current_app, endpoint):
        return None
    return Link(url_for(endpoint), _(label))


def fit(app: Flask) -> None:
    """Templates say ``error.action | link``."""
    app.add_template_filter(link, "link")
