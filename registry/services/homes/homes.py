"""What each role's first page needs beside the other services: its own work, found by indexed reads.

registry.homes.short_of("lab.ruiz", 10)      the lots of this laboratory that do not pass, and why
registry.homes.since(1204)                   what was entered after an entry, counted by kind
registry.homes.troubles()                    what is wrong here, for the administrator
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from registry.accounts import Accounts
from registry.errors import RegistryError
from registry.ledger import Ledger
from registry.ledger.restored_mark import marked
from registry.ledger.tables import entries
from registry.services.answers import Answer
from registry.services.homes import condition
from registry.services.homes.condition import Trouble
from registry.services.homes.first_steps import FirstStep, first_steps
from registry.services.homes.laboratory import ShortLot, falls_short, sent_by, why
from registry.services.lot_index.lists import LotIndex
from registry.services.mappings.drafts import MappingDraft, MappingDrafts
from registry.services.proofs.proofs import Proofs
from registry.services.upkeep.keys import Keys
from registry.services.upkeep.lifecycle import Upkeep


@dataclass(frozen=True, slots=True)
class Since(Answer):
    """What was entered after a place in the ledger: how many entries, and of each kind, the most frequent first."""

    after: int
    entries: int
    kinds: tuple[tuple[str, int], ...]


class Homes:
    """The first pages of one registry. Safe for threads."""

    def __init__(
        self, directory: Path, ledger: Ledger, accounts: Accounts, lot_index: LotIndex, drafts: MappingDrafts,
        proofs: Proofs, upkeep: Upkeep,
    ) -> None:  # fmt: skip
        self._directory = directory
        self._ledger = ledger
        self._accounts = accounts
        self._lot_index = lot_index
        self._drafts = drafts
        self._proofs = proofs
        self._upkeep = upkeep
        self._keys = Keys(directory, ledger)

    def first_steps(self) -> tuple[FirstStep, ...]:
        """What has to be done before the first lot is given; nothing where it was done."""
        return first_steps(self._ledger, self._accounts)

    def short_of(self, account: str, limit: int) -> tuple[ShortLot, ...]:
        """Lots that this account sent results of and that do not pass, and why; what fails first."""
        self._lot_index.table.follow()
        cited = [product.id for product in self._lot_index.products().values() if product.citation]
        lines = self._lot_index.table.named(sent_by(self._ledger, account, cited, limit))
        return why(self._ledger, [line for line in lines if falls_short(line)])

    def drafted(self, account: str, limit: int) -> tuple[MappingDraft, ...]:
        """Mappings that this account drafted and that wait, or were declined: the newest first."""
        own = [draft for draft in self._drafts.every() if draft.drafted_by.casefold() == account.casefold()]
        return tuple(draft for draft in reversed(own) if draft.state in ("waits", "declined"))[:limit]

    def since(self, position: int) -> Since:
        """What was entered after this entry, counted by kind."""
        query = select(entries.c.kind, func.count()).where(entries.c.position > position).group_by(entries.c.kind)
        with self._ledger.view() as view:
            counted = sorted((-number, kind) for kind, number in view.connection.execute(query))
        return Since(position, -sum(number for number, _kind in counted), tuple((kind, -n) for n, kind in counted))

    def troubles(self) -> tuple[Trouble, ...]:
        """What is wrong here or soon will be, what keeps the registry from working first."""
        ledger, now = self._ledger, self._ledger.now()
        every = [
            Trouble("answers", problem, "See what the server's log says of it.", urgent=True)
            for problem in self._upkeep.ready()
        ]
        if marked(self._directory) is not None:
            every.append(condition.RESTORED)
        every += condition.key(self._keys.show())
        every += condition.disk(self._directory)
        every += condition.copies(self._directory, ledger.size(), now)
        every += self._unwitnessed()
        every += condition.tokens(self._accounts.tokens.all(), now)
        return tuple(sorted(every, key=lambda trouble: not trouble.urgent))

    def _unwitnessed(self) -> list[Trouble]:
        """Named witnesses who have not seen the newest checkpoint, or whose file cannot be read."""
        try:
            named = self._proofs.witnesses() is not None
            return condition.witnesses(named, self._proofs.is_witnessed, self._proofs.witnessed())
        except RegistryError as error:
            return [Trouble("witness", f"The witnesses cannot be read: {error.message}", "Mend witnesses.toml.")]
