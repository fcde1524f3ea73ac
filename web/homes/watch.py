"""The first pages of those who ask, who inspect, and who look after the machine."""

from __future__ import annotations

from flask import url_for

from registry.services.lot_index.table import Asked
from web.access import me, registry
from web.chips import Chip, of_line
from web.homes import memory
from web.homes.rows import Action, Row, Section, beneath
from web.language import _, several
from web.number_format import moment
from web.vocabulary import said

FEW, RECENT = 8, 12
ASKED_OFTEN = ("waiting", "why-not-pass", "missing-results", "undetermined", "marker-summary", "work-done")
"""Questions of the library that are on the analyst's page, where they ask for nothing; all are one link away."""


def analyst(_product: str) -> list[Section]:
    """Saved questions, one's own before the others'; what changed lately, and questions of the library."""
    kept = sorted(registry().queries.saved.all(by=me()), key=lambda question: question.author != me().name)
    saved = [
        Row(question.draft.name, url_for("saved.question", question=question.id), texts=(question.draft.sentence,),
            beneath=question.author, since=question.at,
            action=Action(_("Ask it"), url_for("saved.question", question=question.id)))
        for question in kept[:FEW]
    ]  # fmt: skip
    lines = registry().lot_index.table.page(Asked(kind="product lot", sort="since", descending=True), RECENT)
    changed = [
        Row(line.lot, url_for("lots.lot", lot=line.lot), (of_line(line.as_dict()),), beneath=beneath(line),
            since=line.since, action=Action(_("Its history"), url_for("lots.history", lot=line.lot)))
        for line in lines
    ]  # fmt: skip
    known = {question.name: question for question in registry().queries.library()}
    questions = [
        Row(known[name].title, url_for("questions.question", name=name), english=(known[name].description,),
            action=Action(_("Ask it"), url_for("questions.question", name=name)))
        for name in ASKED_OFTEN if name in known and not known[name].parameters
    ]  # fmt: skip
    return [
        Section("saved", _("Saved questions"), saved, len(kept),
                Action(_("All saved questions"), url_for("saved.questions"))),
        Section("asked", _("Questions"), questions, len(known),
                Action(_("All questions"), url_for("questions.questions"))),
        Section("new", _("Lots that changed last"), changed, all=Action(_("Explore all lots"),
                                                                       url_for("explore.explore"))),
    ]  # fmt: skip


def inspector(_product: str) -> list[Section]:
    """What was entered since the last visit, by kind; and what the last audit said."""
    before = memory.last_visit()
    size = registry().size()
    after = before if before is not None else max(size - 100, 0)
    news = registry().homes.since(after)
    rows = [
        Row(said(kind), chips=(), texts=(several("%(num)s entry", "%(num)s entries", number),),
            action=Action(_("Read them"), url_for("ledger.ledger", kind=kind, sort="position", before=after)))
        for kind, number in news.kinds
    ]  # fmt: skip
    title = _("Entered since your last visit") if before is not None else _("The newest entries, by kind")
    every = Action(_("All of them, in order"), url_for("ledger.ledger", sort="position", before=after))
    return [Section("since", title, rows, news.entries, every), _audit()]


def _audit() -> Section:
    last = registry().upkeep.inspection.last_audit
    if last.ended is None:
        chip, text = Chip("missing", _("not asked for")), _("Nobody asked for an audit since this server started.")
    else:
        sound = last.report is not None and last.report.ok
        chip = Chip("pass", _("sound")) if sound else Chip("fail", _("not sound"))
        text = _("Audited at %(time)s.", time=moment(last.ended))
    action = Action(_("Audit it"), url_for("ledger.integrity"))
    return Section("audit", _("Integrity"), [Row(_("The ledger"), chips=(chip,), texts=(text,), action=action)])


MATTERS = {
    "answers": lambda: _("The registry"),
    "restored": lambda: _("Restored from a copy"),
    "key": lambda: _("Signing key"),
    "disk": lambda: _("Disk"),
    "copy": lambda: _("Backup"),
    "witness": lambda: _("Witnesses"),
    "token": lambda: _("Token"),
}


def administrator(_product: str) -> list[Section]:
    """What is wrong, each with what to do; and accounts that nobody has used yet."""
    where = {"token": "accounts.accounts", "restored": "settings.restored"}
    wrong = [
        Row(MATTERS[trouble.matter](), chips=(Chip("fail", _("wrong")) if trouble.urgent else
                                              Chip("undetermined", _("to mend")),),
            english=(trouble.message, trouble.todo),
            action=Action(_("Look at it"), url_for(where.get(trouble.matter, "settings.settings"))))
        for trouble in registry().homes.troubles()
    ]  # fmt: skip
    unused = [
        Row(account.printed_name, url_for("accounts.account", name=account.name), (Chip("missing", _("never used")),),
            (_("Still has its one-time password: give it to its owner."),), beneath=said(account.role),
            action=Action(_("Look at it"), url_for("accounts.account", name=account.name)))
        for account in registry().accounts.all() if account.must_change and not account.disabled
        and account.name != me().name
    ]  # fmt: skip
    return [
        Section("wrong", _("What is wrong"), wrong, len(wrong)),
        Section("unused", _("Accounts that nobody uses yet"), unused[:FEW], len(unused)),
    ]
