"""The rules of trend that a product has chosen; signed for, with a reason, and in force from then on.

registry.lot_index.rules.choose("POI-M", ("1-3s", "nelson-3"), reason="…", name="quality.berg", password=…)
registry.lot_index.rules.of("POI-M")         ("1-3s", "nelson-3"); Westgard's where nothing was chosen
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from registry.accounts import Accounts, Permission
from registry.errors import Conflict, WrongUsage
from registry.intake.checks.free_text_privacy import refuse_persons
from registry.judgement.trend_rules import RULES, USUAL
from registry.ledger import Json, Ledger, NewEntry
from registry.ledger.lots import LotReader
from registry.records.index_keys import SETTING
from registry.services.append import Entries, Receipt, factor_named, signer


class ChosenRules:
    """The rules of the products of one registry."""

    def __init__(self, ledger: Ledger, reader: LotReader, accounts: Accounts, entries: Entries) -> None:
        self._ledger = ledger
        self._reader = reader
        self._accounts = accounts
        self._entries = entries

    def of(self, product: str) -> tuple[str, ...]:
        """The rules in force for a product's lots; ``USUAL`` where none were chosen, nothing where none are wanted."""
        key = _setting(product).casefold()
        position = self._ledger.newest(SETTING, [key]).get(key, 0)
        if not position:
            return USUAL
        named = self._ledger.entry(position).details.get("rules")
        return tuple(str(rule) for rule in named if rule in RULES) if isinstance(named, list) else USUAL

    def choose(self, product: str, rules: Sequence[str], *, reason: str, name: str, password: str) -> Receipt:
        """Choose the rules for a product's lots, none if none are named, from now on.

        Raises NotSignedIn, NotAllowed, Unknown, WrongUsage without a reason or for a rule that there is none of,
        Conflict when it is so already.
        """
        account = signer(self._accounts, name, password, Permission.APPROVE_SPECIFICATION)
        known = self._reader.product(product)
        if unknown := [rule for rule in rules if rule not in RULES]:
            raise WrongUsage("There is no such rule.", expected=", ".join(RULES), found=", ".join(unknown),
                             where="rules")  # fmt: skip
        if not reason.strip():
            raise WrongUsage("This needs a reason.", expected="a sentence that says why", found="nothing",
                             where="reason")  # fmt: skip
        refuse_persons(self._ledger.now().year, reason=reason)
        wanted = in_order(rules)
        if self.of(known.id) == wanted:
            raise Conflict("It is so already.", expected="another choice", found=", ".join(wanted) or "no rule")
        words = ", ".join(wanted) or "none"
        details: dict[str, Json] = {
            "setting": _setting(known.id), "product": known.id, "rules": list(wanted), "reason": reason.strip(),
            "summary": f"Rules of trend for {known.id}: {words}, set by {account.name}: {reason.strip()}",
            **factor_named(account),
        }  # fmt: skip
        return self._entries.enter(NewEntry("setting", details=details), account.name, known.id)


def in_order(rules: Iterable[str]) -> tuple[str, ...]:
    """The rules each once, in the order of their authors."""
    named = set(rules)
    return tuple(rule for rule in RULES if rule in named)


__all__ = ["RULES", "ChosenRules", "in_order"]


def _setting(product: str) -> str:
    return f"trend rules of {product}"
