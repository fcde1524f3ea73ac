"""The links at the top of every page: which an account may follow, and under which the page shown stands."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, request, url_for

from registry.services.accounts import Permission, may
from web.language import _, marked


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject of the site: its first page, what opening it needs, and what else stands under it (blueprints)."""

    label: str
    endpoint: str
    needed: Permission
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
    Subject(marked("Lots"), "find.find", Permission.READ),
    Subject(marked("Review"), "queue.queue", Permission.REVIEW, ("evidence", "trends")),
    Subject(marked("Outcomes"), "outcomes.outcomes", Permission.READ_OUTCOMES),
    Subject(marked("Found late"), "findings.findings", Permission.READ_ADMINISTRATIONS, ("administrations",)),
    Subject(marked("Submit"), "submit.form", Permission.SUBMIT),
    Subject(marked("Products"), "products.products", Permission.READ, ("approve",)),
    Subject(marked("Studies"), "studies.studies", Permission.READ, ("claims", "publications")),
    Subject(marked("Specifications"), "specifications.specifications", Permission.READ),
    Subject(marked("Explore"), "explore.explore", Permission.EXPLORE),
    Subject(marked("Query"), "sparql.query", Permission.QUERY),
    Subject(marked("Ledger"), "ledger.ledger", Permission.READ_LEDGER),
    Subject(marked("Accounts"), "accounts.accounts", Permission.READ_ACCOUNTS),
    Subject(marked("Settings"), "settings.settings", Permission.READ_SETTINGS),
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
        if may(account, subject.needed)
    ]
