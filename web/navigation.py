"""The links at the top of every page: which an account may follow, and under which the page shown stands."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, request, url_for

from registry.services.accounts import Permission, may
from web.language import _, marked


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject of the site: its first page, what opening it needs, and what else stands under it (blueprints).

    ``group`` is what it belongs to: the lots, those who received them, what is described, the registry itself.
    """

    label: str
    endpoint: str
    needed: Permission
    beside: tuple[str, ...] = ()
    group: int = 0

    @property
    def blueprints(self) -> tuple[str, ...]:
        """The blueprints whose pages stand under it."""
        return (self.endpoint.partition(".")[0], *self.beside)


@dataclass(frozen=True, slots=True)
class Link:
    """One link: ``here`` is True when the page shown stands under it; ``first`` when it begins another group."""

    label: str
    address: str
    here: bool
    first: bool


LOTS, RECIPIENTS, DESCRIBED, ASKED, REGISTRY = range(5)
SUBJECTS = (
    Subject(marked("Lots"), "find.find", Permission.READ, ("administrations", "containers", "supply"), LOTS),
    Subject(marked("Review"), "queue.queue", Permission.REVIEW, ("evidence", "trends"), LOTS),
    Subject(marked("Submit"), "submit.form", Permission.SUBMIT, (), LOTS),
    Subject(marked("Outcomes"), "outcomes.outcomes", Permission.READ_OUTCOMES, ("relation",), RECIPIENTS),
    Subject(marked("Found late"), "findings.findings", Permission.READ_ADMINISTRATIONS, ("trace",), RECIPIENTS),
    Subject(marked("Products"), "products.products", Permission.READ, ("approve",), DESCRIBED),
    Subject(marked("Studies"), "studies.studies", Permission.READ, ("claims", "publications"), DESCRIBED),
    Subject(marked("Specifications"), "specifications.specifications", Permission.READ, (), DESCRIBED),
    Subject(marked("Explore"), "explore.explore", Permission.EXPLORE, (), ASKED),
    Subject(marked("Query"), "sparql.query", Permission.QUERY, ("questions", "saved"), ASKED),
    Subject(marked("Ledger"), "ledger.ledger", Permission.READ_LEDGER, (), ASKED),
    Subject(marked("Accounts"), "accounts.accounts", Permission.READ_ACCOUNTS, (), REGISTRY),
    Subject(marked("Settings"), "settings.settings", Permission.READ_SETTINGS, ("webhooks",), REGISTRY),
)


def links() -> list[Link]:
    """The links for the account that asks, in order; none for nobody."""
    account = g.get("account")
    if account is None:
        return []
    blueprint = (request.endpoint or "").partition(".")[0]
    shown = [subject for subject in SUBJECTS if may(account, subject.needed)]
    groups = [subject.group for subject in shown]
    return [
        Link(
            _(subject.label),
            url_for(subject.endpoint),
            blueprint in subject.blueprints,
            place > 0 and groups[place - 1] != subject.group,
        )
        for place, subject in enumerate(shown)
    ]
