"""A piece of work as every role's first page shows it: what it is, how it stands, since when, and one thing to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.services import LotLine
from registry.services.lot_index.table import MOST
from web.chips import Chip
from web.language import _
from web.number_format import thousands


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do: what its button says, and where it leads. ``firm`` stands out among its neighbours."""

    label: str
    address: str
    firm: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One piece of work. ``texts`` are sentences; those in ``english`` are the record's own words.

    ``action`` is the one thing to do; ``links`` lead to what one may want to look at before.
    """

    name: str
    address: str = ""
    chips: tuple[Chip, ...] = ()
    texts: tuple[str, ...] = ()
    english: tuple[str, ...] = ()
    beneath: str = ""
    since: datetime | None = None
    action: Action | None = None
    links: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Pieces of work of one kind. ``count`` is how many there are, of which ``rows`` are the first; ``all`` has all."""

    id: str
    title: str
    rows: Sequence[Row]
    count: int | None = None
    all: Action | None = None
    text: str = ""

    @property
    def number(self) -> str:
        """The count as it is said; empty where nobody counts, ``10,000 or more`` where nobody counted on."""
        if self.count is None:
            return ""
        return _("%(number)s or more", number=thousands(MOST)) if self.count >= MOST else thousands(self.count)


def beneath(line: LotLine) -> str:
    """What stands in small beneath a lot's name: its product."""
    return line.product_label or line.product or ""


def filled(sections: Sequence[Section]) -> list[Section]:
    """Those that have something in them: what nobody can act on is not shown."""
    return [section for section in sections if section.rows]
