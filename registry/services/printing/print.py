"""Printing: every print is a ledger entry, so that a later print says what changed since.

    printed = registry.printing.certificate("H-03", form="pdf", by=account)
    printed.data, printed.position

An entry of kind ``print`` holds who, when, what, of which ledger size and moment, and the digest of the bytes. It is
indexed under ``("print", lot)`` and not under the lot itself: a print says nothing new of the lot, so it disturbs
neither a release in progress nor a kept verdict. The bytes are not kept: the lot and ``as_of`` give them again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from registry import paper
from registry.accounts import Actor, Permission, require
from registry.errors import Conflict, Refused, Unknown, WrongUsage
from registry.instants import moment
from registry.ledger import Entry, Json, Ledger, NewEntry, View
from registry.ledger.lots import LotReader
from registry.ledger.restored_mark import marked
from registry.paper import Print
from registry.records import digest_of
from registry.records.index_keys import PRINT
from registry.records.keys import keys
from registry.services.answers import Answer
from registry.services.printing.compose import Composer, signs

KIND = PRINT
MEDIA = {"pdf": "application/pdf", "html": "text/html", "png": "image/png"}
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Printed(Answer):
    """Bytes, and where their print is entered; ``position`` is 0 for a preview, which is entered nowhere."""

    lot: str
    what: str
    form: str
    data: bytes
    digest: str
    ledger_size: int
    as_of: datetime
    position: int

    @property
    def file_name(self) -> str:
        """A name to save it under: ``certificate-H-03.pdf``."""
        kept = "".join(letter if letter.isalnum() or letter in "._-" else "_" for letter in self.lot)
        return f"{self.what.partition(' ')[0]}-{kept}.{self.form}"

    @property
    def media_type(self) -> str:
        """``application/pdf``, ``image/png`` or ``text/html``."""
        return MEDIA[self.form]

    def as_dict(self) -> dict[str, Any]:
        """Everything but the bytes."""
        kept = {name: getattr(self, name) for name in ("lot", "what", "form", "digest", "ledger_size", "position")}
        return {**kept, "as_of": self.as_of.isoformat()}


@dataclass(frozen=True, slots=True)
class Printing:
    """Certificates and labels of one registry. ``by`` None asks for a preview, which says so and is not entered."""

    directory: Path
    ledger: Ledger
    reader: LotReader
    composer: Composer
    credential: Callable[[str, datetime], str]

    def certificate(
        self, lot: str, *, form: str = "pdf", size: str = "a4", by: Actor | None, at: datetime | None = None
    ) -> Printed:
        """A certificate, or the report of a lot that nobody released; ``at`` prints what was known then.

        Where the answer has changed since, every page says what is so now; only the very moment of an earlier print,
        to the microsecond, gives that print's bytes again, because they prove it.

        Raises NotAllowed, Unknown, WrongUsage for a form or size that is not offered and without the extra, Conflict
        when the ledger grew while it was drawn up.
        """
        if by is not None:
            require(by, Permission.PRINT_CERTIFICATE)
        _offered(form, ("pdf", "html"))

        def draw(known: str, as_of: datetime, ledger_size: int) -> tuple[str, bytes]:
            prints, since = self._before(known, ledger_size)
            how = f"as {form}" if form == "html" else f"as {form}, {size}"
            copy = self._was_printed(known, how, as_of)
            current = by is not None and (at is None or copy)
            drawn = self.composer.certificate(
                known, as_of, prints=prints, since=since, preview=by is None, copy=copy,
                credential=self._credential(known, as_of) if current else "",
            )  # fmt: skip
            what = f"{'certificate' if drawn.released else 'report'} {how}"
            return what, paper.certificate_html(drawn).encode() if form == "html" else paper.certificate_pdf(
                drawn, size
            )

        return self._print(lot, form, by, at, draw)

    def labels(
        self,
        lot: str,
        *,
        containers: int | None = None,
        size: str = "50x25",
        sheet: str | None = None,
        form: str = "pdf",
        by: Actor | None,
        at: datetime | None = None,
    ) -> Printed:
        """Labels of a lot, or of its first ``containers`` containers, one a page or on a ``sheet`` (a4, letter)."""
        if by is not None:
            require(by, Permission.PRINT_LABEL)
        _offered(form, ("pdf", "png"))

        def draw(known: str, as_of: datetime, ledger_size: int) -> tuple[str, bytes]:
            label = self.composer.label(known, as_of, preview=by is None)
            data = paper.labels(label, containers, size, at=as_of, sheet=sheet, form=form)
            run = f"containers 1 to {containers}" if containers else "the lot"
            return f"label {size} of {run} as {form}" + (f", {sheet} sheets" if sheet else ""), data

        return self._print(lot, form, by, at, draw)

    def _credential(self, lot: str, as_of: datetime) -> str:
        """What is attached to the paper; nothing of what has no credential, or while the signing key is elsewhere."""
        try:
            return self.credential(lot, as_of)
        except (Refused, Unknown):
            return ""

    def ready(self) -> bool:
        """True when PDF and labels can be made here: the extras for paper are installed."""
        return paper.ready()

    def prints(self, lot: str, until: int | None = None) -> list[Print]:
        """Every print of a lot, oldest first."""
        return [print_of(entry) for entry in self.ledger.entries(until=until, key=(KIND, lot))]

    def _print(
        self,
        lot: str,
        form: str,
        by: Actor | None,
        at: datetime | None,
        draw: Callable[[str, datetime, int], tuple[str, bytes]],
    ) -> Printed:
        if by is not None:
            _confirmed(self.directory)
        as_of = self.ledger.now() if at is None else at
        size = self.reader.size_at(as_of)
        known = self.reader.lot(lot, size).id
        what, data = draw(known, as_of, size)
        digest = digest_of(data)
        position = 0
        if by is not None:
            title = what if at is None else f"{what}, as of {moment(at)}"
            details: dict[str, Json] = {
                "summary": f"Printed for {known}: {title}",
                "print": known,
                "what": title,
                "ledger_size": size,
                "as_of": as_of.isoformat(),
                "digest": digest,
            }
            entry = NewEntry(KIND, details=details, index=keys(KIND, None, self.composer.names, details=details))
            position = self.ledger.append([entry], actor=by.name, expect=_still(size, as_of)).positions[-1]
        return Printed(known, what, form, data, digest, size, as_of, position)

    def _was_printed(self, lot: str, how: str, as_of: datetime) -> bool:
        """True when exactly this was printed as things stood at its moment; a print of the past was not."""
        prints = self.ledger.entries(key=(KIND, lot))
        moments = [entry.details["as_of"] for entry in prints if str(entry.details["what"]).partition(" ")[2] == how]
        return any(datetime.fromisoformat(str(at)) == as_of for at in moments)

    def _before(self, lot: str, size: int) -> tuple[Sequence[Print], Sequence[str]]:
        """The newest earlier prints of certificate or report, and what was entered about the lot since the last."""
        prints = [earlier for earlier in self.prints(lot, size) if not earlier.what.startswith("label")]
        if not prints:
            return (), ()
        news = self.ledger.entries(since=prints[-1].ledger_size, until=size, key=("lot", lot))
        return prints[-_SHOWN:], [_news(entry) for entry in news]


def _offered(form: str, forms: Sequence[str]) -> None:
    if form not in forms:
        raise WrongUsage("This is not printed in that format.", expected=", ".join(forms), found=form, where="format")


def _confirmed(directory: Path) -> None:
    """Raise Refused in a restored copy that nobody confirmed: paper leaves the building, and its notice stays here."""
    came = marked(directory)
    if came is not None:
        raise Refused(
            "Nothing is printed from a restored copy before the quality unit has confirmed it.",
            found=f"a copy that ends at {moment(came.newest_at)}",
            todo=f"{came.warning()} Then the quality unit confirms it on the page /restored.",
        )


def _still(size: int, as_of: datetime) -> Callable[[View], None]:
    """A condition of the append: nothing was entered meanwhile that belongs into what was drawn up."""

    def nothing_belongs(view: View) -> None:
        for entry in view.entries(since=size, until=size + 1):
            if entry.at <= as_of:
                raise Conflict(
                    "Something was entered while this was being printed.",
                    expected=f"a ledger of {size} entries",
                    found=f"entry {entry.position}",
                    todo="Print again.",
                )

    return nothing_belongs


def _news(entry: Entry) -> str:
    summary = signs(str(entry.details.get("summary") or entry.kind))
    return f"Entry {entry.position}, {moment(entry.at)}, {entry.actor}: {summary}"


def lot_of(details: Mapping[str, Any]) -> tuple[str, ...]:
    """The lot that was printed, from the details of an entry of kind ``print``; nothing of any other."""
    lot = details.get("print")
    return (lot,) if isinstance(lot, str) else ()


def print_of(entry: Entry) -> Print:
    """An entry of kind ``print`` as it stands on later paper."""
    details = entry.details
    return Print(
        entry.position, str(details["what"]), entry.actor, moment(entry.at), int(str(details["ledger_size"])),
        str(details["digest"]),
    )  # fmt: skip
