"""The links at the top of every page: which an account may follow, and under which the page shown stands."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, request, url_for

from web.access import QUERYING, ROLES
from web.language import _, marked


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject of the site: its first page, who may open it, and what else stands under it (names of blueprints)."""

    label: str
    endpoint: str
    roles: tuple[str, ...]
    beside: tuple[str, ...] = ()

    @property
    def blueprints(self) -> tuple[str, ...]:
        """The blueprints whose pages stand under it."""
        return (self.endpoint.partition(".")[0], *self.beside)


@dataclass(frozen=True, slots=True)
class Link:
    """One link: ``here`` is True when the page shown stands under it."""

    label: str
    address: str
    here: bool


SUBJECTS = (
    Subject(marked("Lots"), "find.find", ROLES),
    Subject(marked("Review"), "queue.queue", ("quality unit",), ("evidence", "trends")),
    Subject(marked("Submit"), "submit.form", ("submitter", "quality unit")),
    Subject(marked("Products"), "products.products", ROLES, ("approve",)),
    Subject(marked("Specifications"), "specifications.specifications", ROLES),
    Subject(marked("Explore"), "explore.explore", ("quality unit", "analyst", "inspector")),
    Subject(marked("Query"), "sparql.query", QUERYING),
    Subject(marked("Ledger"), "ledger.ledger", ("quality unit", "inspector", "administrator")),
    Subject(marked("Accounts"), "accounts.accounts", ("administrator", "inspector")),
    Subject(marked("Settings"), "settings.settings", ("administrator", "inspector")),
)


def links() -> list[Link]:
    """The links for the account that asks, in order; none for nobody."""
    account = g.get("account")
    if account is None:
        return []
    blueprint = (request.endpoint or "").partition(".")[0]
    return [
        Link(_(subject.label), url_for(subject.endpoint), blueprint in subject.blueprints)
        for subject in SUBJECTS
        if account.role in subject.roles
    ]
